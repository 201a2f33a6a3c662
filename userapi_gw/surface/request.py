"""Reads a request of an old program: parameters from address and body alike, whatever bytes they are made of."""

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from userapi_gw.acts.parameters import Parameters
from userapi_gw.errors import Failure, Kind

MOST_BYTES = 262_144
"""The longest query or body whose parameters are read, in bytes."""


def parameters(request: Request) -> Parameters:
    """Return the parameters of a request; a field of the body counts before one of the address.

    Broken percent-encoding stays as it is and bytes that are not UTF-8 become U+FFFD. NUL characters are dropped,
    databases refuse them. Raises `Failure(BAD_INPUT)` for requests longer than `MOST_BYTES`.
    """
    if len(request.query_string) > MOST_BYTES or (request.content_length or 0) > MOST_BYTES:
        raise Failure(Kind.BAD_INPUT, "too long")
    pairs = [*request.args.items(multi=True)]
    try:
        pairs += request.form.items(multi=True)
    except RequestEntityTooLarge:
        raise Failure(Kind.BAD_INPUT, "too many fields") from None
    return Parameters({name: value.replace("\0", "") for name, value in pairs})
