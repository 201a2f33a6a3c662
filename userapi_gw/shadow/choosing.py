"""Which exchanges a shadow gets, and what of them."""

import random
from dataclasses import replace
from hashlib import blake2b

from userapi_gw.replay.exchange import AUTH, DATA, Exchange
from userapi_gw.replay.running.bindings import REMIXPASSWORD, SID, is_sid, sid_of

MARK = "X-Userapi-Gw-Shadow"
"""A header of requests to a shadow, which no gateway hands on: two that shadow each other would never stop."""

MOST_BYTES = 256 * 1024
"""The longest body of a request that is sent on."""

_ANSWERS_TO_ALL = 2**64
_TOLD = frozenset({"user-agent", "content-type"})


def is_wanted(exchange: Exchange, *, writes: bool) -> bool:
    """Tell whether a shadow can answer a request as the gateway did, and may.

    Uploads need hashes that only the gateway knows, captchas are other pictures each time, and activation links work
    at one place only.
    """
    if exchange.method not in ("GET", "POST") or len(exchange.request_body) > MOST_BYTES or _is_marked(exchange):
        return False
    sent = exchange.parameters
    if not exchange.is_userapi:
        return False
    if exchange.path == AUTH:
        return sent.get("login") != "confirm"
    changes = exchange.writes or bool(sent.get("read"))  # marks messages as read
    return exchange.path == DATA and exchange.act != "captcha" and (writes or not changes)


def session_of(exchange: Exchange) -> str:
    """Return the sid a login gave out, or the one a request was sent with; `""` when there is none."""
    sids = (sid_of(exchange) if exchange.path == AUTH else "", exchange.parameters.get(SID, ""))
    return next(filter(is_sid, sids), "")


def is_sampled(session: str, share: float) -> bool:
    """Tell whether a session is among the share of 0 to 1 that is sent on; without a session, dice decide."""
    if not session:
        return random.random() < share  # noqa: S311 - nobody gains by guessing
    number = int.from_bytes(blake2b(session.encode(), digest_size=8).digest())
    return number < share * _ANSWERS_TO_ALL


def stripped(exchange: Exchange) -> Exchange:
    """Return the request with the headers that tell which program it is, and of its cookies the one logins read."""
    headers = [pair for pair in exchange.request_headers if pair[0].lower() in _TOLD]
    cookie = remixpassword_of(exchange) if exchange.path == AUTH else ""
    if cookie:
        headers.append(("Cookie", f"{REMIXPASSWORD}={cookie}"))
    return replace(exchange, request_headers=(*headers, (MARK, "1")))


def remixpassword_of(exchange: Exchange) -> str:
    """Return the cookie of a login, `""` when there is none."""
    pairs = (part.strip().partition("=") for part in exchange.request_header("Cookie").split(";"))
    return next((value for name, _, value in pairs if name == REMIXPASSWORD), "")


def secrets_of(exchange: Exchange) -> set[str]:
    """Return what in a request opens a session of the gateway, which nobody else is to learn."""
    sent = exchange.parameters
    return {*filter(is_sid, (sent.get(SID, ""), sent.get(REMIXPASSWORD, ""), remixpassword_of(exchange)))}


def _is_marked(exchange: Exchange) -> bool:
    return bool(exchange.request_header(MARK))
