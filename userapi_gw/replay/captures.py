"""Captures of every format: which one a file has is seen from its content."""

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.faults import CaptureError
from userapi_gw.replay.formats import access_log, addresses, har, jsonl, warc


class Format(Protocol):
    """What the modules of `formats` have."""

    def fits(self, start: bytes) -> bool:
        """Tell whether a file that begins so, unpacked, is one."""

    def read(self, file: IO[bytes]) -> Iterator[Exchange]:
        """Yield its exchanges; raises `CaptureError` after the last that could be read."""


FORMATS: tuple[Format, ...] = (warc, har, jsonl, access_log, addresses)
"""In the order they are tried: HAR is JSON, too."""

GZIP = b"\x1f\x8b"
SEEN = 64 * 1024
"""So many bytes of a file tell its format."""


def read(path: Path) -> Iterator[Exchange]:
    """Yield the exchanges of a capture in order, in bounded memory but for HAR.

    Raises `CaptureError` for a file of no known format before the first, and for a broken one when everything that
    could be read was yielded; OSError as opening and reading do.
    """
    number = 0
    with path.open("rb") as file, io.BufferedReader(_AsItIs(file, os.fstat(file.fileno()).st_size), SEEN) as whole:
        try:
            for exchange in _read(whole):
                number = exchange.number
                yield exchange
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise CaptureError(f"the gzip stream is broken or cut off after exchange {number}") from None


class _AsItIs(io.RawIOBase):
    """A file as it is now: what is written to it meanwhile (a replay to the server that records) is not read."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._size = file, size

    def readable(self) -> bool:
        """See `io`."""
        return True

    def seekable(self) -> bool:
        """See `io`."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """See `io`."""
        return self._file.seek(offset, whence)

    def readinto(self, buffer: Any, /) -> int:
        """See `io`."""
        part = self._file.read(max(0, min(len(buffer), self._size - self._file.tell())))
        buffer[: len(part)] = part
        return len(part)


def _read(file: IO[bytes]) -> Iterator[Exchange]:
    start = file.read(SEEN)
    file.seek(0)
    if not start:
        raise CaptureError("the file is empty")
    is_zipped = start.startswith(GZIP)
    if is_zipped:
        start = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(start, SEEN)
    found = next((one for one in FORMATS if one.fits(start)), None)
    if found is None:
        raise CaptureError("no capture: neither WARC, HAR, JSON lines, an access log nor a list of addresses")
    if is_zipped and found is not warc:  # that one has a way of its own
        return found.read(io.BufferedReader(gzip.GzipFile(fileobj=file)))
    return found.read(file)
