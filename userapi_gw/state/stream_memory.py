"""A memory of where streams stand, so that a poll in which nothing is new costs no SQL.

Only over SQLite, whose file is on this machine and so is whoever writes to it. Each process remembers what it read, and
believes it until any of them writes to a stream of the same viewer.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

from cachetools import TTLCache
from sqlalchemy import Connection

from userapi_gw.state.database import Database
from userapi_gw.state.shared_marks import SharedMarks
from userapi_gw.state.stream_model import Since, StreamKey

BELIEVED_SECONDS = 30.0
"""A process that is killed between its writing and its mark is found out after so long."""

_MARKS = 4096
_QUESTIONS = 20_000


class Stand(NamedTuple):
    """Where a stream stands: its row, its version, and what is told to who has that version."""

    id: int
    version: int
    unchanged: Since


Question = tuple[StreamKey, ...]
Stands = dict[StreamKey, Stand]
"""Of those asked for, the streams that exist."""


class StreamMemory:
    """What was read of the streams of `database`. Safe for threads."""

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, Lock()
        file = database.beside("marks")
        self._marks = SharedMarks(file, _MARKS) if file else None
        self._known: TTLCache[Question, tuple[list[bytes], Stands]] = TTLCache(_QUESTIONS, BELIEVED_SECONDS)

    def of(self, asked: Question, read: Callable[[], Stands]) -> Stands:
        """Return how the streams asked for stand, by what is remembered or else by what `read` finds."""
        if self._marks is None:
            return read()
        marks = [self._marks.of(viewer) for viewer in {key.viewer for key in asked}]
        with self._lock:
            known = self._known.get(asked)
        if known is not None and known[0] == marks:
            return known[1]
        found = read()
        with self._lock:
            self._known[asked] = marks, found
        return found

    @contextmanager
    def changing(self, viewer: int) -> Iterator[Connection]:
        """Open a transaction that changes streams of a viewer; what is remembered of them is void after it."""
        try:
            with self._database.write() as connection:
                yield connection
        finally:  # also when nobody knows whether it was committed
            if self._marks is not None:
                self._marks.change(viewer)

    @contextmanager
    def changing_any(self) -> Iterator[Connection]:
        """Open a transaction that changes anybody's streams; nothing remembered is good after it."""
        try:
            with self._database.write() as connection:
                yield connection
        finally:
            if self._marks is not None:
                self._marks.change_all()

    def forget(self, viewers: Iterable[int]) -> None:
        """Believe nothing of these viewers' streams any more, in any process: they were changed."""
        if self._marks is not None:
            for viewer in viewers:
                self._marks.change(viewer)

    def close(self) -> None:
        """Give back the file that is shared with other processes."""
        if self._marks is not None:
            self._marks.close()
