"""Tags on photos. UserAPI documentation, "Editing photos tags"."""

from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.person import Person
from tests.program import Program

PHOTO = {"parent": "1_3637189"}
BOX = {"x1": "31", "y1": "5.932203389830509", "x2": "81", "y2": "34.18079096045198"}
CORNERS = {"x1": 31, "y1": 5.93, "x2": 81, "y2": 34.18}
APPLE = {"tid": 3824227, "placer_id": 1, "id": 0, "name": "yabloko", "x1": 67, "y1": 23.45, "x2": 95, "y2": 38.7}


def test_tag_of_a_user_goes_by_the_users_name(pavel: Program) -> None:
    answer = pavel.get("put_tag", **PHOTO, **BOX, id=12, name="<b>somebody else</b>")
    tag = {"tid": answer[1]["tid"], "placer_id": 1, "id": 12, "name": "Yuly Dzhumasultanov", **CORNERS}
    assert answer == [APPLE, tag]
    assert pavel.get("photos_comments", **PHOTO)["tags"] == answer


def test_tag_of_somebody_who_is_not_on_the_site(pavel: Program) -> None:
    for place, parameters in enumerate(({"id": 0}, {})):
        answer = pavel.get("put_tag", **PHOTO, **BOX, name=f"a <b> {place}", **parameters)
        tag = {"tid": answer[-1]["tid"], "placer_id": 1, "id": 0, "name": f"a &lt;b&gt; {place}", **CORNERS}
        assert answer[-1] == tag
        assert len(answer) == place + 2


def test_all_ids_are_quoted_in_2008(make_gateway: MakeGateway) -> None:
    program = Program(make_gateway(dialect="2008")).log_in()
    put = program.get("put_tag", **PHOTO, **BOX, id=1)
    assert put == [
        {**APPLE, "tid": "3824227", "placer_id": "1", "id": "0"},
        {"tid": put[1]["tid"], "placer_id": "1", "id": "1", "name": "Pavel Durov", **CORNERS},
    ]
    assert put[1]["tid"].isdecimal()
    beside = program.get("photos_comments", **PHOTO)["tags"]
    assert beside[0] == {**APPLE, "tid": 3824227, "placer_id": 1, "id": "0"}


def test_corners_may_come_in_any_order(pavel: Program) -> None:
    swapped = {"x1": BOX["x2"], "x2": BOX["x1"], "y1": BOX["y2"], "y2": BOX["y1"]}
    answer = pavel.get("put_tag", **PHOTO, **swapped, id=1)
    assert {side: answer[1][side] for side in CORNERS} == CORNERS


@pytest.mark.parametrize("side", BOX)
@pytest.mark.parametrize("value", ["", "-0.01", "100.01", "NaN", "inf", "-inf", "1e1", "5,5", "0x10", "٣", "9" * 400])
def test_corners_off_the_photo_are_refused(pavel: Program, side: str, value: str) -> None:
    assert pavel.get("put_tag", **PHOTO, **{**BOX, side: value}, id=1) == {"ok": 0}
    assert pavel.get("photos_comments", **PHOTO)["tags"] == [APPLE]


def test_the_whole_photo(pavel: Program) -> None:
    answer = pavel.get("put_tag", **PHOTO, x1="0", y1=" 0. ", x2="100", y2="99.999", id=1)
    assert [answer[1][side] for side in CORNERS] == [0, 0, 100, 100]


REFUSED: list[tuple[dict[str, Any], int]] = [
    ({"id": 0}, 0),
    ({"id": 0, "name": "  "}, 0),
    ({"id": 0, "name": "x" * 101}, 0),
    ({"id": -5, "name": "x"}, 0),
    ({"id": 10**9}, 0),
    ({"id": 10**30}, 0),
    ({"id": 306}, -3),
    ({"id": 1, "parent": ""}, 0),
    ({"id": 1, "parent": "-1"}, 0),
    ({"id": 1, "parent": "1_5"}, 0),
    ({"id": 1, "parent": "6_3637189"}, 0),
]


@pytest.mark.parametrize(("parameters", "code"), REFUSED)
def test_what_cannot_be_tagged(pavel: Program, parameters: dict[str, Any], code: int) -> None:
    assert pavel.get("put_tag", **{**PHOTO, **BOX, **parameters}) == {"ok": code}
    assert pavel.get("photos_comments", **PHOTO)["tags"] == [APPLE]


def test_a_person_is_tagged_once(pavel: Program) -> None:
    first = pavel.get("put_tag", **PHOTO, **BOX, id=1)
    assert pavel.get("put_tag", **PHOTO, **BOX, id=1) == {"ok": 0}
    assert pavel.get("photos_comments", **PHOTO)["tags"] == first


def test_strangers_do_not_tag(nikolay: Program) -> None:
    assert nikolay.get("put_tag", **PHOTO, **BOX, id=6) == {"ok": -3}
    assert nikolay.get("delete_tag", **PHOTO, tid=3824227) == {"ok": -3}
    assert nikolay.get("confirm_tag", **PHOTO, tid=3824227) == {"ok": -3}


def test_a_tag_placed_by_another_waits_for_an_answer(nikolay: Program, gateway: Flask) -> None:
    friend = Person(gateway, 12).program()
    tid = friend.get("put_tag", **PHOTO, **BOX, id=6)[1]["tid"]
    assert nikolay.get("history")["nph"] == 1
    assert [row[0] for row in nikolay.get("photos_new")] == ["1_3637189"]
    assert nikolay.get("photos_with") == []
    tag = {"tid": tid, "placer_id": 12, "id": 6, "name": "Nikolay Durov", **CORNERS}
    assert nikolay.get("confirm_tag", **PHOTO, tid=tid) == [APPLE, tag]
    assert nikolay.get("history")["nph"] == 0
    assert [row[0] for row in nikolay.get("photos_with")] == ["1_3637189"]
    assert nikolay.get("delete_tag", **PHOTO, tid=tid) == [APPLE]
    assert nikolay.get("photos_with") == []


def test_counters_are_right_at_once(make_gateway: MakeGateway) -> None:
    pavel = Program(make_gateway(refresh_seconds=3600.0)).log_in()
    assert pavel.get("history")["nph"] == 2
    pavel.get("confirm_tag", parent="590249_115998635", tid=4000007)
    assert pavel.get("history")["nph"] == 1
    assert pavel.get("delete_tag", parent="583146_115998648", tid=4000006) == []
    assert pavel.get("history")["nph"] == 0


@pytest.mark.parametrize("tid", ["", "0", "-3824227", "x", "1", "9" * 30])
def test_tags_that_are_not_there(pavel: Program, tid: str) -> None:
    assert pavel.get("delete_tag", **PHOTO, tid=tid) == {"ok": 0}
    assert pavel.get("confirm_tag", **PHOTO, tid=tid) == {"ok": 0}
    assert pavel.get("photos_comments", **PHOTO)["tags"] == [APPLE]
