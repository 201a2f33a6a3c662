"""Names out of requests and answers, for the log: nothing but what is known, or looks like a name."""

import re

from userapi_gw import acts
from userapi_gw.replay.exchange import DATA, Exchange

ANOTHER = "(another)"
_PLAIN = re.compile(r"[A-Za-z_-]{1,24}", re.ASCII)


def act_name(exchange: Exchange) -> str:
    """Return the act. One that does not exist is not repeated: it may be a sid in the wrong place."""
    return exchange.act if exchange.path != DATA or acts.find(exchange.act) is not None else "(unknown)"


def plain_name(name: str) -> str:
    """Return a name, another word for one that may be anything."""
    return name if _PLAIN.fullmatch(name) else ANOTHER
