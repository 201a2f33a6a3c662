"""Flood counts: windows, several subjects, several processes."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from tests.databases import TestDatabase
from tests.state.conftest import SECRET_KEY, SOME_MONDAY
from userapi_gw.state import State, open_state


def test_a_window_begins_with_its_first_request(state: State, clock: Any) -> None:
    assert [state.limits.take("add_wall", 60, {"me": 2}) for _ in range(3)] == [True, True, False]
    clock.now += 59
    assert not state.limits.take("add_wall", 60, {"me": 2})
    clock.now += 1
    assert [state.limits.take("add_wall", 60, {"me": 2}) for _ in range(3)] == [True, True, False]


def test_asking_on_does_not_keep_anybody_out(state: State, clock: Any) -> None:
    assert state.limits.take("add_wall", 60, {"me": 1})
    for _ in range(6):
        assert not state.limits.take("add_wall", 60, {"me": 1})
        clock.now += 10
    assert state.limits.take("add_wall", 60, {"me": 1})


def test_groups_and_subjects_are_counted_apart(state: State) -> None:
    assert state.limits.take("add_wall", 60, {"me": 1})
    assert state.limits.take("del_wall", 60, {"me": 1})
    assert state.limits.take("add_wall", 60, {"you": 1})
    assert not state.limits.take("add_wall", 60, {"me": 1})


def test_what_one_limit_refuses_is_not_counted_for_the_other(state: State) -> None:
    both = {"account": 1, "address": 3}
    assert [state.limits.take("add_wall", 60, both) for _ in range(9)] == [True] + [False] * 8
    assert [state.limits.take("add_wall", 60, {"address": 3}) for _ in range(3)] == [True, True, False]


def test_the_other_limit_counts_too(state: State) -> None:
    accounts = [state.limits.take("add_wall", 60, {f"account {i}": 1, "address": 3}) for i in range(4)]
    assert accounts == [True, True, True, False]


def test_one_request_may_stand_for_several(state: State) -> None:
    taken = [state.limits.take("upload", 60, {"account": 8, "address": 80}, times) for times in (9, 6, 3, 2, 1)]
    assert taken == [False, True, False, True, False]


def test_asking_for_room_counts_nothing(state: State, clock: Any) -> None:
    most = {"account": 1, "address": 2}
    assert [state.limits.has_room("register", most) for _ in range(3)] == [True] * 3
    assert state.limits.take("register", 60, most)
    assert [state.limits.has_room("register", one) for one in (most, {"address": 2}, {"account": 2})] == [
        False,
        True,
        True,
    ]
    clock.now += 60
    assert state.limits.has_room("register", most)


def test_windows_that_have_ended_are_thrown_out(state: State, clock: Any) -> None:
    for number in range(5):
        state.limits.take("add_wall", 60, {str(number): 1})
    clock.now += 3600
    state.limits.take("add_wall", 60, {"last": 1})
    with state._database.read() as connection:
        assert connection.execute(text("SELECT count, ends_at FROM flood_counts")).all() == [(1, SOME_MONDAY + 3660)]


def test_no_request_is_lost_between_threads(open_again: Callable[..., State]) -> None:
    workers = [open_again() for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda i: workers[i % 2].limits.take("add_wall", 60, {"me": 20}), range(60)))
    assert taken.count(True) == 20


def take_thirty(url: str) -> int:
    state = open_state(url, SECRET_KEY, clock=lambda: SOME_MONDAY)
    try:
        return [state.limits.take("add_wall", 60, {"me": 25}) for _ in range(30)].count(True)
    finally:
        state.close()


def test_limits_hold_across_processes(database: TestDatabase) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert sum(pool.map(take_thirty, [database.url] * 2, chunksize=1)) == 25


@pytest.mark.parametrize("subject", ["", "\0", "\ud83d", "x" * 10**6])
def test_any_text_is_a_subject(state: State, subject: str) -> None:
    assert [state.limits.take("add_wall", 60, {subject: 1}) for _ in range(2)] == [True, False]


def test_subjects_are_not_stored(state: State, database: TestDatabase) -> None:
    state.limits.take("add_wall", 60, {"address 192.0.2.77": 1})
    stored = database.stored()
    assert b"flood_counts" in stored
    assert b"192.0.2.77" not in stored
