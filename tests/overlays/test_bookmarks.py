"""Bookmarks on a server that has none."""

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.program import Program


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Flask:
    return make_gateway(lacks=("fave.",))


def ids(answer: list[list[object]]) -> list[object]:
    return [row[0] for row in answer]


def test_a_bookmark_stays(make_gateway: MakeGateway, pavel: Program, nikolay: Program) -> None:
    assert nikolay.get("fave") == {"n": 0, "d": []}
    assert nikolay.get("add_fave", id=12) == {"ok": 1, "id": 12}
    assert nikolay.get("add_fave", id=12) == {"ok": 1, "id": 12}
    assert nikolay.get("add_fave", id=5) == {"ok": 1, "id": 5}
    assert ids(nikolay.get("fave")["d"]) == [12, 5]
    assert nikolay.get("profile", id=12)["f"] == 1
    assert pavel.get("fave") == {"n": 0, "d": []}
    pavel.get("add_fave", id=6)
    assert ids(nikolay.get("faved")["d"]) == [1]

    again = Program(make_gateway(lacks=("fave.",))).log_in("nikolay@test.com")
    assert again.get("del_fave", id=12) == {"ok": 0, "id": 12}
    assert again.get("del_fave", id=12) == {"ok": 0, "id": 12}
    assert ids(again.get("fave")["d"]) == [5]
    assert again.get("profile", id=12)["f"] == 0


def test_nobody_is_not_bookmarked(nikolay: Program) -> None:
    assert nikolay.get("add_fave", id=99999999) == {"ok": 0}
    assert nikolay.get("fave") == {"n": 0, "d": []}


def test_windows(nikolay: Program) -> None:
    for user_id in (12, 5, 10):
        nikolay.get("add_fave", id=user_id)
    page = nikolay.get("fave", **{"from": 1, "to": 2})
    assert (page["n"], ids(page["d"])) == (3, [5])


def test_a_server_that_learns_bookmarks_is_used_at_once(make_gateway: MakeGateway, nikolay: Program) -> None:
    nikolay.get("add_fave", id=5)
    again = Program(make_gateway()).log_in("nikolay@test.com")
    assert ids(again.get("fave")["d"]) == [1]  # what that server knows
    again.get("add_fave", id=10)
    assert ids(again.get("fave")["d"]) == [1, 10]
