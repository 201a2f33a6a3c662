"""For other WSGI servers: `application`, set up by the environment and `userapi-gw.toml` alone.

Wrong settings are told at import. The gateway itself is built with the first request, because some servers import this
module before they fork, and database connections do not survive a fork.
"""

from collections.abc import Iterable
from functools import cache
from threading import Lock
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from userapi_gw.app import create_app
from userapi_gw.settings.sources import load_settings

_settings = load_settings({}, None).settings
_lock = Lock()


@cache
def _gateway() -> Flask:
    return create_app(_settings)


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request."""
    with _lock:
        gateway = _gateway()
    return gateway(environ, start_response)
