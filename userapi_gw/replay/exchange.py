"""One request and its answer, wherever it was captured."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from userapi_gw.acts import ACTS
from userapi_gw.acts.multi import MY_FRIENDS
from userapi_gw.replay.parameters import form_pairs, query_pairs

Headers = tuple[tuple[str, str], ...]

DATA, AUTH, UPLOAD = "/data", "/auth", "/upload.php"
LOGINS = frozenset({"force", "auto", "confirm", "logout"})
UPLOADS = frozenset({"lprofile", "lphotos"})

_OF_TRANSFER = frozenset({"content-length", "content-encoding", "transfer-encoding"})


@dataclass(frozen=True)
class Exchange:
    """A request with its answer.

    `number` is the position in the capture, from 1; `began` the time of the request in unix seconds, None where the
    capture does not tell. Characters of `url` and of header values stand for bytes (latin-1), as in WSGI; `url` is
    absolute, or a path with a query, as the capture has it. Bodies are free of every coding of the transfer (chunks,
    gzip), and headers have none of those that speak of it, see `without_transfer`. `status` is None, `headers` and
    `body` are empty where the capture has no answer.
    """

    number: int
    began: float | None
    method: str
    url: str
    request_headers: Headers = ()
    request_body: bytes = b""
    status: int | None = None
    headers: Headers = ()
    body: bytes = b""

    def request_header(self, name: str) -> str:
        """Return the first header of the request with this name, `""` when there is none."""
        return first(self.request_headers, name)

    def header(self, name: str) -> str:
        """Return the first header of the answer with this name, `""` when there is none."""
        return first(self.headers, name)

    @property
    def path(self) -> str:
        """The path of the address, as it was sent; `/` when there is none."""
        return self._address[0] or "/"

    @property
    def query(self) -> str:
        """What stands behind the `?`, as it was sent."""
        return self._address[1]

    @property
    def host(self) -> str:
        """The host (and port) that was asked, in small letters; `""` when nothing tells."""
        return (self._address[2] or self.request_header("Host")).lower()

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The parameters in the order they were sent; a field of the body counts before one of the address.

        As at the gateway, the last of repeated ones counts. Bytes that are not UTF-8 are read as latin-1.
        """
        sent = query_pairs(self.query)
        if self.method == "POST":
            sent += form_pairs(self.request_body, self.request_header("Content-Type"))
        return dict(sent)

    @property
    def act(self) -> str:
        """What was asked for: an act of `/data` (`data` for several lists), `auth`, `upload`; else `""`."""
        if self.path == DATA:
            return self.parameters.get("act") or "data"
        return {AUTH: "auth", UPLOAD: "upload"}.get(self.path, "")

    @property
    def is_userapi(self) -> bool:
        """Tell whether this is a request of UserAPI: known by path and parameters, on any host.

        Pictures are not: their addresses come out of answers.
        """
        sent = self.parameters
        if self.path == DATA:
            return "act" in sent or "sid" in sent or any(name in _LISTS for name in sent)
        if self.path == AUTH:
            return sent.get("login") in LOGINS
        return self.path == UPLOAD and sent.get("act") in UPLOADS

    @property
    def writes(self) -> bool:
        """Tell whether the request changes what people have: a writing act, or an upload. A login is none."""
        return self.act == "upload" or (self.path == DATA and self.act in ACTS and ACTS[self.act].writes)

    @cached_property
    def _address(self) -> tuple[str, str, str]:
        """Path, query, and host. A path may begin with two slashes and is no host then."""
        if self.url.startswith("/"):
            path, _, query = self.url.partition("#")[0].partition("?")
            return path, query, ""
        try:
            parts = urlsplit(self.url)
        except ValueError:  # brackets that are no address of IPv6
            return "", "", ""
        return parts.path, parts.query, parts.netloc.rpartition("@")[2]


def first(headers: Headers, name: str) -> str:
    """Return the first header with this name, whatever its capitals; `""` when there is none."""
    return next((value for key, value in headers if key.lower() == name.lower()), "")


def without_transfer(headers: Headers) -> Headers:
    """Leave out what speaks of the body's coding on its way, and the fields HTTP/2 puts into their place (`:path`)."""
    return tuple(pair for pair in headers if pair[0].lower() not in _OF_TRANSFER and not pair[0].startswith(":"))


_LISTS = frozenset({MY_FRIENDS, *(name for name, act in ACTS.items() if act.multi)})
