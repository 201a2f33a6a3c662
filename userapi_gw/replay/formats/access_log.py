r"""Access logs of nginx and Apache in the format `combined`, or `common`. They tell requests, and no answers.

Bytes that are no ASCII, quotes and backslashes are written as `\xD0`, `\"` and `\\` by both, or stand as they are.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import IO

from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.formats.lines import Asked, requests

NAME = "access log"

_LINE = re.compile(
    r'\S+ \S+ .*?\[([^\]]+)\] "((?:[^"\\]|\\.)*)" (?:\d{3}|-) (?:\d+|-)'
    r'(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)".*)?\s*'
)
_REQUEST = re.compile(r"([A-Z]{1,20}) (\S.*?)(?: HTTP/\d[\d.]*)?", re.S)
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|.)", re.S)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "v": "\v", "f": "\f"}


def fits(start: bytes) -> bool:
    """Tell whether a file that begins so may be one."""
    first = next((line for line in start.decode("latin-1").split("\n") if line.strip()), "")
    return _LINE.fullmatch(first) is not None


def read(file: IO[bytes]) -> Iterator[Exchange]:
    """Read line by line. Requests that are none (a TLS greeting, `-`) are passed over."""
    return requests(file, _parsed, "not a line of an access log")


def _parsed(line: str) -> Asked | None:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError
    time, request, referer, agent = found.groups()
    asked = _REQUEST.fullmatch(_plain(request))
    if asked is None:
        return None
    told = (("Referer", referer), ("User-Agent", agent))
    return (
        _seconds(time),
        asked[1],
        asked[2],
        tuple((name, _plain(text)) for name, text in told if text not in (None, "-")),
    )


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda found: _character(found[1]), text)


def _character(escaped: str) -> str:
    return chr(int(escaped[1:], 16)) if escaped[0] == "x" and len(escaped) == 3 else _CONTROLS.get(escaped, escaped)


def _seconds(text: str) -> float | None:
    with suppress(ValueError):
        return datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z").timestamp()
    return None
