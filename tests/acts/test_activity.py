"""Statuses. UserAPI documentation, "Getting status history for a user" and "Editing current status"."""

from typing import Any

import pytest
from flask import Flask

from tests import clock
from tests.conftest import MakeGateway
from tests.program import Program
from userapi_gw.overlays import OverlaidBackend

NOW = 1_300_000_000
OF_NIKOLAY = [
    ["6_139695600", 6, 2, "Nikolay Durov", 1224506800, "tired &amp; happy"],
    ["6_139695500", 6, 2, "Nikolay Durov", 1224506500, "waiting for the weekend"],
    ["6_139695400", 6, 2, "Nikolay Durov", 1224506200, "is looking for a cat"],
]
FIRST = 140403096
"""The id the next new status gets."""

NEWEST_OF_PAVEL = 140403095
SIDNEY = 6704204
"""Has 42 statuses."""

CLOSED, CLOSED_BUT_FRIEND_OF_PAVEL, DELETED, BLOCKS_PAVEL, NOBODY = 301, 308, 304, 306, 777_777_777
HUGE = 10**18
MADE_UP = ("abc", 0, -5, NOW, NOW * 1000, HUGE)
"""Stamps no list ever stood at, as programs invent them."""


def part(start: int, stop: int) -> dict[str, Any]:
    return {"from": start, "to": stop}


def status(number: int, text: str) -> list[Any]:
    """A status of Nikolay's written in this test."""
    return [f"6_{number}", 6, 2, "Nikolay Durov", NOW, text]


@pytest.fixture(autouse=True)
def clock_of_the_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything new happens at `NOW`."""
    clock.stop(monkeypatch, NOW)


def test_a_life_of_a_status(pavel: Program, nikolay: Program) -> None:
    version, seen = nikolay.version("activity"), pavel.version("activity", id=6)
    row, wid = status(FIRST, "hello"), f"6_{FIRST}"
    add, delete, undelete = [version + 1, "add", row], [version + 3, "del", [wid]], [version + 5, "undel", row]
    assert nikolay.get("set_activity", text="hello", ts=version) == {"ok": 1, "h": [add]}
    assert pavel.get("activity", id=6, ts=seen) == {"n": 4, "d": [row, *OF_NIKOLAY], "h": [[seen + 1, "add", row]]}
    assert nikolay.get("del_activity", wid=wid, ts=version + 2) == {"ok": 1, "h": [delete]}
    assert pavel.get("history", id=6, activity=seen + 2)["activity"] == {"h": [[seen + 3, "del", [wid]]]}
    assert nikolay.get("restore_activity", wid=wid, ts=version + 4) == {"ok": 1, "h": [undelete]}
    assert pavel.get("history", id=6, activity=seen + 4)["activity"] == {"h": [[seen + 5, "undel", row]]}
    assert nikolay.get("activity", ts=version, **part(0, 1)) == {"n": 4, "d": [row], "h": [add, delete, undelete]}
    assert nikolay.version("activity") == version + 6


def test_own_status_comes_back_whatever_the_stamp(nikolay: Program) -> None:
    version = nikolay.version("activity")
    stamps: list[dict[str, Any]] = [{}, {"ts": ""}, *({"ts": ts} for ts in (*MADE_UP, version + 1000))]
    for place, stamp in enumerate(stamps):
        entry = [version + 2 * place + 1, "add", status(FIRST + place, f"hello {place}")]
        assert nikolay.get("set_activity", text=f"hello {place}", **stamp) == {"ok": 1, "h": [entry]}, stamp
    everything = nikolay.get("set_activity", text="bye", ts=version)["h"]
    assert [number for number, _, _ in everything] == [version + 2 * place + 1 for place in range(len(stamps) + 1)]


def test_stamps_nobody_gave_out_when_reading(make_gateway: MakeGateway) -> None:
    new = Program(make_gateway()).log_in()
    old = Program(make_gateway(dialect="2008")).log_in()
    answer = new.get("activity", id=6)
    for stamp in (*MADE_UP, answer["h"] + 1000):
        assert new.get("activity", id=6, ts=stamp) == answer | {"h": False}, stamp
        assert old.get("activity", id=6, ts=stamp) == answer, stamp


def test_deleting_and_restoring_twice(nikolay: Program) -> None:
    version, wid = nikolay.version("activity"), "6_139695500"
    delete, undelete = [version + 1, "del", [wid]], [version + 3, "undel", OF_NIKOLAY[1]]
    assert nikolay.get("del_activity", wid=wid, ts=version) == {"ok": 1, "h": [delete]}
    assert nikolay.get("del_activity", wid=wid, ts=version + 2) == {"ok": 0}
    assert nikolay.get("activity") == {"n": 2, "d": [OF_NIKOLAY[0], OF_NIKOLAY[2]], "h": version + 2}
    assert nikolay.get("restore_activity", wid=wid, ts=version + 2) == {"ok": 1, "h": [undelete]}
    assert nikolay.get("restore_activity", wid=wid, ts=version + 4) == {"ok": 1, "h": []}, "nothing changed any more"
    assert nikolay.get("activity") == {"n": 3, "d": OF_NIKOLAY, "h": version + 4}


def test_the_current_status_goes_when_none_is_named(nikolay: Program) -> None:
    version = nikolay.version("activity")
    answer = nikolay.get("del_activity", ts=version)
    assert answer == {"ok": 1, "h": [[version + 1, "del", ["6_139695600"]]]}


def test_clearing_everything(pavel: Program, nikolay: Program) -> None:
    version, seen = nikolay.version("activity"), pavel.version("activity", id=6)
    gone = [[version + 2 * place + 1, "del", [row[0]]] for place, row in enumerate(OF_NIKOLAY)]
    assert nikolay.get("clear_activity", ts=version) == {"ok": 1, "h": gone}
    assert nikolay.get("activity") == {"n": 0, "d": [], "h": version + 6}
    assert nikolay.get("clear_activity", ts=version + 6) == {"ok": 1, "h": []}, "nothing is left"
    assert nikolay.get("del_activity") == {"ok": 0}
    told = pavel.get("history", id=6, activity=seen)["activity"]["h"]
    assert sorted(row for _, _, row in told) == sorted([row[0]] for row in OF_NIKOLAY)
    assert {action for _, action, _ in told} == {"del"}
    assert pavel.get("profile", id=6)["actv"] == []
    assert pavel.get("activity", **part(0, 0))["n"] == 5, "nobody else's"


def test_statuses_of_others_are_out_of_reach(pavel: Program, nikolay: Program) -> None:
    before = pavel.get("activity")
    for act in ("del_activity", "restore_activity"):
        for wid in (f"1_{NEWEST_OF_PAVEL}", NEWEST_OF_PAVEL, f"6_{NEWEST_OF_PAVEL}", "abc", "6_", "6_0", NOBODY, HUGE):
            assert nikolay.get(act, wid=wid) == {"ok": 0}, wid
    nikolay.get("set_activity", id=1, text="under a foreign id")
    nikolay.get("clear_activity", id=1)
    assert pavel.get("activity") == before
    assert nikolay.get("activity", **part(0, 0))["n"] == 0


@pytest.mark.parametrize(
    ("method", "act", "action", "row", "parameters"),
    [
        ("set_status", "set_activity", "add", status(FIRST, "hello"), {"text": "hello"}),
        ("delete_status", "del_activity", "del", ["6_139695500"], {"wid": "6_139695500"}),
    ],
)
def test_each_write_is_told_once_even_when_a_poll_sees_it_first(
    gateway: Flask, monkeypatch: pytest.MonkeyPatch, method: str, act: str, action: str, row: Any, parameters: Any
) -> None:
    window, other_window = (Program(gateway).log_in("nikolay@test.com") for _ in range(2))
    version, told, written = window.version("activity"), [], getattr(OverlaidBackend, method)

    def write_and_poll(*arguments: Any) -> Any:
        result = written(*arguments)
        told.append(other_window.get("history", activity=version)["activity"]["h"])
        return result

    monkeypatch.setattr(OverlaidBackend, method, write_and_poll)
    entry = [version + 1, action, row]
    assert window.get(act, **parameters, ts=version) == {"ok": 1, "h": [entry]}
    assert told == [[entry]]
    assert window.get("history", activity=version)["activity"] == {"h": [entry]}


def test_texts(nikolay: Program) -> None:
    for place, (text, shown) in enumerate([
        ("<i>&lt;</i>", "&lt;i&gt;&amp;lt;&lt;/i&gt;"),
        ("в отпуске 🏖", "в отпуске 🏖"),
        ("one\r\ntwo\nthree", "one<br>two<br>three"),
        ("  it's \"me\" ", "it's &quot;me&quot;"),
        ("Ж" * 255, "Ж" * 255),
    ]):  # fmt: skip
        answer = nikolay.get("set_activity", text=text)
        assert answer == {"ok": 1, "h": [[answer["h"][0][0], "add", status(FIRST + place, shown)]]}
        assert nikolay.get("activity", **part(0, 1))["d"] == [status(FIRST + place, shown)]
        assert nikolay.get("profile")["actv"] == status(FIRST + place, shown)


def test_texts_that_are_no_status(nikolay: Program) -> None:
    before = nikolay.get("activity")
    for parameters in ({}, {"text": ""}, {"text": " \n\t "}, {"text": "\u00a0"}, {"text": "Ж" * 256}):
        assert nikolay.get("set_activity", **parameters) == {"ok": 0}, str(parameters)[:40]
    assert nikolay.get("activity") == before


def test_hidden_and_unknown_histories_are_empty(pavel: Program, nikolay: Program) -> None:
    for hidden in (CLOSED, DELETED, BLOCKS_PAVEL, NOBODY):
        assert pavel.get("activity", id=hidden) == {"n": 0, "d": [], "h": pavel.version("activity", id=hidden)}, hidden
    assert pavel.get("activity", id=CLOSED_BUT_FRIEND_OF_PAVEL)["d"] == [
        ["308_139693400", 308, 1, "Polina Tihaya", 1224500200, "sleeping"],
        ["308_139658500", 308, 1, "Polina Tihaya", 1224395500, "is at work"],
    ]
    assert nikolay.get("activity", id=CLOSED_BUT_FRIEND_OF_PAVEL)["d"] == []


def test_windows(pavel: Program) -> None:
    rows, version = pavel.get("activity", id=SIDNEY, **part(0, 50))["d"], pavel.version("activity", id=SIDNEY)
    for window, shown in (
        ({}, rows[:22]),
        ({"from": 10}, rows[10:32]),
        (part(1, 2), rows[1:2]),
        (part(40, 50), rows[40:]),
        (part(42, 50), []),
        (part(5, 3), []),
        (part(0, 0), []),
        (part(0, HUGE), rows),
    ):
        assert pavel.get("activity", id=SIDNEY, **window) == {"n": 42, "d": shown, "h": version}, window


def test_the_last_entry_is_included_in_2008(make_gateway: MakeGateway) -> None:
    """The sample of "Getting status history for a user" asks for `from=1&to=2` and shows two rows."""
    old = Program(make_gateway(dialect="2008")).log_in()
    rows = old.get("activity", id=SIDNEY, **part(0, 41))["d"]
    assert len(rows) == 42
    for window, shown in ((part(1, 2), rows[1:3]), (part(0, 1), rows[:2]), (part(40, 50), rows[40:])):
        assert old.get("activity", id=SIDNEY, **window)["d"] == shown, window


def test_totals_and_missing_windows_are_the_same_in_2008(make_gateway: MakeGateway) -> None:
    """`to=0` asks for total and version alone, and 22 rows come when `to` is missing, in every dialect."""
    old = Program(make_gateway(dialect="2008")).log_in()
    assert old.get("activity", id=SIDNEY, **part(0, 0))["d"] == []
    assert len(old.get("activity", id=SIDNEY)["d"]) == 22
