"""One question and one answer over HTTP: with a deadline, repeated where that does no harm, never too many at once."""

import json
import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import BaseAdapter
from urllib3 import Timeout
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError

from userapi_gw.backend import deadline, on_behalf
from userapi_gw.backend.breaker import Breaker
from userapi_gw.errors import Failure, Kind, NoAnswer

MOST_AT_ONCE = 32
"""Calls of one process that may be under way; more wait for their turn."""

TRIES = 3
PAUSE = 0.1
"""Seconds before the second try, about; twice as many before the third."""

LEAST = 0.001
"""Seconds; a time-out of none at all would be an error."""

CHUNK = 64 * 1024
AWAY = (502, 503, 504)
"""What a web server says in the name of one that does not answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said, as it came and as it was understood."""

    body: bytes
    answer: dict[str, Any]


class Exchange:
    """A way to the server at `url`. Safe to share between threads; has to be used within a deadline."""

    def __init__(self, url: str, adapter: BaseAdapter, breaker: Breaker) -> None:
        self._url = url
        self._session = session_over(adapter)
        self._breaker = breaker
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)

    def post(self, path: str, form: Mapping[str, Any], *, repeat: bool) -> Reply:
        """Return the JSON object that a POST of `form` brings.

        Without `repeat` it is sent once: only when no connection came about it is tried again. Who has waited until a
        time-out has waited enough, in any case. Raises `NoAnswer`, or `Failure(BACKEND_BROKEN)` for anything but JSON.
        """
        for tries in range(TRIES):
            try:
                with self._turn():
                    return self.once(path, form)
            except NoAnswer as failure:
                again = tries + 1 < TRIES and failure.passing and (repeat or not failure.sent)
                if not again or not deadline.sleep(PAUSE * 2**tries * random.uniform(0.5, 1.5)):  # noqa: S311 - jitter
                    raise
        raise AssertionError("the last try returns or raises")

    def once(self, path: str, form: Mapping[str, Any]) -> Reply:
        """As `post`, but sent once whatever happens, and at once whoever else is asking."""
        timeout: Any = Timeout(total=max(LEAST, deadline.left()))
        how: dict[str, Any] = {"headers": on_behalf.headers(), "timeout": timeout}
        try:
            reply = self._session.post(self._url + path, data=form, allow_redirects=False, stream=True, **how)
            with reply:
                return _understood(path, reply.status_code, _body(path, reply))
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            # The text of the exception is left out: it may quote what was sent.
            raise _no_answer(path, error) from None

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        self._breaker.check()
        if not self._room.acquire(timeout=deadline.left()):
            raise NoAnswer("too many calls at once", sent=False)
        try:
            if not deadline.left():
                raise NoAnswer("no time left", sent=False)
            with self._breaker:
                yield
        finally:
            self._room.release()


def session_over(adapter: BaseAdapter, session: requests.Session | None = None) -> requests.Session:
    """Return a session that knows `adapter` for every web address, and nothing of the environment's proxies."""
    session = session or requests.Session()
    session.trust_env = False
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _body(path: str, reply: requests.Response) -> bytes:
    """Read a body as it comes, for as long as there is time."""
    parts = []
    while part := reply.raw.read1(CHUNK, decode_content=True):
        parts.append(part)
        if not deadline.left():
            raise NoAnswer(f"{path}: a slow answer", sent=True)
    return b"".join(parts)


def _understood(path: str, status: int, body: bytes) -> Reply:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        if status in AWAY:
            raise NoAnswer(f"{path}: HTTP {status}", sent=True, passing=True) from None
        raise Failure(Kind.BACKEND_BROKEN, f"{path}: HTTP {status}, not JSON") from None
    if not isinstance(answer, dict):
        raise Failure(Kind.BACKEND_BROKEN, f"{path}: HTTP {status}, not an object")
    return Reply(body, answer)


def _no_answer(path: str, error: Exception) -> NoAnswer:
    timed_out = isinstance(error, (requests.exceptions.Timeout, ReadTimeoutError, TimeoutError))
    cause = getattr(error.args[0], "reason", None) if error.args else None
    unsent = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)
    sent = not isinstance(error, unsent) and not isinstance(cause, NewConnectionError)
    return NoAnswer(f"{path}: {type(error).__name__}", sent=sent, passing=not timed_out)
