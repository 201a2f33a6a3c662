"""Which old value stands for which new one: a bijection in each space of values, kept for the whole comparison.

The pairs are kept in a temporary SQLite file, since a long capture holds more ids than should stand in memory.
"""

import sqlite3
from dataclasses import dataclass

from cachetools import LRUCache

REMEMBERED = 50_000
"""So many pairs are looked up without the file."""

_TABLES = (
    "DROP TABLE IF EXISTS pairs",
    "CREATE TABLE pairs (space TEXT, old, new, place TEXT, PRIMARY KEY (space, old)) WITHOUT ROWID",
    "CREATE UNIQUE INDEX pairs_new ON pairs (space, new)",
)
_NEIGHBOURS = (
    "SELECT old, new, place FROM pairs WHERE space = ? AND old < ? AND typeof(new) = 'integer'"
    " ORDER BY old DESC LIMIT 1",
    "SELECT old, new, place FROM pairs WHERE space = ? AND old > ? AND typeof(old) = 'integer'"
    " AND typeof(new) = 'integer' ORDER BY old LIMIT 1",
)
_DISORDER = "comes in another order than with"
LARGEST = 2**63
"""SQLite's numbers end there; greater ones are kept as text."""

Value = int | str


@dataclass(frozen=True, slots=True)
class Conflict:
    """An earlier pair that contradicts a new one: it maps `old` to `new`, and was found at `place`."""

    old: Value
    new: Value
    place: str
    why: str = "stands for"


class Mapping:
    """Pairs of old and new values by space."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        for statement in _TABLES:
            database.execute(statement)
        self._known: LRUCache[tuple[str, Value], Value] = LRUCache(REMEMBERED)

    def pair(self, space: str, old: Value, new: Value, place: str, *, ordered: bool = False) -> Conflict | None:
        """Note that `old` stands for `new`; returns what was noted before and contradicts it, if anything does.

        The first pair stays. With `ordered`, numbers have to stand in the same order on both sides.
        """
        if self._known.get((space, old)) == new:
            return None
        space, place = _text(space), _text(place)
        kept_old, kept_new = _kept(old), _kept(new)
        conflict = self._conflict(space, kept_old, kept_new)
        if conflict is None and ordered and isinstance(kept_old, int) and isinstance(kept_new, int):
            conflict = self._disorder(space, kept_old, kept_new)
        if conflict is None:
            self._database.execute(
                "INSERT OR IGNORE INTO pairs VALUES (?, ?, ?, ?)", (space, kept_old, kept_new, place)
            )
            self._known[space, old] = new
        return conflict

    def _conflict(self, space: str, old: Value, new: Value) -> Conflict | None:
        found = self._database.execute(
            "SELECT old, new, place FROM pairs WHERE space = ? AND old = ? AND new != ?"
            " UNION ALL SELECT old, new, place FROM pairs WHERE space = ? AND new = ? AND old != ?",
            (space, old, new, space, new, old),
        ).fetchone()
        return Conflict(*found) if found else None

    def mostly_differs(self, space: str) -> bool:
        """Tell whether more values of a space stand for another value than for the same one."""
        query = "SELECT coalesce(sum(CASE old WHEN new THEN -1 ELSE 1 END), 0) FROM pairs WHERE space = ?"
        (difference,) = self._database.execute(query, (space,)).fetchone()
        return bool(difference > 0)

    def _disorder(self, space: str, old: int, new: int) -> Conflict | None:
        """Look at the neighbours alone: those farther away are in order with them."""
        below, above = (self._database.execute(query, (space, old)).fetchone() for query in _NEIGHBOURS)
        if below and not below[1] < new:
            return Conflict(below[0], below[1], below[2], _DISORDER)
        if above and not above[1] > new:
            return Conflict(above[0], above[1], above[2], _DISORDER)
        return None


def _kept(value: Value) -> Value:
    if isinstance(value, str):
        return _text(value)
    return value if -LARGEST <= value < LARGEST else str(value)


def _text(text: str) -> str:
    """Return a text that SQLite can keep: JSON may hold half a letter."""
    return text.encode("utf-8", "backslashreplace").decode()
