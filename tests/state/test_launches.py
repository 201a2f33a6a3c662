"""Launches are used once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.databases import TestDatabase
from userapi_gw.state import State

SIGN = "sign-to-look-for"


def test_once_for_each_site_in_any_process(state: State, open_again: Callable[..., State]) -> None:
    assert [state.launches.use(site, SIGN, None) for site in (1, 2, 1)] == [True, True, False]
    assert not open_again().launches.use(1, SIGN, None)


def test_of_many_at_once_one_alone(state: State, open_again: Callable[..., State]) -> None:
    states = [state, open_again()]
    with ThreadPoolExecutor(8) as pool:
        used = list(pool.map(lambda number: states[number % 2].launches.use(1, SIGN, None), range(16)))
    assert used.count(True) == 1


def test_what_is_too_old_by_then_is_forgotten_the_rest_is_not(state: State, clock: Any) -> None:
    state.launches.use(1, "dated", clock.now + 10)
    state.launches.use(1, "undated", None)
    clock.now += 9
    assert not state.launches.use(1, "dated", clock.now + 10)
    clock.now += 10**9
    assert [state.launches.use(1, sign, None) for sign in ("dated", "undated")] == [True, False]


def test_no_signature_is_stored(state: State, database: TestDatabase) -> None:
    state.launches.use(1, SIGN, None)
    assert b"launches" in database.stored()
    assert b"to-look-for" not in database.stored()
