"""A SQLite file of passing things, which threads and processes share."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

BUSY_SECONDS = 30.0


def connect(file: Path) -> sqlite3.Connection:
    """Open a file for one thread at a time; who changes more than one thing takes a transaction."""
    database = sqlite3.connect(file, BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode = TRUNCATE")
    database.execute("PRAGMA synchronous = OFF")  # whatever is in it can be made anew
    return database


class SharedFile:
    """One process's way to the file. All of it raises sqlite3.Error."""

    def __init__(self, file: Path) -> None:
        self._lock, self._database = Lock(), connect(file)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Look something up."""
        with self._lock:
            yield self._database

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Wait until no other thread or process changes anything, then change all or nothing."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            with self._database:  # commits, or takes everything back
                yield self._database

    def close(self) -> None:
        """Close it."""
        with self._lock:
            self._database.close()
