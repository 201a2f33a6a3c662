"""auth.signup and auth.confirm: how somebody new gets an account."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask

from userapi_gw.embedded.methods import auth

from .conftest import AsUser, Caller

IWAN: dict[str, Any] = {
    "first_name": "Iwan",
    "last_name": "Smirnow",
    "email": "Iwan-sm100@mail.ru",
    "password": "777777777",
    "sex": 2,
    "school": 397539,
    "year": 2013,
}
FIRST_FREE = 20175185


@pytest.fixture
def nobody(as_user: AsUser) -> Caller:
    return as_user(0)


def log_in(app: Flask, email: str = "iwan-sm100@mail.ru") -> int:
    return app.test_client().post("/token", data={"username": email, "password": "777777777"}).status_code


def backdate(path: Path, seconds: int) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE signups SET date = date - ?", (seconds,))


def test_an_account_is_made_when_it_is_confirmed(app: Flask, nobody: Caller) -> None:
    answer = nobody("auth.signup", **IWAN)
    assert list(answer) == ["code"]
    assert log_in(app) == 401
    assert nobody("users.get", user_ids=FIRST_FREE) == []
    confirmed = nobody("auth.confirm", code=answer["code"])
    assert {**confirmed, "access_token": "..."} == {"success": 1, "user_id": FIRST_FREE, "access_token": "..."}
    iwan = Caller(app.test_client(), confirmed["access_token"])
    assert iwan("users.get", fields="sex,online") == [
        {
            "id": FIRST_FREE,
            "first_name": "Iwan",
            "last_name": "Smirnow",
            "can_access_closed": True,
            "is_closed": False,
            "sex": 2,
            "online": 1,
        }
    ]
    assert [person["id"] for person in iwan("users.search", q="smirnow iwan")["items"]] == [FIRST_FREE]
    assert log_in(app) == 200


def test_a_code_works_once(nobody: Caller) -> None:
    code = nobody("auth.signup", **IWAN)["code"]
    nobody("auth.confirm", code=code)
    assert nobody.error("auth.confirm", code=code) == (1110, "Incorrect code")


@pytest.mark.parametrize("code", ["x", "я", "' or 1=1 --", "x" * 100_000])
def test_what_is_no_code(nobody: Caller, code: str) -> None:
    nobody("auth.signup", **IWAN)
    assert nobody.error("auth.confirm", code=code) == (1110, "Incorrect code")


@pytest.mark.parametrize("email", ["iwan-sm100@mail.ru", " IWAN-SM100@mail.ru ", "test@test.com"])
def test_an_address_has_one_account_or_waits_for_one(nobody: Caller, email: str) -> None:
    taken = (1004, "This address is already used by another account")
    code = nobody("auth.signup", **IWAN)["code"]
    assert nobody.error("auth.signup", **{**IWAN, "email": email}) == taken
    nobody("auth.confirm", code=code)
    assert nobody.error("auth.signup", **{**IWAN, "email": email}) == taken


def test_what_was_withdrawn_can_be_tried_again(nobody: Caller) -> None:
    code = nobody("auth.signup", **IWAN)["code"]
    assert nobody.error("auth.withdraw", code="x")[0] == 1110
    assert nobody("auth.withdraw", code=code) == 1
    assert [nobody.error(f"auth.{name}", code=code)[0] for name in ("confirm", "withdraw")] == [1110, 1110]
    again = nobody("auth.signup", **IWAN)["code"]
    nobody("auth.confirm", code=again)
    assert nobody.error("auth.withdraw", code=again)[0] == 1110  # what is confirmed stays
    assert nobody.error("auth.signup", **IWAN)[0] == 1004


def test_after_three_days_one_has_to_register_again(nobody: Caller, database_path: Path) -> None:
    code = nobody("auth.signup", **IWAN)["code"]
    backdate(database_path, 3 * 24 * 3600)
    assert nobody.error("auth.confirm", code=code)[0] == 1110
    again = nobody("auth.signup", **IWAN)["code"]
    assert nobody("auth.confirm", code=again)["user_id"] == FIRST_FREE


def test_an_account_that_was_confirmed_stays(nobody: Caller, app: Flask, database_path: Path) -> None:
    nobody("auth.confirm", code=nobody("auth.signup", **IWAN)["code"])
    backdate(database_path, 3 * 24 * 3600)
    other = nobody("auth.signup", **{**IWAN, "email": "other@mail.ru"})["code"]
    assert nobody.error("auth.signup", **IWAN)[0] == 1004
    assert nobody("auth.confirm", code=other)["user_id"] == FIRST_FREE + 1
    assert log_in(app) == 200


def test_what_was_told_about_the_school_is_kept(nobody: Caller, database_path: Path) -> None:
    nobody("auth.confirm", code=nobody("auth.signup", **IWAN)["code"])
    with closing(sqlite3.connect(database_path)) as raw:
        rows = raw.execute("SELECT email, school_id, school_year, user_id, password_hash, code_digest FROM signups")
        assert rows.fetchall() == [("iwan-sm100@mail.ru", 397539, 2013, FIRST_FREE, "", None)]


@pytest.mark.parametrize("missing", ["first_name", "last_name", "email", "password"])
def test_what_is_missing(nobody: Caller, missing: str) -> None:
    assert nobody.error("auth.signup", **{**IWAN, missing: ""}) == (
        100,
        f"One of the parameters specified was missing or invalid: {missing} is undefined",
    )


@pytest.mark.parametrize(("name", "length"), [("first_name", 65), ("last_name", 65), ("email", 255)])
def test_what_is_too_long(nobody: Caller, name: str, length: int) -> None:
    code, text = nobody.error("auth.signup", **{**IWAN, name: "x" * length})
    assert (code, text.rpartition(": ")[2]) == (100, f"at most {length - 1} characters")


def test_others_write_while_a_password_is_hashed(
    nobody: Caller, database_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hash_slowly(_password: str) -> str:
        with closing(sqlite3.connect(database_path, timeout=0)) as raw, raw:
            raw.execute("UPDATE people SET last_seen = last_seen + 1 WHERE id = 1")
        return "a hash"

    monkeypatch.setattr(auth, "HASHER", Mock(hash=hash_slowly))
    assert list(nobody("auth.signup", **IWAN)) == ["code"]


def test_secrets_are_not_stored_or_repeated(nobody: Caller, database_path: Path) -> None:
    code = nobody("auth.signup", **{**IWAN, "password": "a-password-to-look-for"})["code"]
    refused = nobody.answer("auth.signup", **{**IWAN, "password": "a-password-to-look-for"})
    assert "a-password-to-look-for" not in str(refused)
    assert code not in str(nobody.answer("auth.confirm", code=code + "x"))
    stored = b"".join(path.read_bytes() for path in database_path.parent.glob("world.db*"))
    assert b"Smirnow" in stored
    assert code.encode() not in stored
    assert b"a-password-to-look-for" not in stored
