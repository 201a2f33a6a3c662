"""Takes what waits in the outbox and sends it, by the first channel of each person that can."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from userapi_gw.errors import Failure
from userapi_gw.notify.letters import is_news
from userapi_gw.notify.outcome import Fate, Outcome
from userapi_gw.notify.parcel import Channel, Parcel
from userapi_gw.notify.recipients import Recipients
from userapi_gw.state.jobs import Job
from userapi_gw.state.notifications import Notifications

log = logging.getLogger(__name__)

MOST = 200
"""How many rows are taken at once. What is not begun when the lease ends goes to whoever takes it then."""
LONGEST_WAIT = 86400.0
"""A user whose program polls all day (seconds) needs not be told otherwise."""
ROUND_SECONDS = 3600.0

DISMISSED = {"letter": None, "channel": ""}


class Sender:
    """Sends what is due. Several, in several processes, share the work. `prepare` is called at first and every hour."""

    def __init__(
        self,
        outbox: Notifications,
        recipients: Recipients,
        channels: Sequence[Channel],
        prepare: Callable[[], object] = lambda: None,
    ) -> None:
        self._outbox, self._recipients, self._channels, self._prepare = outbox, recipients, channels, prepare
        self._next_round = 0.0

    def do(self) -> bool:
        """Send what is due now, and tell whether there was anything."""
        self._tidy_now_and_then()
        jobs = self._outbox.jobs.claim(MOST)
        parcels = [parcel for job in jobs if (parcel := self._prepared(job)) is not None]
        for channel in self._channels:
            for parcel, outcome in channel.send([parcel for parcel in parcels if _is_for(channel, parcel)]):
                self._settle(channel, parcel, outcome)
        for parcel in parcels:
            if parcel.is_open:
                self._end(parcel)
        return bool(jobs)

    def _prepared(self, job: Job) -> Parcel | None:
        """Find out for whom a job is; None when it is ended or put off already."""
        letter = self._outbox.letter(job.row)
        if not letter and not is_news(job.row["kind"]):
            self._outbox.jobs.give_up(job, "its letter cannot be read: was the secret key changed?")
            return None
        passed = str(job.row["passed"]).split()
        if letter:
            return Parcel(job, letter, None, self._announce, passed)
        try:
            return self._for_user(job, passed)
        except Failure as failure:
            log.log(failure.outcome.level, "a notification waits: %s", failure)
            self._outbox.jobs.again(job, failure.kind.value)
            return None

    def _for_user(self, job: Job, passed: list[str]) -> Parcel | None:
        """Return a parcel for a user who is away, wants it and has not seen it yet. Raises `Failure`."""
        jobs, viewer, kind = self._outbox.jobs, job.row["recipient"], job.row["kind"]
        if self._recipients.is_here(viewer):
            if self._outbox.now() - job.row["added_at"] > LONGEST_WAIT:
                jobs.done(job, DISMISSED, "their program polls all day")
            else:
                jobs.again(job, "their program polls", after=self._recipients.away)
            return None
        if not self._outbox.close_window(job):
            return None
        found = self._recipients.find(viewer)
        if found is None or not found.wants(kind) or found.has_seen(kind):
            reason = "nobody is logged in" if found is None else "not wanted" if not found.wants(kind) else "seen"
            jobs.done(job, DISMISSED, reason)
            return None
        return Parcel(job, "", found.person, self._announce, passed)

    def _announce(self, parcel: Parcel, channel: str, repeatable: bool) -> bool:
        values: dict[str, Any] = {"channel": channel, "passed": " ".join(parcel.passed)}
        if parcel.job.row["channel"] != channel or parcel.job.row["tried_at"] is None:
            values["tried_at"] = self._outbox.now()
        jobs = self._outbox.jobs
        return jobs.renew(parcel.job, values) if repeatable else jobs.begin(parcel.job, values)

    def _settle(self, channel: Channel, parcel: Parcel, outcome: Outcome) -> None:
        jobs, reason = self._outbox.jobs, f"{channel.name}: {outcome.reason}"
        if outcome.alarm:
            log.error("notifications need you: %s", reason)
        if outcome.fate is Fate.NO_WAY:
            parcel.obstacles.append(reason)
            return
        if outcome.fate in (Fate.NEXT, Fate.NEXT_OR_LATER):
            parcel.faults.append(reason)
            parcel.is_deferred |= outcome.fate is Fate.NEXT_OR_LATER
            parcel.passed += [channel.name] if outcome.fate is Fate.NEXT else []
            return
        parcel.is_open = False
        if outcome.fate is Fate.SENT:
            jobs.done(parcel.job, {"letter": None, "channel": channel.name, "outside_id": outcome.outside_id})
        elif outcome.fate is Fate.LATER:
            jobs.again(parcel.job, reason, after=outcome.after, values={"passed": " ".join(parcel.passed)})
        elif outcome.fate is Fate.UNCERTAIN:
            log.warning("nobody knows whether a notification was sent: %s", reason)
            jobs.doubt(parcel.job, reason)

    def _end(self, parcel: Parcel) -> None:
        """No channel could."""
        jobs, reasons = self._outbox.jobs, "; ".join(parcel.faults or parcel.obstacles)
        if parcel.is_deferred:
            jobs.again(parcel.job, reasons, values={"passed": " ".join(parcel.passed)})
        elif not parcel.letter and not parcel.passed:
            jobs.done(parcel.job, DISMISSED, reasons)
        else:
            jobs.give_up(parcel.job, reasons)

    def _tidy_now_and_then(self) -> None:
        if time.monotonic() >= self._next_round:
            self._next_round = time.monotonic() + ROUND_SECONDS
            self._prepare()
            self._outbox.purge()


def _is_for(channel: Channel, parcel: Parcel) -> bool:
    fits = channel.carries_letters or not parcel.letter
    return fits and parcel.is_open and channel.name not in parcel.passed
