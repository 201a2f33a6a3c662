"""Limits on failed logins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.databases import TestDatabase
from userapi_gw.state import State

ME, HOME = "Ann@Sample.org", "192.0.2.1"


def test_five_failures_refuse_the_pair_for_a_minute(state: State, clock: Any) -> None:
    assert state.attempts.allowed(ME, HOME)
    assert [state.attempts.failed(ME, HOME) for _ in range(5)] == [False] * 4 + [True]
    assert not state.attempts.allowed(ME, HOME)
    clock.now += 59
    assert not state.attempts.allowed(ME, HOME)
    clock.now += 1
    assert state.attempts.allowed(ME, HOME)
    assert state.attempts.failed(ME, HOME)
    assert not state.attempts.allowed(ME, HOME)


def test_others_are_not_refused(state: State) -> None:
    for _ in range(5):
        state.attempts.failed(ME, HOME)
    assert state.attempts.allowed("bob@example.org", HOME)
    assert state.attempts.allowed(ME, "192.0.2.2")


def test_the_case_of_an_account_does_not_matter(state: State) -> None:
    for account in (ME, ME.lower(), ME.upper(), f" {ME} ", "Ann@\u017fample.org"):
        state.attempts.failed(account, HOME)
    assert not state.attempts.allowed(ME, HOME)


def test_only_the_last_quarter_of_an_hour_counts(state: State, clock: Any) -> None:
    for _ in range(4):
        state.attempts.failed(ME, HOME)
        clock.now += 300
    assert not state.attempts.failed(ME, HOME)  # the fourth within 15 minutes
    assert state.attempts.allowed(ME, HOME)


def test_many_accounts_from_one_address_are_refused(state: State, clock: Any) -> None:
    assert [state.attempts.failed(f"{i}@example.org", HOME) for i in range(200)] == [False] * 199 + [True]
    assert not state.attempts.allowed("new@example.org", HOME)
    assert state.attempts.allowed("new@example.org", "192.0.2.2")
    clock.now += 60
    assert state.attempts.allowed("new@example.org", HOME)


def test_success_clears_the_account_but_not_the_address(open_again: Callable[..., State]) -> None:
    attempts = open_again(login_failures_per_account=2, login_failures_per_address=3).attempts
    attempts.failed("bob@example.org", HOME)
    attempts.failed("eve@example.org", HOME)
    attempts.failed(ME, HOME)
    assert not attempts.allowed(ME, HOME)
    attempts.succeeded(ME.upper(), HOME)
    assert attempts.allowed(ME, HOME)
    assert attempts.failed("bob@example.org", HOME)


def test_no_failure_is_lost_between_threads_and_processes(open_again: Callable[..., State]) -> None:
    workers = [open_again(login_failures_per_account=40) for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        reached = list(pool.map(lambda i: workers[i % 2].attempts.failed(ME, HOME), range(40)))
    assert not workers[0].attempts.failed("bob@example.org", "192.0.2.2")
    assert True in reached
    assert not workers[0].attempts.allowed(ME, HOME)


def test_limits_survive_a_restart(state: State, open_again: Callable[..., State]) -> None:
    for _ in range(5):
        state.attempts.failed(ME, HOME)
    state.close()
    assert not open_again().attempts.allowed(ME, HOME)


@pytest.mark.parametrize("account", ["", "\0", "\ud83d", "x" * 10**6])
def test_any_text_is_an_account(state: State, account: str) -> None:
    assert [state.attempts.failed(account, HOME) for _ in range(5)] == [False] * 4 + [True]


def test_addresses_are_not_stored(state: State, database: TestDatabase) -> None:
    state.attempts.failed(ME, HOME)
    stored = database.stored()
    assert b"login_failures" in stored
    assert ME.lower().encode() not in stored.lower()
    assert HOME.encode() not in stored
