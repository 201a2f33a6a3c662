"""Counts that several processes share, in a SQLite file."""

import sqlite3

MOST_KINDS = 200
"""So many kinds are told apart; all later ones are counted together."""
OTHERS = "others"

_KIND = "kind "
_COUNT = "INSERT INTO counts VALUES (?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count"


class Counts:
    """Counts by name, and beside them kinds of something, which come from outside and are therefore bounded."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def prepare(self) -> None:
        """Make the table unless it is there."""
        self._database.execute("CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID")

    def add(self, name: str, more: int = 1) -> None:
        """Count something."""
        self._database.execute(_COUNT, (name, more))

    def add_kind(self, kind: str) -> bool:
        """Count something of a kind; tells whether it is a new one that is told apart."""
        is_known = self._database.execute("SELECT 1 FROM counts WHERE name = ?", (_KIND + kind,)).fetchone() is not None
        (kinds,) = self._database.execute("SELECT count(*) FROM counts").fetchone()
        has_room = kinds < MOST_KINDS
        self.add(_KIND + (kind if is_known or has_room else OTHERS))
        return has_room and not is_known

    def of(self, *names: str) -> dict[str, int]:
        """Return these counts by name."""
        counts = self._all()
        return {name: counts.get(name, 0) for name in names}

    def kinds(self) -> dict[str, int]:
        """Return the counts of all kinds, the greatest first."""
        return {name.removeprefix(_KIND): count for name, count in self._all().items() if name.startswith(_KIND)}

    def clear(self) -> None:
        """Begin at 0."""
        self._database.execute("DELETE FROM counts")

    def _all(self) -> dict[str, int]:
        return dict(self._database.execute("SELECT name, count FROM counts ORDER BY count DESC, name"))
