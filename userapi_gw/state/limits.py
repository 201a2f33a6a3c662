"""How often somebody did something lately. UserAPI documentation, "CAPTCHA handling (flood control)".

A count is a row, so it holds for all processes on the database. Its window begins with the first request counted and
ends a fixed time later, whatever comes in between: a program that keeps asking is not kept out for longer.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, case, delete, or_, select

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import flood_counts as counts
from userapi_gw.state.vault import Vault


class _Full(Exception):  # noqa: N818 - no error: it takes back what was counted before a limit was met
    """A limit is reached."""


class Limits:
    """Counts requests. `purge_step` (seconds) is how often windows that have ended are thrown out."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], float], *, purge_step: float) -> None:
        self._database, self._vault, self._clock = database, vault, clock
        self._purge_step, self._next_purge = purge_step, 0.0

    @repeatable
    def take(self, group: str, seconds: float, most: Mapping[str, int], times: int = 1) -> bool:
        """Count one request of `group`, or one that stands for `times`, for each subject (who or where from) of `most`.

        False, and nothing is counted, when one of them would then have more within `seconds` than `most` says.
        """
        self._purge_now_and_then()
        named = self._named(group, most)
        if times > min(named.values()):
            return False
        try:
            with self._database.write() as connection:
                for subject in sorted(named):  # in one order, so that two writers cannot lock each other
                    self._count(connection, subject, seconds, named[subject], times)
        except _Full:
            return False
        return True

    def has_room(self, group: str, most: Mapping[str, int]) -> bool:
        """Tell whether `take` would count one more request now; nothing is counted."""
        named = self._named(group, most)
        query = select(counts.c.subject, counts.c.count).where(counts.c.subject.in_(named))
        with self._database.read() as connection:
            rows = connection.execute(query.where(counts.c.ends_at > self._clock())).all()
        return all(count < named[subject] for subject, count in rows)

    def _named(self, group: str, most: Mapping[str, int]) -> dict[str, int]:
        return {self._vault.hash_name("limit", group, subject): limit for subject, limit in most.items()}

    def _count(self, connection: Connection, subject: str, seconds: float, most: int, times: int) -> None:
        now = self._clock()
        over = counts.c.ends_at <= now
        first = self._database.insert(counts).values(subject=subject, count=times, ends_at=now + seconds)
        again = first.on_conflict_do_update(
            index_elements=["subject"],
            set_={
                "count": case((over, times), else_=counts.c.count + times),
                "ends_at": case((over, now + seconds), else_=counts.c.ends_at),
            },
            where=or_(over, counts.c.count + times <= most),
        )
        if connection.execute(again.returning(counts.c.count)).one_or_none() is None:
            raise _Full

    def _purge_now_and_then(self) -> None:
        now = self._clock()
        if now >= self._next_purge:
            self._next_purge = now + self._purge_step
            self._purge(now)

    @repeatable
    def _purge(self, now: float) -> None:
        with self._database.write() as connection:
            connection.execute(delete(counts).where(counts.c.ends_at <= now))
