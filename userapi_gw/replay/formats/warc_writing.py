"""Writes WARC 1.1: a request and its answer, which name each other."""

import string
import time
from base64 import b32encode
from hashlib import sha1
from io import BytesIO
from urllib.parse import quote
from uuid import uuid4

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from userapi_gw.replay.exchange import Exchange, Headers
from userapi_gw.replay.formats import message
from userapi_gw.replay.formats.times import iso
from userapi_gw.replay.parameters import as_bytes

VERSION = "WARC/1.1"


class Encoder:
    """Writes WARC. A time that is not known is that of 1970."""

    tail = b""
    zipped = False

    @property
    def head(self) -> bytes:
        """The record that describes the file."""
        told = b"software: userapi-gw\r\nformat: WARC File Format 1.1\r\n"
        return self._record("warcinfo", [], told, b"", time.time())

    def encode(self, exchange: Exchange, *, is_first: bool) -> bytes:
        """Return the records of an exchange."""
        request_id, answer_id = _new_id(), _new_id()
        url = quote(as_bytes(exchange.url), safe=string.printable)
        about = [("WARC-Target-URI", url)]
        asked = message.request(exchange.method, _target(exchange), _with_host(exchange), exchange.request_body)
        named = [*about, ("WARC-Record-ID", request_id)]
        if exchange.status is None:
            return self._record("request", named, asked, exchange.request_body, exchange.began)
        answer = message.answer(exchange.status, exchange.headers, exchange.body)
        of_answer = [*about, ("WARC-Record-ID", answer_id), ("WARC-Concurrent-To", request_id)]
        named.append(("WARC-Concurrent-To", answer_id))
        return self._record("request", named, asked, exchange.request_body, exchange.began) + self._record(
            "response", of_answer, answer, exchange.body, exchange.began
        )

    def _record(
        self, kind: str, headers: list[tuple[str, str]], block: bytes, payload: bytes, began: float | None
    ) -> bytes:
        fields = [("WARC-Type", kind), ("WARC-Date", iso(began)), *headers]
        if kind == "warcinfo":
            content_type = "application/warc-fields"
            fields.append(("WARC-Record-ID", _new_id()))
        else:
            content_type = f"application/http; msgtype={kind}"
            fields.append(
                ("WARC-Payload-Digest", f"sha1:{b32encode(sha1(payload, usedforsecurity=False).digest()).decode()}")
            )
        out = BytesIO()
        named = StatusAndHeaders("", fields, protocol=VERSION)
        record = ArcWarcRecord("warc", kind, named, BytesIO(block), None, content_type, len(block))
        WARCWriter(out, gzip=self.zipped).write_record(record)
        return out.getvalue()


class ZippedEncoder(Encoder):
    """Writes WARC with a gzip member for each record."""

    zipped = True


def _new_id() -> str:
    return f"<urn:uuid:{uuid4()}>"


def _target(exchange: Exchange) -> str:
    """Path and query as they were sent."""
    return exchange.path + (f"?{exchange.query}" if exchange.query else "")


def _with_host(exchange: Exchange) -> Headers:
    if exchange.request_header("Host") or not exchange.host:
        return exchange.request_headers
    return (("Host", exchange.host), *exchange.request_headers)
