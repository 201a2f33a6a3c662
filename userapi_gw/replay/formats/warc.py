"""WARC 1.0 and 1.1, plain or with a gzip member for each record, as crawlers, wget and warcio write it."""

import io
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.faults import CaptureError
from userapi_gw.replay.formats.warc_pairs import Pairs, Part, part_of
from userapi_gw.replay.formats.warc_writing import Encoder, ZippedEncoder

__all__ = ["ENDINGS", "NAME", "Encoder", "ZippedEncoder", "fits", "read"]

NAME = "warc"
ENDINGS = (".warc", ".warc.gz")
MOST_BYTES = 64 * 1024 * 1024
"""So much of a record is read; films and the like are cut."""

logging.getLogger("warcio").addHandler(logging.NullHandler())


def fits(start: bytes) -> bool:
    """Tell whether a file that begins so, unpacked, is one."""
    return start.startswith(b"WARC/")


def read(file: IO[bytes]) -> Iterator[Exchange]:
    """Read record by record; some wait for their other half. What waits when the file breaks off is not lost."""
    pairs, number, fault = Pairs(), 0, None
    parts = _parts(file)
    while True:
        try:
            part = next(parts, None)
        except CaptureError as error:
            part, fault = None, error
        for request, answer in pairs.rest() if part is None else pairs.add(part):
            number += 1
            yield _exchange(number, request, answer)
        if part is None:
            break
    if fault:
        raise fault


def _parts(file: IO[bytes]) -> Iterator[Part]:
    """Yield requests and answers. What warcio has to say on stderr tells of a fault."""
    records = iter(ArchiveIterator(file, no_record_parse=True))
    number = 1
    while True:
        said = io.StringIO()
        try:
            with redirect_stderr(said):
                record = next(records, None)
                part = _read(record, number) if record else None
        except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError):
            raise CaptureError("not a WARC record, or cut off", number) from None
        if said.tell():
            raise CaptureError("broken or cut off", number)
        if record is None:
            return
        if part:
            yield part
        number += 1


def _read(record: Any, number: int) -> Part | None:
    length = record.rec_headers.get_header("Content-Length") or ""
    if not length.isdecimal():
        raise CaptureError("its Content-Length is missing or no number", number)
    block = record.raw_stream.read(min(int(length), MOST_BYTES))
    if len(block) < min(int(length), MOST_BYTES):
        raise CaptureError("cut off", number)
    return part_of(record.rec_type, record.rec_headers, block)


def _exchange(number: int, request: Part | None, answer: Part | None) -> Exchange:
    either = request or answer
    assert either is not None  # noqa: S101 - `Pairs` gives one at least
    method, url, headers, body = ("GET", either.url, (), b"") if request is None else request.asked
    began = next((part.began for part in (request, answer) if part and part.began is not None), None)
    if answer is None or answer.status is None:
        return Exchange(number, began, method, url, headers, body)
    return Exchange(number, began, method, url, headers, body, answer.status, answer.headers, answer.body)
