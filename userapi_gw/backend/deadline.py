"""The time an old program is willing to wait, carried along with the request that is being answered.

A thread that answers a part of a request has to run in a copy of the context (`contextvars.copy_context`), else it
knows no deadline but the one of each call.
"""

import math
import time
from contextvars import ContextVar

_end: ContextVar[float] = ContextVar("end", default=math.inf)


class within:  # noqa: N801 - read as a sentence
    """Give the block at most so many seconds; a deadline that is nearer stays.

    A class, because every request enters one, and `contextmanager` takes five times as long.
    """

    __slots__ = ("_seconds", "_token")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        self._token = _end.set(min(_end.get(), time.monotonic() + self._seconds))

    def __exit__(self, *_: object) -> None:
        _end.reset(self._token)


def end() -> float:
    """Return when the deadline is, by the clock of `time.monotonic`; infinity where there is none."""
    return _end.get()


def left() -> float:
    """Return the seconds until the deadline: 0 when it has passed, infinity where there is none."""
    return max(0.0, _end.get() - time.monotonic())


def sleep(seconds: float) -> bool:
    """Sleep, unless that would take all the time that is left: then return False at once."""
    if seconds >= left():
        return False
    time.sleep(seconds)
    return True
