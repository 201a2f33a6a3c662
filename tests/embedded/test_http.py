"""Envelopes, logins, hostile input."""

import logging
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from userapi_gw.embedded import DEMO_ACCOUNTS
from userapi_gw.embedded import errors as error_table
from userapi_gw.embedded.registry import METHODS, method

from .conftest import AsUser, Caller

WRONG = {
    "error": "invalid_client",
    "error_description": "Username or password is incorrect",
    "error_type": "username_or_password_is_incorrect",
}


def test_error_envelope_repeats_the_question_without_secrets(one: Caller) -> None:
    body = one.answer("friends.getMutual", count="2", v="5.92", password="7777777")
    assert body == {
        "error": {
            "error_code": 100,
            "error_msg": "One of the parameters specified was missing or invalid: target_uid is undefined",
            "request_params": [
                {"key": "method", "value": "friends.getMutual"},
                {"key": "count", "value": "2"},
                {"key": "v", "value": "5.92"},
            ],
        }
    }


def test_unknown_method_and_bad_tokens(reader: AsUser) -> None:
    nobody = reader(0)
    assert nobody.error("users.fly") == (3, "Unknown method passed")
    assert nobody.error("friends.get") == (5, "User authorization failed: no access_token passed.")
    wrong = (5, "User authorization failed: invalid access_token (4).")
    assert nobody.error("friends.get", access_token="x") == wrong
    assert nobody.error("users.get", access_token="x", user_ids="1") == wrong


def test_only_these_methods_answer_strangers() -> None:
    assert sorted(name for name, one in METHODS.items() if not one.auth) == [
        "auth.confirm",
        "auth.signup",
        "auth.withdraw",
        "database.getCities",
        "database.getCountries",
        "database.getSchools",
        "database.getSchoolsCount",
        "users.get",
        "utils.getServerTime",
    ]


@pytest.mark.parametrize("name", sorted(METHODS))
def test_every_method_is_documented_and_asks_for_a_token(reader: AsUser, name: str) -> None:
    assert METHODS[name].run.__doc__
    if METHODS[name].auth:
        assert reader(0).error(name)[0] == 5


def test_get_post_and_bearer_are_the_same(one: Caller) -> None:
    client, wanted = one.client, one("users.get", user_ids="6")
    by_address = client.get("/method/users.get", query_string={"user_ids": 6, "access_token": one.token})
    by_header = client.get("/method/users.get?user_ids=6", headers={"Authorization": f"Bearer {one.token}"})
    assert by_address.get_json() == by_header.get_json() == {"response": wanted}
    assert by_address.content_type == "application/json; charset=utf-8"


@pytest.mark.parametrize("version", ["x", "5.131.1", "-1", "5."])
def test_bad_version(one: Caller, version: str) -> None:
    assert one.error("users.get", v=version) == (8, "Invalid request: v (version) is invalid")


@pytest.mark.parametrize(
    ("path", "status"), [("/", 404), ("/method/", 200), ("//method/users.get", 404), ("/method/users.get/", 200)]
)
def test_unknown_addresses_are_json_too(one: Caller, path: str, status: int) -> None:
    response = one.client.get(path)
    assert (response.status_code, response.get_json()["error"]["error_code"]) == (status, 8)


def test_wrong_http_method_is_json_too(one: Caller) -> None:
    assert (
        one.client.delete("/method/users.get").get_json()["error"]["error_msg"] == "Invalid request: Method Not Allowed"
    )


@pytest.mark.parametrize("path", ["/token", "/access_token"])
@pytest.mark.parametrize("account", DEMO_ACCOUNTS)
def test_login(app: Flask, path: str, account: tuple[str, str, str]) -> None:
    email, password, name = account
    client = app.test_client()
    query = {"username": email.upper(), "password": password, "grant_type": "password", "client_id": "1"}
    body = client.get(path, query_string=query).get_json()
    assert sorted(body) == ["access_token", "expires_in", "user_id"]
    assert body["expires_in"] == 0
    person = Caller(client, body["access_token"])("users.get")[0]
    assert (person["id"], f"{person['first_name']} {person['last_name']}") == (body["user_id"], name)


@pytest.mark.parametrize("login", [("test@test.com", "7777778"), ("nobody@test.com", "7777777"), ("\0", "x" * 100_000)])
def test_wrong_password(app: Flask, login: tuple[str, str]) -> None:
    response = app.test_client().post("/token", data={"username": login[0], "password": login[1]})
    assert (response.status_code, response.get_json()) == (401, WRONG)


def test_incomplete_login(app: Flask) -> None:
    client = app.test_client()
    missing = client.post("/token", data={"username": "test@test.com"})
    assert (missing.status_code, missing.get_json()["error"]) == (400, "invalid_request")
    kind = client.post("/token", data={"username": "a", "password": "b", "grant_type": "client_credentials"})
    assert (kind.status_code, kind.get_json()["error"]) == (400, "unsupported_grant_type")


def test_secrets_are_stored_as_hashes(app: Flask, database_path: Path) -> None:
    login = {"username": "test@test.com", "password": "7777777"}
    token = app.test_client().post("/token", data=login).get_json()["access_token"]
    with closing(sqlite3.connect(database_path)) as raw:
        digests = [row[0] for row in raw.execute("SELECT digest FROM tokens")]
        hashes = [row[0] for row in raw.execute("SELECT password_hash FROM accounts")]
    assert token not in digests
    assert [bool(re.fullmatch("[0-9a-f]{64}", digest)) for digest in digests] == [True]
    assert [one.startswith("$argon2id$") for one in hashes] == [True, True]


def test_logout_ends_one_token_only(as_user: AsUser) -> None:
    first, second = as_user(1), as_user(1)
    assert first("account.logout") == 1
    assert first.error("users.get")[0] == 5
    assert second("users.get")[0]["id"] == 1


HOSTILE = [
    "-1",
    "NaN",
    "1.5",
    "1e3",
    "0x10",
    "1_000",
    "１",
    "9" * 30,
    "1 OR 1=1",
    "1'; DROP TABLE people; --",
    "1\0",
    "😀",
    "x" * 1_000_000,
    "[]",
    "null",
]
NUMBERS = [
    ("users.get", "user_ids"),
    ("users.search", "count"),
    ("users.search", "offset"),
    ("friends.get", "user_id"),
    ("friends.get", "count"),
    ("friends.getOnline", "offset"),
    ("friends.getMutual", "target_uid"),
    ("friends.getRequests", "count"),
    ("friends.getRequests", "out"),
    ("friends.areFriends", "user_ids"),
    ("photos.getAll", "owner_id"),
    ("photos.getById", "photos"),
    ("photos.getComments", "photo_id"),
    ("wall.get", "owner_id"),
    ("wall.get", "filter"),
    ("wall.getById", "posts"),
    ("wall.delete", "post_id"),
    ("messages.getHistory", "peer_id"),
    ("messages.getById", "message_ids"),
    ("messages.delete", "message_ids"),
    ("status.getHistory", "count"),
    ("fave.getUsers", "count"),
    ("newsfeed.get", "start_from"),
    ("newsfeed.get", "filters"),
]


COMMUNITIES = {("wall.get", "owner_id"), ("photos.getAll", "owner_id"), ("messages.getHistory", "peer_id")}
"""Where minus a number is right."""


@pytest.mark.parametrize(("name", "parameter"), NUMBERS)
def test_hostile_numbers(one: Caller, name: str, parameter: str) -> None:
    values = [value for value in HOSTILE if value != "1_000" or parameter not in ("photos", "posts")]
    values = [value for value in values if value != "-1" or (name, parameter) not in COMMUNITIES]
    codes = {one.error(name, **{parameter: value})[0] for value in values}
    assert codes == {113 if name == "users.get" else 100}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(n for n, m in METHODS.items() if not m.writes)), st.text(max_size=20))
def test_any_text_gives_an_envelope(one: Caller, name: str, text: str) -> None:
    parameters = ("user_id", "user_ids", "owner_id", "q", "fields", "count", "offset", "photo_id", "extended")
    given_text = text.encode("utf-8", "replace").decode()
    body = one.answer(name, **dict.fromkeys(parameters, given_text))
    assert body.get("error", {}).get("error_code") in (None, 100, 113)


def test_sql_in_texts_is_text(as_user: AsUser) -> None:
    one, text = as_user(1), "'); DROP TABLE posts; -- \" <b> & ' \u0430\U0001f600"
    post_id = one("wall.post", message=text)["post_id"]
    shown = "'); DROP TABLE posts; -- &quot; &lt;b&gt; &amp; ' \u0430\U0001f600"
    assert one("wall.getById", posts=f"1_{post_id}")[0]["text"] == shown


@pytest.mark.parametrize(
    ("name", "parameter", "code"),
    [
        ("wall.post", "message", 100),
        ("messages.send", "message", 914),
        ("status.set", "text", 100),
        ("users.search", "q", 100),
    ],
)
def test_a_megabyte_of_text(as_user: AsUser, name: str, parameter: str, code: int) -> None:
    one = as_user(1)
    assert one.error(name, user_id=6, **{parameter: "ы" * 500_000})[0] == code
    nul = {"user_id": 6, parameter: "a\0b"}
    assert one.error(name, **nul) == (
        100,
        f"One of the parameters specified was missing or invalid: {parameter} contains a zero character",
    )


def test_a_body_that_is_too_large(one: Caller) -> None:
    response = one.client.post("/method/users.get", data={"user_ids": "1" * 9_000_000})
    assert (response.status_code, response.get_json()["error"]["error_code"]) == (200, 8)


def test_unexpected_failure_is_error_10_and_logs_no_secret(
    app: Flask, as_user: AsUser, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = as_user(1)

    def fail(_call: object) -> object:
        raise ValueError(f"secret {one.token}")

    monkeypatch.setitem(METHODS, "test.fail", METHODS["users.get"])
    method("test.fail")(fail)
    with caplog.at_level(logging.ERROR):
        assert one.error("test.fail", message="private") == (10, "Internal server error")
    (record,) = caplog.records
    assert record.getMessage().startswith("/method/test.fail failed: ValueError")
    assert one.token not in record.getMessage()
    assert "private" not in record.getMessage()


def test_the_table_has_only_codes_that_are_used() -> None:
    folder = Path(error_table.__file__).parent
    sources = "".join(path.read_text() for path in folder.rglob("*.py"))
    used = {int(code) for code in re.findall(r"VkError\((\d+)", sources)}
    assert used == set(error_table.MESSAGES)
