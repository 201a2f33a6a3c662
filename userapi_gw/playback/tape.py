"""Which recorded answer is next."""

import json
import sqlite3
from pathlib import Path
from typing import NamedTuple

from userapi_gw.playback.index import NAME, act_of, session_of
from userapi_gw.replay.counts import Counts
from userapi_gw.replay.exchange import Exchange, Headers
from userapi_gw.replay.request_key import request_key, telling
from userapi_gw.replay.shared_file import SharedFile

ANY_SESSION = b"*"
MOST_CONSIDERED = 2000
"""So many requests of an act are looked at for the nearest one."""
HITS, MISSES = "hits", "misses"

_HAS_OWN = "SELECT 1 FROM answers WHERE key = ? AND session = ? LIMIT 1"
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
        self._file = SharedFile(folder / NAME)

    def next(self, exchange: Exchange) -> Recorded | None:
        """Return the answer to a request: the k-th to the k-th such request, then the last one again and again.

        A session's own answers are given when its sid was recorded with this request, else all there are, in order.
        """
        key, session = request_key(exchange.path, telling(exchange)), session_of(exchange)
        with self._file.reading() as database:  # which takes no turn for what is not there
            if not database.execute("SELECT 1 FROM answers WHERE key = ? LIMIT 1", (key,)).fetchone():
                return None
        with self._file.changing() as database:
            own = database.execute(_HAS_OWN, (key, session)).fetchone()
            found = _following(database, key, session if own else ANY_SESSION)
            Counts(database).add(HITS)
        return found

    def nearest(self, exchange: Exchange) -> Nearest | None:
        """Return the recorded request for the same act with the fewest parameters that differ, if there is any."""
        query = "SELECT number, sent FROM requests WHERE act = ? ORDER BY number LIMIT ?"
        with self._file.reading() as database:
            rows = database.execute(query, (act_of(exchange), MOST_CONSIDERED)).fetchall()
        asked = telling(exchange).items()
        candidates = (Nearest(number, json.loads(sent)) for number, sent in rows)
        return min(candidates, key=lambda one: len({name for name, _ in asked ^ one.sent.items()}), default=None)

    def missed(self, told: str) -> None:
        """Count a request that was not recorded, by what is told of it."""
        with self._file.changing() as database:
            Counts(database).add(MISSES)
            Counts(database).add_kind(told)

    def tally(self) -> Tally:
        """Return what was counted since the beginning."""
        with self._file.reading() as database:
            return Tally(**Counts(database).of(HITS, MISSES), missed=Counts(database).kinds())

    def rewind(self) -> None:
        """Go to the beginning of the capture and forget what was counted."""
        with self._file.changing() as database:
            database.execute("DELETE FROM given")
            Counts(database).clear()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _following(database: sqlite3.Connection, key: bytes, session: bytes) -> Recorded:
    """Return the answer after the one given last; after the last one, that one."""
    where, values = (_ANSWER, (key,)) if session == ANY_SESSION else (f"{_ANSWER} AND session = ?", (key, session))
    last = database.execute("SELECT number FROM given WHERE key = ? AND session = ?", (key, session))
    (number,) = last.fetchone() or (0,)
    row = database.execute(f"{where} AND number > ? ORDER BY number LIMIT 1", (*values, number)).fetchone()
    row = row or database.execute(f"{where} ORDER BY number DESC LIMIT 1", values).fetchone()
    number, status, headers, back, body = row
    database.execute("INSERT OR REPLACE INTO given VALUES (?, ?, ?)", (key, session, number))
    return Recorded(number, status, tuple((name, value) for name, value in json.loads(headers)), back, body)
