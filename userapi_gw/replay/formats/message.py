"""HTTP as it went over the wire, in bytes: apart into heads and bodies, and together again."""

import zlib
from http import HTTPStatus
from io import BytesIO

from warcio.bufferedreaders import ChunkedDataReader

from userapi_gw.replay.exchange import Headers, first, without_transfer

PLAIN = ("", "identity")
ZIPPED = ("gzip", "x-gzip", "deflate")
MOST_BYTES = 64 * 1024 * 1024


def split(block: bytes) -> tuple[str, Headers, bytes]:
    """Return the first line, the headers and the body as they were sent. What is not there is empty."""
    head, separator, body = block.partition(b"\r\n\r\n")
    if not separator:
        head, _, body = block.partition(b"\n\n")
    first_line, *lines = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    pairs = (line.partition(":") for line in lines if ":" in line)
    return first_line, tuple((name.strip(), value.strip()) for name, _, value in pairs), body


def decoded(headers: Headers, body: bytes, most_bytes: int = MOST_BYTES) -> tuple[Headers, bytes]:
    """Undo the codings of the transfer. What cannot be undone stays, with the header that tells of it.

    A zipped body is cut after `most_bytes`: a small one may hold a thousand times as much.
    """
    if first(headers, "Transfer-Encoding").lower() == "chunked":
        body = ChunkedDataReader(BytesIO(body)).read()
    coding = first(headers, "Content-Encoding").strip().lower()
    plain = body if coding in PLAIN else _unzipped(body, most_bytes) if coding in ZIPPED else None
    if plain is None:
        return (*without_transfer(headers), ("Content-Encoding", coding)), body
    return without_transfer(headers), plain


def _unzipped(body: bytes, most_bytes: int) -> bytes | None:
    """Undo gzip and both things that are called deflate; of a body that breaks off, return what there is."""
    for bits in (32 + zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(bits).decompress(body, most_bytes)
        except zlib.error:
            continue
    return None


def request(method: str, target: str, headers: Headers, body: bytes) -> bytes:
    """Return a request as it goes over the wire."""
    return _joined(f"{method} {target} HTTP/1.1", headers, body, is_told=bool(body) or method == "POST")


def answer(status: int, headers: Headers, body: bytes) -> bytes:
    """Return an answer as it goes over the wire."""
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    return _joined(f"HTTP/1.1 {status} {phrase}", headers, body, is_told=True)


def _joined(first_line: str, headers: Headers, body: bytes, *, is_told: bool) -> bytes:
    lines = [first_line, *(f"{name}: {value}" for name, value in headers)]
    if is_told:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1", errors="replace") + body
