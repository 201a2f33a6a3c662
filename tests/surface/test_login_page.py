"""`/login`, and what an old program gets afterwards: second factors of an OpenVK, and tokens people bring."""

import logging
from typing import Any

import pytest
from flask import Flask

from tests.backends import emulate_openvk
from tests.browser import Browser
from tests.conftest import MakeGateway
from tests.program import PASSWORD, Program, sid_of
from userapi_gw.embedded.openvk import token

GUARDED, CODE = "guarded@test.com", "426396"
TOKEN_REFUSED = "The backend does not take this token, at least not from the gateway's address."
WRONG = "E-mail address, password or code is not right."


@pytest.fixture
def gateway(make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A gateway in front of an OpenVK."""
    emulate_openvk(monkeypatch)
    return make_gateway(login_failures=3)


def done(user: int) -> list[str]:
    return [
        f"You are user {user}. Now log in with the old program, with the same e-mail address and password. "
        "For 30 days it needs nothing else."
    ]


def log_in(gateway: Flask, email: str = GUARDED, password: str = PASSWORD) -> str:
    return sid_of(Program(gateway).auth(login="force", site=2, email=email, **{"pass": password}))


def token_of(gateway: Flask, email: str) -> str:
    return str(gateway.extensions["userapi_gw"].client.grant(email, PASSWORD).token)


def test_a_second_factor(gateway: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "userapi_gw")
    assert log_in(gateway) == "-1"
    told = "login: person_needed: the backend asks for a second factor; the login page (/login) helps"
    assert [record.getMessage() for record in caplog.records] == [told]

    browser = Browser(gateway)
    browser.send(**{"email": GUARDED, "pass": PASSWORD})
    assert browser.told == ["Type the code of your second factor, too. It was sent to +374 ** *** 420."]
    browser.send(**{"email": GUARDED, "pass": PASSWORD, "code": "000000"})
    assert browser.told == [WRONG]
    browser.send(**{"email": GUARDED, "pass": PASSWORD, "code": CODE})
    assert browser.told == done(5)

    program = Program(gateway).log_in(GUARDED)
    assert program.get("profile")["id"] == 5
    assert log_in(gateway, password="wrong") == "-1"


def test_the_protocols_page_is_not_needed_for_other_accounts(gateway: Flask) -> None:
    assert Program(gateway).log_in().get("profile")["id"] == 1


def test_codes_are_not_for_guessing(gateway: Flask) -> None:
    browser = Browser(gateway)
    told = [browser.send(**{"email": GUARDED, "pass": PASSWORD, "code": "000000"}) and browser.told for _ in range(3)]
    assert told == [[WRONG]] * 3
    assert '<img src="/data?act=captcha&amp;csid=' in browser.html
    browser.send(**{"email": GUARDED, "pass": PASSWORD, "code": CODE, "ccode": "wrong"})
    assert browser.told == ["The characters of the picture are not right."]
    right = gateway.extensions["userapi_gw"].state.captchas.issue("0.5")
    browser.send(**{"email": GUARDED, "pass": PASSWORD, "code": CODE, "csid": "0.5", "ccode": right})
    assert browser.told == done(5)


def test_passwords_kept_here_are_not_for_guessing(gateway: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the backend says nothing about passwords: that of the pair is checked here."""
    browser = Browser(gateway)
    browser.send(**{"token": token_of(gateway, "test@test.com"), "email": GUARDED, "pass": "a-password"})
    assert browser.told == done(1)
    assert [log_in(gateway, password=PASSWORD) for _ in range(3)] == ["-1", "-1", "-3"]
    assert log_in(gateway, password="a-password") == "-3"


def test_a_token(gateway: Flask) -> None:
    browser = Browser(gateway)
    brought = token_of(gateway, "nikolay@test.com")
    browser.send(**{"token": brought, "email": "kolya", "pass": "a-password"})
    assert browser.told == done(6)
    assert Program(gateway).log_in("Kolya", "a-password").get("profile")["id"] == 6
    assert log_in(gateway, "kolya", "another-password") == "-1"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"token": "6-not-a-token-jill"}, TOKEN_REFUSED),
        ({"token": "x"}, "That is no token."),
        ({"token": "<script>"}, "That is no token."),
        ({"email": " "}, "Choose an e-mail address, or any name, for the old program."),
        ({"pass": "seven77"}, "Choose a password of at least 8 characters."),
        ({"form": "forged"}, "The form was too old, or cookies are turned off. Fill it in again."),
    ],
)
def test_what_is_wrong_with_a_token(gateway: Flask, fields: dict[str, str], told: str) -> None:
    browser, given = Browser(gateway), {"token": token_of(gateway, "nikolay@test.com")}
    browser.send(**{**given, "email": "kolya", "pass": "a-password", **fields})
    assert browser.told == [told]
    assert log_in(gateway, "kolya", "a-password") == "-1"


def test_the_address_of_vks_blank_page_holds_a_token(gateway: Flask) -> None:
    browser = Browser(gateway)
    page = (
        f"https://oauth.vk.com/blank.html#access_token={token_of(gateway, 'nikolay@test.com')}&expires_in=0&user_id=6"
    )
    browser.send(**{"token": page, "email": "kolya", "pass": "a-password"})
    assert browser.told == done(6)


def test_a_name_stands_for_one_person(gateway: Flask) -> None:
    browser = Browser(gateway)
    for email, told in (
        ("nikolay@test.com", done(6)),
        ("test@test.com", ["This e-mail address stands for somebody else here. Choose another name."]),
    ):
        browser.send(**{"token": token_of(gateway, email), "email": "kolya", "pass": "a-password"})
        assert browser.told == told


def test_a_pair_ends_with_its_token(gateway: Flask) -> None:
    room, browser = gateway.extensions["userapi_gw"], Browser(gateway)
    browser.send(**{"token": token_of(gateway, "nikolay@test.com"), "email": "kolya", "pass": "a-password"})
    program = Program(gateway).log_in("kolya", "a-password")
    room.end(room.state.sessions.find(program.sid))
    assert log_in(gateway, "kolya", "a-password") == "-1"


def test_a_dead_token_lets_nobody_in(gateway: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, room = Browser(gateway), gateway.extensions["userapi_gw"]
    browser.send(**{"email": GUARDED, "pass": PASSWORD, "code": CODE})
    found = room.state.unlocked.find(GUARDED, PASSWORD)
    room.state.unlocked.keep(GUARDED, PASSWORD, type(found)(5, "5-dead-jill"), is_theirs=True)
    assert log_in(gateway) == "-1"
    assert not room.state.unlocked.knows(GUARDED)


def test_forms_of_other_sites_do_nothing(gateway: Flask) -> None:
    ours, fields = Browser(gateway), {"email": GUARDED, "pass": PASSWORD, "code": CODE}
    ours.open()
    for html in ("", ours.html):  # their own, and one that was made for another browser
        theirs = Browser(gateway)
        theirs.html = html or "<p>"
        theirs.send(**fields)
        assert theirs.told == ["The form was too old, or cookies are turned off. Fill it in again."]
    client = gateway.test_client()
    assert client.get("/login", query_string=fields).status_code == 200
    assert log_in(gateway) == "-1"


def test_how_the_page_is_sent(gateway: Flask) -> None:
    response = gateway.test_client().get("/login")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in response.get_data(as_text=True)
    cookie = response.headers["Set-Cookie"].partition("=")[2].partition("; ")[2]
    assert sorted(cookie.split("; ")) == ["HttpOnly", "Path=/login", "SameSite=Strict"]
    assert '<a href="/login">' in gateway.test_client().get("/").get_data(as_text=True)


@pytest.mark.parametrize("body", [b"", b"\xff=\xff", b"form=" + b"x" * 300_000, b"form=a&form=%00"])
def test_any_body_is_answered(gateway: Flask, body: bytes) -> None:
    response = gateway.test_client().post("/login", data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200


def test_secrets_stay_out_of_log_answers_and_database(
    gateway: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    guarded = token.Guarded(5, "pass-to-look-for", "code-to-look-for")
    monkeypatch.setitem(token.GUARDED, GUARDED, guarded)
    brought = token_of(gateway, "nikolay@test.com")
    fields: dict[str, Any] = {"email": GUARDED, "pass": guarded.password}
    pages = [Browser(gateway).send(**{**fields, "code": code}) for code in ("", "wrong-to-look-for", guarded.code)]
    pages += [
        Browser(gateway).send(**{"token": given, "email": "kolya", "pass": "own-to-look-for"})
        for given in ("dead-to-look-for", brought)
    ]
    sids = [log_in(gateway, GUARDED, guarded.password), log_in(gateway, "kolya", "own-to-look-for")]
    assert [len(sid) for sid in sids] == [32, 32]
    settings = gateway.extensions["userapi_gw"].settings
    stored = b"".join(path.read_bytes() for path in settings.data_dir.glob("gateway.sqlite3*"))
    seen = caplog.text + "".join(pages) + stored.decode(errors="replace")
    assert [secret for secret in ("to-look-for", brought, *sids) if secret in seen] == []


@pytest.mark.parametrize(
    ("wanted", "address", "told"),
    [
        (True, "192.0.2.7", "192.0.2.7"),
        (True, "::ffff:192.0.2.7", "192.0.2.7"),
        (True, "2001:db8::1:2", "2001:db8::1:2"),
        (True, "fe80::1%eth0", "fe80::1"),
        (True, "unix:", None),
        (False, "192.0.2.7", None),
    ],
)
def test_the_backend_is_told_who_asks(
    make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch, wanted: bool, address: str, told: str | None
) -> None:
    """An OpenVK falls over at an address that is none, so nothing else is ever sent."""
    gateway = make_gateway(forward_client_address=wanted)
    seen = list[str | None]()
    backend = gateway.extensions["userapi_gw"].client._reads._session.get_adapter("http://").send
    session = gateway.extensions["userapi_gw"].client._reads._session

    def send(request: Any, **more: Any) -> Any:
        seen.append(request.headers.get("X-Forwarded-For"))
        return backend(request, **more)

    monkeypatch.setattr(session.get_adapter("http://"), "send", send)
    login = "/auth?login=force&site=2&email=test@test.com&pass=7777777"
    gateway.test_client().get(login, environ_overrides={"REMOTE_ADDR": address})
    assert seen
    assert set(seen) == {told}
