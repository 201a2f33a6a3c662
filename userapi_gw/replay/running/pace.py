"""When the next request is due."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

AS_FAST_AS_POSSIBLE = 0.0


@dataclass
class Pace:
    """Keeps the recorded distances, `speed` times faster (0: does not), at most `rate` requests per second (0: all).

    Requests whose time is not known, or which are late, are due at once.
    """

    speed: float = AS_FAST_AS_POSSIBLE
    rate: float = 0.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _start: tuple[float, float] | None = field(default=None, init=False)
    _next: float = field(default=0.0, init=False)

    def wait(self, began: float | None) -> None:
        """Wait until a request that began then (unix seconds) is due."""
        now = self.clock()
        due = max(self._recorded(began, now), self._next)
        if due > now:
            self.sleep(due - now)
        if self.rate:
            self._next = max(due, now) + 1 / self.rate

    def _recorded(self, began: float | None, now: float) -> float:
        if began is None or not self.speed:
            return now
        if self._start is None:
            self._start = began, now
        return self._start[1] + (began - self._start[0]) / self.speed
