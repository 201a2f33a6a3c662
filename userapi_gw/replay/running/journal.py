"""What has been sent and answered, so that a replay that was stopped or killed can go on.

JSON lines beside the output. They hold what is needed to go on, sids of the new server among it: only the owner may
read the file, and it is removed when the replay is through.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from userapi_gw.replay.running.bindings import Binding

SUFFIX = ".journal"
VERSION = 1
SEEN = 1024 * 1024
"""So many bytes tell one capture from another, with its length."""


class JournalError(Exception):
    """A journal that cannot be gone on with; the text says why."""


class _Row(BaseModel):
    journal: int | None = None
    capture: str = ""
    to: str = ""
    key: str = ""
    under_way: int | None = None
    not_sent: int | None = None
    done: int | None = None
    end: int = 0
    learned: list[Binding] = []


@dataclass
class Progress:
    """How far a replay came. `done` is the number of the last exchange that was answered, `under_way` of one that may
    have been; `end` where the output ended then, in bytes; `key` makes the output's stand-ins.
    """

    key: bytes
    end: int
    done: int = 0
    under_way: int | None = None
    learned: list[Binding] = field(default_factory=list)


class Journal(Protocol):
    """Told what happens to each exchange, by its number."""

    def under_way(self, number: int) -> None:
        """It is sent now."""

    def not_sent(self, number: int) -> None:
        """It was not, after all."""

    def done(self, number: int, end: int, learned: Iterable[Binding]) -> None:
        """It was answered, and the output ends at byte `end`."""


class NoJournal:
    """For a replay without output."""

    def under_way(self, number: int) -> None:
        """See `Journal`."""

    def not_sent(self, number: int) -> None:
        """See `Journal`."""

    def done(self, number: int, end: int, learned: Iterable[Binding]) -> None:
        """See `Journal`."""


class JournalFile:
    """A journal on the disk: a line is there when a method returns, also for who comes after a `kill -9`."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def begin(cls, path: Path, capture: Path, to: str, key: bytes, end: int) -> "JournalFile":
        """Make a new one for a capture that is replayed to a server; the output ends at byte `end`. Raises OSError."""
        journal = cls(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600))
        journal._write({"journal": VERSION, "capture": _digest(capture), "to": to, "key": key.hex(), "end": end})
        return journal

    @classmethod
    def go_on(cls, path: Path, capture: Path, to: str) -> tuple["JournalFile", Progress]:
        """Open the one that is there and tell how far it came. Raises JournalError, and OSError."""
        progress = _read(path, _digest(capture), to)
        journal = cls(os.open(path, os.O_WRONLY | os.O_APPEND))
        os.write(journal._handle, b"\n")  # the last line may have been cut off
        return journal, progress

    def under_way(self, number: int) -> None:
        """See `Journal`."""
        self._write({"under_way": number})

    def not_sent(self, number: int) -> None:
        """See `Journal`."""
        self._write({"not_sent": number})

    def done(self, number: int, end: int, learned: Iterable[Binding]) -> None:
        """See `Journal`."""
        self._write({"done": number, "end": end} | ({"learned": learned} if learned else {}))

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)

    def _write(self, row: dict[str, Any]) -> None:
        os.write(self._handle, json.dumps(row, separators=(",", ":")).encode() + b"\n")


def _read(path: Path, capture: str, to: str) -> Progress:
    rows = _rows(path)
    if not rows or rows[0].journal != VERSION or not rows[0].key:
        raise JournalError(f"{path} is no journal")
    if (rows[0].capture, rows[0].to) != (capture, to):
        raise JournalError(f"{path} belongs to another capture, or to another server")
    progress = Progress(bytes.fromhex(rows[0].key), rows[0].end)
    for row in rows[1:]:
        if row.under_way is not None:
            progress.under_way = row.under_way
        if row.not_sent is not None:
            progress.under_way = None
        if row.done is not None:
            progress.done, progress.end, progress.under_way = row.done, row.end, None
            progress.learned += row.learned
    return progress


def _rows(path: Path) -> list[_Row]:
    """The lines, without those that were cut off."""
    rows = []
    for line in path.read_bytes().splitlines():
        try:
            rows.append(_Row.model_validate_json(line))
        except ValidationError:
            continue
    return rows


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"{path.stat().st_size}:{blake2b(file.read(SEEN), digest_size=16).hexdigest()}"
