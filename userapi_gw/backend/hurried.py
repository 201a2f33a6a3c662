"""Connections that keep the deadline of whoever waits at them.

A time-out alone bounds each wait: it begins anew with every byte, so a server that drips could hold a thread for good,
also while it sends its headers, which libraries read in one go.
"""

import math
import socket
import ssl
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from userapi_gw.backend import deadline


def _hurry(sock: socket.socket) -> None:
    """Let the next wait be no longer than there is time; raises TimeoutError when there is none."""
    left = deadline.left()
    if not left:
        raise TimeoutError
    usual = sock.gettimeout()
    if left < (math.inf if usual is None else usual):
        sock.settimeout(left)


class _Socket(socket.socket):
    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        _hurry(self)
        return super().recv_into(*args, **kwargs)


class _TlsSocket(ssl.SSLSocket):
    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        _hurry(self)
        return super().recv_into(*args, **kwargs)


def _hurried(sock: socket.socket) -> socket.socket:
    timeout = sock.gettimeout()
    hurried = _Socket(fileno=sock.detach())
    hurried.settimeout(timeout)
    return hurried


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _hurried(super()._new_conn())


class _TlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _hurried(super()._new_conn())


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class HurriedAdapter(HTTPAdapter):
    """The way of requests to the network, with connections whose every wait ends at the deadline."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools; see requests."""
        context = create_urllib3_context()
        context.sslsocket_class = _TlsSocket
        super().init_poolmanager(*args, ssl_context=context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
