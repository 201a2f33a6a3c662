"""Identical calls that are wanted at the same time are made once."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

from userapi_gw.backend import deadline
from userapi_gw.errors import NoAnswer

Found = TypeVar("Found")


class Flights(Generic[Found]):
    """Shares calls between threads. Nobody gets the answer to a call that began before they asked.

    So what is read after something was noted is never older than the note. Who comes while a call is under way waits
    for the next one, together with all others who do.
    """

    def __init__(self) -> None:
        self._boarding: dict[Hashable, Future[Found]] = {}
        self._under_way: dict[Hashable, Future[Found]] = {}
        self._lock = threading.Lock()

    def share(self, key: Hashable, ask: Callable[[], Found]) -> tuple[Found, bool]:
        """Return what `ask` found for all who want `key`, and whether it was this caller who asked.

        A failure is shared, too. Raises `NoAnswer` when the deadline passes before the others have their answer.
        """
        with self._lock:
            flight, before = self._boarding.get(key), self._under_way.get(key)
            leads = flight is None
            if flight is None:
                flight = self._boarding[key] = Future()
        if leads:
            self._fly(key, flight, before, ask)
        return outcome(flight), leads

    def _fly(
        self, key: Hashable, flight: Future[Found], before: Future[Found] | None, ask: Callable[[], Found]
    ) -> None:
        try:
            if before is not None:
                before.exception(_patience())
        except TimeoutError:
            pass  # `ask` has no time left either and says so
        finally:
            with self._lock:
                del self._boarding[key]
                self._under_way[key] = flight
        try:
            flight.set_result(ask())
        except BaseException as error:
            flight.set_exception(error)
        finally:
            with self._lock:
                if self._under_way.get(key) is flight:
                    del self._under_way[key]


def outcome(flight: "Future[Found]") -> Found:
    """Wait for what another thread finds, as long as there is time; raises `NoAnswer` when it has passed."""
    try:
        return flight.result(_patience())
    except TimeoutError:
        raise NoAnswer("waited for the same call of another thread", sent=False) from None


def _patience() -> float | None:
    left = deadline.left()
    return None if left == float("inf") else left
