"""How many lists a process looks at in a second, whoever polls them."""

import time
from collections.abc import Callable
from threading import Lock


class Pace:
    """Lets `per_second` things through on average, and as many at once after a quiet second. Safe for threads."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._clock, self._lock = per_second, clock, Lock()
        self._left, self._at = max(1.0, per_second), clock()

    def allows(self) -> bool:
        """Take one place; tells whether there was one."""
        with self._lock:
            now = self._clock()
            most = max(1.0, self._per_second)
            self._left, self._at = min(most, self._left + (now - self._at) * self._per_second), now
            if self._left < 1:
                return False
            self._left -= 1
            return True
