"""A circuit breaker: a server that does not answer is left alone for a moment, and its callers need not wait for it.

Libraries were looked at: they hold a lock during the calls (pybreaker) or let everybody try at once afterwards.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self

from userapi_gw.errors import Failure, NoAnswer

log = logging.getLogger(__name__)

FAILURES = 5
WINDOW = 60.0
PAUSE = 1.0


class Breaker:
    """Surrounds calls: `with breaker: ...`. Shared by the threads of a process.

    After `failures` calls without an answer (`NoAnswer`) and none with one, within `window` seconds, all calls fail at
    once. Then, every `pause` seconds, one caller makes the `trial`, which tells whether the server answers again.
    """

    def __init__(
        self,
        trial: Callable[[], bool],
        *,
        failures: int = FAILURES,
        window: float = WINDOW,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.pause = pause
        self._trial, self._window, self._clock = trial, window, clock
        self._failed_at: deque[float] = deque(maxlen=failures)
        self._next_trial: float | None = None  # None: closed, calls go through
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raise `NoAnswer` while calls fail at once and it is not time for a trial."""
        next_trial = self._next_trial
        if next_trial is not None and self._clock() < next_trial:
            raise NoAnswer("did not answer lately", sent=False, is_news=False)

    def __enter__(self) -> Self:
        """Let a call through, or raise `NoAnswer`."""
        if self._next_trial is not None:
            self._try()
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        if isinstance(error, NoAnswer):
            self._failed()
        elif self._failed_at and (error is None or isinstance(error, Failure)):
            self.close()

    def close(self) -> None:
        """The server answers: let calls through."""
        with self._lock:
            was_open = self._next_trial is not None
            self._failed_at.clear()
            self._next_trial = None
        if was_open:
            log.warning("the backend answers again")

    def _try(self) -> None:
        """Make the trial, as the only one: for all others it is not time yet before it has ended."""
        with self._lock:
            self.check()
            if self._next_trial is None:  # somebody else's trial went well
                return
            self._next_trial = float("inf")
        answers = False
        try:
            answers = self._trial()
        finally:
            if answers:
                self.close()
            else:
                self._open()
        self.check()

    def _failed(self) -> None:
        now = self._clock()
        with self._lock:
            self._failed_at.append(now)
            is_full = len(self._failed_at) == self._failed_at.maxlen
            opens = self._next_trial is None and is_full and now - self._failed_at[0] <= self._window
        if opens:
            log.warning("the backend does not answer: calls fail at once until it does")
            self._open()

    def _open(self) -> None:
        with self._lock:
            self._next_trial = self._clock() + self.pause
