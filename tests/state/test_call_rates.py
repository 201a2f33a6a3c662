"""Turns for calls: never more than so many within a second, counted for all processes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.databases import TestDatabase
from tests.state.conftest import Clock
from userapi_gw.state import State


def test_within_any_second_are_only_so_many(state: State, clock: Clock) -> None:
    waits = [state.call_rates.reserve(3, "token", 10) for _ in range(7)]
    assert waits == [0, 0, 0, 1, 1, 1, 2]
    clock.now += 1.5
    assert [state.call_rates.reserve(3, "token", 10) for _ in range(3)] == [0.5, 0.5, 1.5]
    clock.now += 100
    assert state.call_rates.reserve(3, "token", 10) == 0


def test_tokens_do_not_wait_for_each_other(state: State) -> None:
    assert [state.call_rates.reserve(1, token, 10) for token in ("a", "b", "", "a")] == [0, 0, 0, 1]


def test_a_turn_nobody_waits_for_is_not_taken(state: State) -> None:
    assert state.call_rates.reserve(1, "token", 10) == 0
    assert [state.call_rates.reserve(1, "token", 0.5) for _ in range(3)] == [None] * 3
    assert state.call_rates.reserve(1, "token", 1) == 1


def test_turns_hold_for_all_processes(open_again: Callable[..., State]) -> None:
    states = [open_again() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        waits = list(pool.map(lambda state: state.call_rates.reserve(3, "token", 10), states * 3))
    assert sorted(wait for wait in waits if wait is not None) == pytest.approx([0] * 3 + [1] * 3 + [2] * 3 + [3] * 3)


def test_a_clock_that_is_put_back_stops_nobody(state: State, clock: Clock) -> None:
    assert [state.call_rates.reserve(1, "token", 10) for _ in range(2)] == [0, 1]
    clock.now -= 3600
    assert [state.call_rates.reserve(1, "token", 10) for _ in range(2)] == [0, 1]


def test_tokens_are_not_stored_and_thrown_out_when_they_are_not_used(
    open_again: Callable[..., State], clock: Clock, database: TestDatabase
) -> None:
    state = open_again(purge_step=10)
    state.call_rates.reserve(1, "very secret token", 10)
    assert b"very secret" not in database.stored()
    clock.now += 20
    state.call_rates.reserve(1, "another", 10)
    with state._database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM call_rates").scalar() == 1
