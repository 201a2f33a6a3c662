"""Passwords for tokens: what VK and OpenVK say at the door."""

from collections.abc import Iterator
from typing import Any

import pytest
import responses

from userapi_gw.backend import on_behalf
from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.dialects import OPENVK
from userapi_gw.backend.model import Grant
from userapi_gw.backend.oauth import vk_door
from userapi_gw.errors import CaptchaNeeded, Failure, Kind, PersonNeeded

API, OAUTH = "https://api.vk.example", "https://oauth.vk.example"
SECRETS = ("pass-word", "app-secret", "123456", "token-nobody-may-see")


@pytest.fixture
def vk() -> Iterator[Client]:
    client = Client(API, Transports.over_http(), timeout=5, door=vk_door(OAUTH, "777", "app-secret"))
    yield client
    client.close()


@pytest.fixture
def openvk() -> Iterator[Client]:
    client = Client(API, Transports.over_http(), timeout=5, dialect=OPENVK)
    yield client
    client.close()


@responses.activate
def test_vk_is_asked_at_its_own_door_as_an_application(vk: Client) -> None:
    responses.post(f"{OAUTH}/token", json={"access_token": SECRETS[3], "expires_in": 0, "user_id": 2})
    assert vk.grant("anna@example.org", "pass-word", "123456") == Grant(2, SECRETS[3])
    request = responses.calls[0].request
    assert request.url == f"{OAUTH}/token"
    assert request.body == (
        "username=anna%40example.org&password=pass-word&grant_type=password&client_id=777&client_secret=app-secret"
        "&scope=friends%2Cphotos%2Cstatus%2Cwall%2Cmessages%2Cnotify%2Coffline&2fa_supported=1&code=123456&v=5.131"
    )


def refused(client: Client, url: str, status: int, body: Any, code: str = "") -> Failure:
    responses.post(f"{url}/token", status=status, json=body)
    with pytest.raises(Failure) as raised:
        client.grant("anna@example.org", "pass-word", code)
    assert not any(secret in repr(raised.value) for secret in SECRETS)
    return raised.value


@responses.activate
@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, {"error": "invalid_client", "error_type": "username_or_password_is_incorrect"}, Kind.WRONG_PASSWORD),
        (
            401,
            {"error": "invalid_client", "error_description": "Username or password is incorrect"},
            Kind.WRONG_PASSWORD,
        ),
        (401, {"error": "invalid_request", "error_type": "wrong_otp"}, Kind.WRONG_PASSWORD),
        (401, {"error": "invalid_request", "error_type": "otp_format_is_incorrect"}, Kind.WRONG_PASSWORD),
        (401, {"error": "invalid_client", "error_description": "client_id is incorrect"}, Kind.PERSON_NEEDED),
        (401, {"error": "unauthorized_client"}, Kind.PERSON_NEEDED),
        (400, {"error": "invalid_request", "error_description": "whatever"}, Kind.PERSON_NEEDED),
        (401, {"error": "9;Flood control", "error_type": "password_bruteforce_attempt"}, Kind.FLOOD),
        (401, {"error": "need_validation", "ban_info": {"member_name": "Anna"}}, Kind.FORBIDDEN),
        (200, {"error": {"error_code": 10}}, Kind.BACKEND_BROKEN),
        (200, {"access_token": SECRETS[3]}, Kind.BACKEND_BROKEN),
    ],
)
def test_refusals_of_vk(vk: Client, status: int, error: Any, kind: Kind) -> None:
    assert refused(vk, OAUTH, status, error, "123456").kind is kind


@responses.activate
def test_vk_wants_a_second_factor(vk: Client) -> None:
    error = {
        "error": "need_validation",
        "error_description": "sms sent, use code param",
        "validation_type": "2fa_sms",
        "validation_sid": "2fa_1_2_3",
        "phone_mask": "+7 *** *** ** 12",
        "redirect_uri": "https://m.vk.com/login?act=authcheck",
    }
    failure = refused(vk, OAUTH, 401, error)
    assert isinstance(failure, PersonNeeded)
    found = (failure.asks_for_code, failure.phone, failure.page)
    assert found == (True, "+7 *** *** ** 12", "https://m.vk.com/login?act=authcheck")
    assert str(failure) == "person_needed: the backend asks for a second factor; the login page (/login) helps"


@responses.activate
def test_vk_wants_a_captcha_and_gets_its_answer_once(vk: Client) -> None:
    error = {"error": "need_captcha", "captcha_sid": "1234", "captcha_img": "https://api.vk.com/captcha.php?sid=1234"}
    failure = refused(vk, OAUTH, 401, error)
    assert isinstance(failure, CaptchaNeeded)
    found = (failure.method, failure.sid, failure.picture, failure.page)
    assert found == ("token", "1234", "https://api.vk.com/captcha.php?sid=1234", "")
    with on_behalf.solving(on_behalf.Solved("token", "1234", "abcd")):
        for _ in range(2):
            with pytest.raises(Failure):
                vk.grant("anna@example.org", "pass-word")
    sent = [str(call.request.body).partition("&v=5.131")[2] for call in responses.calls]
    assert sent == ["", "&captcha_sid=1234&captcha_key=abcd", ""]


@responses.activate
def test_without_an_application_vk_is_not_asked() -> None:
    client = Client(API, Transports.over_http(), timeout=5, door=vk_door(OAUTH, "", ""))
    with pytest.raises(PersonNeeded):
        client.grant("anna@example.org", "pass-word")
    assert len(responses.calls) == 0
    client.close()


@responses.activate
@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"error_code": 28, "error_msg": "Invalid username or password"}, Kind.WRONG_PASSWORD),
        (400, {"error_code": 28, "error_msg": "Invalid 2FA code"}, Kind.WRONG_PASSWORD),
        (401, {"error": "need_validation", "validation_type": "2fa_app", "phone_mask": "+374 **"}, Kind.PERSON_NEEDED),
        (400, {"error_code": 14, "error_msg": "Invalid user"}, Kind.NOT_FOUND),
    ],
)
def test_refusals_of_openvk(openvk: Client, status: int, error: Any, kind: Kind) -> None:
    assert refused(openvk, API, status, error).kind is kind


@responses.activate
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"response": []}, Kind.TOKEN_REFUSED),
        ({"response": [{"id": 2, "first_name": "DELETED", "deactivated": "deleted"}]}, Kind.NOT_FOUND),
        ({"error_code": 18, "error_msg": "User was deleted or banned"}, Kind.NOT_FOUND),
        ({"error": {"error_code": 5, "error_msg": "User authorization failed"}}, Kind.TOKEN_REFUSED),
    ],
)
def test_tokens_of_nobody(openvk: Client, answer: Any, kind: Kind) -> None:
    responses.post(f"{API}/method/users.get", json=answer)
    with pytest.raises(Failure) as raised:
        openvk.whose(SECRETS[3])
    assert raised.value.kind is kind


@responses.activate
def test_a_captcha_at_a_call_is_answered_at_that_method(vk: Client) -> None:
    error = {"error_code": 14, "captcha_sid": "9", "captcha_img": "https://api.vk.com/captcha.php?sid=9"}
    for method in ("wall.post", "users.get"):
        responses.post(f"{API}/method/{method}", json={"error": {**error, "error_msg": "Captcha needed"}})
    with on_behalf.solving(on_behalf.Solved("wall.post", "9", "a b")):
        for method in ("users.get", "wall.post"):
            with pytest.raises(CaptchaNeeded) as raised:
                vk.call(method, SECRETS[3], write=True)
            assert (raised.value.method, raised.value.sid) == (method, "9")
    bodies = [str(call.request.body) for call in responses.calls]
    token = f"v=5.131&access_token={SECRETS[3]}"
    assert bodies == [token, f"{token}&captcha_sid=9&captcha_key=a+b"]


@responses.activate
def test_the_clients_address_is_told_where_that_is_wanted(vk: Client) -> None:
    responses.post(f"{API}/method/users.get", json={"response": []})
    vk.call("users.get", "")
    with on_behalf.client_at("192.0.2.7"):
        vk.call("users.get", "")
    assert [call.request.headers.get("X-Forwarded-For") for call in responses.calls] == [None, "192.0.2.7"]
