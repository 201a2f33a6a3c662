"""Listens to what a gateway is asked and answers, as a WSGI application around it."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from userapi_gw.replay.exchange import AUTH, DATA, UPLOAD, Exchange, Headers, without_transfer
from userapi_gw.replay.formats import message

MOST_BYTES = 40 * 1024 * 1024
"""So much of the body of a request is kept; more than that no upload may have."""

OLD_SHORE = re.compile(rf"{DATA}|{AUTH}|{re.escape(UPLOAD)}|/u\d+/.*\.jpg", re.ASCII)
"""The paths of the old shore, and pictures. Pages for people, and their passwords on `/login`, are left out."""


class Observer:
    """The application, and `take`, which is given every exchange at these `paths` when it has been answered."""

    def __init__(
        self, application: WSGIApplication, take: Callable[[Exchange], None], paths: re.Pattern[str] = OLD_SHORE
    ) -> None:
        self._application, self._take, self._paths = application, take, paths

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, and tell of it."""
        if not self._paths.fullmatch(environ.get("PATH_INFO", "")):
            return self._application(environ, start_response)
        began, told = time.time(), _Told(start_response)
        environ["wsgi.input"] = asked = _Heard(environ["wsgi.input"])
        answer = self._application(environ, told.start)
        return _Sent(answer, lambda body: self._take(_exchange(began, environ, bytes(asked.heard), told, body)))


class _Told:
    """Status and headers of an answer, on their way to the server."""

    def __init__(self, start_response: StartResponse) -> None:
        self._start_response = start_response
        self.status, self.headers = 0, list[tuple[str, str]]()

    def start(self, status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        """See WSGI."""
        self.status, self.headers = int(status[:3]), headers
        return self._start_response(status, headers, *more)


class _Heard:
    """The body of a request, of which what was read is kept."""

    def __init__(self, stream: Any) -> None:
        self._stream, self.heard = stream, bytearray()

    def read(self, *size: int) -> bytes:
        """See WSGI."""
        return self._keep(self._stream.read(*size))

    def readline(self, *size: int) -> bytes:
        """See WSGI."""
        return self._keep(self._stream.readline(*size))

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _keep(self, part: bytes) -> bytes:
        self.heard += part[: MOST_BYTES - len(self.heard)]
        return part


class _Sent:
    """The parts of an answer's body; when the server has done with it, all of them are told."""

    def __init__(self, parts: Iterable[bytes], tell: Callable[[bytes], None]) -> None:
        self._parts, self._tell = parts, tell
        self._sent = list[bytes]()

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            self._sent.append(part)
            yield part

    def close(self) -> None:
        """See WSGI."""
        if hasattr(self._parts, "close"):
            self._parts.close()
        self._tell(b"".join(self._sent))


def _exchange(began: float, environ: WSGIEnvironment, asked: bytes, told: _Told, body: bytes) -> Exchange:
    headers, body = message.decoded(tuple(told.headers), body)
    return Exchange(
        1, began, environ["REQUEST_METHOD"], _url(environ), _headers(environ), asked, told.status, headers, body
    )


def _url(environ: WSGIEnvironment) -> str:
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    query = environ.get("QUERY_STRING", "")
    path = quote(environ["PATH_INFO"], encoding="latin-1")
    return f"{environ['wsgi.url_scheme']}://{host}{path}" + (f"?{query}" if query else "")


def _headers(environ: WSGIEnvironment) -> Headers:
    """The headers as WSGI tells them: names have lost their capitals, and those of the transfer are not there."""
    names = {key: key[5:] for key in environ if key.startswith("HTTP_")} | {"CONTENT_TYPE": "CONTENT_TYPE"}
    pairs = ((name.replace("_", "-").title(), environ[key]) for key, name in names.items() if environ.get(key))
    return without_transfer(tuple(pairs))
