"""The gateway's own database is away for a while: every door answers in the protocol's words, and nothing is lost."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.databases import PostgreSQL, TestDatabase
from tests.program import Program, answer_of, sid_of
from tests.surface.test_upload import BACK, HOME, Uploader, one
from userapi_gw.errors import Failure, Kind
from userapi_gw.state.database import Database

pytestmark = pytest.mark.usefixtures("database")

Outage = Callable[[], AbstractContextManager[None]]
AWAY = "state_away: OperationalError: "


@pytest.fixture
def outage(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> Outage:
    """A time in which the database does not answer. A file cannot be away, so SQLite's is made to look like it."""

    @contextmanager
    def away() -> Iterator[None]:
        if isinstance(database, PostgreSQL):
            database.stop()
            yield
            database.start()
            return
        with monkeypatch.context() as patch:
            for way in ("read", "write"):
                patch.setattr(Database, way, refuse)
            yield

    def refuse(self: Database) -> None:
        raise OperationalError("SELECT", {}, OSError("gone\nand more"))

    return away


def test_data(gateway: Flask, pavel: Program, outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    version = pavel.version("wall")
    before = pavel.get("add_wall", message="before", ts=version)
    later = Program(gateway).log_in()  # a session the gateway does not know by heart
    with outage():
        for query in (f"act=wall&sid={later.sid}", f"friends=0-2&sid={later.sid}", f"act=gifts&sid={pavel.sid}"):
            response = pavel.raw(query)
            assert (response.status_code, response.get_data()) == (200, b'{"ok":0}')
        assert answer_of(pavel.raw("act=captcha&csid=0.1&back=show")) == {"ok": 0}
        assert pavel.get("add_wall", message="meanwhile") == {"ok": 0}
        assert pavel.get("history", wall=version) == {"ok": 0}
    assert [re.sub(f"({AWAY}).*", r"\1", message) for message in caplog.messages] == [
        f"act '{name}': {AWAY}" for name in ("wall", "data", "(unknown)", "captcha", "add_wall", "history")
    ]
    assert later.get("wall", to=1)["d"][0][2] == ["before"]
    assert pavel.get("history", wall=version)["wall"] == {"h": before["h"]}


def test_logins(gateway: Flask, pavel: Program, outage: Outage, caplog: pytest.LogCaptureFixture) -> None:
    requests = [
        {"login": "force", "email": "test@test.com", "pass": "7777777"},
        {"login": "force", "email": "test@test.com", "pass": "wrong"},
        {"login": "auto"},
        {"login": "logout", "sid": pavel.sid},
        {"login": "confirm", "cid": "0" * 32},
    ]
    with outage():
        for request in requests:
            response = pavel.auth(site=2, **request)
            assert (sid_of(response), response.headers.getlist("Set-Cookie")) == ("-1", [])
    assert [message.partition(AWAY)[:2] for message in caplog.messages] == [("login: ", AWAY)] * len(requests)
    assert len(sid_of(pavel.auth(site=2, login="auto"))) == 32, "the cookie is as good as before"


@pytest.mark.parametrize(("back", "place"), [(BACK, BACK), ("http://elsewhere.example/", HOME)])
def test_uploads(gateway: Flask, pavel: Program, outage: Outage, back: str, place: str) -> None:
    uploads = Uploader(pavel)
    photos = uploads.photos()
    pavel.sid = Program(gateway).log_in().sid
    with outage():
        response = uploads.send(uploads.main, one(), back=back)
        own = "http://cs190.userapi.com/index.html"  # without a session nobody knows the site
        assert (response.status_code, response.headers["Location"]) == (302, place if place == BACK else own)
    assert uploads.photos() == photos
    assert uploads.send(uploads.main, one(), back=back).headers["Location"] == place


def test_probes(gateway: Flask, outage: Outage) -> None:
    client = gateway.test_client()
    with outage():
        assert client.get("/healthz").status_code == 200
        response = client.get("/readyz")
        assert (response.status_code, response.get_json()) == (503, {"database": "away", "backend": "ok"})
    assert client.get("/readyz").status_code == 200


def test_a_refused_token_whose_session_cannot_be_ended(
    gateway: Flask, pavel: Program, outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Failure(Kind.TOKEN_REFUSED)

    uploads = Uploader(pavel)  # and the gateway knows the session by heart
    with monkeypatch.context() as patch:
        patch.setattr(gateway.extensions["userapi_gw"].client, "call", refuse)
        with outage():
            assert pavel.get("friends") == {"ok": -1}
            assert uploads.send(uploads.main, one()).headers["Location"] == BACK
    assert pavel.get("friends", to=1) != {"ok": -1}
