"""`/token` and what a token is worth."""

from typing import Any

import pytest

from tests.embedded.openvk.conftest import Site
from tests.embedded.openvk.exchanges import ANNA, DMITRY, recorded
from tests.embedded.openvk.forms import differences

RECORDED = recorded()
GUARDED = "guarded@test.com"


@pytest.mark.parametrize(
    ("name", "login"),
    {
        "token_2fa_badcode": (GUARDED, "7777777", {"code": "000000"}),
        "token_2fa_badpass": (GUARDED, "zz", {"code": "426396"}),
        "token_2fa_nocode": (GUARDED, "7777777", {}),
        "token_2fa_ok": (GUARDED, "7777777", {"code": "426396"}),
        "token_get_baduser": ("nobody@x", "zzz", {}),
        "token_get_ok": ("test@test.com", "7777777", {}),
        "token_nogrant": ("test@test.com", "7777777", {"grant_type": ""}),
        "token_post_badpass": ("test@test.com", "zzz", {}),
        "token_post_ok": ("test@test.com", "7777777", {}),
    }.items(),
)
def test_a_login_is_answered_as_recorded(site: Site, name: str, login: tuple[str, str, dict[str, str]]) -> None:
    exchange, (email, password, more) = RECORDED[name], login
    given = {"username": email, "password": password, "grant_type": "password", **more}
    answer = site.send(0, exchange.verb, "/token", given)
    body = answer.get_json()
    assert (answer.status_code, answer.content_type) == (exchange.status, exchange.content_type)
    if "error_code" in exchange.body:
        assert body.pop("request_params")[-2:] == [
            {"key": "method", "value": "internal.acquireToken"},
            {"key": "oauth", "value": 1},
        ]
        assert body == exchange.body
    assert differences(exchange.body, body) == []


def test_the_token_is_the_persons(site: Site) -> None:
    given = {"username": GUARDED, "password": "7777777", "grant_type": "password", "code": "426396"}
    body = site.send(0, "POST", "/token", given).get_json()
    (found,) = site.send(0, "GET", "/method/users.get", {"access_token": body["access_token"]}).get_json()["response"]
    assert (body["user_id"], found["id"]) == (DMITRY, DMITRY)


def test_an_error_repeats_what_the_address_held_and_the_token_too(site: Site) -> None:
    answer = site.send(0, "GET", "/method/wall.get", {"access_token": "1-xxxx-jill", "v": "5.131", "owner_id": "1"})
    assert (answer.status, answer.get_json()) == (
        "400 Bad API Call",
        {
            "error_code": 5,
            "error_msg": "User authorization failed: no access_token passed.",
            "request_params": [
                {"key": "owner_id", "value": "1"},
                {"key": "v", "value": "5.131"},
                {"key": "access_token", "value": "1-xxxx-jill"},
                {"key": "method", "value": "wall.get"},
                {"key": "oauth", "value": 1},
            ],
        },
    )


def test_a_dead_token_is_as_good_as_none(site: Site) -> None:
    given: dict[str, Any] = {"access_token": "1-xxxx-jill", "user_ids": "1"}
    (shown,) = site.send(0, "POST", "/method/users.get", given).get_json()["response"]
    assert shown["id"] == ANNA
    refused = site.send(0, "POST", "/method/account.getProfileInfo", given).get_json()
    assert refused.pop("request_params") == [
        {"key": "method", "value": "account.getProfileInfo"},
        {"key": "oauth", "value": 1},
    ]
    assert refused == RECORDED["badtoken_getProfileInfo"].body


def test_a_token_may_stand_in_the_header(site: Site) -> None:
    headers = {"Authorization": f"Bearer {site.token(ANNA)}"}
    (shown,) = site.client.get("/method/users.get", headers=headers).get_json()["response"]
    assert shown["id"] == ANNA
