"""Functions side by side: order, exceptions, context, and more of them than there are threads."""

import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest

from userapi_gw.backend.together import MOST_THREADS, together


def gives(value: Any) -> Callable[[], Any]:
    return lambda: value


def raises(error: Exception) -> Callable[[], Any]:
    def run() -> Any:
        raise error

    return run


def test_results_come_in_the_order_of_the_functions() -> None:
    first_may_end = threading.Event()

    def first() -> int:
        assert first_may_end.wait(5)
        return 1

    def second() -> int:
        first_may_end.set()
        return 2

    assert together(first, second, gives(3)) == [1, 2, 3]
    assert together(gives(1)) == [1]
    assert together() == []


def test_the_first_exception_is_raised_after_all_have_ended() -> None:
    ended: list[str] = []
    with pytest.raises(ValueError, match="first"):
        together(gives(1), raises(ValueError("first")), raises(KeyError("second")), lambda: ended.append("last"))
    assert ended == ["last"]


def test_context_variables_are_those_of_the_caller() -> None:
    deadline: ContextVar[int] = ContextVar("deadline")
    deadline.set(7)
    assert together(deadline.get, deadline.get, lambda: together(deadline.get, deadline.get)) == [7, 7, [7, 7]]


def test_functions_that_wait_for_functions_are_never_stuck() -> None:
    inner = [gives(number) for number in range(5)]
    outer = [lambda: together(*inner)] * (MOST_THREADS * 3)
    assert together(*outer) == [[0, 1, 2, 3, 4]] * len(outer)
