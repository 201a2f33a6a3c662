"""What people are to be told outside of UserAPI: one outbox for all channels, and what became of each row."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import RowMapping, func, select, update

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.jobs import BEGUN, DONE, FAILED, UNCERTAIN, WAITING, Backoff, Job, Jobs
from userapi_gw.state.schema import notifications as table
from userapi_gw.state.vault import Vault

ACTIVATION, FRIEND, MESSAGE, LETTER = "activation", "friend", "message", "letter"
"""The kinds: the link that ends a registration, a friend request, mail; and letters of an earlier version."""

BACKOFF = Backoff(first=30.0, longest=7200.0, tries=16)
"""Half a day all in all, for mail servers that are away."""

KEPT, KEPT_FAULTS = 7 * 86400.0, 30 * 86400.0
"""Rows are thrown out so long (seconds) after they were done, or could not be done."""

DELIVERED = ("DELIVERED", "READ")
UNDELIVERED = ("RATELIMIT", "UNDELIVERABLE", "EXPIRED")
STATUSES = ("SENT", "UNKNOWN", *UNDELIVERED, *DELIVERED)
"""What Devino tells of a message, document 002, "Possible statuses": the later ones here overrule those before.

They come late, twice and in any order. So whatever the order is, the same one stands in the end: that a message was
read or delivered says more than that it was not.
"""

GRACE = 60.0
"""Seconds another channel waits after one told that it could not deliver, for it may take that back."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """A row as a person reads it. `letter` is the whole e-mail, where there is one."""

    id: int
    state: str
    kind: str
    recipient: int
    count: int
    channel: str
    status: str
    reason: str
    added_at: float
    tries: int
    answered: bool
    letter: str = field(repr=False)


class Notifications:
    """The outbox. `lease` (seconds) is how long a worker has a row for itself. Safe for threads and processes."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], float], *, lease: float) -> None:
        self._database, self._vault, self._clock = database, vault, clock
        self.jobs = Jobs(database, table, clock, lease=lease, backoff=BACKOFF)

    def post(self, kind: str, letter: str, key: str) -> bool:
        """Add an e-mail; False when one with this key was added already. It is stored encrypted until it is sent."""
        row = {"kind": kind, "recipient": 0, "key": key, "letter": self._vault.encrypt(letter)}
        return self.jobs.add(row)

    def adopt(self, letter: str, name: str, state: str) -> bool:
        """Take over a letter an earlier version could not send (`FAILED`) or may have sent (`UNCERTAIN`)."""
        row = {"kind": LETTER, "recipient": 0, "key": f"letter {name}"[:64], "letter": self._vault.encrypt(letter)}
        return self.jobs.add({**row, "state": state, "ended_at": self._clock(), "reason": "of an earlier version"})

    @repeatable
    def note(self, kind: str, recipient: int, *, window: float, pause: float) -> None:
        """Let a user be told of one thing more of a kind.

        All that comes within `window` seconds is told at once, and not sooner than `pause` seconds after the last time.
        """
        now = self._clock()
        told = select(func.max(table.c.ended_at)).where(
            table.c.recipient == recipient, table.c.kind == kind, table.c.state == DONE, table.c.channel != ""
        )
        with self._database.write() as connection:
            last = connection.scalar(told)
            due = max(now + window, last + pause if last is not None else 0.0)
            row = {"kind": kind, "recipient": recipient, "key": f"{kind} {recipient}", "added_at": now, "due_at": due}
            new = self._database.insert(table).values(row)
            more = {"count": table.c.count + 1}
            connection.execute(new.on_conflict_do_update(index_elements=["key"], set_=more))

    def now(self) -> float:
        """Return the time by which rows are due (unix seconds)."""
        return self._clock()

    def close_window(self, job: Job) -> bool:
        """Let a row gather nothing more: what comes from now on makes a new one. False when the job was lost."""
        return self.jobs.renew(job, {"key": None} if job.row["letter"] is None else {})

    def letter(self, row: Mapping[str, Any] | RowMapping) -> str:
        """Return the e-mail of a row; empty without one, or when the secret key has changed since."""
        try:
            return self._vault.decrypt(row["letter"]) if row["letter"] else ""
        except InvalidToken:
            _log.warning("a letter in the outbox cannot be read: was the secret key changed?")
            return ""

    def notices(self, *, with_done: bool = False, number: int | None = None) -> list[Notice]:
        """Return what waits or could not be done, oldest first; also what is done, or the one row of a number."""
        query = select(table).order_by(table.c.id)
        if number is not None:
            query = query.where(table.c.id == number)
        elif not with_done:
            query = query.where(table.c.state != DONE)
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return [self._notice(row) for row in rows]

    @repeatable
    def retry(self, number: int | None = None) -> int:
        """Have a row sent again that waits or could not be sent, or all of them but the uncertain; return how many.

        All channels are tried anew. One that is uncertain may arrive twice, which is the choice of who names it.
        """
        states = (WAITING, FAILED) if number is None else (WAITING, FAILED, UNCERTAIN)
        anew = {"state": WAITING, "due_at": self._clock(), "tries": 0, "claimed_by": "", "claimed_until": 0.0}
        anew |= {"passed": "", "channel": "", "tried_at": None, "ended_at": None}
        anew |= {"outside_id": None, "status": ""}
        chosen = update(table).where(table.c.state.in_(states))
        chosen = chosen if number is None else chosen.where(table.c.id == number)
        with self._database.write() as connection:
            return connection.execute(chosen.values(anew)).rowcount

    @repeatable
    def told(self, outside_id: str, status: str, *, channel: str, number: int | None = None) -> bool:
        """Take in what the other side tells of a message it knows as `outside_id`; False when nobody knows it.

        `number` is our own of the row, if it was told, too: the news may come before the answer that named the
        message, or in place of it. What was not delivered goes on to the next channel, what was counts as done.
        """
        known = table.c.outside_id == outside_id
        if number is not None:
            known |= (table.c.id == number) & table.c.outside_id.is_(None) & table.c.state.in_((BEGUN, UNCERTAIN))
        lower = STATUSES[: STATUSES.index(status)]
        with self._database.write() as connection:
            found = select(table).where(known, table.c.channel == channel).with_for_update()
            row = connection.execute(found).mappings().first()
            if row is None:
                return False
            named = {"outside_id": outside_id}
            is_news = row["status"] in ("", *lower)
            values = named | ({"status": status} | self._follows(row, status) if is_news else {})
            connection.execute(update(table).where(table.c.id == row["id"]).values(values))
        return True

    @repeatable
    def answered(self, outside_id: str, channel: str) -> bool:
        """Note that the recipient answered a message; False when nobody knows it."""
        mine = update(table).where(table.c.outside_id == outside_id, table.c.channel == channel)
        with self._database.write() as connection:
            return connection.execute(mine.values(answered_at=self._clock())).rowcount > 0

    def purge(self) -> None:
        """Throw out what ended long ago."""
        self.jobs.purge(KEPT)
        self.jobs.purge(KEPT_FAULTS, (FAILED, UNCERTAIN))

    def _follows(self, row: RowMapping, status: str) -> dict[str, Any]:
        """What becomes of a row by a status, from whatever it was by a lower one."""
        now = self._clock()
        end = {"ended_at": now, "claimed_until": 0.0, "claimed_by": ""}
        if status in DELIVERED or status == "SENT":
            was_taken_back = row["state"] == WAITING and row["claimed_until"] <= now
            is_open = row["state"] in (BEGUN, UNCERTAIN, FAILED) or was_taken_back
            return {**end, "state": DONE, "reason": ""} if is_open else {}
        if status == "UNKNOWN":
            return {**end, "state": UNCERTAIN, "reason": "UNKNOWN"} if row["state"] in (BEGUN, DONE) else {}
        passed = " ".join(dict.fromkeys([*row["passed"].split(), row["channel"]]))
        freed = {"claimed_until": 0.0, "claimed_by": "", "ended_at": None}
        return {**freed, "state": WAITING, "due_at": now + GRACE, "passed": passed, "reason": status}

    def _notice(self, row: RowMapping) -> Notice:
        names = ("id", "state", "kind", "recipient", "count", "channel", "status", "reason", "added_at", "tries")
        told = {name: row[name] for name in names}
        return Notice(**told, answered=row["answered_at"] is not None, letter=self.letter(row))
