"""Walls. UserAPI documentation, "Getting wall message list for a user" and the sections on posting and removing."""

from typing import Any

import pytest
from flask import Flask

from tests import clock
from tests.conftest import MakeGateway, OnBackend
from tests.program import PASSWORD, Program
from userapi_gw.backend.model import Window
from userapi_gw.overlays import OverlaidBackend

NOW = 1_300_000_000
PAVEL = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", "c_015fd76c", 2, 1]
NIKOLAY = [6, "Nikolay Durov", "http://cs1024.userapi.com/u00006/b_37a43719.jpg", "c_37a43719", 2, 1]
FIRST, SECOND = 48776840, 48776841
"""The ids the next new posts get."""

THANKS = 48771962
"""Somebody else's post on Pavel's wall."""

CLOSED, CLOSED_BUT_FRIEND_OF_PAVEL, NO_WALL, DELETED, BANNED, BLOCKS_PAVEL = 301, 308, 303, 304, 305, 306
NOBODY = 777_777_777
HUGE = 10**18
MADE_UP = ("abc", 0, -5, NOW, NOW * 1000, HUGE)
"""Stamps no list ever stood at, as programs invent them."""


def part(start: int, stop: int) -> dict[str, Any]:
    return {"from": start, "to": stop}


def post(post_id: int, text: str, author: list[Any] = PAVEL, owner: int = 6) -> list[Any]:
    """A row of a wall written in this test."""
    return [post_id, NOW, [text], author, [owner]]


@pytest.fixture(autouse=True)
def clock_of_the_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything new happens at `NOW`."""
    clock.stop(monkeypatch, NOW)


def somebody_polls_after(monkeypatch: pytest.MonkeyPatch, method: str, program: Program, **asked: Any) -> list[Any]:
    """Let another window of the same viewer poll between a write and the answer to it; return what it was told."""
    told: list[Any] = []
    written = getattr(OverlaidBackend, method)

    def write_and_poll(*arguments: Any) -> Any:
        result = written(*arguments)
        told.append(program.get("history", **asked)["wall"]["h"])
        return result

    monkeypatch.setattr(OverlaidBackend, method, write_and_poll)
    return told


def test_own_post_comes_back_with_the_right_stamp(pavel: Program) -> None:
    version = pavel.version("wall", id=6)
    answer = pavel.get("add_wall", id=6, message="hello", ts=version)
    assert answer == {"ok": 1, "h": [[version + 1, "add", post(FIRST, "hello")]]}
    assert pavel.get("wall", id=6, ts=version + 2, **part(0, 1)) == {"n": 8, "d": [post(FIRST, "hello")], "h": []}
    assert pavel.get("history", id=6, wall=version)["wall"] == {"h": answer["h"]}
    assert pavel.version("wall", id=6) == version + 2


def test_own_post_comes_back_without_a_stamp_and_with_one_nobody_gave_out(pavel: Program) -> None:
    version = pavel.version("wall", id=6)
    stamps: list[dict[str, Any]] = [{}, {"ts": ""}, *({"ts": ts} for ts in (*MADE_UP, version + 1000))]
    for place, stamp in enumerate(stamps):
        answer = pavel.get("add_wall", id=6, message="hello", **stamp)
        entry = [version + 2 * place + 1, "add", post(FIRST + place, "hello")]
        assert answer == {"ok": 1, "h": [entry]}, stamp


def test_own_post_comes_after_what_an_old_stamp_has_missed(pavel: Program, nikolay: Program) -> None:
    version = pavel.version("wall", id=6)
    nikolay.get("add_wall", message="first")
    pavel.get("history", id=6, wall=version)
    first = [version + 1, "add", post(FIRST, "first", NIKOLAY)]
    second = [version + 3, "add", post(SECOND, "second")]
    assert pavel.get("add_wall", id=6, message="second", ts=version) == {"ok": 1, "h": [first, second]}
    assert pavel.get("history", id=6, wall=version + 1)["wall"] == {"h": [second]}, "the number of an entry is a stamp"


@pytest.mark.needs("wall.restore")
def test_a_life_of_a_post(pavel: Program, nikolay: Program, on_backend: OnBackend) -> None:
    """add, del, undel, as both see it: the sample of "Getting wall message list for a user"."""
    again = post(on_backend(FIRST, openvk=SECOND), "test")  # OpenVK has it written anew
    version, seen = pavel.version("wall", id=6), nikolay.version("wall")
    wid = {"id": 6, "wid": f"6_{FIRST}"}
    pavel.get("add_wall", id=6, message="test", ts=version)
    assert pavel.get("del_wall", **wid, ts=version + 2) == {"ok": 1, "h": [[version + 3, "del", [FIRST]]]}
    assert nikolay.get("history", wall=seen)["wall"] == {"h": []}, "it came and went between two looks"
    undel = [version + 5, "undel", again]
    assert pavel.get("restore_wall", **wid, ts=version + 4) == {"ok": 1, "h": [undel]}
    everything = [[version + 1, "add", post(FIRST, "test")], [version + 3, "del", [FIRST]], undel]
    assert pavel.get("wall", id=6, ts=version, **part(0, 1)) == {"n": 8, "d": [again], "h": everything}
    assert nikolay.get("history", wall=seen)["wall"] == {"h": [[seen + 1, "add", again]]}


def test_stamps_nobody_gave_out_when_reading(make_gateway: MakeGateway) -> None:
    new = Program(make_gateway()).log_in()
    old = Program(make_gateway(dialect="2008")).log_in()
    version = new.version("wall", id=6)
    for stamp in (*MADE_UP, version + 1000, version - 1):
        for program, h in ((new, False), (old, version)):
            assert program.get("wall", id=6, ts=stamp, **part(0, 0)) == {"n": 7, "d": [], "h": h}, stamp
            assert program.get("history", id=6, wall=stamp)["wall"] == {"h": h}, stamp
    assert new.get("wall", id=6, ts="", **part(0, 0)) == {"n": 7, "d": [], "h": version}


@pytest.mark.needs("wall.restore")
def test_deleting_and_restoring_twice(pavel: Program, on_backend: OnBackend) -> None:
    version = pavel.version("wall")
    rows = pavel.get("wall", **part(1, 3))["d"]
    wid = {"wid": f"1_{THANKS}"}
    assert pavel.get("del_wall", **wid, ts=version) == {"ok": 1, "h": [[version + 1, "del", [THANKS]]]}
    assert pavel.get("del_wall", **wid, ts=version + 2) == {"ok": 0}
    assert pavel.get("wall", **part(0, 0))["n"] == 22458
    lost = {"ok": 0}  # what others wrote OpenVK cannot bring back
    restored = {"ok": 1, "h": [[version + 3, "undel", rows[0]]]}
    assert pavel.get("restore_wall", **wid, ts=version + 2) == on_backend(restored, openvk=lost)
    again = on_backend({"ok": 1, "h": []}, openvk=lost)
    assert pavel.get("restore_wall", **wid, ts=version + 4) == again, "nothing changed any more"
    after = {"n": 22459, "d": rows[:1], "h": version + 4}
    assert pavel.get("wall", **part(1, 2)) == on_backend(after, openvk={"n": 22458, "d": rows[1:], "h": version + 2})


@pytest.mark.needs("wall.restore")
def test_each_write_is_told_once_even_when_a_poll_sees_it_first(
    gateway: Flask, pavel: Program, monkeypatch: pytest.MonkeyPatch, on_backend: OnBackend
) -> None:
    other, version = Program(gateway).log_in(), pavel.version("wall", id=6)
    undel, again = on_backend(("undel", FIRST), openvk=("add", SECOND))  # who polls sees a post written anew there
    wid = {"id": 6, "wid": f"6_{FIRST}"}
    for place, (method, act, action, row, parameters) in enumerate([
        ("add_wall_post", "add_wall", "add", post(FIRST, "hello"), {"id": 6, "message": "hello"}),
        ("delete_wall_post", "del_wall", "del", [FIRST], wid),
        ("restore_wall_post", "restore_wall", undel, post(again, "hello"), wid),
    ]):  # fmt: skip
        stamp, entry = version + 2 * place, [version + 2 * place + 1, action, row]
        told = somebody_polls_after(monkeypatch, method, other, id=6, wall=stamp)
        assert pavel.get(act, **parameters, ts=stamp) == {"ok": 1, "h": [entry]}
        assert told == [[entry]]
        assert other.get("history", id=6, wall=stamp)["wall"] == {"h": [entry]}


@pytest.mark.needs("wall.restore")
def test_a_restored_post_is_told_once_even_when_nobody_saw_it_go(
    gateway: Flask, pavel: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted before anybody asked for this wall, brought back, and seen by a poll before the answer is written."""
    other = Program(gateway).log_in()
    client = gateway.extensions["userapi_gw"].client
    client.call("wall.delete", client.grant("test@test.com", PASSWORD).token, write=True, owner_id=1, post_id=THANKS)
    version = pavel.version("wall")
    told = somebody_polls_after(monkeypatch, "restore_wall_post", other, wall=version)
    answer = pavel.get("restore_wall", wid=f"1_{THANKS}", ts=version)
    assert answer == {"ok": 1, "h": told[0]}
    assert len(pavel.get("history", wall=version)["wall"]["h"]) == 1


@pytest.mark.needs("wall.restore")
def test_owner_and_author_may_delete_everybody_else_is_refused(
    pavel: Program, nikolay: Program, on_backend: OnBackend
) -> None:
    before = nikolay.get("wall", id=1, **part(0, 3))
    unknown = on_backend(-3, openvk=0)  # the gateway alone knows what was deleted there, and by whom
    for act, code in (("del_wall", -3), ("restore_wall", unknown)):
        assert nikolay.get(act, id=1, wid=f"1_{THANKS}") == {"ok": code}
    assert nikolay.get("wall", id=1, **part(0, 3)) == before
    pavel.get("add_wall", id=6, message="by the author")
    pavel.get("add_wall", id=6, message="by the owner")
    assert pavel.get("del_wall", wid=f"6_{FIRST}")["ok"] == 1
    assert nikolay.get("del_wall", wid=SECOND)["ok"] == 1
    assert pavel.get("wall", id=6, **part(0, 0))["n"] == 7


def test_whose_wall_a_wid_means(pavel: Program) -> None:
    """`id` names the owner, else the first half of `wid`, else it is the viewer."""
    for wrong in ("", "6_", "abc", "1_-5", HUGE, NOBODY, f"6_{THANKS}", f"{NOBODY}_{THANKS}"):
        assert pavel.get("del_wall", wid=wrong) == pavel.get("restore_wall", wid=wrong) == {"ok": 0}, wrong
    assert pavel.get("del_wall", wid=f"1_{THANKS}", id=6) == pavel.get("del_wall") == {"ok": 0}
    assert pavel.get("wall", **part(0, 0))["n"] == 22459
    assert pavel.get("del_wall", wid=f"6_{THANKS}", id=1)["ok"] == 1


def test_walls_that_are_closed(pavel: Program, nikolay: Program, on_backend: OnBackend) -> None:
    banned = on_backend(0, openvk=-3)  # which shows banned people as it shows closed pages
    codes = {NO_WALL: -3, CLOSED: -3, BLOCKS_PAVEL: -3, DELETED: 0, BANNED: banned, NOBODY: 0, HUGE: 0}
    for owner, ok in codes.items():
        assert pavel.get("add_wall", id=owner, message="hello", ts=5) == {"ok": ok}, owner
    for owner in (CLOSED, BLOCKS_PAVEL, DELETED, NOBODY):
        assert pavel.get("wall", id=owner) == {"n": 0, "d": [], "h": pavel.version("wall", id=owner)}, owner
    version = pavel.version("wall", id=CLOSED_BUT_FRIEND_OF_PAVEL)
    answer = pavel.get("add_wall", id=CLOSED_BUT_FRIEND_OF_PAVEL, message="among friends", ts=version)
    assert answer == {"ok": 1, "h": [[version + 1, "add", post(FIRST, "among friends", owner=308)]]}
    seen = nikolay.get("wall", id=CLOSED_BUT_FRIEND_OF_PAVEL, **part(0, 9))
    assert seen == {"n": 0, "d": [], "h": nikolay.version("wall", id=CLOSED_BUT_FRIEND_OF_PAVEL)}


def test_texts(pavel: Program, on_backend: OnBackend) -> None:
    for place, (sent, shown) in enumerate([
        ("<script>alert('x')</script>", "&lt;script&gt;alert('x')&lt;/script&gt;"),
        ('a & b "quoted" &lt;', "a &amp; b &quot;quoted&quot; &amp;lt;"),
        ("привет, мир", "привет, мир"),
        ("🙂👩‍👩‍👧 e\u0301", "🙂👩‍👩‍👧 e\u0301"),
        ("one\ntwo\r\nthree\n\nfive", "one<br>two<br>three<br><br>five"),
        (" \n padded\t ", "padded"),
        ("\u2028end\u2029", "end"),
        ("a\u2028b\u0000c", "a\u2028bc"),
        ("100% + 1&message=x#y", "100% + 1&amp;message=x#y"),
        ("x" * 16384, "x" * 16384),
        ("Ж" * 16384, "Ж" * 16384),
    ]):  # fmt: skip
        answer = pavel.get("add_wall", id=6, message=sent)
        assert answer == {"ok": 1, "h": [[answer["h"][0][0], "add", post(FIRST + place, shown)]]}
        newest = on_backend(0, openvk=place)  # which does not order the posts of a second
        assert pavel.get("wall", id=6, **part(newest, newest + 1))["d"] == [post(FIRST + place, shown)]


def test_texts_that_are_no_message(pavel: Program, on_backend: OnBackend) -> None:
    before = pavel.get("wall", id=6)
    for parameters in (
        {},
        {"message": ""},
        {"message": " \n\t "},
        {"message": "\u00a0\u3000"},
        *on_backend([{"message": "x" * 16385}], openvk=[]),  # which sets no such limit
    ):
        assert pavel.get("add_wall", id=6, **parameters) == {"ok": 0}, str(parameters)[:40]
    assert pavel.get("wall", id=6) == before


def test_windows(pavel: Program) -> None:
    rows, version = pavel.get("wall", **part(0, 60))["d"], pavel.version("wall")
    for window, shown in (
        ({}, rows[:22]),
        ({"from": 5}, rows[5:27]),
        ({"to": 3}, rows[:3]),
        (part(10, 12), rows[10:12]),
        (part(0, 0), []),
        (part(20, 10), []),
        (part(-7, 1), rows[:1]),
        (part(22459, 22470), []),
    ):
        assert pavel.get("wall", **window) == {"n": 22459, "d": shown, "h": version}, window
    last = pavel.get("wall", **part(22400, HUGE))["d"]
    assert len({row[0] for row in last}) == 59
    assert len(pavel.get("wall", **part(0, HUGE))["d"]) == 1000, "a longer window is cut at its end"


def test_a_window_that_begins_further_than_any_wall_reaches(pavel: Program) -> None:
    assert pavel.get("wall", **part(HUGE, HUGE + 1)) == {"n": 22459, "d": [], "h": pavel.version("wall")}


def test_people_as_objects(make_gateway: MakeGateway) -> None:
    """The live server filled its person rows out of order, and its JSON showed them as objects then."""
    options = {"person_rows": "object", "own_pictures": False}
    program = Program(make_gateway(sites={2: {"url": "http://x", "options": options}})).log_in()
    author = {"0": 1, "1": PAVEL[1], "2": PAVEL[2], "5": 1, "4": 2, "3": PAVEL[3]}
    row = [FIRST, NOW, ["hello"], author, {"0": 6}]
    answer = program.get("add_wall", id=6, message="hello")
    assert answer == {"ok": 1, "h": [[answer["h"][0][0], "add", row]]}
    assert list(answer["h"][0][2][3]) == list(author)
    assert program.get("wall", id=6, **part(0, 1))["d"] == [row]


LOOKS = "userapi_gw.acts.histories.NEWEST"


def test_more_new_posts_than_a_look_shows_are_looked_for_further_down(
    pavel: Program, nikolay: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOOKS, (Window(0, 2), Window(0, 10)))
    version = pavel.version("wall", id=6)
    for number in range(9):
        nikolay.get("add_wall", message=f"post {number}")
    h = pavel.get("history", id=6, wall=version)["wall"]["h"]
    assert [(action, row[2]) for _, action, row in h] == [("add", [f"post {number}"]) for number in range(9)]


def test_posts_of_one_second_are_not_taken_for_deleted_where_a_look_ends_between_them(
    pavel: Program, nikolay: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenVK sorts by the time alone, so that the higher number may be on the next page."""
    monkeypatch.setattr(LOOKS, (Window(0, 2), Window(0, 10)))
    version = pavel.version("wall", id=6)
    told = []
    for now, texts in ((NOW, ("one", "two")), (NOW + 1, ("three",)), (NOW + 2, ())):
        clock.stop(monkeypatch, now)
        for text in texts:
            nikolay.get("add_wall", message=text)
        told = pavel.get("history", id=6, wall=version)["wall"]["h"]
    assert [(action, row[2]) for _, action, row in told] == [("add", [text]) for text in ("one", "two", "three")]


def test_more_new_posts_than_the_longest_look_shows_begin_a_new_epoch(
    pavel: Program, nikolay: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOOKS, (Window(0, 2), Window(0, 10)))
    version = pavel.version("wall", id=6)
    for number in range(11):
        clock.stop(monkeypatch, NOW + number)
        nikolay.get("add_wall", message=f"post {number}")
    assert pavel.get("history", id=6, wall=version)["wall"] == {"h": False}
    later = pavel.version("wall", id=6)
    assert later > version + 2 * 11
    assert later % 1_000_000 == 2
    assert pavel.get("history", id=6, wall=later)["wall"] == {"h": []}
