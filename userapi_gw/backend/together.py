"""Several reading functions at the same time, so that an answer of many calls takes no longer than the slowest call.

The functions run in threads. Where the server has `execute`, the calls they make at the same time go to it as one: see
`batch`. Everything is done once, in the order in which it was written, as if one function ran after the other.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import cache
from typing import Any

from userapi_gw.backend.batch import Batch, Caller

MOST_THREADS = 32
"""Threads of a process for this; when all are busy, whoever waits does the work himself."""

_batch: ContextVar[Batch | None] = ContextVar("batch", default=None)


@cache
def _pool() -> ThreadPoolExecutor:
    """Made when first used: threads do not survive a fork."""
    return ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="together")


def together(*functions: Callable[[], Any]) -> list[Any]:
    """Run functions side by side and return what they return, in order; they may call this, too.

    When some raise, the exception of the first of them is raised, after all have ended. Deadlines and other context
    variables are theirs as they are the caller's.
    """
    if len(functions) < 2:
        return [function() for function in functions]
    with _common_batch(len(functions)) as batch:
        run = [_running(function, batch) for function in functions]
        futures = [_pool().submit(copy_context().run, one) for one in run[1:]]
        outcomes = [run[0](), *(_outcome(future, one) for future, one in zip(futures, run[1:], strict=True))]
    for _, error in outcomes:
        if error is not None:
            raise error
    return [result for result, _ in outcomes]


def ask_with_others(caller: Caller, method: str, parameters: dict[str, Any]) -> Any:
    """Make a reading call, as one with those that are made at the same time; raises what `caller.ask` does."""
    batch = _batch.get()
    return caller.ask(method, parameters) if batch is None else batch.ask(caller, method, parameters)


_Outcome = tuple[Any, BaseException | None]


@contextmanager
def _common_batch(count: int) -> Iterator[Batch]:
    """The batch of all that is under way for one request; the thread that waits for `count` others asks nothing."""
    batch = _batch.get()
    if batch is not None:
        batch.expect(count - 1)
        try:
            yield batch
        finally:
            batch.expect(1)
        return
    batch = Batch(count)
    token = _batch.set(batch)
    try:
        yield batch
    finally:
        _batch.reset(token)


def _running(function: Callable[[], Any], batch: Batch) -> Callable[[], _Outcome]:
    def run() -> _Outcome:
        try:
            return function(), None
        except BaseException as error:
            return None, error
        finally:
            batch.expect(-1)

    return run


def _outcome(future: "Future[_Outcome]", run: Callable[[], _Outcome]) -> _Outcome:
    """Wait for a function, or run it here if no thread was free: so threads that wait for threads are never stuck."""
    return run() if future.cancel() else future.result()
