"""`/captcha`: the pages by which VK tells people from programs, and what they give."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
import responses
from flask import Flask
from PIL import Image

from tests.browser import Browser
from tests.conftest import MakeGateway
from tests.program import Program, sid_of
from tests.surface.test_vk import API, CAPTCHA, LOGIN, OAUTH, TOKEN, anna, gateway, picture, sent, vk

__all__ = ["anna", "gateway", "vk"]

PAGE = "https://id.vk.com/not_robot_captcha?domain=vk.com&session_token=a&variant=popup"
NEEDED = {"error_code": 14, "error_msg": "Captcha needed", "captcha_sid": "77", "redirect_uri": PAGE}
PROOF = "eyJhbGciOiJIUzI1NiJ9.eyJ0IjoxfQ.proof_to-look-for"
TOLD = f"&captcha_sid=77&success_token={PROOF}"
STATUS = f"{API}/method/status.set"
DONE = "Done. Let the old program try again within ten minutes."
LATE = "Nothing waits for you any more. Let the old program try again first."


def refuse_status(vk: responses.RequestsMock, *answers: Any) -> None:
    for answer in answers:
        vk.post(STATUS, json={"error": answer} if isinstance(answer, dict) else {"response": answer})


def solve(gateway: Flask, token: str = PROOF) -> list[str]:
    """Open the page at another browser, bring a token, and return what the page says."""
    browser = Browser(gateway, "/captcha")
    assert [unescape(page) for page in re.findall(r'<a id="page" href="([^"]*)"', browser.open())] == [PAGE]
    browser.send(token=token)
    return browser.told


@pytest.mark.parametrize("brought", [PROOF, f"https://id.vk.com/blank.html#success_token={PROOF}&x=1"])
def test_what_the_page_gave_goes_with_the_next_call_once(
    vk: responses.RequestsMock, anna: Program, gateway: Flask, brought: str
) -> None:
    refuse_status(vk, NEEDED, 1, 1)
    assert anna.get("set_activity", text="hello") == {"ok": -2}
    shown = anna.raw("act=captcha&csid=0.5")
    assert shown.content_type == "image/png"
    with Image.open(BytesIO(shown.get_data())) as image:
        assert image.width > 160
    assert solve(gateway, brought) == [DONE]
    with Image.open(BytesIO(anna.raw("act=captcha&csid=0.6").get_data())) as image:
        assert image.width == 160  # the gateway's own: nothing of VK's waits
    assert [anna.get("set_activity", text="hello")["ok"] for _ in range(2)] == [1, 1]
    assert sent(vk, STATUS) == ["", TOLD, ""]


def test_it_waits_for_its_account_and_method(vk: responses.RequestsMock, anna: Program, gateway: Flask) -> None:
    refuse_status(vk, NEEDED, 1)
    wall = f"{API}/method/wall.post"
    vk.post(wall, json={"error": {"error_code": 15}})
    boris = Program(gateway)
    boris.sid = gateway.extensions["userapi_gw"].state.sessions.open(3, "another-token", 1).sid
    anna.get("set_activity", text="hello")
    assert solve(gateway) == [DONE]
    assert anna.get("add_wall", id=2, message="hello") == {"ok": -3}
    boris.get("set_activity", text="hello")
    assert [text for text in sent(vk, STATUS) + sent(vk, wall) if "success_token" in text] == []
    anna.get("set_activity", text="hello")
    assert sent(vk, STATUS)[2:] == [TOLD]


def test_it_lifts_no_limit(
    vk: responses.RequestsMock, anna: Program, gateway: Flask, make_gateway: MakeGateway
) -> None:
    settings = gateway.extensions["userapi_gw"].settings
    strict = make_gateway(**{**settings.model_dump(), "limits": {**settings.limits, "default": "1/60"}})
    anna.client = strict.test_client()
    refuse_status(vk, NEEDED, 1)
    assert anna.get("set_activity", text="hello") == {"ok": -2}
    assert solve(strict) == [DONE]
    assert anna.get("set_activity", text="hello") == {"ok": -2}  # the gateway's own
    assert sent(vk, STATUS) == [""]


def test_a_read_is_made_again_with_it(vk: responses.RequestsMock, anna: Program, gateway: Flask) -> None:
    vk.post(f"{API}/method/execute", json={"error": {"error_code": 3}})
    for answer in ({"error": NEEDED}, {"error": NEEDED}, {"response": {"count": 0, "items": []}}):
        vk.post(f"{API}/method/friends.get", json=answer)
    assert anna.get("friends") == {"ok": -2}
    assert solve(gateway) == [DONE]
    assert anna.get("friends") == []
    assert [TOLD in text for text in sent(vk, f"{API}/method/friends.get")] == [False, False, True]


@pytest.mark.parametrize("in_form", [False, True])
def test_a_login_goes_with_it(vk: responses.RequestsMock, gateway: Flask, in_form: bool) -> None:
    needed = {"error": "need_captcha", "captcha_sid": "77", "redirect_uri": PAGE}
    for answer in (needed, {"access_token": TOKEN, "expires_in": 0, "user_id": 2}):
        vk.post(f"{OAUTH}/token", json=answer)
    browser, fields = Browser(gateway), {"email": "anna@example.org", "pass": "pass-to-look-for"}
    if in_form:
        browser.send(**fields)
        assert browser.told[1] == "The backend wants to know that a person is there: show it. Then try again."
        assert '<a href="/captcha">' in browser.html
    else:
        assert sid_of(Program(gateway).auth(LOGIN)) == "-3"
    assert solve(gateway) == [DONE]
    if in_form:
        browser.send(**fields)
        assert browser.told[0].startswith("You are user 2.")
    else:
        assert len(sid_of(Program(gateway).auth(LOGIN))) == 32
    assert sent(vk, f"{OAUTH}/token") == ["", TOLD]


def test_a_picture_and_a_page_are_both_offered(vk: responses.RequestsMock, anna: Program, gateway: Flask) -> None:
    refuse_status(vk, CAPTCHA | NEEDED, 1)
    anna.get("set_activity", text="hello")
    assert anna.raw("act=captcha&csid=0.5").get_data() == picture_of(vk)
    assert solve(gateway) == [DONE]
    assert anna.get("set_activity", text="hello")["ok"] == 1
    assert sent(vk, STATUS) == ["", TOLD]


def picture_of(vk: responses.RequestsMock) -> bytes:
    vk.get(CAPTCHA["captcha_img"], body=picture())
    return picture()


@pytest.mark.parametrize(
    "token", ["short", "", "<script>alert(1)</script>", "two tokens", "x" * 5000, "токен-из-букв", "a" * 20 + "\0\n"]
)
def test_what_is_no_token(vk: responses.RequestsMock, anna: Program, gateway: Flask, token: str) -> None:
    refuse_status(vk, NEEDED, 1)
    anna.get("set_activity", text="hello")
    told = solve(gateway, token)
    assert told == (["That is no token."] if token[:1] != "a" else [DONE])
    anna.get("set_activity", text="hello")
    assert sent(vk, STATUS)[1:] in ([""], [f"&captcha_sid=77&success_token={'a' * 20}"])


def test_a_forged_form_brings_nothing(vk: responses.RequestsMock, anna: Program, gateway: Flask) -> None:
    refuse_status(vk, NEEDED)
    anna.get("set_activity", text="hello")
    browser = Browser(gateway, "/captcha")
    browser.send(token=PROOF, form="forged")
    assert browser.told == ["The form was too old, or cookies are turned off. Try again."]
    stranger = gateway.test_client().post("/captcha", data={"token": PROOF, "form": "x"})
    assert "too old" in stranger.get_data(as_text=True)
    assert solve(gateway) == [DONE]


def test_one_page_is_passed_once_and_only_where_the_program_is(
    vk: responses.RequestsMock, anna: Program, gateway: Flask
) -> None:
    refuse_status(vk, NEEDED)
    anna.get("set_activity", text="hello")
    elsewhere = gateway.test_client().get("/captcha", environ_overrides={"REMOTE_ADDR": "192.0.2.9"})
    assert "id.vk.com" not in elsewhere.get_data(as_text=True)
    browser, late = Browser(gateway, "/captcha"), Browser(gateway, "/captcha")
    for step in (Browser.open, lambda one: one.send(token=PROOF)):
        for one in (browser, late):
            step(one)
    assert [browser.told, late.told] == [[DONE], [LATE]]
    assert "Nothing waits for you here." in Browser(gateway, "/captcha").open()


@pytest.mark.parametrize("page", ["https://evil.example/", "javascript:alert(1)", "http://id.vk.com/", "//vk.com", ""])
def test_only_pages_of_vk_are_linked(vk: responses.RequestsMock, anna: Program, gateway: Flask, page: str) -> None:
    refuse_status(vk, {"error_code": 14, "redirect_uri": page})
    assert anna.get("set_activity", text="hello") == {"ok": -2}
    assert "Nothing waits for you here." in Browser(gateway, "/captcha").open()
    login = Browser(gateway)
    login.open()
    assert login.told == []


def test_error_17_is_a_page_too(vk: responses.RequestsMock, anna: Program, gateway: Flask) -> None:
    refuse_status(vk, {"error_code": 17, "redirect_uri": PAGE}, 1)
    anna.get("set_activity", text="hello")
    assert solve(gateway) == [DONE]
    anna.get("set_activity", text="hello")
    assert sent(vk, STATUS) == ["", f"&success_token={PROOF}"]


def test_any_worker_takes_it_and_no_secret_is_logged(
    vk: responses.RequestsMock,
    anna: Program,
    gateway: Flask,
    make_gateway: MakeGateway,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    other = make_gateway(**gateway.extensions["userapi_gw"].settings.model_dump())
    refuse_status(vk, NEEDED, 1)
    anna.get("set_activity", text="hello")
    assert solve(other) == [DONE]
    assert anna.get("set_activity", text="hello")["ok"] == 1
    assert "somebody has been taken for a person" in caplog.text
    assert "to-look-for" not in caplog.text


def test_the_page_allows_its_own_script_alone(vk: responses.RequestsMock, anna: Program, gateway: Flask) -> None:
    refuse_status(vk, NEEDED)
    anna.get("set_activity", text="hello")
    response = gateway.test_client().get("/captcha")
    (nonce,) = re.findall(r'<script nonce="([\w-]{20,})">', response.get_data(as_text=True))
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith(f"script-src 'nonce-{nonce}'; frame-src https://id.vk.com")
    assert nonce not in gateway.test_client().get("/captcha").get_data(as_text=True)
