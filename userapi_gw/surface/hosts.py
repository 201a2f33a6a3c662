"""Host names as old programs and proxies send them: any, odd ones, none. And where programs ask from."""

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Request

_HOST = re.compile(
    r"(?:(?=[^:]{1,253}(?::|$))[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?|\[[0-9a-fA-F:.]{2,45}\])(?::[0-9]{1,5})?"
)
NETWORK_BITS = 64
"""Whoever has one address of IPv6 has all that begin with the same 64 bits."""


class AnyHost:
    """Lets a request in whatever host it names; one that cannot be a name is replaced by where we listen.

    Werkzeug answers such names with a page of its own, and a program waits for JSON.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        host = environ.get("HTTP_HOST")
        if host is not None and not _HOST.fullmatch(host):
            environ["HTTP_HOST"] = f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
        return self._application(environ, start_response)


def host_name(request: Request) -> str:
    """The host name the program used, in small letters and without the port."""
    return _host(request).rsplit(":", 1)[0].lower()


def own_address(request: Request) -> str:
    """The gateway's own address as the program knows it."""
    return f"{request.scheme}://{_host(request)}"


def client_address(request: Request) -> str:
    """Where a request came from, as limits count it: an address of IPv4, a network of IPv6, `""` when nobody knows.

    Headers that name somebody else (X-Forwarded-For) do not count: the program itself may have written them.
    """
    return _counted(request.remote_addr or "")


def exact_address(request: Request) -> str:
    """The one address of IPv4 or IPv6 a request came from; `""` when nobody knows."""
    return str(_address(request.remote_addr or "") or "")


@lru_cache(10_000)  # programs that poll come from few addresses, and to read one takes a while
def _counted(told: str) -> str:
    address = _address(told)
    if address is None:
        return told
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((int(address), NETWORK_BITS), strict=False))


def _address(told: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(told.partition("%")[0])
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address  # how a server that listens on both sees IPv4


def _host(request: Request) -> str:
    """What `AnyHost` let in. Werkzeug's `request.host` knows no underscores, computers in homes have them."""
    environ = request.environ
    return str(environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}")
