"""The bytes of an answer: spelling of JSON, JSONP, content type, gzip."""

import gzip
import json
import re
from typing import Any, NamedTuple

from flask import Request, Response

from userapi_gw.dialect import Dialect

JSON_TYPE = "application/json; charset=utf-8"
SCRIPT_TYPE = "text/javascript; charset=utf-8"
HEADERS = [("Cache-Control", "no-cache"), ("X-Content-Type-Options", "nosniff")]
LEAST_GZIPPED = 150
"""Answers shorter than this many bytes do not get smaller by gzip."""

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SPACED = json.JSONEncoder(ensure_ascii=False)
_CALLBACK = re.compile(r"[A-Za-z_$][\w$.\[\]=]{0,99}", re.ASCII)


def spell(answer: Any, dialect: Dialect, callback: str) -> bytes:
    """Return an answer as JSON in the dialect's spelling, or as exactly `callback(json);`.

    U+2028 and U+2029 are escaped: they are fine in JSON but end a line in the JavaScript of the time.
    """
    text = (_COMPACT if dialect.compact else _SPACED).encode(answer)
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    if callback:
        text = f"{callback}({text});"
    return text.encode("utf-8", errors="replace")


def callback_name(text: str) -> str:
    """Return the `back` parameter if it is a name an answer can be passed to, else `""`.

    Letters, digits and `_ $ . [ ] =`, as in `reqs[120].resultFunc` (the sample network) or `faved=eval` (VkOpt).
    """
    return text if _CALLBACK.fullmatch(text) else ""


class Spelled(NamedTuple):
    """An answer as it is sent."""

    body: bytes
    headers: list[tuple[str, str]]


def spelled(answer: Any, dialect: Dialect, request: Request, callback: str) -> Spelled:
    """Return body and headers of an answer of `/data`, gzipped if the program takes that."""
    body = spell(answer, dialect, callback)
    headers = [*HEADERS, ("Content-Type", SCRIPT_TYPE if callback else JSON_TYPE)]
    if len(body) >= LEAST_GZIPPED:
        headers.append(("Vary", "Accept-Encoding"))
        if takes_gzip(request):
            body = gzip.compress(body, compresslevel=6, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
    return Spelled(body, headers)


def takes_gzip(request: Request) -> bool:
    """Tell whether the program reads gzipped answers."""
    return request.accept_encodings["gzip"] > 0


def respond(answer: Spelled) -> Response:
    """Return the HTTP answer of `/data`: status 200 whatever happened inside."""
    return Response(answer.body, headers=answer.headers)
