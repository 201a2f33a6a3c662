"""A recorded answer as it is given to the program that asks now."""

import re
from typing import NamedTuple
from wsgiref.util import is_hop_by_hop

from userapi_gw.playback.tape import Recorded

NUMBER_HEADER = "X-Userapi-Gw-Record"
"""Tells the place of the answer in the capture."""

_OF_SERVER = frozenset({"date", "server", "content-length"})
"""What the server writes itself."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_SCRIPT = re.compile(r"\s*(?P<value>[\[{\"\d-].*|true|false|null)\s*", re.DOTALL | re.ASCII)


class Played(NamedTuple):
    """Status, headers and body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def played(recorded: Recorded, callback: str, script_type: str, json_type: str) -> Played:
    """Return the answer as it was recorded, but in the callback asked for now (`""`: none), if it is JSON.

    Its content type changes only when a callback comes or goes. Headers that are the server's business, or none at
    all, are left out: captures come from anywhere.
    """
    headers = [pair for pair in recorded.headers if _is_sent(*pair)]
    body = recorded.body if recorded.status != 204 else b""
    inner = None if any(name.lower() == "content-encoding" for name, _ in headers) else _inner(recorded, body)
    if inner is not None and callback != inner.callback:
        body = b"%b(%b);" % (callback.encode(), inner.value) if callback else inner.value
        if not (callback and inner.callback):
            headers = [pair for pair in headers if pair[0].lower() != "content-type"]
            headers.append(("Content-Type", script_type if callback else json_type))
    return Played(recorded.status, [*headers, (NUMBER_HEADER, str(recorded.number))], body)


class _Inner(NamedTuple):
    callback: str
    value: bytes


def _inner(recorded: Recorded, body: bytes) -> _Inner | None:
    """Take an answer out of its callback; None for what is no JSON by its looks, such as a picture."""
    start, text = f"{recorded.back}(".encode(errors="replace"), body.strip()
    if recorded.back and text.startswith(start) and text.rstrip(b"; \r\n\t").endswith(b")"):
        return _Inner(recorded.back, text.rstrip(b"; \r\n\t")[len(start) : -1])
    return _Inner("", body) if _SCRIPT.fullmatch(body.decode("latin-1")) else None


def _is_sent(name: str, value: str) -> bool:
    is_sound = _NAME.fullmatch(name) is not None and _VALUE.fullmatch(value) is not None
    return is_sound and not is_hop_by_hop(name) and name.lower() not in _OF_SERVER
