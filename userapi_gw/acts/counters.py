"""The three counters of `act=history`, remembered for a moment so that a poll costs no backend call."""

from threading import Condition

from cachetools import TTLCache, cached

from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Counters


def _counters(backend: Backend) -> Counters:
    return backend.counters()


class CounterCache:
    """Counters of the viewers who poll, each at most `period` seconds old. Shared by the threads of a process."""

    def __init__(self, period: float) -> None:
        self._known: TTLCache[int, Counters] = TTLCache(maxsize=10_000, ttl=period)
        self._condition = Condition()
        self._ask = cached(self._known, key=lambda backend: backend.viewer, condition=self._condition)(_counters)

    def of(self, backend: Backend) -> Counters:
        """The counters of the viewer of `backend`; threads that want the same ones at once share one call."""
        return self._ask(backend)

    def forget(self, viewer: int) -> None:
        """Ask the backend again next time: the viewer changed what is counted."""
        with self._condition:
            self._known.pop(viewer, None)
