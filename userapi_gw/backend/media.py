"""Files of the modern shore: pictures fetched and uploads sent, on the backend's own media hosts and nowhere else."""

import ipaddress
import json
import re
import socket
from collections.abc import Iterable
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import requests
from requests.adapters import BaseAdapter
from urllib3 import encode_multipart_formdata
from urllib3.exceptions import HTTPError

from userapi_gw.backend import deadline
from userapi_gw.backend.exchange import session_over
from userapi_gw.backend.hurried import HurriedAdapter
from userapi_gw.errors import Failure, Kind

MOST_BYTES = 10 * 1024 * 1024
"""The largest picture that is fetched."""

MOST_ANSWERED = 1024 * 1024
"""The longest answer to an upload, in bytes."""

MOST_REDIRECTS = 3
CHUNK = 64 * 1024
DEFAULT_PORTS = {"http": "80", "https": "443"}

# Stricter than the standard: what two parsers could read differently (blanks, backslashes, user names) is refused.
_URL = re.compile(
    r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?(?=[/?#]|$)[!-\[\]-~]*", re.ASCII | re.IGNORECASE
)


class _Session(requests.Session):
    """Redirects are none of its business: to prepare one, requests would read its body, however long that is."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Find no redirect; see requests."""
        return None


class _Hurried(BytesIO):
    """A body to send that breaks off at the deadline: each wait of a slow reader alone is within the time-out."""

    def read(self, size: int | None = -1, /) -> bytes:
        if not deadline.left():
            raise TimeoutError
        return super().read(size)


class Media:
    """The media hosts of one server. Safe to share between threads; sends no cookie, token or referrer.

    `hosts` are names (`ovk.example`, `ovk.example:8080`) or all names below one (`*.userapi.com`). A name that only a
    `*` covers has to lead to a public address: whoever may name hosts there must not get at the gateway's network.
    With `in_process` nothing leaves this process and no name is looked up. `timeout` is in seconds.
    """

    def __init__(
        self, hosts: Iterable[str], timeout: float, adapter: BaseAdapter | None = None, *, in_process: bool = False
    ) -> None:
        names = [host.lower() for host in hosts]
        self._names = frozenset(name for name in names if not name.startswith("*."))
        self._endings = tuple(name.removeprefix("*") for name in names if name.startswith("*."))
        self._timeout = timeout
        self._in_process = in_process
        self._session = session_over(adapter or HurriedAdapter(pool_connections=8, pool_maxsize=32), _Session())
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def allows(self, url: str) -> bool:
        """Tell whether a web address is on one of the media hosts."""
        place = _place(url)
        return place is not None and (place in self._names or place.endswith(self._endings))

    def fetch(self, url: str) -> bytes:
        """Return the file at `url`, at most `MOST_BYTES`; every redirect is held against the media hosts anew.

        Raises `Failure`: `FORBIDDEN` for an address that is not allowed, `NOT_FOUND`, `BACKEND_AWAY`, `BACKEND_BROKEN`.
        """
        with deadline.within(2 * self._timeout):
            for _ in range(MOST_REDIRECTS + 1):
                with self._request("GET", url) as reply:
                    if not reply.is_redirect:
                        return _file(reply)
                    url = _target(url, reply.headers["Location"])
        raise Failure(Kind.BACKEND_BROKEN, "media: too many redirects")

    def send(self, url: str, field: str, jpeg: bytes) -> dict[str, Any]:
        """Upload a file to the address the server named and return what the server says, which the save call wants.

        Sent once. Raises `Failure`: `BAD_INPUT` when the server does not take the file, else as `fetch` does.
        """
        form, content_type = encode_multipart_formdata({field: ("photo.jpg", jpeg, "image/jpeg")})
        headers = {"Content-Type": content_type}
        with (
            deadline.within(4 * self._timeout),
            self._request("POST", url, data=_Hurried(form), headers=headers) as reply,
        ):
            try:
                answer = json.loads(_read(reply, MOST_ANSWERED))
            except ValueError:
                raise Failure(Kind.BACKEND_BROKEN, "upload: not JSON") from None
        if not isinstance(answer, dict) or not answer.get("hash"):
            raise Failure(Kind.BAD_INPUT, "upload: the server does not take the file")
        return answer

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def _request(self, verb: str, url: str, **parts: Any) -> requests.Response:
        """Send a request and return as soon as the answer begins. It is not unpacked: it may unpack to anything."""
        self._check(url)
        parts["headers"] = {"Accept-Encoding": "identity", **parts.get("headers", {})}
        try:
            return self._session.request(verb, url, timeout=self._timeout, allow_redirects=False, stream=True, **parts)
        except requests.exceptions.RequestException as error:
            # Neither address nor text: the addresses of uploads are secrets.
            raise Failure(Kind.BACKEND_AWAY, f"media: {type(error).__name__}") from None

    def _check(self, url: str) -> None:
        if not self.allows(url):
            raise Failure(Kind.FORBIDDEN, "media: not a media host")
        place = _place(url)
        if place in self._names or self._in_process or place is None:
            return
        try:
            found = socket.getaddrinfo(place.partition(":")[0], None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):  # UnicodeError: no name can be written like that
            raise Failure(Kind.BACKEND_AWAY, "media: no such host") from None
        if not all(ipaddress.ip_address(entry[4][0]).is_global for entry in found):
            raise Failure(Kind.FORBIDDEN, "media: a host with a private address")


def _place(url: str) -> str | None:
    """Return `host`, or `host:port` where the port is not the usual one; None for anything but a plain web address."""
    found = _URL.fullmatch(url)
    if not found:
        return None
    scheme, host, port = found.groups()
    host = host.lower()
    return host if port in (None, DEFAULT_PORTS[scheme.lower()]) else f"{host}:{port}"


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Failure(Kind.BACKEND_BROKEN, "media: a redirect to nowhere") from None


def _file(reply: requests.Response) -> bytes:
    if reply.status_code != 200:
        raise Failure(Kind.NOT_FOUND, f"media: status {reply.status_code}")
    return _read(reply, MOST_BYTES)


def _read(reply: requests.Response, most: int) -> bytes:
    body = bytearray()
    try:
        while chunk := reply.raw.read1(CHUNK):  # what is there, without waiting for a whole chunk
            body += chunk
            if len(body) > most:
                raise Failure(Kind.BACKEND_BROKEN, "media: too large")
            if not deadline.left():
                raise Failure(Kind.BACKEND_AWAY, "media: too slow")
    except (HTTPError, OSError) as error:
        raise Failure(Kind.BACKEND_AWAY, f"media: {type(error).__name__}") from None
    return bytes(body)
