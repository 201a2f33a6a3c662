"""Counters that are remembered between polls: how old they may be, and when nobody asks for newer ones."""

from typing import Any

import pytest

from userapi_gw.acts.counters import CounterCache
from userapi_gw.acts.pace import Pace
from userapi_gw.backend.model import Counters


class Asked:
    """A viewer's backend whose counters are higher each time."""

    def __init__(self, viewer: int = 1) -> None:
        self.viewer, self.times = viewer, 0

    def counters(self) -> Counters:
        self.times += 1
        return Counters(self.times, 0, 0)


@pytest.fixture
def one() -> Any:
    return Asked()


def of(cache: CounterCache, backend: Any, times: int = 1) -> list[int]:
    return [cache.of(backend).messages for _ in range(times)]


def test_they_are_asked_for_once_in_a_period(one: Any) -> None:
    cache = CounterCache(60, Pace(1000))
    assert of(cache, one, 3) == [1, 1, 1]
    cache.renew(one)
    assert of(cache, one) == [2]
    cache.forget(one.viewer)
    assert of(cache, one) == [3]


def test_they_are_older_while_more_poll_than_the_backend_should_be_asked_for(one: Any) -> None:
    cache = CounterCache(1e-9, Pace(2, clock=lambda: 0.0))
    cache._older = {}  # type: ignore[assignment]
    assert of(cache, one, 5) == [1, 2, 3, 3, 3]  # the first because there were none, two within the pace
    assert of(cache, Asked(2)) == [1]
    cache.forget(one.viewer)
    assert of(cache, one, 2) == [4, 4]


def test_without_a_period_they_are_always_asked_for(one: Any) -> None:
    assert of(CounterCache(0, Pace(0.1)), one, 4) == [1, 2, 3, 4]
