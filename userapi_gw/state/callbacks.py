"""Events that communities pushed (Callback API): kept until they are done, each once, and how each site is doing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, func, select, update

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.jobs import BEGUN, DONE, FAILED, WAITING, Backoff, Job, Jobs
from userapi_gw.state.schema import callback_events, callback_sites
from userapi_gw.state.vault import Vault

LEASE = 5.0
"""Seconds in which a worker is through with an event, or another takes it."""

BACKOFF = Backoff(first=1.0, longest=300.0, tries=12)
KEEP_SECONDS = 7 * 24 * 3600.0
"""How long it is remembered that an event came. What it said is forgotten when it is done."""


class Taken(Enum):
    """What became of an event that came in."""

    NEW = "new"
    KNOWN = "known"
    NO_ROOM = "no room"


@dataclass(frozen=True, slots=True)
class CallbackSite:
    """What is known of a site's events. Times are unix seconds, None for never; `retries` is of the last event.

    `confirmation` and `secret` are what `callback setup` arranged, empty without it.
    """

    confirmation: str = ""
    secret: str = field(default="", repr=False)
    received: int = 0
    last_event_at: float | None = None
    last_event: str = ""
    retries: int = 0
    last_success_at: float | None = None
    last_fault_at: float | None = None
    last_fault: str = ""


class Callbacks:
    """The events of all sites. `jobs` are those that wait; safe for threads and processes."""

    def __init__(
        self, database: Database, vault: Vault, clock: Callable[[], float], *, purge_step: float, lease: float = LEASE
    ) -> None:
        self._database, self._vault, self._clock = database, vault, clock
        self.jobs = Jobs(database, callback_events, clock, lease=lease, backoff=BACKOFF)
        self._purge_step, self._next_purge = purge_step, 0.0

    @repeatable
    def take(self, site: int, key: str, kind: str, body: str, *, retries: int, most: int) -> Taken:
        """Keep an event unless it is known, or so many wait already; when this returns it is safe."""
        with self._database.write() as connection:
            if self._waiting(connection, most) >= most:
                return Taken.NO_ROOM
            row = {"site": site, "key": key, "kind": kind, "body": body}
            is_new = self.jobs.add_within(connection, row)
            seen = {"last_event_at": self._clock(), "last_event": kind, "retries": retries}
            self._put(connection, site, seen, counted=1)
        return Taken.NEW if is_new else Taken.KNOWN

    @repeatable
    def arrange(self, site: int, confirmation: str, secret: str) -> None:
        """Keep what the site's server has to answer, and what events have to bring."""
        with self._database.write() as connection:
            self._put(connection, site, {"confirmation": confirmation, "secret": self._vault.encrypt(secret)})

    @repeatable
    def fault(self, site: int, what: str) -> None:
        """Note what went wrong with an event, in words without secrets."""
        with self._database.write() as connection:
            self._put(connection, site, {"last_fault_at": self._clock(), "last_fault": what})

    def done(self, job: Job) -> None:
        """An event had its effect: forget what it said."""
        if self.jobs.done(job, {"body": ""}):
            self._succeeded(job.row["site"])
        self._purge_now_and_then()

    def give_up(self, job: Job, reason: str) -> None:
        """An event cannot have an effect: forget what it said, and note why."""
        self.jobs.give_up(job, reason, {"body": ""})
        self.fault(job.row["site"], f"{job.row['kind']}: {reason}")

    def again(self, job: Job, reason: str) -> None:
        """An event could not have its effect now: it is tried again later, and given up in the end."""
        if job.tries >= BACKOFF.tries:
            self.give_up(job, reason)
            return
        self.jobs.again(job, reason)
        self.fault(job.row["site"], f"{job.row['kind']}: {reason}")

    def site(self, site: int) -> CallbackSite:
        """Return what is known of a site's events."""
        with self._database.read() as connection:
            row = connection.execute(select(callback_sites).where(callback_sites.c.site == site)).one_or_none()
        if row is None:
            return CallbackSite()
        facts = {name: value for name, value in row._mapping.items() if name not in ("site", "secret")}
        return CallbackSite(**facts, secret=self._readable(row.secret))

    def waiting(self, site: int) -> int:
        """Return how many events of a site wait."""
        with self._database.read() as connection:
            mine = select(func.count()).where(callback_events.c.site == site, callback_events.c.state == WAITING)
            return connection.scalar(mine) or 0

    def _waiting(self, connection: Connection, most: int) -> int:
        open_ = callback_events.c.state.in_((WAITING, BEGUN))
        some = select(callback_events.c.id).where(open_).limit(most).subquery()
        return connection.scalar(select(func.count()).select_from(some)) or 0

    def _put(self, connection: Connection, site: int, facts: dict[str, Any], *, counted: int = 0) -> None:
        new = self._database.insert(callback_sites).values(site=site, received=counted, **facts)
        changed = {**facts, "received": callback_sites.c.received + counted}
        connection.execute(new.on_conflict_do_update(index_elements=["site"], set_=changed))

    @repeatable
    def _succeeded(self, site: int) -> None:
        now = {"last_success_at": self._clock()}
        with self._database.write() as connection:
            connection.execute(update(callback_sites).where(callback_sites.c.site == site).values(now))

    def _purge_now_and_then(self) -> None:
        if self._clock() >= self._next_purge:
            self._next_purge = self._clock() + self._purge_step
            self.jobs.purge(KEEP_SECONDS, (DONE, FAILED))

    def _readable(self, secret: str) -> str:
        try:
            return self._vault.decrypt(secret) if secret else ""
        except InvalidToken:  # the secret key was changed: nothing is believed until `callback setup` runs again
            return ""
