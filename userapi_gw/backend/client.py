"""Calls to a VK-style server: transport, envelopes, errors. Knows nothing of people, walls or UserAPI."""

import logging
from dataclasses import dataclass
from threading import Lock
from typing import Any, Self

import requests
from cachetools import TTLCache
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Retry

from userapi_gw.backend.dialects import VK, ServerDialect
from userapi_gw.backend.forms import FormPoster
from userapi_gw.backend.model import Grant
from userapi_gw.errors import METHOD_CODES, Failure, Kind, from_vk_code

API_VERSION = "5.131"
POOL_SIZE = 32
READ_RETRIES = 2
MISSING_SECONDS = 600
"""How long a method that the server does not have is taken to be missing: servers are updated."""
log = logging.getLogger(__name__)


class _Impatient(Retry):
    """Repeats calls that broke off, but none that timed out: whoever waits has waited long enough."""

    def increment(self, *args: Any, **kwargs: Any) -> Self:
        """Count one failure; see urllib3."""
        error = kwargs.get("error")
        if isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(*args, **kwargs)


def http_adapter(retries: int) -> HTTPAdapter:
    """Return a pooled adapter that repeats a call `retries` times; connections that never opened are always retried."""
    retry = _Impatient(
        total=READ_RETRIES,
        connect=READ_RETRIES,
        read=retries,
        status=retries,
        status_forcelist=(502, 503, 504),
        allowed_methods=None,
        backoff_factor=0.1,
        backoff_jitter=0.1,
        raise_on_status=False,
    )
    return HTTPAdapter(pool_connections=1, pool_maxsize=POOL_SIZE, max_retries=retry)


@dataclass(frozen=True, slots=True)
class Transports:
    """Two ways to the same server: reads may be repeated after a time-out, writes never are."""

    reads: BaseAdapter
    writes: BaseAdapter

    @classmethod
    def over_http(cls) -> "Transports":
        """Return the transports for a server on the network."""
        return cls(http_adapter(READ_RETRIES), http_adapter(0))


class Client:
    """One VK-style server at `url`. Safe to share between threads.

    All calls are POSTs, so tokens and passwords stand in no address. `timeout` is in seconds, for connecting and for
    each wait for bytes. A method that the server turned out not to have is not asked for again for a while.
    """

    def __init__(self, url: str, transports: Transports, timeout: float, dialect: ServerDialect = VK) -> None:
        self.dialect = dialect
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._missing: TTLCache[str, bool] = TTLCache(maxsize=1000, ttl=MISSING_SECONDS)
        self._missing_lock = Lock()
        self._reads = FormPoster(transports.reads)
        self._writes = FormPoster(transports.writes)

    def call(self, method: str, token: str, *, write: bool = False, **parameters: Any) -> Any:
        """Return the `response` of `method`; without a token, as somebody who is not logged in.

        Raises `Failure`: by the server's error code, `UNSUPPORTED` for a method it does not have, `BACKEND_AWAY`
        without an answer, `BACKEND_BROKEN` when it made no sense.
        """
        return self.response(method, self.envelope(method, token, write=write, **parameters))

    def envelope(self, method: str, token: str, *, write: bool = False, **parameters: Any) -> dict[str, Any]:
        """Return all that the server said to a call, be it a `response` or an error; else raises as `call` does."""
        if not self.knows(method):
            raise Failure(Kind.UNSUPPORTED, f"{method}: not a method of this server")
        form = {name: value for name, value in parameters.items() if value is not None} | {"v": API_VERSION}
        form |= {"access_token": token} if token else {}
        return self._post(self._writes if write else self._reads, f"/method/{method}", form)

    def response(self, method: str, envelope: dict[str, Any]) -> Any:
        """Return the `response` in an envelope of `method`, or raise the `Failure` that its error stands for."""
        if "response" in envelope:
            return envelope["response"]
        raise self._refusal(method, envelope)

    def knows(self, method: str) -> bool:
        """Tell whether the server may have a method: True until it said otherwise."""
        with self._missing_lock:
            return method not in self._missing

    def grant(self, login: str, password: str) -> Grant:
        """Exchange `login` and `password` for a token; raises `Failure(WRONG_PASSWORD)` when they are not right."""
        form = {"username": login, "password": password, "grant_type": "password", "v": API_VERSION}
        answer = self._post(self._writes, "/token", form)
        if "access_token" in answer:
            return _grant(answer)
        if answer.get("error") in ("invalid_client", "invalid_grant", "invalid_request"):
            raise Failure(Kind.WRONG_PASSWORD)
        raise self._refusal("token", answer)

    def is_reachable(self) -> bool:
        """Tell whether the server answers at all."""
        try:
            self._post(self._reads, "/method/utils.getServerTime", {"v": API_VERSION})
        except Failure as failure:
            return failure.kind is not Kind.BACKEND_AWAY
        return True

    def close(self) -> None:
        """Close the pooled connections."""
        self._reads.close()
        self._writes.close()

    def _post(self, poster: FormPoster, path: str, form: dict[str, Any]) -> dict[str, Any]:
        try:
            reply = poster.post(self._url + path, form, self._timeout)
            answer = reply.json()
        except requests.exceptions.JSONDecodeError:
            raise Failure(Kind.BACKEND_BROKEN, f"{path}: not JSON") from None
        except requests.exceptions.RequestException as error:
            # The text of the exception is left out: it may quote what was sent.
            raise Failure(Kind.BACKEND_AWAY, f"{path}: {type(error).__name__}") from None
        if not isinstance(answer, dict):
            raise Failure(Kind.BACKEND_BROKEN, f"{path}: not an object")
        return answer

    def _refusal(self, method: str, answer: dict[str, Any]) -> Failure:
        """Read VK's nested error envelope or OpenVK's flat one."""
        error = answer.get("error", answer)
        code = error.get("error_code") if isinstance(error, dict) else None
        if not isinstance(code, int):
            return Failure(Kind.BACKEND_BROKEN, f"{method}: no error code")
        if code in METHOD_CODES:
            with self._missing_lock:
                self._missing[method] = True
        return from_vk_code(code, method, self.dialect.codes)


def _grant(answer: dict[str, Any]) -> Grant:
    try:
        return Grant(int(answer["user_id"]), str(answer["access_token"]))
    except (KeyError, TypeError, ValueError):
        raise Failure(Kind.BACKEND_BROKEN, "token: no user id") from None


def session_over(adapter: BaseAdapter) -> requests.Session:
    """Return a session that knows `adapter` for every web address, and nothing of the environment's proxies."""
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
