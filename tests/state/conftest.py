"""A state on a real database, with a clock that stands still until told otherwise."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.databases import TestDatabase
from userapi_gw.state import State, open_state

Open = Callable[..., State]

SECRET_KEY = "correct horse battery staple"
SOME_MONDAY = 1_800_000_000.0  # a moment in epoch 993


@dataclass
class Clock:
    now: float = SOME_MONDAY

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_again(database: TestDatabase, clock: Clock) -> Iterator[Open]:
    """Opens the same database once more, as another process would."""
    opened = []

    def open_one(secret_key: str = SECRET_KEY, **policy: Any) -> State:
        opened.append(open_state(database.url, secret_key, clock=clock, **policy))
        return opened[-1]

    yield open_one
    for state in opened:
        state.close()


@pytest.fixture
def state(open_again: Open) -> State:
    return open_again()
