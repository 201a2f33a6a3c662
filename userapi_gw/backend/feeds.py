"""What a server has no feed of, as far as its answers have told."""

from threading import Lock

from cachetools import TTLCache

RELEARN = 3600
"""Seconds after which a feed is asked for again: servers are upgraded, and people log in with more rights."""

EVERYBODY = 0


class Feeds:
    """Remembers refusals of the feeds of one server. Safe to share between threads."""

    def __init__(self) -> None:
        self._lacking: TTLCache[tuple[str, int], bool] = TTLCache(maxsize=10_000, ttl=RELEARN)
        self._lock = Lock()

    def has(self, kind: str, viewer: int) -> bool:
        """Tell whether a feed may be asked for: nothing speaks against it."""
        with self._lock:
            return (kind, EVERYBODY) not in self._lacking and (kind, viewer) not in self._lacking

    def lack(self, kind: str, viewer: int) -> None:
        """Remember that the server has no such feed for a viewer, or for `EVERYBODY`."""
        with self._lock:
            self._lacking[kind, viewer] = True
