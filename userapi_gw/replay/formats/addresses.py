"""Plain lists: an address in each line, perhaps with `GET` or `POST` before it. Empty lines and `#` do not count."""

import re
from collections.abc import Iterator
from typing import IO

from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.formats.lines import Asked, requests

NAME = "list of addresses"

_LINE = re.compile(r"(?:([A-Z]{1,20})\s+)?((?:https?://\S|/).*|[\w.-]+\.[a-z]{2,}(?::\d+)?/.*)", re.ASCII | re.I)


def fits(start: bytes) -> bool:
    """Tell whether a file that begins so may be one."""
    lines = (line.strip() for line in start.decode("latin-1").removeprefix("\xef\xbb\xbf").split("\n"))
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return _LINE.fullmatch(first) is not None


def read(file: IO[bytes]) -> Iterator[Exchange]:
    """Read line by line."""
    return requests(file, _parsed, "not an address")


def _parsed(line: str) -> Asked | None:
    line = line.removeprefix("\xef\xbb\xbf").strip()
    if not line or line.startswith("#"):
        return None
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError
    url = found[2] if found[2].startswith(("/", "http://", "https://")) else f"http://{found[2]}"
    return None, (found[1] or "GET").upper(), url, ()
