"""Own paths of pictures that were made and remembered lately."""

import time
from collections.abc import Mapping
from threading import Lock
from typing import Any

MOST_NAMES = 50_000
REMINDER_SECONDS = 3600
"""After so long the addresses on the disk are written again, lest they be thrown out as forgotten ones."""

Paths = tuple[str, ...]
"""Own paths of one picture in several sizes; none where no address is a media host's."""


class Names:
    """Own paths by owner, letters and backend's addresses. Safe for threads.

    A list of a hundred people asks a hundred times, so this is a plain dictionary, begun anew when it is full or old.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Paths] = {}
        self._since, self._lock = time.monotonic(), Lock()

    def get(self, name: tuple[Any, ...]) -> Paths | None:
        """Return the paths for an owner, the letters of the sizes, and the address of each, if they are known."""
        return self._known.get(name)

    def keep(self, names: Mapping[tuple[Any, ...], Paths]) -> None:
        """Know these names, whose addresses the store remembers, for at most `REMINDER_SECONDS`."""
        with self._lock:
            if len(self._known) > MOST_NAMES or time.monotonic() - self._since > REMINDER_SECONDS:
                self._known.clear()
                self._since = time.monotonic()
            self._known.update(names)
