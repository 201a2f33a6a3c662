"""What entrances for other servers share: reading a body of bounded size, and asking to come again."""

from flask import Response, request
from werkzeug.exceptions import HTTPException

MOST_BYTES = 1024 * 1024
"""The longest body, in bytes."""

COME_AGAIN = 30
"""After how many seconds the sender is asked to come again when something cannot be taken."""

PLAIN = "text/plain; charset=utf-8"


class BrokenBodyError(Exception):
    """A body that did not come whole; the text is the kind of fault."""


def body() -> bytes:
    """Return the body of the request. Raises `BrokenBodyError`, and HTTPException 413 for one that is too long."""
    request.max_content_length = MOST_BYTES
    try:
        return request.get_data()
    except OSError as error:  # cut off; gunicorn: a broken chunk
        raise BrokenBodyError(type(error).__name__) from None
    except HTTPException as error:
        if error.code != 413:
            raise BrokenBodyError(type(error).__name__) from None
        raise


def come_again() -> Response:
    """Return 503 with the time after which the sender may try again."""
    return Response("later\n", 503, {"Retry-After": str(COME_AGAIN)}, content_type=PLAIN)
