"""Friends. UserAPI documentation, "Getting friend list for a user" and "Editing friends"."""

from typing import Any

import pytest

from tests.conftest import MakeGateway, OnBackend
from tests.program import Program

ILYA = [5, "Ilya Perekopsky", "http://cs194.userapi.com/u00005/b_0e9c3bd8.jpg", 1]
PAVEL = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", 1]
NIKOLAY = [6, "Nikolay Durov", "http://cs1024.userapi.com/u00006/b_37a43719.jpg", 1]
FRIENDS_OF_NIKOLAY = [
    [3, "Vyacheslav ", "http://cs47.userapi.com/u00003/b_4fd0a4bc.jpg", 0],
    ILYA,
    [7, "Alexey Kobylyansky", "http://cs26.userapi.com/u00007/b_5b634f4.jpg", 0],
    [10, "Alexandr Kuznetsov", "http://cs146.userapi.com/u00010/b_34230f2c.jpg", 0],
    [12, "Yuly Dzhumasultanov", "http://cs201.userapi.com/u00012/b_5a7b82f4.jpg", 0],
    [45, "Sergey Vinogradov", "http://cs16.userapi.com/u00045/b_f9c7d9e.jpg", 0],
    [48, "Marina Sorokina", "http://cs436.userapi.com/u00048/b_d2f15996.jpg", 0],
    [197, "Maxim Belov", "0", 0],
    [309, "Анна Петрова", "0", 0],
]
REQUESTS = [
    [19224971, "Roman Boguslavsky", "http://cs266.userapi.com/u19224971/b_9fe20cc1.jpg", 0],
    [11116614, "Dmitry Shabala", "http://cs1209.userapi.com/u11116614/b_1b620100.jpg", 0],
]

CLOSED, CLOSED_BUT_FRIEND_OF_PAVEL, DELETED, BANNED, BLOCKS_PAVEL, BLOCKED_BY_PAVEL = 301, 308, 304, 305, 306, 307
NOBODY = 777_777_777
HUGE = 10**18


def part(start: int, stop: int) -> dict[str, Any]:
    return {"from": start, "to": stop}


def test_friends_of_somebody_else(pavel: Program, nikolay: Program) -> None:
    assert pavel.get("friends", id=6) == FRIENDS_OF_NIKOLAY
    assert nikolay.get("friends") == FRIENDS_OF_NIKOLAY


def test_no_id_means_the_viewer(nikolay: Program) -> None:
    for own in ({}, {"id": 0}, {"id": -1}, {"id": ""}, {"id": "abc"}, {"id": "6\u200b"}):
        assert nikolay.get("friends", **own) == FRIENDS_OF_NIKOLAY, own


def test_all_friends_by_ascending_id_when_no_window_is_given(pavel: Program) -> None:
    ids = [row[0] for row in pavel.get("friends")]
    assert len(ids) == 349
    assert ids == sorted(set(ids))


def test_windows(pavel: Program) -> None:
    for window, rows in (
        (part(0, 2), FRIENDS_OF_NIKOLAY[:2]),
        (part(7, 9), FRIENDS_OF_NIKOLAY[7:]),
        ({"from": 7}, FRIENDS_OF_NIKOLAY[7:]),
        ({"to": 3}, FRIENDS_OF_NIKOLAY[:3]),
        (part(8, 100), FRIENDS_OF_NIKOLAY[8:]),
        (part(9, 12), []),
        (part(100, 200), []),
        (part(0, 0), []),
        (part(4, 4), []),
        (part(5, 2), []),
        (part(-3, 1), FRIENDS_OF_NIKOLAY[:1]),
        (part(0, -1), []),
        (part(0, HUGE), FRIENDS_OF_NIKOLAY),
    ):
        assert pavel.get("friends", id=6, **window) == rows, window


def test_windows_that_begin_further_than_any_list_reaches(pavel: Program) -> None:
    assert pavel.get("friends", id=6, **part(HUGE, HUGE)) == []
    assert pavel.get("friends", id=6, **part(HUGE, HUGE + 1)) == []


@pytest.mark.parametrize("act", ["friends_online", "friends_mutual", "friends_new"])
def test_windows_of_the_other_lists(pavel: Program, act: str) -> None:
    everything = pavel.get(act)
    assert pavel.get(act, **part(1, 3)) == everything[1:3]
    assert pavel.get(act, **part(3, 1)) == pavel.get(act, **part(0, 0)) == []
    assert pavel.get(act, **part(len(everything) - 1, HUGE)) == everything[-1:]


def test_online_and_mutual_friends(pavel: Program) -> None:
    assert pavel.get("friends_online", id=6) == [ILYA]
    shared = [row for row in FRIENDS_OF_NIKOLAY if row[0] not in (5, 309)]
    assert pavel.get("friends_mutual", id=6) == shared
    assert pavel.get("friends_mutual") == pavel.get("friends")
    assert pavel.get("friends_online") == [row for row in pavel.get("friends") if row[3] == 1]


@pytest.mark.parametrize("act", ["friends", "friends_online", "friends_mutual"])
def test_hidden_and_unknown_lists_are_empty(pavel: Program, act: str) -> None:
    for hidden in (CLOSED, DELETED, BANNED, BLOCKS_PAVEL, NOBODY):
        assert pavel.get(act, id=hidden) == [], hidden


def test_an_id_too_long_for_anybody_is_nobodys(pavel: Program) -> None:
    assert pavel.get("friends", id=HUGE) == pavel.get("friends", id=NOBODY) == []


def test_a_closed_page_is_open_to_friends_alone(pavel: Program, nikolay: Program) -> None:
    assert pavel.get("friends", id=CLOSED_BUT_FRIEND_OF_PAVEL)[0] == PAVEL
    assert pavel.get("friends_mutual", id=CLOSED_BUT_FRIEND_OF_PAVEL)[0] == [197, "Maxim Belov", "0", 0]
    assert nikolay.get("friends", id=CLOSED_BUT_FRIEND_OF_PAVEL) == []
    assert nikolay.get("friends_mutual", id=CLOSED_BUT_FRIEND_OF_PAVEL) == []


def test_requests_are_the_viewers_own_and_the_newest_comes_first(pavel: Program, nikolay: Program) -> None:
    assert pavel.get("friends_new", id=6, **part(0, 2)) == REQUESTS
    assert len(pavel.get("friends_new")) == 300
    assert nikolay.get("friends_new", id=1) == []


def test_requests_have_three_places_in_2008(make_gateway: MakeGateway) -> None:
    old = Program(make_gateway(dialect="2008")).log_in()
    assert old.get("friends_new", **part(0, 2)) == [row[:3] for row in REQUESTS]
    assert old.get("friends", id=6) == FRIENDS_OF_NIKOLAY


def test_asking_accepting_and_ending(pavel: Program, nikolay: Program) -> None:
    assert pavel.get("add_friend", id=6) == {"ok": 1}
    assert pavel.get("add_friend", id=6) == {"ok": 1}, "asked again"
    assert nikolay.get("friends_new") == [PAVEL]
    assert nikolay.get("history") == {"nm": 0, "nf": 1, "nph": 0}
    assert nikolay.get("add_friend", id=1) == {"ok": 3}
    assert nikolay.get("add_friend", id=1) == {"ok": 2}
    assert pavel.get("add_friend", id=6) == {"ok": 2}
    assert nikolay.get("friends") == [PAVEL, *FRIENDS_OF_NIKOLAY]
    assert NIKOLAY in pavel.get("friends")
    assert nikolay.get("friends_new") == []
    assert pavel.get("del_friend", id=6) == {"ok": 0}
    assert nikolay.get("friends") == FRIENDS_OF_NIKOLAY
    assert NIKOLAY not in pavel.get("friends")


def test_rejecting_a_request(pavel: Program, nikolay: Program, on_backend: OnBackend) -> None:
    pavel.get("add_friend", id=6)
    assert nikolay.get("del_friend", id=1) == {"ok": 4}
    assert nikolay.get("friends_new") == []
    assert nikolay.get("friends") == FRIENDS_OF_NIKOLAY
    left = on_backend(1, openvk=3)  # which knows no rejection: the request is only hidden, and can be accepted
    assert nikolay.get("add_friend", id=1) == {"ok": left}, "nothing is left to accept"


def test_taking_a_request_back(pavel: Program, nikolay: Program, on_backend: OnBackend) -> None:
    pavel.get("add_friend", id=6)
    code, asking = on_backend((0, []), openvk=(-3, [PAVEL]))  # which lets nobody take a request back
    assert pavel.get("del_friend", id=6) == {"ok": code}
    assert nikolay.get("friends_new") == asking


def test_ending_what_is_no_friendship(pavel: Program) -> None:
    """ok 0: "user with specified id and current user are no longer friends", which is true already."""
    assert pavel.get("del_friend", id=10) == {"ok": 0}
    assert pavel.get("del_friend", id=10) == {"ok": 0}
    assert pavel.get("del_friend", id=6) == {"ok": 0}, "never was one"


def test_former_friends_do_not_ask(pavel: Program) -> None:
    asking = pavel.get("friends_new")
    assert pavel.get("del_friend", id=10) == {"ok": 0}
    assert pavel.get("friends_new") == asking
    assert pavel.get("history") == {"nm": 0, "nf": 300, "nph": 2}


def test_who_cannot_be_asked(pavel: Program, on_backend: OnBackend) -> None:
    before = pavel.get("friends")
    codes = {BLOCKS_PAVEL: -3, BLOCKED_BY_PAVEL: -3, DELETED: 0, BANNED: 0, NOBODY: 0, 1: 0}
    codes |= on_backend({}, openvk=dict.fromkeys((BLOCKS_PAVEL, BLOCKED_BY_PAVEL, BANNED), 1))  # all can be asked there
    assert {user_id: pavel.get("add_friend", id=user_id) for user_id in codes} == {
        user_id: {"ok": ok} for user_id, ok in codes.items()
    }
    assert pavel.get("friends") == before
    assert len(pavel.get("friends_new")) == 300


@pytest.mark.parametrize("act", ["add_friend", "del_friend"])
def test_editing_needs_an_id(pavel: Program, act: str) -> None:
    before = pavel.get("friends")
    for target in ({}, {"id": 0}, {"id": -1}, {"id": "abc"}, {"id": HUGE}):
        assert pavel.get(act, **target) == {"ok": 0}, target
    assert pavel.get("friends") == before


def test_the_counter_falls_with_the_answer_and_not_a_period_later(make_gateway: MakeGateway) -> None:
    pavel = Program(make_gateway(refresh_seconds=3600)).log_in()
    assert pavel.get("history") == {"nm": 0, "nf": 300, "nph": 2}
    assert pavel.get("add_friend", id=19224971) == {"ok": 3}
    assert pavel.get("history") == {"nm": 0, "nf": 299, "nph": 2}
    assert pavel.get("del_friend", id=11116614) == {"ok": 4}
    assert pavel.get("history") == {"nm": 0, "nf": 298, "nph": 2}
