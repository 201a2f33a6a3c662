"""Which answer of a WARC belongs to which request.

A request belongs to the answer it names, or that names it (`WARC-Concurrent-To`), else to the next one of the same
address that has none yet. An answer without a request counts as asked for by GET. A `resource` is an answer that was
fine. A `revisit` has the body of an earlier answer with the same digest; when that is not there, there is no answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from cachetools import LRUCache

from userapi_gw.replay.exchange import Headers
from userapi_gw.replay.formats import message
from userapi_gw.replay.formats.times import seconds
from userapi_gw.replay.parameters import as_bytes

MOST_WAITING = 100
"""Records that wait for their other half at a time; the oldest one goes alone then."""
MOST_BYTES_WAITING = 64 * 1024 * 1024
MOST_BYTES_REMEMBERED = 32 * 1024 * 1024
LONGEST_REMEMBERED = 256 * 1024
"""Bodies that revisits may come back to, in bytes: all of them, and a single one."""

Pair = tuple["Part | None", "Part | None"]


@dataclass(frozen=True, slots=True)
class Part:
    """A request (`status` None and a `method`), or an answer."""

    url: str
    began: float | None
    record_id: str
    partners: frozenset[str]
    method: str
    status: int | None
    headers: Headers
    body: bytes
    digest: str = ""
    is_revisit: bool = False

    @property
    def is_request(self) -> bool:
        """Tell which half it is."""
        return self.method != ""

    @property
    def asked(self) -> tuple[str, str, Headers, bytes]:
        """Method, address, headers and body of a request."""
        return self.method, self.url, self.headers, self.body


def part_of(kind: str, record: Any, block: bytes) -> Part | None:
    """Return what a record tells, by its type, its headers (of warcio) and its block; None for what is no HTTP."""
    uri = as_bytes(record.get_header("WARC-Target-URI") or "").decode("latin-1").strip("<>")
    if kind not in ("request", "response", "revisit", "resource") or not uri.startswith(("http://", "https://", "/")):
        return None
    plain = Part(
        url=uri,
        began=seconds(record.get_header("WARC-Date") or ""),
        record_id=record.get_header("WARC-Record-ID") or "",
        partners=frozenset(value for name, value in record.headers if name.lower() == "warc-concurrent-to"),
        method="",
        status=None,
        headers=(),
        body=b"",
        digest=record.get_header("WARC-Payload-Digest") or "",
    )
    if kind == "resource":
        of_block = (("Content-Type", record.get_header("Content-Type") or ""),)
        return replace(plain, status=200, headers=of_block, body=block)
    return _of_message(kind, plain, block)


def _of_message(kind: str, plain: Part, block: bytes) -> Part:
    line, headers, body = message.split(block)
    headers, body = message.decoded(headers, body)
    if kind == "request":
        method, _, rest = line.partition(" ")
        target = rest.rpartition(" ")[0] or rest
        return replace(plain, method=method or "GET", url=_url(plain.url, target), headers=headers, body=body)
    status = line.partition(" ")[2][:3]
    known = int(status) if status.isascii() and status.isdecimal() else None
    return replace(plain, status=known, headers=headers, body=body, is_revisit=kind == "revisit")


def _url(uri: str, target: str) -> str:
    """The address as it was sent, on the host of the record's address: that one may have been made tidy."""
    if not target.startswith("/"):
        return target if target.startswith(("http://", "https://")) else uri
    try:
        parts = urlsplit(uri)
    except ValueError:
        return target
    return f"{parts.scheme}://{parts.netloc}{target}"


@dataclass
class Pairs:
    """Brings the two halves together, with a bounded number of them in memory."""

    _waiting: list[Part] = field(default_factory=list)
    _bodies: "LRUCache[str, bytes]" = field(default_factory=lambda: LRUCache(MOST_BYTES_REMEMBERED, getsizeof=len))

    def add(self, part: Part) -> Iterator[Pair]:
        """Take a record, and give what is complete, or has waited too long."""
        part = self._whole(part)
        partner = self._partner(part)
        if partner is None:
            self._waiting.append(part)
            while len(self._waiting) > MOST_WAITING or sum(len(one.body) for one in self._waiting) > MOST_BYTES_WAITING:
                yield _alone(self._waiting.pop(0))
        else:
            self._waiting.remove(partner)
            yield (part, partner) if part.is_request else (partner, part)

    def rest(self) -> Iterator[Pair]:
        """Give all that still waits, at the end."""
        while self._waiting:
            yield _alone(self._waiting.pop(0))

    def _whole(self, part: Part) -> Part:
        if part.is_request or not part.digest:
            return replace(part, status=None) if part.is_revisit else part
        if not part.is_revisit:
            if len(part.body) <= LONGEST_REMEMBERED:
                self._bodies[part.digest] = part.body
            return part
        body = self._bodies.get(part.digest)
        return replace(part, status=None) if body is None else replace(part, body=body)

    def _partner(self, part: Part) -> Part | None:
        others = [one for one in self._waiting if one.is_request != part.is_request]
        for one in others:
            if one.record_id in part.partners or part.record_id in one.partners:
                return one
        if part.partners:
            return None
        return next((one for one in others if one.url == part.url and not one.partners), None)


def _alone(part: Part) -> Pair:
    return (part, None) if part.is_request else (None, part)
