"""`POST /vk/messages`: one request, never repeated. Document 002, "Sending"."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from ssl import SSLCertVerificationError
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError, SSLError

from userapi_gw.backend import deadline
from userapi_gw.backend.exchange import session_over
from userapi_gw.backend.hurried import HurriedAdapter
from userapi_gw.notify.devino_model import lenient
from userapi_gw.settings.notify import Devino

log = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
"""Longer answers are not read: a thousand results take a tenth of that."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status (0: no connection, so nothing was sent), and the body if it was JSON.

    `is_whole` tells whether there is a body in which one can look for what became of the messages.
    """

    status: int
    body: Any = None
    is_whole: bool = False


class DevinoHttp:
    """Connections to Devino, for one thread. `timeout` (seconds) is for all of a request and its answer."""

    def __init__(self, account: Devino, timeout: float) -> None:
        self._url, self._timeout = f"{account.url}/vk/messages", timeout
        self._session = session_over(HurriedAdapter())
        self._session.headers["Authorization"] = f"{account.scheme} {account.key.get_secret_value()}".strip()
        # A connection kept open may be closed by the other side just when it is used: nobody would know what was sent.
        self._session.headers["Connection"] = "close"

    def post(self, messages: Sequence[dict[str, Any]]) -> Reply | None:
        """Send messages; None when nobody knows whether they were taken."""
        try:
            with deadline.within(self._timeout):
                return self._post(messages)
        except requests.exceptions.ConnectionError as error:
            return Reply(0) if _was_never_connected(error) else None
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            log.warning("devino: %s", type(error).__name__)
            return None

    def _post(self, messages: Sequence[dict[str, Any]]) -> Reply:
        how: dict[str, Any] = {"timeout": self._timeout, "allow_redirects": False, "stream": True}
        with self._session.post(self._url, json=messages, **how) as response:
            return _reply(response.status_code, response.raw.read(MOST_BYTES, decode_content=True))


def _reply(status: int, body: bytes) -> Reply:
    try:
        return Reply(status, lenient(body), is_whole=True)
    except (ValueError, RecursionError):
        return Reply(status)


def _was_never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """Tell whether nothing can have been sent: there was no connection, or no name to connect to."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, SSLError) and reason.args:
        reason = reason.args[0]  # a certificate nobody trusts is found before anything is sent
    return isinstance(reason, (NewConnectionError, NameResolutionError, ConnectTimeoutError, SSLCertVerificationError))
