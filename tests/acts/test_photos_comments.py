"""Comments on photos: lists, writing, histories. UserAPI documentation, "Getting photos comments list"."""

from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway, OnBackend
from tests.person import Person
from tests.program import Program

PHOTO = "1_79435064"
THUMB = "http://cs85.userapi.com/u00001/3440093/m_cb8ac796.jpg"
PAVEL = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", "c_015fd76c", 2, 1]
YULY = [12, "Yuly Dzhumasultanov", "http://cs201.userapi.com/u00012/b_5a7b82f4.jpg", "c_7e80ab05", 2, 0]
MASHA = [3226038, "Masha Petrova", "http://cs309.userapi.com/u3226038/b_02f896e7.jpg", "c_a8170db8", 1, 0]


def rows(*photo: Any) -> list[list[Any]]:
    return [
        [85935454, 1219069674, ["yes, thaaat's me - near the very top ;)"], YULY, [1], 0, 0, list(photo)],
        [81711268, 1208200679, ["Beautiful..."], MASHA, [1], 0, 0, list(photo)],
    ]


TAGS = [{"tid": 3611353, "placer_id": 1, "id": 12, "name": "Yuly Dzhumasultanov",
         "x1": 38.99, "y1": 23.67, "x2": 62, "y2": 52.88}]  # fmt: skip


def test_comments_on_one_photo(pavel: Program) -> None:
    answer = pavel.get("photos_comments", parent=PHOTO)
    h = answer["h"]
    assert list(answer) == ["parent", "h", "d", "n", "tags", "author"]
    assert answer == {"parent": PHOTO, "h": h, "d": rows(79435064), "n": 2, "tags": TAGS, "author": [1, "Pavel Durov"]}
    assert h % 1_000_000 == 2


@pytest.mark.parametrize(("start", "complete"), [(0, True), (1, True), (2, False)])
def test_tags_and_author_come_with_the_first_part(pavel: Program, start: int, complete: bool) -> None:
    answer = pavel.get("photos_comments", parent=PHOTO, **{"from": start, "to": start + 1})
    assert answer["d"] == rows(79435064)[start : start + 1]
    assert ("tags" in answer, "author" in answer) == (complete, complete)


@pytest.mark.parametrize(
    ("query", "parent"),
    [({"parent": "-1", "id": 1}, "-1"), ({"parent": "-2", "id": 12}, "-2"), ({"parents": PHOTO, "id": 1}, "-1")],
)
def test_lists_over_several_photos_show_the_photo(pavel: Program, query: dict[str, Any], parent: str) -> None:
    answer = pavel.get("photos_comments", **query)
    assert answer == {"parent": parent, "h": answer["h"], "d": rows(79435064, THUMB), "n": 2}


def test_a_bare_photo_number_belongs_to_the_user_asked_about(nikolay: Program) -> None:
    assert nikolay.get("photos_comments", parent=79435064, id=1)["d"] == rows(79435064)
    assert nikolay.get("photos_comments", parent=79435064)["d"] == []


@pytest.mark.parametrize("parent", ["0", "-3", "x", "1_", "1_0", "_", "1_-5", "-1_-1", "NaN"])
def test_parents_that_are_nothing(pavel: Program, parent: str) -> None:
    for act in ("photos_comments", "add_photos_comments", "del_photos_comments", "restore_photos_comments"):
        assert pavel.get(act, parent=parent, message="x", wid="1_85935454") == {"ok": 0}
    assert pavel.get("history", photos_comments=5, parent=parent) == {"ok": 0}
    assert pavel.get("photos_comments", parent=PHOTO)["n"] == 2


def test_a_photo_that_is_hidden_or_missing_has_nothing(nikolay: Program, gateway: Flask) -> None:
    closed = Person(gateway, 308)("photos.getAll", owner_id=308)["items"][0]["id"]
    for parent, author in ((f"308_{closed}", 308), ("1_5", 1)):
        answer = nikolay.get("photos_comments", parent=parent)
        assert (answer["d"], answer["n"], answer["tags"], answer["author"][0]) == ([], 0, [], author)


def test_22_comments_without_a_window(pavel: Program, gateway: Flask) -> None:
    friend = Person(gateway, 6)
    numbers = [friend("photos.createComment", owner_id=1, photo_id=79435064, message=str(place)) for place in range(25)]
    answer = pavel.get("photos_comments", parent=PHOTO)
    assert answer["n"] == 27
    assert [row[0] for row in answer["d"]] == numbers[:-23:-1]
    assert pavel.get("photos_comments", parent=PHOTO, **{"from": 25, "to": 40})["d"] == rows(79435064)


def test_a_tag_that_waits_for_the_viewer_is_new(pavel: Program, nikolay: Program) -> None:
    new = pavel.get("photos_new")[0][0]
    answer = pavel.get("photos_comments", parent=new)
    assert list(answer) == ["parent", "h", "d", "n", "tags", "author", "new_tag"]
    assert answer["new_tag"] == {
        "tid": 4000007, "placer_id": 590249, "id": 1, "name": "Pavel Durov",
        "x1": 34, "y1": 28, "x2": 64.5, "y2": 68.25,
    }  # fmt: skip
    assert "new_tag" not in nikolay.get("photos_comments", parent=new)
    pavel.get("confirm_tag", parent=new, tid=4000007)
    assert "new_tag" not in pavel.get("photos_comments", parent=new)


@pytest.mark.needs("photos.restoreComment")
def test_write_delete_restore(pavel: Program, on_backend: OnBackend) -> None:
    ts = pavel.version("photos_comments", parent=PHOTO)
    added = pavel.get("add_photos_comments", parent=PHOTO, id=1, ts=ts, message="a < b\nc")
    number, date = added["h"][0][2][:2]
    row = [number, date, ["a &lt; b<br>c"], PAVEL, [1], 0, 0, [79435064, THUMB]]
    assert added == {"ok": 1, "h": [[ts + 1, "add", row]]}
    wid = {"parent": PHOTO, "id": 1, "wid": f"1_{number}"}
    assert pavel.get("del_photos_comments", **wid, ts=ts + 2) == {"ok": 1, "h": [[ts + 3, "del", [number]]]}
    assert pavel.get("photos_comments", parent=PHOTO)["n"] == 2
    restored = pavel.get("restore_photos_comments", **wid, ts=ts + 4)
    row[:2] = on_backend(row[:2], openvk=[number + 1, restored["h"][0][2][1]])  # OpenVK has it written anew
    assert restored == {"ok": 1, "h": [[ts + 5, "undel", row]]}
    answer = pavel.get("photos_comments", parent=PHOTO, ts=ts)
    assert answer["d"] == [[*row[:7], [79435064]], *rows(79435064)]
    assert [entry[:2] for entry in answer["h"]] == [[ts + 1, "add"], [ts + 3, "del"], [ts + 5, "undel"]]


def test_every_code_of_writing(pavel: Program, nikolay: Program, gateway: Flask, on_backend: OnBackend) -> None:
    closed = Person(gateway, 308)("photos.getAll", owner_id=308)["items"][0]["id"]
    assert pavel.get("add_photos_comments", parent=f"308_{closed}", message="x")["ok"] == 1
    hidden = on_backend(-3, openvk=0)  # where it is as good as missing
    assert nikolay.get("add_photos_comments", parent=f"308_{closed}", message="x") == {"ok": hidden}
    assert nikolay.get("add_photos_comments", parent="1_5", message="x") == {"ok": 0}
    assert nikolay.get("add_photos_comments", parent=PHOTO, message=" ") == {"ok": 0}
    assert nikolay.get("add_photos_comments", parent="-1", message="x") == {"ok": 0}
    assert nikolay.get("add_photos_comments", message="x") == {"ok": 0}
    assert Program(gateway).get("add_photos_comments", parent=PHOTO, message="x") == {"ok": -1}
    assert nikolay.get("photos_comments", parent=PHOTO)["d"] == rows(79435064)
    too_long = on_backend(0, openvk=1)  # which sets no such limit
    assert nikolay.get("add_photos_comments", parent=PHOTO, message="x" * 5000)["ok"] == too_long


def test_flood_control_of_the_backend_is_told(pavel: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from userapi_gw.errors import from_vk_code

    def refuse(*_: object) -> None:
        raise from_vk_code(9)

    monkeypatch.setattr("userapi_gw.backend.facade.Backend.add_photo_comment", refuse)
    assert pavel.get("add_photos_comments", parent=PHOTO, message="x") == {"ok": -2}


@pytest.mark.needs("photos.restoreComment")
def test_deleting_needs_a_right_and_restoring_the_same_person(
    pavel: Program, nikolay: Program, gateway: Flask, on_backend: OnBackend
) -> None:
    wid = {"parent": PHOTO, "wid": "1_85935454"}
    assert nikolay.get("del_photos_comments", **wid) == {"ok": -3}
    assert nikolay.get("restore_photos_comments", **wid) == {"ok": 0}
    assert pavel.get("del_photos_comments", parent="1_90710441", wid="1_85935454") == {"ok": 0}
    assert pavel.get("del_photos_comments", parent=PHOTO) == {"ok": 0}
    assert pavel.get("del_photos_comments", **wid)["ok"] == 1
    assert pavel.get("del_photos_comments", **wid) == {"ok": 0}
    for other in ("1_90710441", "1_777777777"):
        assert pavel.get("restore_photos_comments", parent=other, wid="1_85935454") == {"ok": 0}
    assert pavel.get("photos_comments", parent=PHOTO)["n"] == 1
    # What others wrote OpenVK cannot bring back, and of what another person deleted the gateway knows nothing.
    assert Person(gateway, 12).program().get("restore_photos_comments", **wid) == {"ok": on_backend(-3, openvk=0)}
    assert pavel.get("restore_photos_comments", **wid)["ok"] == on_backend(1, openvk=0)
    assert pavel.get("restore_photos_comments", **wid) == {"ok": 0}


def test_history_tells_what_others_wrote_on_that_photo_alone(pavel: Program, nikolay: Program) -> None:
    ts = pavel.version("photos_comments", parent=PHOTO)
    assert ts == pavel.version("photos_comments", parent=-1)
    first = nikolay.get("add_photos_comments", parent=PHOTO, message="one")["h"][0][2]
    second = nikolay.get("add_photos_comments", parent="1_90710441", message="two")["h"][0][2]
    entries = [[ts + 1, "add", first], [ts + 3, "add", second]]
    for parent, told in ((PHOTO, entries[:1]), ("1_90710441", entries[1:]), ("-1", entries), ("1_115456905", [])):
        poll = pavel.get("history", photos_comments=ts, parent=parent, id=1)
        assert poll["photos_comments"] == {"h": told, "parent": parent}
    assert pavel.get("history", photos_comments=ts)["photos_comments"] == {"h": entries, "parent": ""}
    nikolay.get("del_photos_comments", parent=PHOTO, wid=f"1_{first[0]}")
    gone = pavel.get("history", photos_comments=ts + 4, parent=PHOTO)["photos_comments"]["h"]
    assert gone == [[ts + 5, "del", [first[0]]]]


def test_history_of_comments_on_photos_with_somebody(pavel: Program, nikolay: Program) -> None:
    ts = pavel.version("photos_comments", parent=-2, id=12)
    row = nikolay.get("add_photos_comments", parent=PHOTO, message="one")["h"][0][2]
    nikolay.get("add_photos_comments", parent="1_90710441", message="nobody is on this one")
    poll = pavel.get("history", photos_comments=ts, parent=-2, id=12)
    assert poll["photos_comments"] == {"h": [[ts + 1, "add", row]], "parent": "-2"}


def test_other_histories_are_polled_along(pavel: Program, nikolay: Program) -> None:
    comments, wall = pavel.version("photos_comments", parent=PHOTO), pavel.version("wall", id=1)
    nikolay.get("add_wall", id=1, message="on the wall")
    poll = pavel.get("history", photos_comments=comments, parent=PHOTO, wall=wall, id=1)
    assert [entry[2][2] for entry in poll["wall"]["h"]] == [["on the wall"]]
    assert poll["photos_comments"] == {"h": [], "parent": PHOTO}


def test_2008_tells_the_version_for_a_stamp_it_does_not_know(make_gateway: MakeGateway) -> None:
    program = Program(make_gateway(dialect="2008")).log_in()
    version = program.version("photos_comments", parent=PHOTO)
    assert program.get("photos_comments", parent=PHOTO, ts=5)["h"] == version
    assert Program(make_gateway()).log_in().get("photos_comments", parent=PHOTO, ts=5)["h"] is False


def test_a_parent_is_repeated_harmlessly(pavel: Program) -> None:
    assert pavel.get("photos_comments", parent="1_79435064<b>")["parent"] == "1_79435064&lt;b&gt;"
    poll = pavel.get("history", photos_comments=1, parent="1_79435064<b>")
    assert poll["photos_comments"]["parent"] == "1_79435064&lt;b&gt;"
