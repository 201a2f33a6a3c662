"""For other WSGI servers: `application`, set up by the environment and `userapi-gw.toml` alone.

Wrong settings are told at import. The gateway itself is built with the first request, because some servers import this
module before they fork, and database connections do not survive a fork.
"""

from collections.abc import Iterable
from threading import Lock
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from userapi_gw.app import create_app
from userapi_gw.settings.sources import load_settings

_settings = load_settings({}, None).settings
_lock, _built = Lock(), list[Flask]()


def _gateway() -> Flask:
    """The one gateway of this process. Only those who come before it is there wait for each other."""
    with _lock:
        if not _built:
            _built.append(create_app(_settings))
    return _built[0]


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request."""
    gateway = _built[0] if _built else _gateway()
    return gateway(environ, start_response)
