"""Reads a request of an old program: parameters from address and body alike, whatever bytes they are made of."""

import string
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote_from_bytes

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from userapi_gw.acts.parameters import Parameters
from userapi_gw.errors import Failure, Kind

MOST_BYTES = 262_144
"""The longest query or body whose parameters are read, in bytes."""

URLENCODED = ("", "application/x-www-form-urlencoded")


def parameters(request: Request) -> Parameters:
    """Return the parameters of a request; a field of the body counts before one of the address.

    Broken percent-encoding stays as it is and bytes that are not UTF-8 become U+FFFD. NUL characters are dropped,
    databases refuse them. Raises `Failure(BAD_INPUT)` for requests longer than `MOST_BYTES`.
    """
    if (request.content_length or 0) > MOST_BYTES:
        raise Failure(Kind.BAD_INPUT, "too long")
    return Parameters({**query_parameters(request).values, **_named(_body(request))})


def query_parameters(request: Request) -> Parameters:
    """Return the parameters of the address alone; raises as `parameters` does."""
    if len(request.query_string) > MOST_BYTES:
        raise Failure(Kind.BAD_INPUT, "too long")
    return Parameters(_named(_pairs(request.query_string)))


def form_parameters(request: Request) -> Parameters:
    """Return the fields of a form with files; raises werkzeug's `RequestEntityTooLarge` where there is too much."""
    return Parameters(_named(request.form.items(multi=True)))


def _named(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: value.replace("\0", "") for name, value in pairs}


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    """Read `name=value&...`. Werkzeug would refuse raw bytes that are not UTF-8, pyvk-t sends bytes above 0x7f."""
    return parse_qsl(quote_from_bytes(raw, safe=string.printable), keep_blank_values=True, errors="replace")


def _body(request: Request) -> list[tuple[str, str]]:
    if request.method != "POST":
        return []
    try:
        if request.mimetype in URLENCODED:
            return _pairs(request.get_data())
        return list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        raise Failure(Kind.BAD_INPUT, "too many fields") from None
