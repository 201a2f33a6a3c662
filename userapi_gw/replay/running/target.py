"""The server that requests are sent to, over one connection."""

import http.client
import re
import select
import string
import time
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from userapi_gw.replay.exchange import Exchange, Headers
from userapi_gw.replay.formats import message
from userapi_gw.replay.parameters import as_bytes

TIMEOUT = 60.0
"""Seconds an answer may take."""
MOST_BYTES = 64 * 1024 * 1024
CHUNK = 64 * 1024

_SAFE = string.punctuation + string.ascii_letters + string.digits
_OWN = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "expect", "if-none-match", "host"}
)
"""Headers that speak of the old connection, or of what a program had in its cache."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class TargetAwayError(Exception):
    """The server does not answer at all; the request was not sent."""


class NoAnswerError(Exception):
    """The request was sent, and no whole answer came. The text says why."""


@dataclass(frozen=True)
class Address:
    """Where a server is: scheme, `host[:port]`, and what stands before the paths."""

    scheme: str
    place: str
    prefix: str

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Read `http://host:port/prefix`."""
        parts = urlsplit(url)
        return cls(parts.scheme, parts.netloc, parts.path.rstrip("/"))

    @property
    def url(self) -> str:
        """The address as a text."""
        return f"{self.scheme}://{self.place}{self.prefix}"


class Target:
    """Sends requests one after another and keeps the connection. With `keep_host` the server is told the old host.

    An answer of more than `most_bytes`, or one that comes in drops for longer than `timeout` seconds, counts as none.
    """

    def __init__(
        self, address: Address, *, keep_host: bool = False, timeout: float = TIMEOUT, most_bytes: int = MOST_BYTES
    ) -> None:
        self._address, self._keep_host, self._timeout, self._most_bytes = address, keep_host, timeout, most_bytes
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        self._connection = kinds[address.scheme](address.place, timeout=timeout)

    def send(self, asked: Exchange) -> Exchange:
        """Send a request and return it as it was sent, with its answer. Redirects are not followed.

        Raises `TargetAwayError` and `NoAnswerError`. A request is sent once: on a connection the server has closed by
        now it is not tried.
        """
        self._connect()
        host = asked.host if self._keep_host and asked.host else self._address.place
        query = f"?{asked.query}" if asked.query else ""
        target = quote(as_bytes(f"{self._address.prefix}{asked.path}{query}"), safe=_SAFE)
        headers = (("Host", quote(host, safe=_SAFE)), *_sendable(asked.request_headers))
        url = f"{self._address.scheme}://{headers[0][1]}{target}"
        sent = replace(asked, url=url, request_headers=headers, began=time.time())
        try:
            self._put(sent, target)
            return self._answer(sent)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswerError(type(error).__name__) from None

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _connect(self) -> None:
        if self._connection.sock is not None and select.select([self._connection.sock], [], [], 0)[0]:
            self.close()  # nothing is asked, so all that can be read is the end
        if self._connection.sock is None:
            try:
                self._connection.connect()
            except (OSError, UnicodeError) as error:
                raise TargetAwayError(getattr(error, "strerror", None) or type(error).__name__) from None

    def _put(self, sent: Exchange, target: str) -> None:
        self._connection.putrequest(sent.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.request_headers:
            self._connection.putheader(name, value.encode("latin-1", errors="replace"))
        if sent.request_body or sent.method == "POST":
            self._connection.putheader("Content-Length", str(len(sent.request_body)))
        self._connection.endheaders(sent.request_body)

    def _answer(self, sent: Exchange) -> Exchange:
        response = self._connection.getresponse()
        body = self._body(response)
        headers, body = message.decoded(tuple(response.getheaders()), body, self._most_bytes)
        return replace(sent, status=response.status, headers=headers, body=body)

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        parts, length, end = [], 0, time.monotonic() + self._timeout
        while part := response.read1(CHUNK):
            parts.append(part)
            length += len(part)
            if length > self._most_bytes or time.monotonic() > end:
                self.close()
                raise NoAnswerError("it is too long" if length > self._most_bytes else "it comes too slowly")
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        response.read()  # nothing is left, but the connection can be used again
        return b"".join(parts)


def _sendable(headers: Headers) -> Headers:
    """Leave out what must not, or cannot, be sent again; of the codings of answers, gzip alone can be undone here."""
    kept = (
        (name, "gzip" if name.lower() == "accept-encoding" else value)
        for name, value in headers
        if _NAME.fullmatch(name) and name.lower() not in _OWN and not (set(value) & {"\r", "\n", "\0"})
    )
    return tuple((name, value) for name, value in kept)
