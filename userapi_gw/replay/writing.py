"""Writes captures: every exchange is in the file when `write` returns, whoever else writes to it."""

import fcntl
import mmap
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.formats import har, jsonl, warc

ENCODERS: "dict[str, type[Encoder]]" = {
    "jsonl": jsonl.Encoder,
    "har": har.Encoder,
    "warc": warc.Encoder,
    "warc.gz": warc.ZippedEncoder,
}
"""By the name of a format, which is the ending of its files, too."""


class Encoder(Protocol):
    """A format as it is written: `head`, exchanges, and `tail`, which ends the file whenever somebody looks."""

    @property
    def head(self) -> bytes:
        """How a file begins."""

    @property
    def tail(self) -> bytes:
        """How it ends."""

    def encode(self, exchange: Exchange, *, is_first: bool) -> bytes:
        """Return an exchange as it stands in the file."""


class Writer(Protocol):
    """Whatever takes exchanges."""

    def write(self, exchange: Exchange) -> None:
        """Take one."""

    def close(self) -> None:
        """Take no more."""


def format_of(path: Path, named: str = "") -> str:
    """Return the format to write: the one named, else the one the file's name ends with. Raises ValueError."""
    for name in ENCODERS:
        if name == named or (not named and path.name.lower().endswith(f".{name}")):
            return name
    raise ValueError(f"{path.name} does not end with .{', .'.join(ENCODERS)}; name a format")


class CaptureFile:
    """A new capture, which threads and forked processes append to in turn (`flock`), each exchange by one write.

    Only the owner may read the file. A process that is killed loses the exchange it was writing; where the last whole
    one ends is known to all of them, and the next one is written there. `end` goes on with a file that is there
    already: so many of its bytes count. Raises OSError, `FileExistsError` for a file that is there without an `end`.
    """

    def __init__(self, path: Path, encoder: Encoder, end: int | None = None) -> None:
        self._path, self._encoder = path, encoder
        head = encoder.head + encoder.tail
        self._empty = len(head)
        self._shared = mmap.mmap(-1, 8)  # forked processes see each other's changes
        self._thread, self._handle, self._process = threading.Lock(), -1, 0
        new = os.O_CREAT | os.O_EXCL if end is None else 0
        with os.fdopen(os.open(path, os.O_WRONLY | new, 0o600), "wb", buffering=0) as file:
            self._set_end(file.write(head) if end is None else end)

    @property
    def end(self) -> int:
        """Where the last whole exchange ends, in bytes."""
        return int.from_bytes(self._shared[:8], "little")

    def write(self, exchange: Exchange) -> None:
        """Append an exchange. Raises OSError."""
        with self._turn() as handle:
            end, tail = self.end, self._encoder.tail
            block = self._encoder.encode(exchange, is_first=end == self._empty) + tail
            place = end - len(tail)
            if os.pwrite(handle, block, place) < len(block):
                os.pwrite(handle, tail, place)
                os.ftruncate(handle, end)
                raise OSError("the disk took a part only")
            os.ftruncate(handle, place + len(block))
            self._set_end(place + len(block))

    def close(self) -> None:
        """Give the file back."""
        with self._thread:
            if self._process == os.getpid():
                os.close(self._handle)
                self._process = 0

    def _set_end(self, end: int) -> None:
        self._shared[:8] = end.to_bytes(8, "little")

    @contextmanager
    def _turn(self) -> Iterator[int]:
        """Wait until no other thread or process writes."""
        with self._thread:
            if self._process != os.getpid():  # a lock belongs to who opened the file, so each process does
                self._handle, self._process = os.open(self._path, os.O_WRONLY), os.getpid()
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            try:
                yield self._handle
            finally:
                fcntl.flock(self._handle, fcntl.LOCK_UN)
