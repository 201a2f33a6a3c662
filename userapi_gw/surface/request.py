"""Reads a request of an old program: parameters from address and body alike, whatever bytes they are made of."""

import string
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote_from_bytes

from flask import Request
from werkzeug.exceptions import HTTPException

from userapi_gw.acts.parameters import Parameters
from userapi_gw.errors import Failure, Kind

MOST_BYTES = 262_144
"""The longest query or body whose parameters are read, in bytes."""


def parameters(request: Request) -> Parameters:
    """Return the parameters of a request; a field of the body counts before one of the address.

    Broken percent-encoding stays as it is and bytes that are not UTF-8 become U+FFFD. NUL characters are dropped,
    databases refuse them. Raises `Failure(BAD_INPUT)` for an address longer than `MOST_BYTES` and for a body that is
    too long or ends too early.
    """
    in_address = query_parameters(request)
    in_body = _body(request)
    return Parameters({**in_address.values, **_named(in_body)}) if in_body else in_address


def query_parameters(request: Request) -> Parameters:
    """Return the parameters of the address alone; raises as `parameters` does."""
    return Parameters(_named(_pairs(request.query_string)))


def form_parameters(request: Request) -> Parameters:
    """Return the fields of a form with files. Raises `Failure(BAD_INPUT)` when it is too long or cut off."""
    try:
        return Parameters(_named(request.form.items(multi=True)))
    except (HTTPException, OSError) as error:
        raise Failure(Kind.BAD_INPUT, type(error).__name__) from None


def _named(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: value.replace("\0", "") for name, value in pairs}


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    """Read `name=value&...`. Werkzeug would refuse raw bytes that are not UTF-8, pyvk-t sends bytes above 0x7f.

    A body without a length was cut where the limit is, and what is left of it would be wrong.
    """
    if len(raw) >= MOST_BYTES:
        raise Failure(Kind.BAD_INPUT, "too long")
    text = quote_from_bytes(raw, safe=string.printable)
    if "%" in text or "+" in text:
        return parse_qsl(text, keep_blank_values=True, errors="replace")
    # The same for most polls, in which nothing is encoded, in a third of the time.
    parts = (pair.partition("=") for pair in text.split("&") if pair)
    return [(name, value) for name, _, value in parts]


def _body(request: Request) -> list[tuple[str, str]]:
    """Read a form; whatever is not multipart counts as urlencoded, since programs forget to say what they send."""
    if request.method != "POST":
        return []
    try:
        if request.mimetype == "multipart/form-data":
            return list(request.form.items(multi=True))
        return _pairs(request.get_data())
    except (HTTPException, OSError) as error:  # longer than allowed; cut off; gunicorn: a broken chunk
        raise Failure(Kind.BAD_INPUT, type(error).__name__) from None
