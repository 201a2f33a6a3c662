"""Rows that wait to be done, by workers of several processes at once, and none of them by two.

Who takes a row has it for a while (a lease): what a killed worker held comes free when its lease has ended. Work that
may not be done twice is announced by `begin` just before. If its worker dies after that, nobody knows how far it came,
and the row is `UNCERTAIN`, which a person decides about. Work that may be repeated is not announced, and is done again.
The times are the clocks of the machines that share the database, which must agree to well within a lease.
"""

import random
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Double,
    Index,
    Integer,
    String,
    Table,
    Text,
    Update,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.schema import SchemaItem

from userapi_gw.state.database import Database, repeatable

WAITING, BEGUN, DONE, FAILED, UNCERTAIN = STATES = ("waiting", "begun", "done", "failed", "uncertain")
"""Waiting (or just taken), announced, and the three ends: done, given up, and perhaps done."""

ENDED_IN_THE_MIDDLE = "the worker ended in the middle"
"""The reason of rows whose worker died after it had announced them."""


def job_columns() -> Sequence[SchemaItem]:
    """Return what a table of jobs has besides columns of its own; migrations spell them out."""
    return (
        Column("id", Integer, primary_key=True),
        Column("state", String(9), nullable=False, server_default=WAITING),
        Column("added_at", Double, nullable=False),
        Column("due_at", Double, nullable=False),  # not before
        Column("tries", Integer, nullable=False, server_default="0"),  # how often it was taken
        Column("claimed_by", String(32), nullable=False, server_default=""),  # random, another one each time
        Column("claimed_until", Double, nullable=False, server_default="0"),
        Column("ended_at", Double),
        Column("reason", Text, nullable=False, server_default=""),  # why it was not done, no secrets
        Index(None, "state", "due_at"),
    )


@dataclass(frozen=True, slots=True)
class Backoff:
    """When something is tried again: after `first` seconds, then twice as long each time, up to `longest`.

    Up to half of that is taken off by chance, so that what failed together does not come back together. After `tries`
    times it is given up.
    """

    first: float = 2.0
    longest: float = 3600.0
    tries: int = 20

    def seconds(self, tries: int) -> float:
        """Return how long to wait after so many tries."""
        wait = min(self.longest, self.first * 2.0 ** min(max(tries - 1, 0), 40))
        return wait * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


@dataclass(frozen=True, slots=True)
class Job:
    """A row somebody holds: `claim` proves it, `tries` counts this time, `row` has the columns of its table."""

    id: int
    claim: str
    tries: int
    row: Mapping[str, Any]


class Jobs:
    """The jobs of one table made with `job_columns`. `lease` is in seconds; safe for threads and processes.

    Whoever lost a job because its lease ended is told so by False and has changed nothing.
    """

    def __init__(
        self, database: Database, table: Table, clock: Callable[[], float], *, lease: float, backoff: Backoff
    ) -> None:
        self._database, self._table, self._clock = database, table, clock
        self._lease, self._backoff = lease, backoff

    @repeatable
    def add(self, values: Mapping[str, Any], *, after: float = 0.0) -> bool:
        """Add a row that is due `after` so many seconds; False when a unique key of the table says it is there."""
        with self._database.write() as connection:
            return self.add_within(connection, values, after=after)

    def add_within(self, connection: Connection, values: Mapping[str, Any], *, after: float = 0.0) -> bool:
        """Do what `add` does as a part of somebody else's transaction."""
        now = self._clock()
        row = {"added_at": now, "due_at": now + after, **values}
        new = self._database.insert(self._table).values(row).on_conflict_do_nothing()
        return connection.scalar(new.returning(self._table.c.id)) is not None

    def claim(self, most: int = 1) -> list[Job]:
        """Take up to `most` rows that are due, longest due first. Finding none costs one look without a lock."""
        return self._claim(most) if self._is_anything_due() else []

    def begin(self, job: Job, values: Mapping[str, Any] | None = None) -> bool:
        """Announce what may not be done twice, just before it is done; the lease begins anew. Note other `values`."""
        return self.renew(job, {**(values or {}), "state": BEGUN})

    def renew(self, job: Job, values: Mapping[str, Any] | None = None) -> bool:
        """Let the lease begin anew, for work that takes long, and note other `values` of the row."""
        return self._change(job, {**(values or {}), "claimed_until": self._clock() + self._lease})

    def done(self, job: Job, values: Mapping[str, Any] | None = None, reason: str = "") -> bool:
        """Note that a job is done, with other `values` of its row, such as those it is to forget.

        With a `reason` there was nothing to do.
        """
        return self._end(job, DONE, reason, values)

    def give_up(self, job: Job, reason: str, values: Mapping[str, Any] | None = None) -> bool:
        """Note that a job cannot be done, and why."""
        return self._end(job, FAILED, reason, values)

    def doubt(self, job: Job, reason: str, values: Mapping[str, Any] | None = None) -> bool:
        """Note that nobody knows whether a job is done."""
        return self._end(job, UNCERTAIN, reason, values)

    def again(
        self, job: Job, reason: str, *, after: float | None = None, values: Mapping[str, Any] | None = None
    ) -> bool:
        """Have it tried again later: `after` so many seconds, else by the back-off, which also gives up in the end.

        With `after` the try does not count: the job only waits, for its turn or for something else.
        """
        if after is None and job.tries >= self._backoff.tries:
            return self.give_up(job, reason, values)
        counted = job.tries if after is None else job.tries - 1
        due = self._clock() + (self._backoff.seconds(job.tries) if after is None else after)
        freed = {"state": WAITING, "due_at": due, "tries": counted, "claimed_by": "", "claimed_until": 0.0}
        return self._change(job, {**(values or {}), **freed, "reason": reason})

    @repeatable
    def purge(self, seconds: float, states: Sequence[str] = (DONE,)) -> int:
        """Throw out rows that ended in one of these ways at least so long ago, and return how many."""
        table = self._table
        old = table.c.state.in_(states) & (table.c.ended_at <= self._clock() - seconds)
        with self._database.write() as connection:
            return connection.execute(delete(table).where(old)).rowcount

    def counts(self) -> dict[str, int]:
        """Return how many rows there are in each state that has any."""
        query = select(self._table.c.state, func.count()).group_by(self._table.c.state)
        with self._database.read() as connection:
            return dict(tuple(row) for row in connection.execute(query))

    def _is_anything_due(self) -> bool:
        table, now = self._table, self._clock()
        waits = (table.c.state == WAITING) & (table.c.due_at <= now)
        query = select(table.c.id).where(table.c.state.in_((WAITING, BEGUN)), table.c.claimed_until <= now)
        with self._database.read() as connection:
            return connection.scalar(query.where(waits | (table.c.state == BEGUN)).limit(1)) is not None

    @repeatable
    def _claim(self, most: int) -> list[Job]:
        table, now, claim = self._table, self._clock(), secrets.token_hex(16)
        due = select(table).where(table.c.state == WAITING, table.c.due_at <= now, table.c.claimed_until <= now)
        # Others skip what one of them is just taking; SQLite has one writer at a time and needs no locks.
        free = due.order_by(table.c.due_at, table.c.id).limit(most).with_for_update(skip_locked=True)
        with self._database.write() as connection:
            self._settle(connection, now)
            rows = connection.execute(free).mappings().all()
            mine = {"claimed_by": claim, "claimed_until": now + self._lease, "tries": table.c.tries + 1}
            if rows:
                chosen = table.c.id.in_([row["id"] for row in rows])
                connection.execute(update(table).where(chosen).values(mine))
        return [Job(row["id"], claim, row["tries"] + 1, dict(row)) for row in rows]

    def _settle(self, connection: Connection, now: float) -> None:
        """End the rows whose workers died in the middle of what may not be done twice, or died every time."""
        table = self._table
        lost = update(table).where(table.c.claimed_by != "", table.c.claimed_until <= now)
        end = {"reason": ENDED_IN_THE_MIDDLE, "ended_at": now}
        connection.execute(lost.where(table.c.state == BEGUN).values(**end, state=UNCERTAIN))
        deadly = (table.c.state == WAITING) & (table.c.tries >= self._backoff.tries)
        connection.execute(lost.where(deadly).values(**end, state=FAILED))

    def _end(self, job: Job, state: str, reason: str, values: Mapping[str, Any] | None) -> bool:
        end = {"state": state, "reason": reason, "ended_at": self._clock(), "claimed_until": 0.0}
        return self._change(job, {**(values or {}), **end})

    @repeatable
    def _change(self, job: Job, values: Mapping[str, Any]) -> bool:
        with self._database.write() as connection:
            return connection.execute(self._mine(job).values(values)).rowcount > 0

    def _mine(self, job: Job) -> Update:
        """Whoever took a job has it until somebody else takes it, also after the end of the lease: it knows best."""
        table = self._table
        held = (table.c.id == job.id) & (table.c.claimed_by == job.claim)
        open_ = table.c.state.in_((WAITING, BEGUN, UNCERTAIN))
        return update(table).where(held, open_)
