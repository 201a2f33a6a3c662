"""The HTTP side: `/method/...` and `/token`, always JSON, never a traceback."""

import json
import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, request
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from userapi_gw.embedded import events, execute, longpoll
from userapi_gw.embedded import methods as _methods  # noqa: F401 - importing the package declares the methods
from userapi_gw.embedded.accounts import Accounts, issue_token
from userapi_gw.embedded.callback import Pace, Sender, tables
from userapi_gw.embedded.callback.queue import ROUSED
from userapi_gw.embedded.database import Database
from userapi_gw.embedded.errors import VkError
from userapi_gw.embedded.files import add_routes
from userapi_gw.embedded.groups import communities, groups, load_sample
from userapi_gw.embedded.openvk import Emulation, create_openvk
from userapi_gw.embedded.params import Params, check_version
from userapi_gw.embedded.registry import METHODS, Call, Method
from userapi_gw.embedded.world.load import load_world

API_VERSION = "5.131"
_MAX_BODY = 8 * 1024 * 1024  # bytes; larger requests are refused before they are read

_log = logging.getLogger(__name__)


def create_backend(
    database_path: Path | str, emulate: Emulation | str | None = None, callback_pace: Pace | None = None
) -> Flask:
    """Open (or make, with the whole world in it) the database at `database_path` and return the server.

    With `emulate` (a name of `VARIANTS` or an `Emulation`) it answers as an OpenVK does. `callback_pace` is how
    callback servers are treated; `extensions["callback_sender"].close()` stops the thread that sends to them.

    Threads and processes may share the file. Raises `sqlite3.OperationalError` when the file cannot be opened,
    `RuntimeError` when another version of this program made it.
    """
    database = _open(database_path)
    if emulate is not None:
        return create_openvk(database, emulate)
    sender = Sender(database, callback_pace or Pace())
    server = _Server(database, Accounts(database), sender)
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=_MAX_BODY, MAX_FORM_MEMORY_SIZE=_MAX_BODY)
    app.url_map.merge_slashes = False  # a doubled slash is an unknown address, not a redirect to an HTML page

    def call_method(name: str) -> Response:
        return _method_answer(name, lambda: _run(server, name))

    app.add_url_rule("/method/<name>", view_func=call_method, methods=["GET", "POST"])
    app.add_url_rule("/token", "token", lambda: _token_answer(server.accounts), methods=["GET", "POST"])
    app.add_url_rule("/access_token", "access_token", lambda: _token_answer(server.accounts), methods=["GET", "POST"])
    add_routes(app, database)
    longpoll.add_route(app, database)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
    app.extensions["callback_sender"] = sender
    sender.begin()
    return app


def make_community_key(database_path: Path | str, group_id: int) -> str | None:
    """Return a new access key of a community, None when there is none. Raises what `create_backend` raises."""
    with _open(database_path).write() as db:
        known = db.scalar(select(groups.c.id).where(groups.c.id == group_id))
        return issue_token(db, -group_id) if known else None


def _open(database_path: Path | str) -> Database:
    database = Database(database_path)
    database.prepare(load_world)
    database.add_tables(events.live)
    database.add_tables(communities, load_sample)
    database.add_tables(tables)
    return database


@dataclass(frozen=True, slots=True)
class _Server:
    """What a call needs besides its parameters."""

    database: Database
    accounts: Accounts
    sender: Sender


def _method_answer(name: str, run: Callable[[], dict[str, object]]) -> Response:
    try:
        return _json(run())
    except VkError as error:
        return _json(error.envelope(name, _values()))


def _run(server: _Server, name: str) -> dict[str, object]:
    values = _values()
    if name != "execute":
        return {"response": _call(server, name, values)}
    common = {key: values[key] for key in ("access_token", "v") if key in values}
    calls = execute.calls_of(values.get("code", ""))
    return execute.run(calls, lambda method, given: _call(server, method, given | common))


def _call(server: _Server, name: str, values: dict[str, str]) -> object:
    declared = METHODS.get(name)
    if declared is None:
        raise VkError(3)
    check_version(values.get("v") or API_VERSION)
    token = values.get("access_token") or _bearer()
    viewer, params = _viewer(server.accounts, declared, token), Params(values)
    prepared, address = declared.before(params), request.host_url.rstrip("/")
    with server.database.write() if declared.writes else server.database.read() as db:
        answer = declared.run(Call(viewer, params, db, int(time.time()), token, address, prepared))
        has_news = ROUSED in db.info
    if has_news:
        server.sender.rouse()
    return answer


def _viewer(accounts: Accounts, declared: Method, token: str) -> int:
    if not token:
        if declared.auth:
            raise VkError(5, "no access_token passed.")
        return 0
    viewer = accounts.viewer(token)
    if viewer is None:
        raise VkError(5, "invalid access_token (4).")
    if viewer < 0 and not declared.community:
        raise VkError(27)
    return viewer


def _token_answer(accounts: Accounts) -> Response:
    """Trade a password for a token, as VK's direct authorization does."""
    values = _values()
    email, password = values.get("username", ""), values.get("password", "")
    if not email or not password:
        return _json({"error": "invalid_request", "error_description": "username or password is missing"}, 400)
    if values.get("grant_type", "password") != "password":
        return _json({"error": "unsupported_grant_type", "error_description": "grant_type should be password"}, 400)
    found = accounts.login(email, password)
    if found is None:
        wrong = {
            "error": "invalid_client",
            "error_description": "Username or password is incorrect",
            "error_type": "username_or_password_is_incorrect",
        }
        return _json(wrong, 401)
    user_id, token = found
    return _json({"access_token": token, "expires_in": 0, "user_id": user_id})


def _values() -> dict[str, str]:
    # Parameters of the body win over those of the address.
    return {**request.args.to_dict(), **request.form.to_dict()}


def _bearer() -> str:
    given = request.authorization
    return (given.token or "") if given and given.type == "bearer" else ""


def _http_error(error: HTTPException) -> Response:
    # Of a refused body nothing is read, so nothing is repeated. VK answers failed method calls with status 200.
    status = 200 if request.path.startswith("/method/") else error.code or 500
    return _json(VkError(8, error.name).envelope(request.path.removeprefix("/method/"), {}), status)


def _unexpected(error: Exception) -> Response:
    # The text of an exception may hold a secret or somebody's message; its type and the lines passed do not.
    _log.error(
        "%s failed: %s\n%s", request.path, type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
    )
    status = 200 if request.path.startswith("/method/") else 500
    return _json(VkError(10).envelope(request.path.removeprefix("/method/"), {}), status)


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/json; charset=utf-8")
