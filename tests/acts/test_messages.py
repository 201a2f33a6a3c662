"""Private messages. UserAPI documentation, "Getting private messages" and the sections on posting and removing."""

from typing import Any

import pytest
from flask import Flask

from tests import clock
from tests.conftest import MakeGateway, OnBackend
from tests.program import Program
from userapi_gw.overlays import OverlaidBackend

NOW = 1_300_000_000
PAVEL = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", "c_015fd76c", 2, 1]
NIKOLAY = [6, "Nikolay Durov", "http://cs1024.userapi.com/u00006/b_37a43719.jpg", "c_37a43719", 2, 1]
MAXIM = [197, "Maxim Belov", "0", "0", 2, 0]
FIRST = 121444274
"""The id the next new message gets."""

TEST, GENIUS = 106183129, 121444273
"""From user 197 to Pavel; from Pavel to user 10."""

SILENT, CLOSED, DELETED, BANNED, BLOCKS_PAVEL, BLOCKED_BY_PAVEL = 302, 301, 304, 305, 306, 307
NOBODY = 777_777_777
HUGE = 10**18
MADE_UP = ("abc", 0, -5, NOW, NOW * 1000, HUGE)
"""Stamps no list ever stood at, as programs invent them."""


def part(start: int, stop: int) -> dict[str, Any]:
    return {"from": start, "to": stop}


def sent(number: int, text: str, *, read: int = 0, sender: Any = PAVEL, recipient: Any = NIKOLAY) -> list[Any]:
    """A message written in this test, as histories and the outbox show it."""
    return [number, NOW, [text], sender, recipient, read]


def received(row: list[Any]) -> list[Any]:
    """The same where only the recipient's id is told: everywhere else."""
    return [*row[:4], row[4][:1], row[5]]


def deleted(number: int, sender: int = 1, recipient: int = 6, date: int = NOW) -> list[Any]:
    return [number, date, "", [sender], [recipient]]


@pytest.fixture(autouse=True)
def clock_of_the_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything new happens at `NOW`."""
    clock.stop(monkeypatch, NOW)


def test_a_message_is_in_all_lists_of_both_sides(pavel: Program, nikolay: Program) -> None:
    version, seen = pavel.version("message"), nikolay.version("message")
    row = sent(FIRST, "hello")
    answer = pavel.get("add_message", id=6, message="hello", ts=version)
    assert answer == {"ok": 1, "h": [[version + 1, "add", row]]}
    one = part(0, 1)
    assert pavel.get("message", id=6, **one) == {"n": 31, "d": [received(row)], "h": version + 2}
    assert pavel.get("outbox", **one) == {"n": 110, "d": [row], "h": version + 2}
    assert pavel.get("inbox", **one)["d"][0][0] == TEST
    told = [[seen + 1, "add", row]]
    assert nikolay.get("message", id=1, **one, ts=seen) == {"n": 31, "d": [received(row)], "h": told}
    assert nikolay.get("inbox", **one, ts=seen) == {"n": 24, "d": [received(row)], "h": told}
    assert nikolay.get("history", message=seen) == {"message": {"h": told}, "nf": 0, "nm": 1, "nph": 0}


def test_own_message_comes_back_whatever_the_stamp(pavel: Program) -> None:
    version = pavel.version("inbox")
    stamps: list[dict[str, Any]] = [{}, {"ts": ""}, *({"ts": ts} for ts in (*MADE_UP, version + 1000))]
    for place, stamp in enumerate(stamps):
        entry = [version + 2 * place + 1, "add", sent(FIRST + place, "hello")]
        assert pavel.get("add_message", id=6, message="hello", **stamp) == {"ok": 1, "h": [entry]}, stamp


def test_own_message_comes_after_what_an_old_stamp_has_missed(pavel: Program, nikolay: Program) -> None:
    version = pavel.version("outbox")
    nikolay.get("add_message", id=1, message="first")
    pavel.get("history", message=version)
    first = [version + 1, "add", sent(FIRST, "first", sender=NIKOLAY, recipient=PAVEL)]
    second = [version + 3, "add", sent(FIRST + 1, "second")]
    assert pavel.get("add_message", id=6, message="second", ts=version) == {"ok": 1, "h": [first, second]}


def test_stamps_nobody_gave_out_when_reading(make_gateway: MakeGateway) -> None:
    new = Program(make_gateway()).log_in()
    old = Program(make_gateway(dialect="2008")).log_in()
    version = new.version("message")
    for box, total in (("message", 0), ("inbox", 110), ("outbox", 109)):
        for stamp in ("abc", 0, NOW, version + 1000):
            assert new.get(box, ts=stamp, **part(0, 0)) == {"n": total, "d": [], "h": False}, stamp
            assert old.get(box, ts=stamp, **part(0, 0)) == {"n": total, "d": [], "h": version}, stamp


@pytest.mark.parametrize("box", ["message", "inbox", "outbox"])
def test_deleting_and_restoring_on_one_side(pavel: Program, nikolay: Program, box: str, on_backend: OnBackend) -> None:
    repeated = on_backend({"ok": 0}, openvk={"ok": 1, "h": []})  # which shows what is deleted to those who know the id
    version, row = pavel.version(box), sent(FIRST, "hello")
    pavel.get("add_message", id=6, message="hello", ts=version)
    seen, wid = nikolay.version("inbox"), {"id": 6, "wid": f"6_{FIRST}"}
    delete, restore = f"del_{box}", f"restore_{box}"
    assert pavel.get(delete, **wid, ts=version + 2) == {"ok": 1, "h": [[version + 3, "del", deleted(FIRST)]]}
    assert pavel.get(delete, **wid, ts=version + 4) == repeated
    assert pavel.get("message", id=6, **part(0, 0)) == {"n": 30, "d": [], "h": version + 4}
    assert nikolay.get("message", id=1, ts=seen, **part(0, 1)) == {"n": 31, "d": [received(row)], "h": []}
    assert pavel.get(restore, **wid, ts=version + 4) == {"ok": 1, "h": [[version + 5, "undel", row]]}
    assert pavel.get(restore, **wid, ts=version + 6) == {"ok": 1, "h": []}, "once more"
    everything = [[version + 1, "add", row], [version + 3, "del", deleted(FIRST)], [version + 5, "undel", row]]
    assert pavel.get("history", message=version)["message"] == {"h": everything}
    assert pavel.get("message", id=6, **part(0, 1)) == {"n": 31, "d": [received(row)], "h": version + 6}


def test_the_recipient_deletes_before_reading(pavel: Program, nikolay: Program, on_backend: OnBackend) -> None:
    pavel.get("add_message", id=6, message="hello")
    version = pavel.version("message")
    assert nikolay.get("del_inbox", wid=FIRST)["h"][0][1:] == ["del", deleted(FIRST)]
    assert nikolay.get("history") == {"nm": 0, "nf": 0, "nph": 0}
    back = on_backend(1, openvk=0)  # where only the sender may
    restored = nikolay.get("restore_inbox", wid=FIRST)
    assert [entry[1:] for entry in restored.get("h", [])] == [["undel", sent(FIRST, "hello")]] * back
    assert (restored["ok"], nikolay.get("history")) == (back, {"nm": back, "nf": 0, "nph": 0})
    assert pavel.get("history", message=version)["message"] == {"h": []}, "no business of the sender's"


def test_the_counter_falls_with_the_answer_and_not_a_period_later(
    make_gateway: MakeGateway, on_backend: OnBackend
) -> None:
    back = on_backend(1, openvk=0)  # where only the sender may restore
    gateway = make_gateway(refresh_seconds=3600)
    pavel, nikolay = Program(gateway).log_in(), Program(gateway).log_in("nikolay@test.com")
    pavel.get("add_message", id=6, message="hello")
    assert nikolay.get("history") == {"nm": 1, "nf": 0, "nph": 0}
    assert nikolay.get("del_inbox", wid=FIRST)["ok"] == 1
    assert nikolay.get("history") == {"nm": 0, "nf": 0, "nph": 0}
    assert nikolay.get("restore_inbox", wid=FIRST)["ok"] == back
    assert nikolay.get("history") == {"nm": back, "nf": 0, "nph": 0}


def test_messages_of_others_are_out_of_reach(pavel: Program, nikolay: Program) -> None:
    before = {box: pavel.get(box, id=10) for box in ("message", "inbox", "outbox")}
    version = nikolay.version("message")
    for foreign in (GENIUS, TEST):
        for wid in (foreign, f"1_{foreign}", f"10_{foreign}", f"6_{foreign}"):
            for act in ("del_message", "restore_message"):
                assert nikolay.get(act, wid=wid) == {"ok": 0}, wid
    nikolay.get("history", read=f"{GENIUS}_{TEST}")
    assert {box: pavel.get(box, id=10) for box in before} == before
    assert nikolay.get("history", message=version)["message"] == {"h": []}


def test_wids_that_name_nothing(pavel: Program) -> None:
    for wrong in ("", "abc", "6_", "6_-1", 0, NOBODY, HUGE):
        for act in ("del_message", "del_inbox", "del_outbox", "restore_message", "restore_inbox", "restore_outbox"):
            assert pavel.get(act, wid=wrong) == {"ok": 0}, (act, wrong)


@pytest.mark.parametrize(
    ("method", "act", "action", "row", "parameters"),
    [
        ("send_message", "add_message", "add", sent(FIRST, "hello"), {"id": 6, "message": "hello"}),
        ("delete_message", "del_message", "del", deleted(TEST, 197, 1, 1224896986), {"wid": TEST}),
    ],
)
def test_each_write_is_told_once_even_when_a_poll_sees_it_first(
    gateway: Flask, monkeypatch: pytest.MonkeyPatch, method: str, act: str, action: str, row: Any, parameters: Any
) -> None:
    window, other_window = Program(gateway).log_in(), Program(gateway).log_in()
    version, told, written = window.version("message"), [], getattr(OverlaidBackend, method)

    def write_and_poll(*arguments: Any) -> Any:
        result = written(*arguments)
        told.append(other_window.get("history", message=version)["message"]["h"])
        return result

    monkeypatch.setattr(OverlaidBackend, method, write_and_poll)
    entry = [version + 1, action, row]
    assert window.get(act, **parameters, ts=version) == {"ok": 1, "h": [entry]}
    assert told == [[entry]]
    assert window.get("history", message=version)["message"] == {"h": [entry]}


def test_who_cannot_be_written_to(pavel: Program, on_backend: OnBackend) -> None:
    before = pavel.get("outbox", **part(0, 2))
    codes = {SILENT: -3, BLOCKS_PAVEL: -3, BLOCKED_BY_PAVEL: -3, DELETED: 0, BANNED: 0, NOBODY: 0, HUGE: 0, 0: 0, -1: 0}
    codes |= on_backend({}, openvk={DELETED: -3, BANNED: -3})  # pages it shows like closed ones
    for user_id, ok in codes.items():
        assert pavel.get("add_message", id=user_id, message="hello", ts=before["h"]) == {"ok": ok}, user_id
    assert pavel.get("add_message", message="to nobody") == {"ok": 0}
    assert pavel.get("outbox", **part(0, 2)) == before
    taken = on_backend(1, openvk=-3)  # where closed pages take none
    assert pavel.get("add_message", id=CLOSED, message="a closed page takes messages")["ok"] == taken


def test_a_note_to_oneself_is_one_message_and_no_news(pavel: Program) -> None:
    version = pavel.version("message")
    row = sent(FIRST, "note", read=1, recipient=PAVEL)
    assert pavel.get("add_message", id=1, message="note", ts=version) == {"ok": 1, "h": [[version + 1, "add", row]]}
    one = part(0, 1)
    assert pavel.get("message", id=1, **one) == {"n": 1, "d": [received(row)], "h": version + 2}
    assert pavel.get("inbox", **one)["d"] == [received(row)]
    assert pavel.get("outbox", **one)["d"] == [row]
    gone = [version + 3, "del", deleted(FIRST, 1, 1)]
    assert pavel.get("del_inbox", wid=FIRST, ts=version + 2) == {"ok": 1, "h": [gone]}
    assert pavel.get("message", id=1, **one) == {"n": 0, "d": [], "h": version + 4}
    assert pavel.get("history")["nm"] == 0


def test_texts(pavel: Program, nikolay: Program) -> None:
    for place, (text, shown) in enumerate([
        ("<b onclick=x>&amp;</b>", "&lt;b onclick=x&gt;&amp;amp;&lt;/b&gt;"),
        ("привет 🙂 \"q\" 'a'", "привет 🙂 &quot;q&quot; 'a'"),
        ("one\r\ntwo\n\nfour", "one<br>two<br><br>four"),
        ("  padded\n", "padded"),
        ("Ж" * 4096, "Ж" * 4096),
    ]):  # fmt: skip
        answer = pavel.get("add_message", id=6, message=text)
        assert answer == {"ok": 1, "h": [[answer["h"][0][0], "add", sent(FIRST + place, shown)]]}
        assert nikolay.get("inbox", **part(0, 1))["d"] == [received(sent(FIRST + place, shown))]


def test_texts_that_are_no_message(pavel: Program, on_backend: OnBackend) -> None:
    before = pavel.get("outbox", **part(0, 1))
    too_long = on_backend([{"message": "x" * 4097}], openvk=[])  # which sets no such limit
    for parameters in ({}, {"message": ""}, {"message": " \n\t "}, {"message": "\u00a0"}, *too_long):
        assert pavel.get("add_message", id=6, **parameters) == {"ok": 0}, str(parameters)[:40]
    assert pavel.get("outbox", **part(0, 1)) == before


@pytest.mark.parametrize(("box", "total"), [("message", 151), ("inbox", 110), ("outbox", 109)])
def test_windows(pavel: Program, box: str, total: int) -> None:
    version, rows = pavel.version("message"), pavel.get(box, id=10, **part(0, HUGE))["d"]
    assert [row[0] for row in rows] == sorted({row[0] for row in rows}, reverse=True)
    assert len(rows) == total
    for window, shown in (
        ({}, rows[:22]),
        ({"from": 100}, rows[100:122]),
        (part(5, 8), rows[5:8]),
        (part(total - 1, total + 9), rows[-1:]),
        (part(total, total + 9), []),
        (part(8, 5), []),
        (part(0, 0), []),
    ):
        assert pavel.get(box, id=10, **window) == {"n": total, "d": shown, "h": version}, window


def test_messages_with_nobody(pavel: Program) -> None:
    for user_id in (NOBODY, DELETED, 309):
        assert pavel.get("message", id=user_id) == {"n": 0, "d": [], "h": pavel.version("message")}, user_id


def test_people_without_a_photo(pavel: Program) -> None:
    row = [TEST, 1224896986, ["test"], MAXIM, [1], 1]
    assert pavel.get("inbox", **part(0, 1)) == {"n": 110, "d": [row], "h": pavel.version("inbox")}
