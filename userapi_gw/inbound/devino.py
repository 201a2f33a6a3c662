"""`POST /devino/{site}/{secret}/status` and `/incoming`: what Devino tells afterwards. Document 002.

The document knows of no signature, so the address holds a secret. What came is in the database before it is answered.
"""

import hmac
import json
import logging
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort
from sqlalchemy.exc import SQLAlchemyError

from userapi_gw.errors import explain
from userapi_gw.gateway import EVENTS, Gateway
from userapi_gw.inbound.callback_event import NotAnEventError, read
from userapi_gw.inbound.received import PLAIN, BrokenBodyError, body, come_again
from userapi_gw.notify.devino import DevinoChannel
from userapi_gw.notify.devino_model import answered_message, lenient, statuses
from userapi_gw.state import is_away
from userapi_gw.state.callbacks import Taken

log = logging.getLogger(__name__)


def blueprint(gateway: Gateway) -> Blueprint:
    """Return the routes. Without an account at Devino, or a `callback_secret`, there is nothing behind them."""
    entrance = Entrance(gateway)
    routes = Blueprint("devino", __name__)
    for name, take in (("status", entrance.status), ("incoming", entrance.incoming)):
        rule = f"/devino/<int:site>/<secret>/{name}"
        routes.add_url_rule(rule, name, _entered(gateway, take), methods=["POST"])
    return routes


def _entered(gateway: Gateway, take: Callable[[int, Any], Response]) -> Callable[..., Response]:
    """Let in who knows the secret, with a body that is JSON; others get 404 or 400."""
    account = gateway.settings.devino
    known = account.callback_secret.get_secret_value() if account and account.callback_secret else ""

    def enter(site: int, secret: str) -> Response:
        is_known = hmac.compare_digest(secret.encode(errors="surrogatepass"), known.encode())
        if not known or not is_known or gateway.site(site) is None:
            abort(404)
        try:
            return take(site, lenient(body()))
        except (BrokenBodyError, ValueError, RecursionError) as error:
            log.info("what devino sent cannot be read: %s", type(error).__name__)
            return Response("refused\n", 400, content_type=PLAIN)
        except SQLAlchemyError as error:
            if not is_away(error):
                raise
            log.error("what devino sent cannot be kept: %s", explain(error))
            return come_again()

    return enter


class Entrance:
    """Takes what has come in."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def status(self, _site: int, sent: Any) -> Response:
        """Take statuses of messages: one, or a list of them."""
        outbox = self._gateway.state.notifications
        told = statuses(sent)
        known = [
            outbox.told(each.message_id, each.status, channel=DevinoChannel.name, number=each.number) for each in told
        ]
        if not all(known):
            log.info("devino told of messages that nobody knows: %d of %d", known.count(False), len(known))
        return _taken()

    def incoming(self, site: int, sent: Any) -> Response:
        """Take a message somebody wrote: it is an event of the community, and may answer a notification."""
        tag = answered_message(sent)
        if tag:
            self._gateway.state.notifications.answered(tag, DevinoChannel.name)
        registered = self._gateway.site(site)
        group = registered.community.group if registered and registered.community else 0
        if not isinstance(sent, dict):
            raise ValueError("no event")
        try:
            event = read(_as_of_vk(sent), time.time())
        except NotAnEventError as error:
            raise ValueError(str(error)) from None
        if not group or event.group not in (0, group):
            return _taken()  # of a community that is not the site's: there is nothing here that it changes
        most = self._gateway.settings.callback_queue
        taken = self._gateway.state.callbacks.take(site, event.key, event.kind, event.about, retries=0, most=most)
        if taken is Taken.NO_ROOM:
            return come_again()
        self._gateway.wake(EVENTS)
        return _taken()


def _as_of_vk(sent: dict[str, Any]) -> bytes:
    """Return an event as VK sends it: in the document's table group_id is a text."""
    group = sent.get("group_id")
    number = int(group) if isinstance(group, str) and group.isascii() and group.isdigit() and len(group) < 18 else group
    return json.dumps({**sent, "group_id": number}).encode()


def _taken() -> Response:
    return Response("ok", content_type=PLAIN)
