"""The numbers (VK's `random_id`) of messages of which nobody knows whether they were sent."""

import secrets
import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from cachetools import TTLCache

from userapi_gw.errors import Failure

MOST = 10_000
SECONDS = 600.0
"""How long the next try counts as the same message; VK itself compares for an hour."""


class Unsettled:
    """`random_id` of the messages whose sending failed so that they may have been sent. Safe for threads."""

    def __init__(self) -> None:
        self._numbers: TTLCache[Hashable, int] = TTLCache(MOST, SECONDS)
        self._lock = threading.Lock()

    @contextmanager
    def number(self, letter: Hashable) -> Iterator[int]:
        """Give the block, which sends, the number of `letter`: that of the last try if it may have been sent."""
        with self._lock:
            number = self._numbers.pop(letter, None) or secrets.randbits(31)
        try:
            yield number
        except Failure as failure:
            if failure.uncertain:
                with self._lock:
                    self._numbers[letter] = number
            raise
