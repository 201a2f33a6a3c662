"""Bookmarks. UserAPI documentation, "Getting list of bookmarked users" and "Editing bookmarks"."""

from typing import Any

import pytest
from flask import Flask

from tests.acts.test_photos import into_backend
from tests.conftest import MakeGateway, OnBackend
from tests.program import Program

PAVEL = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", 1]
NIKOLAY = [6, "Nikolay Durov", "http://cs1024.userapi.com/u00006/b_37a43719.jpg", 1]
ILYA = [5, "Ilya Perekopsky", "http://cs194.userapi.com/u00005/b_0e9c3bd8.jpg", 1]
ANNA = [309, "Анна Петрова", "0", 0]
FANS = [
    NIKOLAY,
    ILYA,
    [3226038, "Masha Petrova", "http://cs309.userapi.com/u3226038/b_02f896e7.jpg", 0],
    [9958040, "Alena Kravtsova", "http://cs293.userapi.com/u9958040/b_1de41aae.jpg", 0],
    [6875276, "Irina Kalyuzhina", "http://cs1432.userapi.com/u6875276/b_0c8cdb78.jpg", 0],
]
NOBODY = 777_777_777
HUGE = 10**18


def part(start: int, stop: int) -> dict[str, Any]:
    return {"from": start, "to": stop}


def quoted(rows: list[Any]) -> list[Any]:
    return [[str(row[0]), *row[1:]] for row in rows]


def test_everybody_when_no_window_is_given(pavel: Program) -> None:
    answer = pavel.get("fave")
    assert list(answer) == ["n", "d"]
    assert answer["n"] == len({row[0] for row in answer["d"]}) == 154
    assert answer["d"][:2] == [NIKOLAY, ILYA]


def test_windows(pavel: Program) -> None:
    rows = pavel.get("fave")["d"]
    for window, shown in (
        (part(0, 3), rows[:3]),
        (part(152, 160), rows[152:]),
        ({"from": 150}, rows[150:]),
        ({"to": 1}, rows[:1]),
        (part(154, 160), []),
        (part(0, 0), []),
        (part(9, 2), []),
        (part(1, HUGE), rows[1:]),
    ):
        assert pavel.get("fave", **window) == {"n": 154, "d": shown}, window


def test_online_bookmarks(pavel: Program) -> None:
    assert pavel.get("fave_online") == {"n": 2, "d": [NIKOLAY, ILYA]}
    assert pavel.get("fave_online", **part(1, 5)) == {"n": 2, "d": [ILYA]}
    assert pavel.get("fave_online", **part(0, 0)) == {"n": 2, "d": []}
    assert pavel.get("fave_online", **part(HUGE, HUGE)) == {"n": 2, "d": []}


def test_fans(pavel: Program) -> None:
    assert pavel.get("faved") == {"n": 5, "d": FANS}
    assert pavel.get("faved", id=6, **part(3, 9)) == {"n": 5, "d": FANS[3:]}, "always the viewer's own"


def test_ids_are_quoted_in_2008(make_gateway: MakeGateway) -> None:
    old = Program(make_gateway(dialect="2008")).log_in()
    assert old.get("fave_online") == {"n": 2, "d": quoted([NIKOLAY, ILYA])}
    assert old.get("fave", **part(0, 2)) == {"n": 154, "d": quoted([NIKOLAY, ILYA])}
    assert old.get("faved") == {"n": 5, "d": quoted(FANS)}
    assert old.get("add_fave", id=309) == {"ok": 1, "id": 309}


def test_adding_and_removing(pavel: Program, nikolay: Program) -> None:
    assert nikolay.get("fave") == nikolay.get("faved") | {"n": 1} == {"n": 1, "d": [PAVEL]}
    assert nikolay.get("add_fave", id=309) == {"ok": 1, "id": 309}
    assert nikolay.get("add_fave", id=309) == {"ok": 1, "id": 309}, "once more"
    assert nikolay.get("fave") == {"n": 2, "d": [PAVEL, ANNA]}
    assert nikolay.get("del_fave", id=1) == {"ok": 0, "id": 1}
    assert nikolay.get("del_fave", id=1) == {"ok": 0, "id": 1}, "once more"
    assert nikolay.get("fave") == {"n": 1, "d": [ANNA]}
    assert pavel.get("faved") == {"n": 4, "d": FANS[1:]}
    assert pavel.get("fave", **part(0, 1)) == {"n": 154, "d": [NIKOLAY]}, "each has their own bookmarks"


def test_a_page_that_is_gone_can_be_taken_out(gateway: Flask, nikolay: Program, on_backend: OnBackend) -> None:
    assert nikolay.get("add_fave", id=309) == {"ok": 1, "id": 309}
    into_backend(gateway, "UPDATE people SET deactivated = ? WHERE id = ?", [("deleted", 309)])
    gone = [*on_backend(ANNA[:2], openvk=[309, "DELETED "]), "0", 0]
    assert nikolay.get("fave") == {"n": 2, "d": [PAVEL, gone]}
    assert nikolay.get("del_fave", id=309) == {"ok": 0, "id": 309}
    assert nikolay.get("fave") == {"n": 1, "d": [PAVEL]}


@pytest.mark.parametrize("act", ["add_fave", "del_fave"])
def test_nobody_to_bookmark(nikolay: Program, act: str) -> None:
    for target in ({}, {"id": 0}, {"id": -5}, {"id": "abc"}, {"id": NOBODY}, {"id": HUGE}):
        assert nikolay.get(act, **target) == {"ok": 0}, target
    assert nikolay.get("fave") == {"n": 1, "d": [PAVEL]}


def test_more_than_one_page_of_the_backend(gateway: Flask, nikolay: Program, on_backend: OnBackend) -> None:
    """VK hands out at most 500 bookmarks at once."""
    names = nikolay.get("quick_search", q="durov", **part(2, 622))["d"]
    into_backend(gateway, "INSERT INTO bookmarks (owner_id, user_id) VALUES (6, ?)", [row[:1] for row in names])
    for row in sorted(names):
        gateway.extensions["userapi_gw"].state.overlays.bookmarks.add(6, row[0])
    kept = sorted(names)  # the gateway's own come in the order in which they were made
    assert nikolay.get("fave") == {"n": 621, "d": [PAVEL, *on_backend(names, openvk=kept, lacking=kept)]}
