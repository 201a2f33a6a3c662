"""A gateway in front of VK, whose answers are those of its documentation: captchas, tokens, what logins are told."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import responses
from flask import Flask
from PIL import Image

from tests.browser import Browser
from tests.conftest import MakeGateway
from tests.program import Program, sid_of

API, OAUTH = "https://api.vk.com", "https://oauth.vk.com"
PICTURE = f"{API}/captcha.php?sid=1234"
TOKEN = "token-to-look-for"
ME = {"response": [{"id": 2, "first_name": "Anna", "last_name": "Petrova"}]}
CAPTCHA = {"error_code": 14, "error_msg": "Captcha needed", "captcha_sid": "1234", "captcha_img": PICTURE}
LOGIN = "login=force&site=1&email=anna@example.org&pass=pass-to-look-for"
WRITE = "act=set_activity&text=hello"


@pytest.fixture
def vk() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.post(f"{API}/method/users.get", json=ME)
        mock.get(PICTURE, body=picture(), content_type="image/jpeg")
        yield mock


@pytest.fixture
def gateway(make_gateway: MakeGateway, vk: responses.RequestsMock) -> Flask:
    return make_gateway(
        backend="vk",
        calls_per_second=0,
        vk_client_id="777",
        vk_client_secret="app-to-look-for",
        public_url="http://gateway.example",
        sites={1: {"url": "self"}},
    )


@pytest.fixture
def anna(gateway: Flask, vk: responses.RequestsMock) -> Program:
    program = Program(gateway)
    granted = vk.post(f"{OAUTH}/token", json={"access_token": TOKEN, "expires_in": 0, "user_id": 2})
    program.sid = sid_of(program.auth(LOGIN))
    assert len(program.sid) == 32
    vk.remove(granted)
    return program


def picture() -> bytes:
    body = BytesIO()
    Image.new("RGB", (130, 50), "red").save(body, "JPEG")
    return body.getvalue()


def sent(vk: responses.RequestsMock, address: str) -> list[str]:
    """What came after the version in the forms sent to an address, the token left out."""
    bodies = [str(call.request.body) for call in vk.calls if call.request.url == address]
    return [body.partition("v=5.131")[2].replace(f"&access_token={TOKEN}", "") for body in bodies]


@pytest.mark.parametrize("with_sid", [True, False])
def test_a_captcha_of_vk_is_one_of_the_protocol(vk: responses.RequestsMock, anna: Program, with_sid: bool) -> None:
    vk.post(f"{API}/method/status.set", json={"error": CAPTCHA})
    vk.post(f"{API}/method/status.set", json={"response": 1})
    assert anna.raw(f"{WRITE}&sid={anna.sid}").get_data() == b'{"ok":-2}'
    shown = anna.raw("act=captcha&csid=0.5" + (f"&sid={anna.sid}" if with_sid else ""))
    assert (shown.content_type, shown.get_data()) == ("image/jpeg", picture())
    assert anna.raw("act=captcha&csid=0.6").content_type == "image/png"  # nothing waits: it is the gateway's own
    again = anna.get("set_activity", text="hello", fcsid="0.5", fccode="ab cd")
    assert again["ok"] == 1
    assert sent(vk, f"{API}/method/status.set") == ["", "&captcha_sid=1234&captcha_key=ab+cd"]
    assert anna.get("set_activity", text="hello", fcsid="0.5", fccode="ab cd")["ok"] == 1
    assert sent(vk, f"{API}/method/status.set")[2:] == [""]


def test_any_worker_takes_the_answer(
    vk: responses.RequestsMock, anna: Program, make_gateway: MakeGateway, gateway: Flask
) -> None:
    other = make_gateway(**gateway.extensions["userapi_gw"].settings.model_dump())
    vk.post(f"{API}/method/status.set", json={"error": CAPTCHA})
    anna.raw(f"{WRITE}&sid={anna.sid}")
    assert other.test_client().get("/data?act=captcha&csid=0.5").get_data() == picture()
    anna.raw(f"{WRITE}&sid={anna.sid}&fcsid=0.5&fccode=x")
    assert sent(vk, f"{API}/method/status.set") == ["", "&captcha_sid=1234&captcha_key=x"]


def test_the_answer_lifts_the_gateways_own_limit(
    vk: responses.RequestsMock, anna: Program, make_gateway: MakeGateway, gateway: Flask
) -> None:
    settings = gateway.extensions["userapi_gw"].settings
    strict = make_gateway(**{**settings.model_dump(), "limits": {**settings.limits, "default": "1/60"}})
    anna.client = strict.test_client()
    vk.post(f"{API}/method/status.set", json={"error": CAPTCHA})
    vk.post(f"{API}/method/status.set", json={"response": 1})
    assert anna.get("set_activity", text="hello") == {"ok": -2}
    anna.raw("act=captcha&csid=0.5")
    assert anna.get("set_activity", text="hello", fcsid="0.5", fccode="abcd")["ok"] == 1
    assert anna.get("set_activity", text="hello", fcsid="0.5", fccode="abcd") == {"ok": -2}


@pytest.mark.parametrize("body", [b"<html>", b"", picture()[:100]])
def test_a_picture_that_is_none(vk: responses.RequestsMock, anna: Program, body: bytes) -> None:
    vk.replace(responses.GET, PICTURE, body=body)
    vk.post(f"{API}/method/status.set", json={"error": CAPTCHA})
    anna.get("set_activity", text="hello")
    assert anna.raw("act=captcha&csid=0.5").get_data() == b'{"ok":0}'


def test_pictures_come_from_vk_alone(vk: responses.RequestsMock, anna: Program) -> None:
    vk.post(f"{API}/method/status.set", json={"error": {**CAPTCHA, "captcha_img": "https://evil.example/1.jpg"}})
    anna.get("set_activity", text="hello")
    assert anna.raw("act=captcha&csid=0.5").get_data() == b'{"ok":-3}'


def test_a_captcha_at_the_login(vk: responses.RequestsMock, gateway: Flask) -> None:
    needed = {"error": "need_captcha", "captcha_sid": "1234", "captcha_img": PICTURE}
    for answer in (needed, needed, {"access_token": TOKEN, "expires_in": 0, "user_id": 2}):
        vk.post(f"{OAUTH}/token", json=answer)
    program, sids = Program(gateway), []
    for given in ("", "&fcsid=0.5&fccode=wrong", "&csid=0.6&ccode=right"):
        sids.append(sid_of(program.auth(LOGIN + given)))
        csid = f"0.{5 + len(sids) - 1}"
        shown = program.raw(f"act=captcha&csid={csid}")
        assert shown.content_type == ("image/jpeg" if len(sids) < 3 else "image/png")
    assert [sids[0], sids[1], len(sids[2])] == ["-3", "-2", 32]
    assert sent(vk, f"{OAUTH}/token") == [
        *("", "&captcha_sid=1234&captcha_key=wrong", "&captcha_sid=1234&captcha_key=right"),
    ]


def test_a_captcha_at_the_page(vk: responses.RequestsMock, gateway: Flask) -> None:
    needed = {"error": "need_captcha", "captcha_sid": "1234", "captcha_img": PICTURE}
    for answer in (needed, {"access_token": TOKEN, "expires_in": 0, "user_id": 2}):
        vk.post(f"{OAUTH}/token", json=answer)
    browser = Browser(gateway)
    browser.send(**{"email": "anna@example.org", "pass": "pass-to-look-for"})
    assert browser.told == ["Type the characters of the picture, too."]
    (address, *_) = re.findall(r'<img src="([^"]*)"', browser.html)
    assert browser.client.get(address.replace("&amp;", "&")).get_data() == picture()
    browser.send(**{"email": "anna@example.org", "pass": "pass-to-look-for", "ccode": "right"})
    assert browser.told[0].startswith("You are user 2.")


def test_a_captcha_about_a_token(vk: responses.RequestsMock, gateway: Flask) -> None:
    vk.replace(responses.POST, f"{API}/method/users.get", json={"error": CAPTCHA})
    browser, fields = Browser(gateway), {"token": TOKEN, "email": "anna", "pass": "a-password"}
    browser.send(**fields)
    assert browser.told == ["Type the characters of the picture, too."]
    (address, *_) = re.findall(r'<img src="([^"]*)"', browser.html)
    assert browser.client.get(address.replace("&amp;", "&")).get_data() == picture()
    browser.send(**fields, ccode="wrong")
    assert browser.told == ["The characters of the picture are not right."]
    assert sent(vk, f"{API}/method/users.get") == ["", "&captcha_sid=1234&captcha_key=wrong"]


@pytest.mark.parametrize(
    ("answer", "sid"),
    [
        ({"error": "invalid_client", "error_type": "username_or_password_is_incorrect"}, "-1"),
        ({"error": "invalid_client", "error_description": "client_id is incorrect"}, "-1"),
        ({"error": "need_validation", "validation_type": "2fa_sms", "phone_mask": "+7 ***"}, "-1"),
        ({"error": "9;Flood control"}, "-3"),
    ],
)
def test_what_programs_are_told(vk: responses.RequestsMock, gateway: Flask, answer: Any, sid: str) -> None:
    vk.post(f"{OAUTH}/token", json=answer, status=401)
    assert sid_of(Program(gateway).auth(LOGIN)) == sid


def test_accounts_that_are_gone_do_not_get_in(vk: responses.RequestsMock, gateway: Flask) -> None:
    vk.post(f"{OAUTH}/token", json={"access_token": TOKEN, "user_id": 2})
    vk.replace(responses.POST, f"{API}/method/users.get", json={"error": {"error_code": 18}})
    assert sid_of(Program(gateway).auth(LOGIN)) == "-1"


def test_vk_gives_people_a_token(gateway: Flask, make_gateway: MakeGateway) -> None:
    address = (
        "https://oauth.vk.com/authorize?client_id=777&amp;redirect_uri=https%3A%2F%2Foauth.vk.com%2Fblank.html&amp;"
        "display=page&amp;scope=friends%2Cphotos%2Cstatus%2Cwall%2Cmessages%2Cnotify%2Coffline&amp;"
        "response_type=token&amp;v=5.131"
    )
    assert f'href="{address}"' in Browser(gateway).open().replace("\n", "")
    assert "authorize?" not in Browser(make_gateway()).open()


def test_no_secret_is_logged(
    vk: responses.RequestsMock, anna: Program, gateway: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    vk.post(f"{API}/method/status.set", json={"error": {**CAPTCHA, "captcha_sid": "sid-to-look-for"}})
    anna.get("set_activity", text="hello")
    anna.raw("act=captcha&csid=0.5")
    anna.get("set_activity", text="hello", fcsid="0.5", fccode="key-to-look-for")
    for kind in ("need_captcha", "need_validation", "invalid_client"):
        page = "https://id.vk.com/?session_token=page-to-look-for"
        vk.post(f"{OAUTH}/token", json={"error": kind, "redirect_uri": page, "error_description": "pass-to-look-for"})
        anna.auth(LOGIN)
        Browser(gateway).send(**{"email": "anna", "pass": "pass-to-look-for", "code": "code-to-look-for"})
    assert "act 'set_activity': captcha: status.set" in caplog.text
    assert "to-look-for" not in caplog.text
    assert anna.sid not in caplog.text
