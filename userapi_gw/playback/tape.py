"""Which recorded answer is next."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from userapi_gw.playback.index import NAME, act_of, session_of
from userapi_gw.replay.counts import Counts, connect
from userapi_gw.replay.exchange import Exchange, Headers
from userapi_gw.replay.request_key import request_key, telling

ANY_SESSION = b"*"
MOST_CONSIDERED = 2000
"""So many requests of an act are looked at for the nearest one."""
HITS, MISSES = "hits", "misses"

_ANSWER = "SELECT number, status, headers, back, body FROM answers WHERE key = ?"


class Recorded(NamedTuple):
    """An answer of the capture; `back` is the name its request asked for, `number` its place in the capture."""

    number: int
    status: int
    headers: Headers
    back: str
    body: bytes


class Nearest(NamedTuple):
    """A recorded request, and the parameters it was sent with."""

    number: int
    sent: dict[str, str]


class Tally(NamedTuple):
    """How many requests were answered from the capture, how many were not, and how often for which reason."""

    hits: int
    misses: int
    missed: dict[str, int]


class Tape:
    """The index in `folder`, which `prepare` has made. All methods raise sqlite3.Error when it cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._lock, self._database = Lock(), connect(folder / NAME)
        self._counts = Counts(self._database)

    def next(self, exchange: Exchange) -> Recorded | None:
        """Return the answer to a request: the k-th to the k-th such request, then the last one again and again.

        A session's own answers are given when its sid was recorded with this request, else all there are, in order.
        """
        key, session = request_key(exchange.path, telling(exchange)), session_of(exchange)
        with self._turn() as database:
            own = database.execute(f"{_ANSWER} AND session = ? LIMIT 1", (key, session)).fetchone()
            found = self._following(key, session if own else ANY_SESSION)
            if found:
                self._counts.add(HITS)
        return found

    def _following(self, key: bytes, session: bytes) -> Recorded | None:
        where, values = (_ANSWER, (key,)) if session == ANY_SESSION else (f"{_ANSWER} AND session = ?", (key, session))
        last = self._database.execute("SELECT number FROM given WHERE key = ? AND session = ?", (key, session))
        (number,) = last.fetchone() or (0,)
        row = self._database.execute(f"{where} AND number > ? ORDER BY number LIMIT 1", (*values, number)).fetchone()
        row = row or self._database.execute(f"{where} ORDER BY number DESC LIMIT 1", values).fetchone()
        if row is None:
            return None
        number, status, headers, back, body = row
        self._database.execute("INSERT OR REPLACE INTO given VALUES (?, ?, ?)", (key, session, number))
        return Recorded(number, status, tuple((name, value) for name, value in json.loads(headers)), back, body)

    def nearest(self, exchange: Exchange) -> Nearest | None:
        """Return the recorded request for the same act with the fewest parameters that differ, if there is any."""
        query = "SELECT number, sent FROM requests WHERE act = ? ORDER BY number LIMIT ?"
        with self._lock:
            rows = self._database.execute(query, (act_of(exchange), MOST_CONSIDERED)).fetchall()
        asked = telling(exchange).items()
        candidates = (Nearest(number, json.loads(sent)) for number, sent in rows)
        return min(candidates, key=lambda one: len({name for name, _ in asked ^ one.sent.items()}), default=None)

    def missed(self, told: str) -> None:
        """Count a request that was not recorded, by what is told of it."""
        with self._turn():
            self._counts.add(MISSES)
            self._counts.add_kind(told)

    def tally(self) -> Tally:
        """Return what was counted since the beginning."""
        with self._lock:
            return Tally(**self._counts.of(HITS, MISSES), missed=self._counts.kinds())

    def rewind(self) -> None:
        """Go to the beginning of the capture and forget what was counted."""
        with self._turn() as database:
            database.execute("DELETE FROM given")
            self._counts.clear()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def _turn(self) -> Iterator[sqlite3.Connection]:
        """Wait until no other thread or process changes anything."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            with self._database:  # commits, or takes everything back
                yield self._database
