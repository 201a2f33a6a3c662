"""A thread that does what waits in the database, so that no request has to wait for it."""

import atexit
import logging
from collections.abc import Callable
from threading import Event, Lock, Thread, current_thread

from userapi_gw.state import is_away

log = logging.getLogger(__name__)

STOP_SECONDS = 1.0
"""How long a stop waits for what is just being done. What takes longer is cut off when the process ends."""
BROKEN_SECONDS = 60.0
"""A worker whose work fails for no known reason pauses for so long."""

Do = Callable[[], bool]
"""Does what is due, or a part of it, and tells whether there was anything: then it is called again at once."""


class Worker:
    """One thread that calls `do` when it is woken, and every `every` seconds for what other processes left to do.

    It begins when it is first started or woken: not before a server forks, whatever server it is. Safe for threads.
    """

    def __init__(self, name: str, do: Do, *, every: float = 2.0) -> None:
        self.name, self._do, self._every = name, do, every
        self._lock, self._wake, self._closed = Lock(), Event(), Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin unless it runs already or was closed."""
        if self._thread is not None or self._closed.is_set():
            return
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self.run, name=self.name, daemon=True)
                self._thread.start()
                atexit.register(self.close)

    def wake(self) -> None:
        """Have it look now: something was added. It is started if it does not run; never waits."""
        self._wake.set()
        self.start()

    @property
    def is_closing(self) -> bool:
        """Tell whether it is to stop: long work looks at this between its parts."""
        return self._closed.is_set()

    def run(self) -> None:
        """Work until `close`, in the thread that calls this."""
        while not self._closed.is_set():
            pause = 0.0 if self._work() else self._every
            if pause:
                self._wake.wait(pause)
            self._wake.clear()

    def close(self) -> None:
        """Stop; waits a second at most for what is just being done. Also for handlers of signals."""
        self._closed.set()
        self._wake.set()
        atexit.unregister(self.close)
        if self._thread is not None and self._thread is not current_thread():
            self._thread.join(STOP_SECONDS)

    def _work(self) -> bool:
        try:
            return self._do()
        except Exception as error:
            if is_away(error):
                log.warning("%s: the database is away", self.name)
            else:
                log.exception("%s: failed", self.name)
                self._closed.wait(BROKEN_SECONDS)
            return False
