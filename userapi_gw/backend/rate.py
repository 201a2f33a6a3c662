"""How often a backend lets itself be asked. VK errors 6, 9 and 29."""

import random
import threading
import time
from collections.abc import Callable
from hashlib import sha256

from cachetools import TTLCache

from userapi_gw.backend import deadline
from userapi_gw.errors import Failure, Kind, NoAnswer

TOO_MANY_PER_SECOND = 6
"""VK refused a call because of those before it: it did not happen and may be made again in a moment."""

SOON = (0.35, 0.75)
"""Seconds after which it may be made again, at least and at most: so that threads come back one after the other."""

TOO_MUCH = frozenset({9, 29})
"""VK has seen enough of a kind of call for longer than that, and is not to be asked for more of it."""

MOST_PAUSES = 10_000

Reserve = Callable[[str, float], float | None]
"""Takes a token's next turn, if it comes within so many seconds, and returns how many; else takes none: None."""


def take_turn(reserve: Reserve | None, token: str) -> None:
    """Wait until it is the token's turn; raises `NoAnswer` when that is after the deadline."""
    if reserve is None:
        return
    seconds = reserve(token, deadline.left())
    if seconds is None:
        raise NoAnswer("too many calls with this token", sent=False)
    time.sleep(seconds)


def again_soon() -> bool:
    """Wait for about as long as VK error 6 takes to pass; returns False at once when there is no time for that."""
    return deadline.sleep(random.uniform(*SOON))  # noqa: S311 - no secret


class Pauses:
    """Which tokens the backend has seen enough of: by section (`wall` of `wall.post`), reads and writes apart.

    A pause is `seconds` long. For the threads of one process.
    """

    def __init__(self, seconds: float) -> None:
        self._pausing: TTLCache[bytes, None] = TTLCache(MOST_PAUSES, seconds)
        self._lock = threading.Lock()

    def check(self, token: str, method: str, *, write: bool) -> None:
        """Raise `Failure(FLOOD)` while calls like this one have to pause."""
        if self.last(token, method, write=write):
            raise Failure(Kind.FLOOD, f"{method} has to pause")

    def last(self, token: str, method: str, *, write: bool) -> bool:
        """Tell whether calls like this one have to pause."""
        with self._lock:
            return bool(self._pausing) and _group(token, method, write) in self._pausing

    def begin(self, token: str, method: str, *, write: bool) -> None:
        """Let calls like this one pause from now on."""
        with self._lock:
            self._pausing[_group(token, method, write)] = None


def _group(token: str, method: str, write: bool) -> bytes:
    return sha256(f"{token} {method.partition('.')[0]} {write}".encode(errors="surrogatepass")).digest()
