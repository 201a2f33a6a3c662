"""Does what came in. An event has its effect again when nobody knows whether it had: twice is as good as once."""

import json
import logging

from userapi_gw.errors import Failure, Kind
from userapi_gw.gateway import Gateway
from userapi_gw.inbound.event_meaning import Meaning, SenselessError, meaning_of
from userapi_gw.state.jobs import Job

log = logging.getLogger(__name__)

AT_ONCE = 20
"""How many events a worker takes together."""

MOST_TRIES = 20
"""An event that was taken so often has a fault that nobody foresaw."""

PASSING = frozenset({Kind.BACKEND_AWAY, Kind.BACKEND_BROKEN, Kind.FLOOD, Kind.CAPTCHA})
"""Failures of the backend after which an event is tried again."""


class EventWork:
    """The effects of events on streams, counters, caches, sessions, and on whom communities may write to."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway, self._callbacks = gateway, gateway.state.callbacks

    def do(self) -> bool:
        """Do some of the events that wait; tell whether there were any."""
        jobs = self._callbacks.jobs.claim(AT_ONCE)
        for job in jobs:
            self._do(job)
        return bool(jobs)

    def _do(self, job: Job) -> None:
        site = self._gateway.site(job.row["site"])
        if job.tries > MOST_TRIES:  # nobody got through with it, and others wait
            self._callbacks.give_up(job, "its workers failed")
            return
        if site is None or site.community is None:
            self._callbacks.give_up(job, "its site has no community any more")
            return
        try:
            about = json.loads(job.row["body"])
            self._apply(job.row["site"], site.community.group, meaning_of(job.row["kind"], about, site.community.group))
        except SenselessError as error:
            self._callbacks.give_up(job, str(error))
        except Failure as failure:
            log.warning("an event of site %s waits: %s", job.row["site"], failure)
            self._callbacks.again(job, failure.kind.value)
        else:
            self._callbacks.done(job)

    def _apply(self, site: int, group: int, meaning: Meaning) -> None:
        gateway = self._gateway
        for changed in meaning.lists:
            gateway.state.streams.make_due(changed.kind, changed.owner, changed.viewer)
        if meaning.counters_of:
            gateway.counters.forget(meaning.counters_of)
        if meaning.lets_write:
            self._note_right(site, group, *meaning.lets_write)
        if meaning.banned:
            gateway.state.sessions.end_at(site, meaning.banned)
        if meaning.shown_otherwise:
            gateway.recent.forget()

    def _note_right(self, site: int, group: int, user: int, allowed: bool) -> None:
        """Keep whether a user lets the community write: as the backend says now, else as the event says.

        Events may come late and in another order than they happened.
        """
        calls = self._gateway.in_its_name(site)
        if calls is not None:
            try:
                allowed = calls.may_message(group, user)
            except Failure as failure:
                if failure.kind in PASSING:
                    raise
                log.warning("the backend was not asked whether a community may write: %s", failure)
        self._gateway.state.community_mail.note(group, user, allowed=allowed)
