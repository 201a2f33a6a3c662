"""Polling. UserAPI documentation, "Periodically obtaining updates history for an object" and "Pre-loading data"."""

from typing import Any

import pytest

from tests import clock
from tests.conftest import MakeGateway
from tests.program import Program

NOW = 1_300_000_000
PAVEL = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", "c_015fd76c", 2, 1]
NIKOLAY = [6, "Nikolay Durov", "http://cs1024.userapi.com/u00006/b_37a43719.jpg", "c_37a43719", 2, 1]
COUNTERS = {"nf": 300, "nm": 0, "nph": 2}
"""What waits for Pavel in the documentation's world."""

POST, MESSAGE, STATUS = 48776840, 121444274, 140403096
"""The ids the next new objects get."""

HUGE = 10**18


def part(start: int, stop: int) -> dict[str, Any]:
    return {"from": start, "to": stop}


def message(number: int, text: str, read: int, sender: Any = PAVEL, recipient: Any = NIKOLAY) -> list[Any]:
    return [number, NOW, [text], sender, recipient, read]


@pytest.fixture(autouse=True)
def clock_of_the_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything new happens at `NOW`."""
    clock.stop(monkeypatch, NOW)


def test_bare_counters(pavel: Program, nikolay: Program) -> None:
    assert pavel.get("history") == COUNTERS
    assert list(pavel.get("history")) == ["nm", "nf", "nph"]
    assert nikolay.get("history") == {"nm": 0, "nf": 0, "nph": 0}
    for nothing in ({"wall": ""}, {"inbox": 0}, {"inbox": -1}, {"fave": "abc"}, {"read": ""}, {"read": "0_abc__"}):
        assert pavel.get("history", **nothing) == COUNTERS, nothing


def test_counters_of_new_things(pavel: Program, nikolay: Program) -> None:
    for number in (1, 2, 3):
        pavel.get("add_message", id=6, message="hello")
        assert nikolay.get("history") == {"nm": number, "nf": 0, "nph": 0}
    pavel.get("add_friend", id=6)
    assert nikolay.get("history") == {"nm": 3, "nf": 1, "nph": 0}
    assert pavel.get("history") == COUNTERS, "the sender's own messages are no news"


def test_photo_counter_of_2008_stands_alone(make_gateway: MakeGateway) -> None:
    old = Program(make_gateway(dialect="2008")).log_in()
    assert old.get("history") == COUNTERS
    version = old.version("wall")
    assert old.get("history", wall=version) == {"wall": {"h": []}, "nf": 300, "nm": 0}
    assert old.get("history", us=-1) == COUNTERS | {"us": 1}


def test_all_versions_at_once(pavel: Program, nikolay: Program) -> None:
    versions = {name: pavel.version(name, id=6) for name in ("wall", "activity", "message")}
    still: dict[str, Any] = {name: {"h": []} for name in versions}
    assert pavel.get("history", id=6, **versions) == still | COUNTERS
    nikolay.get("add_wall", message="post")
    nikolay.get("set_activity", text="status")
    nikolay.get("add_message", id=1, message="message")
    assert pavel.get("history", id=6, **versions) == {
        "wall": {"h": [[versions["wall"] + 1, "add", [POST, NOW, ["post"], NIKOLAY, [6]]]]},
        "activity": {
            "h": [[versions["activity"] + 1, "add", [f"6_{STATUS}", 6, 2, "Nikolay Durov", NOW, "status"]]],
        },
        "message": {"h": [[versions["message"] + 1, "add", message(MESSAGE, "message", 0, NIKOLAY, PAVEL)]]},
        **COUNTERS,
        "nm": 1,
    }
    later = {name: version + 2 for name, version in versions.items()}
    assert pavel.get("history", id=6, **later) == still | COUNTERS | {"nm": 1}


def test_the_wall_is_the_one_of_id_and_the_mailbox_ones_own(pavel: Program, nikolay: Program) -> None:
    own, other = pavel.version("wall"), pavel.version("wall", id=6)
    nikolay.get("add_wall", message="on my own")
    assert pavel.get("history", wall=own)["wall"] == {"h": []}
    assert pavel.get("history", id=0, wall=own)["wall"] == {"h": []}
    assert pavel.get("history", id=6, wall=other)["wall"]["h"][0][:2] == [other + 1, "add"]


def test_stamps_nobody_gave_out(make_gateway: MakeGateway) -> None:
    new = Program(make_gateway()).log_in()
    old = Program(make_gateway(dialect="2008")).log_in()
    for name in ("wall", "activity", "message"):
        version = new.version(name)
        for stamp in ("abc", 0, -1, NOW, HUGE, version + 1, version + 1000):
            assert new.get("history", **{name: stamp}) == {name: {"h": False}} | COUNTERS, stamp
            assert old.get("history", **{name: stamp}) == {name: {"h": version}, "nf": 300, "nm": 0}, stamp


def test_preloads(pavel: Program) -> None:
    def first(act: str, rows: int, total: int) -> dict[str, Any]:
        found = pavel.get(act, **part(0, rows))
        return {"n": total, "d": found if isinstance(found, list) else found["d"]}

    assert pavel.get("history", inbox=2, outbox=3, friends_new=4, fave=1, profile=-1) == {
        "inbox": first("inbox", 2, 110),
        "outbox": first("outbox", 3, 109),
        "friends_new": first("friends_new", 4, 300),
        "fave": first("fave", 1, 154),
        "fave_online": first("fave_online", 1, 2),
        "faved": first("faved", 1, 5),
        "profile": pavel.get("profile"),
        **COUNTERS,
    }


def test_preloads_of_2008(make_gateway: MakeGateway) -> None:
    old = Program(make_gateway(dialect="2008")).log_in()
    answer = old.get("history", friends_new=1, fave=1)
    assert answer == {
        "friends_new": {"n": 300, "d": old.get("friends_new", **part(0, 1))},
        "fave": old.get("fave", **part(0, 1)),
        "fave_online": old.get("fave_online", **part(0, 1)),
        "faved": old.get("faved", **part(0, 1)),
        "nf": 300,
        "nm": 0,
    }
    assert [len(answer["friends_new"]["d"][0]), answer["faved"]["d"][0][0]] == [3, "6"]


def test_preloads_longer_than_the_lists(pavel: Program, nikolay: Program) -> None:
    assert len(pavel.get("history", friends_new=HUGE)["friends_new"]["d"]) == 300
    assert len(nikolay.get("history", inbox=1000)["inbox"]["d"]) == nikolay.get("inbox", **part(0, 0))["n"]


def test_profile_and_us_are_the_viewers_whatever_id_says(pavel: Program, nikolay: Program) -> None:
    nobodys = {"nf": 0, "nm": 0, "nph": 0}
    profile = nikolay.get("profile")
    assert nikolay.get("history", id=1, profile=-1) == {"profile": profile} | nobodys
    assert nikolay.get("history", id=1, us=-1, frnum=1) == nobodys | {"frnum": 9, "us": 6}
    assert pavel.get("history", frnum=1) == COUNTERS | {"frnum": 349}


def test_reading_lowers_the_counter_and_tells_both_sides(pavel: Program, nikolay: Program) -> None:
    for text in ("one", "two", "three"):
        pavel.get("add_message", id=6, message=text)
    version, seen = pavel.version("message"), nikolay.version("message")
    read = [message(MESSAGE, "one", 1), message(MESSAGE + 2, "three", 1)]
    answer = nikolay.get("history", message=seen, read=f"{MESSAGE + 2}_{MESSAGE}")
    told = [[seen + 2 * place + 1, "read", row] for place, row in enumerate(read)]
    assert answer == {"message": {"h": told}, "nf": 0, "nm": 1, "nph": 0}
    told = [[version + 2 * place + 1, "read", row] for place, row in enumerate(read)]
    assert pavel.get("history", message=version) == {"message": {"h": told}} | COUNTERS
    assert [row[5] for row in nikolay.get("inbox", **part(0, 3))["d"]] == [1, 0, 1]
    assert [row[5] for row in pavel.get("outbox", **part(0, 3))["d"]] == [1, 0, 1]
    assert nikolay.get("history", message=seen + 4, read=f"{MESSAGE}")["message"] == {"h": []}, "once is enough"
    assert pavel.get("history", message=version + 4)["message"] == {"h": []}


def test_a_message_that_came_and_was_read_between_two_polls(pavel: Program, nikolay: Program) -> None:
    seen = nikolay.version("message")
    pavel.get("add_message", id=6, message="hello")
    answer = nikolay.get("history", message=seen, read=f"{MESSAGE}")
    assert answer["message"] == {"h": [[seen + 1, "add", message(MESSAGE, "hello", 1)]]}
    assert answer["nm"] == 0


def test_only_the_recipient_can_mark_a_message_read(pavel: Program, nikolay: Program) -> None:
    pavel.get("add_message", id=6, message="hello")
    version = pavel.version("message")
    for ids in (f"{MESSAGE}", "121444273", "0", "777777777", "abc", f"-{MESSAGE}", "_" * 500):
        assert pavel.get("history", message=version, read=ids) == {"message": {"h": []}} | COUNTERS, ids
    assert nikolay.get("history") == {"nm": 1, "nf": 0, "nph": 0}
    many = "_".join(str(number) for number in range(1, 500))
    assert nikolay.get("history", read=f"{MESSAGE}_{many}") == {"nm": 0, "nf": 0, "nph": 0}


def test_an_id_too_long_for_any_message_does_not_spoil_the_others(pavel: Program, nikolay: Program) -> None:
    pavel.get("add_message", id=6, message="hello")
    assert nikolay.get("history", read=f"{HUGE}_{MESSAGE}") == {"nm": 0, "nf": 0, "nph": 0}


def test_reading_is_told_at_once_even_within_a_refresh_period(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(refresh_seconds=3600)
    pavel, nikolay = Program(gateway).log_in(), Program(gateway).log_in("nikolay@test.com")
    pavel.get("add_message", id=6, message="hello")
    seen = nikolay.version("message")
    assert nikolay.get("history", message=seen) == {"message": {"h": []}, "nf": 0, "nm": 1, "nph": 0}
    told = [[seen + 1, "read", message(MESSAGE, "hello", 1)]]
    assert nikolay.get("history", message=seen, read=MESSAGE) == {"message": {"h": told}, "nf": 0, "nm": 0, "nph": 0}


def test_prepare_updates_has_nothing_to_prepare(pavel: Program) -> None:
    assert pavel.get("prepare_updates", updates_activities=43, updates_friends=25) == {"ok": 1}
