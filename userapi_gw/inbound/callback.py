"""`POST /callback/{site}`: takes events of the community a site belongs to. Document "Callback API".

An event is in the database before it is answered; what it changes is changed afterwards by a worker.
"""

import hmac
import logging
import time
from threading import Lock

from cachetools import TTLCache
from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError

from userapi_gw.errors import explain
from userapi_gw.gateway import EVENTS, Gateway
from userapi_gw.inbound.callback_event import CONFIRMATION, Event, NotAnEventError, read
from userapi_gw.inbound.event_work import EventWork
from userapi_gw.inbound.received import PLAIN, BrokenBodyError, body, come_again
from userapi_gw.settings import Community
from userapi_gw.state import is_away
from userapi_gw.state.callbacks import CallbackSite, Taken
from userapi_gw.worker import Worker

log = logging.getLogger(__name__)

FAULT_SECONDS = 1.0
"""How often a refusal is written down at most, by each process: strangers must not make the database busy."""


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the route; a worker of the gateway does what came in, if there is a site with a community."""
    worker = Worker(EVENTS, EventWork(gateway).do)
    if any(site.community for site in gateway.settings.sites.values()):
        gateway.work_with(worker)
    entrance = Entrance(gateway, worker)
    routes = Blueprint("callback", __name__)
    routes.add_url_rule("/callback/<int:site>", "event", entrance.take, methods=["POST"])
    return routes


class Entrance:
    """Decides about each event that is posted."""

    def __init__(self, gateway: Gateway, worker: Worker) -> None:
        self._gateway, self._worker = gateway, worker
        self._faults: TTLCache[int, bool] = TTLCache(1000, FAULT_SECONDS)
        self._lock = Lock()

    def take(self, site: int) -> Response:
        """Answer one request: `ok`, the confirmation, or 400, 403, 404, 413, 503."""
        registered = self._gateway.site(site)
        if registered is None or registered.community is None:
            abort(404)
        try:
            return self._taken(site, registered.community)
        except SQLAlchemyError as error:
            if not is_away(error):
                raise
            log.error("an event of site %s cannot be kept: %s", site, explain(error))
            return come_again()

    def _taken(self, site: int, community: Community) -> Response:
        try:
            event = read(body(), time.time())
        except (NotAnEventError, BrokenBodyError) as error:
            return self._refuse(site, 400, str(error))
        known = self._gateway.state.callbacks.site(site)
        if not _is_trusted(event, community, known):
            return self._refuse(site, 403, "of another community, or not with the right secret")
        if event.kind == CONFIRMATION:
            return self._confirm(site, community, known)
        return self._keep(site, event)

    def _keep(self, site: int, event: Event) -> Response:
        most, retries = self._gateway.settings.callback_queue, _retries()
        taken = self._gateway.state.callbacks.take(site, event.key, event.kind, event.about, retries=retries, most=most)
        if taken is Taken.NO_ROOM:
            self._note(site, f"{most} events wait already (callback_queue)")
            return come_again()
        if taken is Taken.NEW:
            self._worker.wake()
        return Response("ok", content_type=PLAIN)

    def _confirm(self, site: int, community: Community, known: CallbackSite) -> Response:
        answer = community.confirmation or known.confirmation
        if not answer:
            return self._refuse(site, 403, "a confirmation is asked for, but none is known")
        return Response(answer, content_type=PLAIN)

    def _refuse(self, site: int, status: int, reason: str) -> Response:
        log.info("an event for site %s was refused: %s", site, reason)
        self._note(site, f"refused ({status}): {reason}")
        return Response("refused\n", status, content_type=PLAIN)

    def _note(self, site: int, fault: str) -> None:
        with self._lock:
            is_fresh = site in self._faults
            self._faults[site] = True
        if not is_fresh:
            self._gateway.state.callbacks.fault(site, fault)


def _is_trusted(event: Event, community: Community, known: CallbackSite) -> bool:
    """Tell whether an event is the community's own. A confirmation needs no secret: what it is answered is none.

    Without any secret arranged nothing is believed. Both comparisons are made, so that time tells nothing.
    """
    given = community.callback_secret
    secret = given.get_secret_value() if given else known.secret
    has_secret = hmac.compare_digest(event.secret.encode(), secret.encode()) and secret != ""
    needs_none = event.kind == CONFIRMATION and not event.secret
    return event.group in (0, community.group) and (has_secret or needs_none)


def _retries() -> int:
    """What the sender says about how often it has tried; nonsense counts as 0."""
    text = request.headers.get("X-Retry-Counter", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
