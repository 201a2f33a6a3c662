"""A short memory of sessions, so that a program that polls costs no SQL."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from threading import Lock

from cachetools import LRUCache

_SESSIONS = 10_000


@dataclass(frozen=True, slots=True)
class Session:
    """Who sent a request: the viewer, the backend token to act with, the site the sid was given to, and the grant.

    `rights` is VK's bit mask of what the token may do, None where nobody said.
    """

    viewer: int
    token: str = field(repr=False)
    site: int
    grant_id: int
    rights: int | None = None


class SessionCache:
    """Believes a session for `lifetime` seconds. Safe for threads."""

    def __init__(self, clock: Callable[[], float], lifetime: float) -> None:
        self._clock, self._lifetime = clock, lifetime
        self._lock = Lock()
        self._sessions: LRUCache[str, tuple[float, Session]] = LRUCache(_SESSIONS)
        self._generation = 0

    def get(self, key: str) -> Session | None:
        """Return what was put under `key` less than a lifetime ago."""
        with self._lock:
            put_at, session = self._sessions.get(key, (0.0, None))
        # cachetools.TTLCache would believe for hours after the clock was set back.
        return session if 0 <= self._clock() - put_at < self._lifetime else None

    def generation(self) -> int:
        """Return a number to ask for before reading the database, and to hand to `put` with what was read."""
        with self._lock:
            return self._generation

    def put(self, key: str, session: Session, generation: int) -> None:
        """Remember a session, unless something was forgotten since `generation`: it may have been this one."""
        with self._lock:
            if generation == self._generation:
                self._sessions[key] = (self._clock(), session)

    def forget(self, grant_ids: Collection[int]) -> None:
        """Drop all sessions of these grants."""
        with self._lock:
            self._generation += 1
            for key in [key for key, (_, session) in self._sessions.items() if session.grant_id in grant_ids]:
                del self._sessions[key]
