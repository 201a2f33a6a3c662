"""`execute` of the embedded server: the one form of script it knows, and errors in the middle."""

import pytest

from tests.embedded.conftest import AsUser, Caller


def test_results_stand_in_order_and_errors_beside_them(one: Caller) -> None:
    code = 'return [API.users.get({"user_ids":6}), API.no.such({}),API.wall.get({"owner_id":"x"}) ,API.friends.get({})]'
    answer = one.answer("execute", code=code)
    assert answer == {
        "response": [one("users.get", user_ids=6), False, False, one("friends.get")],
        "execute_errors": [
            {"method": "no.such", "error_code": 3, "error_msg": "Unknown method passed"},
            {
                "method": "wall.get",
                "error_code": 100,
                "error_msg": "One of the parameters specified was missing or invalid: owner_id not integer",
            },
        ],
    }


def test_calls_are_made_in_the_name_of_the_caller(reader: AsUser) -> None:
    assert reader(6)("execute", code="return [API.users.get({})];") == [reader(6)("users.get")]
    assert reader(0).answer("execute", code='return [API.friends.get({"access_token":"x"})];') == {
        "response": [False],
        "execute_errors": [
            {
                "method": "friends.get",
                "error_code": 5,
                "error_msg": "User authorization failed: invalid access_token (4).",
            }
        ],
    }


def test_texts_may_look_like_script(one: Caller) -> None:
    code = r'return [API.users.search({"q":"\"}), API.no.such({})];"})];'
    assert one("execute", code=code) == [{"count": 0, "items": []}]


def test_no_calls_at_all(one: Caller) -> None:
    assert one("execute", code="return [];") == []


@pytest.mark.parametrize(
    "code",
    [
        "",
        "return 1;",
        "var a = API.users.get({}); return a;",
        "return [API.users.get({}]",
        "return [API.users.get(1)];",
        "return [API.users.get({})] + 1;",
        "return [API.users.get({}) API.users.get({})];",
        "return [API.execute({})];",
        "return [" + "[" * 100_000,
        'return [API.users.get({"a":' + "[" * 100_000 + "})];",
    ],
)
def test_other_scripts_are_refused(one: Caller, code: str) -> None:
    assert one.error("execute", code=code) == (12, "Unable to compile code")


def test_too_many_calls_are_refused(one: Caller) -> None:
    calls = ",".join(["API.users.get({})"] * 26)
    assert one.error("execute", code=f"return [{calls}];")[0] == 13
    assert len(one("execute", code=f"return [{calls.removesuffix(',API.users.get({})')}];")) == 25
