"""Which request one is, whoever sends it and however."""

from collections.abc import Mapping
from hashlib import blake2b

from userapi_gw.replay.exchange import Exchange

MADE_UP = frozenset({"sid", "back", "csid", "fcsid", "pass", "remixpassword"})
"""Parameters that never tell which request one is: who asks, and names that programs make up."""


def telling(exchange: Exchange) -> dict[str, str]:
    """Return the parameters that tell which request one is, by name."""
    return {name: exchange.parameters[name] for name in sorted(exchange.parameters) if name not in MADE_UP}


def request_key(path: str, sent: Mapping[str, str]) -> bytes:
    """Return a digest (16 bytes) of a path and the parameters that tell.

    GET or POST, the host, and the order of parameters are all the same.
    """
    text = repr((path, sorted(sent.items())))
    return blake2b(text.encode("utf-8", errors="surrogatepass"), digest_size=16).digest()
