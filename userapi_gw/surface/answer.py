"""The bytes of an answer: spelling of JSON, JSONP, content type, gzip."""

import gzip
import json
import re
from typing import Any

from flask import Request, Response

from userapi_gw.dialect import Dialect

JSON_TYPE = "application/json; charset=utf-8"
SCRIPT_TYPE = "text/javascript; charset=utf-8"
LEAST_GZIPPED = 150
"""Answers shorter than this many bytes do not get smaller by gzip."""

_CALLBACK = re.compile(r"[A-Za-z_$][\w$.\[\]=]{0,99}", re.ASCII)


def spell(answer: Any, dialect: Dialect, callback: str) -> bytes:
    """Return an answer as JSON in the dialect's spelling, or as exactly `callback(json);`.

    U+2028 and U+2029 are escaped: they are fine in JSON but end a line in the JavaScript of the time.
    """
    separators = (",", ":") if dialect.compact else (", ", ": ")
    text = json.dumps(answer, ensure_ascii=False, separators=separators)
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    if callback:
        text = f"{callback}({text});"
    return text.encode("utf-8", errors="replace")


def callback_name(text: str) -> str:
    """Return the `back` parameter if it is a name an answer can be passed to, else `""`.

    Letters, digits and `_ $ . [ ] =`, as in `reqs[120].resultFunc` (the sample network) or `faved=eval` (VkOpt).
    """
    return text if _CALLBACK.fullmatch(text) else ""


def respond(answer: Any, dialect: Dialect, request: Request, callback: str) -> Response:
    """Return the HTTP answer of `/data`: status 200 whatever happened inside."""
    body = spell(answer, dialect, callback)
    response = Response(body, content_type=SCRIPT_TYPE if callback else JSON_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if len(body) >= LEAST_GZIPPED:
        response.headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings["gzip"] > 0:
            response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
    return response
