"""What people's statuses were, for backends that tell the current one alone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from userapi_gw.state.database import Database
from userapi_gw.state.overlays.schema import statuses


@dataclass(frozen=True, slots=True)
class KeptStatus:
    """One line of a status history. `date` is in unix seconds."""

    id: int
    date: int
    text: str


class Statuses:
    """Status histories, newest line first. The lines of all people have ids of one row."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def now(self) -> float:
        """The time by the clock of these dates, in unix seconds."""
        return self._clock()

    def add(self, user_id: int, text: str, since: float) -> None:
        """Enter a status that was set at `since` or later, unless somebody saw it meanwhile."""
        with self._database.write() as connection:
            if not self._is_newest(connection, user_id, text, since):
                self._enter(connection, user_id, text)

    def observe(self, user_id: int, text: str) -> None:
        """Enter the status somebody has, unless it is the newest line already or there is none."""
        with self._database.read() as connection:
            if not text or self._is_newest(connection, user_id, text):
                return
        self.add(user_id, text, since=0)

    def page(self, user_id: int, start: int, stop: int) -> tuple[int, list[KeptStatus]]:
        """Return how many lines there are, and entries `start` up to `stop` of them."""
        where = (statuses.c.user_id == user_id, statuses.c.deleted.is_(False))
        query = select(statuses).where(*where).order_by(statuses.c.id.desc())
        with self._database.read() as connection:
            total = connection.scalar(select(func.count()).select_from(statuses).where(*where)) or 0
            rows = connection.execute(query.offset(start).limit(max(0, stop - start)))
            return total, [_status(row) for row in rows]

    def mark(self, user_id: int, status_id: int, *, deleted: bool) -> KeptStatus | None:
        """Delete a line or bring it back, and return it; None when it is not somebody's own, or is so already."""
        mine = (statuses.c.user_id == user_id, statuses.c.id == status_id, statuses.c.deleted == (not deleted))
        marked = update(statuses).where(*mine).values(deleted=deleted).returning(statuses)
        with self._database.write() as connection:
            row = connection.execute(marked).one_or_none()
        return None if row is None else _status(row)

    def clear(self, user_id: int) -> None:
        """Delete the whole history of somebody."""
        with self._database.write() as connection:
            connection.execute(update(statuses).where(statuses.c.user_id == user_id).values(deleted=True))

    def _is_newest(self, connection: Connection, user_id: int, text: str, since: float = 0) -> bool:
        newest = select(statuses).where(statuses.c.user_id == user_id).order_by(statuses.c.id.desc()).limit(1)
        row = connection.execute(newest).one_or_none()
        return row is not None and not row.deleted and row.text == text and row.date >= since

    def _enter(self, connection: Connection, user_id: int, text: str) -> None:
        row = {"user_id": user_id, "date": self._clock(), "text": text, "deleted": False}
        connection.execute(insert(statuses).values(row))


def _status(row: Row[Any]) -> KeptStatus:
    return KeptStatus(row.id, int(row.date), row.text)
