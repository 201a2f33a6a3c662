"""What the backend answered last, for the time in which it does not answer."""

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from cachetools import LRUCache, TTLCache

MOST_BYTES = 16 * 1024 * 1024
MOST_VIEWERS = 10_000

Key = tuple[int, bytes]
"""The age of what a viewer knows, and a hash of everything asked, the token included."""


class LastKnown:
    """The answers to reads of the last `seconds` (0: none are kept), `MOST_BYTES` in all.

    Nobody gets what another viewer, or another token of the same viewer, was answered. Whatever a viewer knew is
    forgotten when that viewer changes something: an answer that was asked for before the change is not found after it.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.is_kept = seconds > 0
        self._bodies: TTLCache[Key, bytes] = TTLCache(MOST_BYTES, seconds, timer=clock, getsizeof=len)
        self._ages: LRUCache[int, int] = LRUCache(MOST_VIEWERS)
        self._next_age = itertools.count()
        self._lock = threading.Lock()

    def key(self, viewer: int, path: str, form: Mapping[str, Any]) -> Key:
        """Return the name of what a viewer is about to ask."""
        asked = sha256(repr((viewer, path, sorted(form.items()))).encode(errors="surrogatepass")).digest()
        with self._lock:
            age = self._ages.get(viewer)
            if age is None:
                age = self._ages[viewer] = next(self._next_age)
            return age, asked

    def keep(self, key: Key, body: bytes, *, fresh: bool = False) -> None:
        """Keep an answer that came now.

        What somebody read who is `fresh` is kept in place of an older answer alone: what polls compare, nobody may ever
        want to see, and it would take more room than all else a session needs.
        """
        if self.is_kept and len(body) <= MOST_BYTES:
            with self._lock:
                if not fresh or key in self._bodies:
                    self._bodies[key] = body

    def find(self, key: Key) -> bytes | None:
        """Return the answer last kept, unless it is too old."""
        with self._lock:
            return self._bodies.get(key)

    def forget(self, viewer: int) -> None:
        """Forget all that a viewer knew. The space comes back with time."""
        with self._lock:
            self._ages.pop(viewer, None)
