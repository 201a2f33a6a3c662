"""One SQLite file, opened so that threads and processes can share it."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, MetaData, NullPool, create_engine, event, inspect

from userapi_gw.embedded.schema import metadata

SCHEMA_VERSION = 2
_BUSY_SECONDS = 30.0  # longer than a first start takes on a slow machine: a second process waits for the first


class Database:
    """The file at `path`, with one connection per transaction.

    No pool: nothing is left open, and nothing is shared by accident when a server forks its workers.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = str(path)
        with suppress(FileNotFoundError):  # SQLite tells about a missing folder itself
            Path(path).touch(mode=0o600)  # messages and password hashes are nobody else's business
        self._engine = create_engine(
            URL.create("sqlite", database=self._path),
            poolclass=NullPool,
            hide_parameters=True,  # a failing statement must not show what was written
            connect_args={"timeout": _BUSY_SECONDS},
        )
        event.listen(self._engine, "connect", _configure)
        event.listen(self._engine, "begin", _begin)
        self._writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that sees one state of the data and never waits for writers."""
        return self._engine.begin()

    def write(self) -> AbstractContextManager[Connection]:
        """Open a transaction that alone may write; it is committed at the end, or rolled back by an exception."""
        return self._writer.begin()

    def prepare(self, load: Callable[[Connection], None]) -> None:
        """Create the tables and call `load` unless that has been done; all of it in one transaction.

        Raises `RuntimeError` when the file was made by another version of this server.
        """
        self._use_write_ahead_log()
        with self.read() as db:
            if self._is_ready(db):
                return
        with self.write() as db:
            if not self._is_ready(db):  # another process may have been faster
                metadata.create_all(db)
                load(db)
                db.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")

    def add_tables(self, added: MetaData, load: Callable[[Connection], None] | None = None) -> None:
        """Create those tables of `added` that are missing, and call `load` if all of them are.

        They are no part of the version of the file.
        """
        with self.read() as db:
            if set(added.tables) <= set(inspect(db).get_table_names()):
                return
        with self.write() as db:
            is_new = not set(added.tables) & set(inspect(db).get_table_names())  # another process may have been faster
            added.create_all(db)
            if load is not None and is_new:
                load(db)

    def _is_ready(self, db: Connection) -> bool:
        version = db.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version not in (0, SCHEMA_VERSION):
            raise RuntimeError(f"the embedded database has version {version}, this program needs {SCHEMA_VERSION}")
        return bool(version == SCHEMA_VERSION)

    def _use_write_ahead_log(self) -> None:
        # SQLite does not wait for this switch: two processes that start at once refuse each other.
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as raw:
                try:
                    raw.execute("PRAGMA journal_mode=WAL")
                    return
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                        raise
            time.sleep(0.02)


def _configure(raw: Any, _record: object) -> None:
    # The driver must not begin transactions by itself, or reads would not be part of them.
    raw.isolation_level = None
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("PRAGMA synchronous=NORMAL")  # in WAL mode this cannot damage the file


def _begin(db: Connection) -> None:
    db.exec_driver_sql(db.get_execution_options().get("begin", "BEGIN"))
