"""The HTTP side of the emulated OpenVK: flat errors with status 400, pages of HTML where it crashes."""

import json
import logging
import re
import time
import traceback
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection, select
from werkzeug.exceptions import HTTPException

from userapi_gw.embedded.accounts import Accounts
from userapi_gw.embedded.database import Database
from userapi_gw.embedded.errors import VkError
from userapi_gw.embedded.openvk import limits, longpoll, pages, pictures, token, uploads
from userapi_gw.embedded.openvk import methods as _methods  # noqa: F401 - importing the package declares the methods
from userapi_gw.embedded.openvk.errors import DELETED, CrashError, OpenVkError, fail
from userapi_gw.embedded.openvk.given import Given
from userapi_gw.embedded.openvk.registry import METHODS, Call, Method
from userapi_gw.embedded.openvk.tables import extra
from userapi_gw.embedded.openvk.variant import VARIANTS, Emulation
from userapi_gw.embedded.params import Params
from userapi_gw.embedded.schema import people

_MAX_BODY = 8 * 1024 * 1024  # bytes
_CALLBACK = re.compile(r"[\w$.]{1,100}")
_ECHO_LIMIT = 1000  # characters of a parameter that an error repeats
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Instance:
    database: Database
    accounts: Accounts
    emulation: Emulation


def create_openvk(database: Database, emulation: Emulation | str) -> Flask:
    """Return a server that answers as an OpenVK does, over a database that is ready.

    `emulation` may be a name of `VARIANTS`; raises `KeyError` for another one.
    """
    setup = VARIANTS[emulation] if isinstance(emulation, str) else emulation
    database.add_tables(extra)
    instance = _Instance(database, Accounts(database), setup)
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=_MAX_BODY, MAX_FORM_MEMORY_SIZE=_MAX_BODY)
    app.url_map.merge_slashes = False
    app.add_url_rule("/method/<name>", "method", lambda name: _method_answer(instance, name), methods=["GET", "POST"])
    app.add_url_rule("/token", "token", lambda: _token_answer(instance), methods=["GET", "POST"])
    for module in (pictures, uploads, longpoll):
        module.add_routes(app, database)
    app.register_error_handler(HTTPException, lambda error: pages.not_found() if error.code == 404 else _plain(error))
    app.register_error_handler(Exception, _unexpected)
    return app


def _method_answer(instance: _Instance, name: str) -> Response:
    if "." not in name and name != "execute":
        return pages.not_found()
    try:
        body = _run(instance, name)
    except OpenVkError as error:
        return _failed(error.code, error.message, name if "." in name else f"{name}.")
    except VkError as error:
        return _failed(error.code, error.message, name)
    except CrashError:
        return pages.crashed()
    callback = request.args.get("callback", "")
    answer = _json({"response": body})
    if _CALLBACK.fullmatch(callback):
        return Response(f"{callback}({answer.get_data(as_text=True)})", content_type="application/javascript")
    return answer


def _run(instance: _Instance, name: str) -> object:
    declared = METHODS.get(name.lower())
    if declared is None or name.lower() in instance.emulation.methods_lacking:
        raise OpenVkError(3, "Unknown method passed.")
    prepared = _prepare(instance, declared)
    with instance.database.write() if declared.writes else instance.database.read() as db:
        _require_living(db, prepared.viewer)
        return declared.run(prepared.call(db))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A call before its transaction has begun."""

    viewer: int
    token: str = field(repr=False)
    values: dict[str, str] = field(repr=False)
    now: int
    emulation: Emulation

    def call(self, db: Connection) -> Call:
        where, given = pictures.address(request), Given(self.values)
        params = Params(self.values)
        return Call(self.viewer, params, db, self.now, self.token, where, given=given, emulation=self.emulation)


def _prepare(instance: _Instance, declared: Method) -> _Prepared:
    """Find out who calls; a token nobody has is as good as none. Count the call when it is a write."""
    values = {**request.args.to_dict(), **request.form.to_dict()}
    for name in declared.needs:
        Given(values).text(name)
    given = values.get("access_token") or _bearer()
    viewer = (instance.accounts.viewer(given) if given else None) or 0
    if declared.auth and not viewer:
        fail(5, "User authorization failed: no access_token passed.")
    now = int(time.time())
    if declared.limited:
        _count(instance, now)
    return _Prepared(viewer, given, values, now, instance.emulation)


def _count(instance: _Instance, now: int) -> None:
    """Count a write in a transaction of its own: one that fails is a write too."""
    address = limits.client_address(request)
    with instance.database.write() as db:
        allowed = limits.take(db, address, instance.emulation.writes, now)
    if not allowed:
        fail(29, "You have been rate limited.")


def _require_living(db: Connection, viewer: int) -> None:
    if viewer and db.scalar(select(people.c.deactivated).where(people.c.id == viewer)):
        fail(18, DELETED)


def _token_answer(instance: _Instance) -> Response:
    try:
        status, body = token.answer(instance.accounts, {**request.args.to_dict(), **request.form.to_dict()})
    except OpenVkError as error:
        return _failed(error.code, error.message, "internal.acquireToken")
    return _json(body, status)


def _bearer() -> str:
    given = request.authorization
    return (given.token or "") if given and given.type == "bearer" else ""


def _failed(code: int, message: str, method: str) -> Response:
    """Return OpenVK's flat error. It repeats everything the address held, the token and the password too."""
    asked = [{"key": key[:_ECHO_LIMIT], "value": value[:_ECHO_LIMIT]} for key, value in request.args.items()][::-1]
    shown = [*asked, {"key": "method", "value": method}, {"key": "oauth", "value": 1}]
    return _json({"error_code": code, "error_msg": message, "request_params": shown}, "400 Bad API Call")


def _json(body: Any, status: int | str = 200) -> Response:
    return Response(json.dumps(body, separators=(",", ":")), status, content_type="application/json")


def _plain(error: HTTPException) -> Response:
    return Response(error.name, error.code or 500, content_type=pages.HTML)


def _unexpected(error: Exception) -> Response:
    # The text of an exception may hold a secret or somebody's message; its type and the lines passed do not.
    lines = "".join(traceback.format_tb(error.__traceback__))
    _log.error("%s failed: %s\n%s", request.path, type(error).__name__, lines)
    return pages.crashed()
