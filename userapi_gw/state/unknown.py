"""Counts the acts that programs ask for and nobody serves: the operator's to-do list."""

import re
from collections.abc import Callable

from sqlalchemy import Connection, func, select, update

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import unknown_acts as acts

OTHER = "(other)"
"""The name under which everything else is counted, and all new acts once the list is full."""
_ACT = re.compile(r"[a-z][a-z_.]{0,31}")


class UnknownActs:
    """At most `limit` names are kept (a few more when several processes add the last ones at once)."""

    def __init__(self, database: Database, clock: Callable[[], float], *, limit: int) -> None:
        self._database, self._clock, self._limit = database, clock, limit

    @repeatable
    def add(self, name: str) -> None:
        """Count one request for the act `name`, as the program sent it.

        What does not look like an act counts under "(other)": it may be a sid that a program put in the wrong place.
        """
        with self._database.write() as connection:
            self._count(connection, name if _ACT.fullmatch(name) else OTHER)

    def rows(self) -> list[tuple[str, int, float]]:
        """Return (name, count, last seen in unix seconds), most wanted first."""
        with self._database.read() as connection:
            found = connection.execute(select(acts.c.name, acts.c.count, acts.c.last_seen))
            rows = [(name, count, last_seen) for name, count, last_seen in found]
        return sorted(rows, key=lambda row: (-row[1], row[0]))  # not in SQL: databases order text in ways of their own

    def _count(self, connection: Connection, name: str) -> None:
        more = {"count": acts.c.count + 1, "last_seen": self._clock()}
        if connection.execute(update(acts).where(acts.c.name == name).values(more)).rowcount:
            return
        full = connection.scalar(select(func.count()).where(acts.c.name != OTHER)) or 0
        new = {"name": name if full < self._limit else OTHER, "count": 1, "last_seen": self._clock()}
        connection.execute(
            self._database.insert(acts).values(new).on_conflict_do_update(index_elements=["name"], set_=more)
        )
