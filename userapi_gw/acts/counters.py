"""The three counters of `act=history`, remembered for a moment so that a poll costs no backend call."""

from threading import Condition

from cachetools import TTLCache, cached

from userapi_gw.acts.pace import Pace
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Counters


def _counters(backend: Backend) -> Counters:
    return backend.counters()


LEISURE = 20
"""How many times their usual age counters may have while more programs poll than the backend should be asked for."""


class CounterCache:
    """Counters of the viewers who poll. Shared by the threads of a process.

    They are at most `period` seconds old; `LEISURE` times that while `pace` lets nobody ask the backend for newer ones.
    """

    def __init__(self, period: float, pace: Pace) -> None:
        self._pace = pace
        self._known: TTLCache[int, Counters] = TTLCache(maxsize=10_000, ttl=period)
        self._older: TTLCache[int, Counters] = TTLCache(maxsize=10_000, ttl=period * LEISURE)
        self._condition = Condition()
        self._ask = cached(self._known, key=lambda backend: backend.viewer, condition=self._condition)(_counters)

    def of(self, backend: Backend) -> Counters:
        """The counters of the viewer of `backend`; threads that want the same ones at once share one call."""
        with self._condition:
            known = self._older.get(backend.viewer)
            is_old = backend.viewer not in self._known
        if known is not None and is_old and not self._pace.allows():
            return known
        found = self._ask(backend)
        if is_old:
            with self._condition:
                self._older[backend.viewer] = found
        return found

    def renew(self, backend: Backend) -> None:
        """Ask the backend at once: something happened to the viewer of `backend`, who will want to know."""
        counters = backend.counters()
        with self._condition:
            self._known[backend.viewer] = self._older[backend.viewer] = counters

    def forget(self, viewer: int) -> None:
        """Ask the backend again next time: the viewer changed what is counted."""
        with self._condition:
            self._known.pop(viewer, None)
            self._older.pop(viewer, None)
