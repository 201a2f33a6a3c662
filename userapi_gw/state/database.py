"""The only place that knows which database is behind: connections, transactions, locks, upserts, schema upgrades."""

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, closing
from functools import cache
from pathlib import Path
from sqlite3 import SQLITE_BUSY, OperationalError
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, Select, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 10
PAGE_CACHE_KIBIBYTES = 256
"""Each thread has a connection, and each connection a cache of its own in front of the system's."""
_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK_ID = 2008_0101  # any number no other program takes as a PostgreSQL advisory lock
_upgrading = threading.Lock()  # Alembic keeps the running upgrade in module globals


class Database:
    """One database, shared by all threads of a process."""

    def __init__(self, database_url: str) -> None:
        url = make_url(database_url)
        self._is_sqlite = url.get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(url) if self._is_sqlite else _engine(url)
        self._writer = self._engine.execution_options(writing=True)
        self._driver_error = self._engine.dialect.loaded_dbapi.Error
        self._compiled = cache(lambda statement: statement.compile(self._engine))

    def read(self) -> AbstractContextManager[Connection]:
        """Open a connection for SELECTs. Two SELECTs may see the work of a writer that ended between them."""
        return self._engine.connect()

    def rows(self, statement: Select[Any], parameters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """Return the rows of a SELECT as the driver has them, for the question every poll asks.

        SQLAlchemy's own way takes four times as long, because it prepares for what a statement may need and this does
        not: conversions of types. The statement is kept for good, so there must be few of them. Raises DBAPIError.
        """
        compiled = self._compiled(statement)
        values = compiled.construct_params(dict(parameters))
        ordered = [values[name] for name in compiled.positiontup] if compiled.positional else values
        with closing(self._engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            try:
                cursor.execute(str(compiled), ordered)
                return cursor.fetchall()
            except self._driver_error as error:
                raise DBAPIError.instance(
                    str(compiled), None, error, self._driver_error, hide_parameters=True
                ) from error

    def write(self) -> AbstractContextManager[Connection]:
        """Open a transaction: committed at the end of the block, rolled back by an exception.

        SQLite takes its write lock at once, waiting at most ten seconds; elsewhere rows are locked as they are read.
        """
        return self._writer.begin()

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an INSERT that offers ON CONFLICT, which both databases spell alike."""
        return sqlite.insert(table) if self._is_sqlite else postgresql.insert(table)

    def upgrade(self) -> None:
        """Bring the schema up to date. Processes that start at once wait for each other."""
        with _upgrading, self.write() as connection:
            if not self._is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _UPGRADE_LOCK_ID})
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _engine(url: URL, **connect_args: object) -> Engine:
    """Return an engine whose errors do not quote parameters: among them are private messages."""
    return create_engine(url, hide_parameters=True, pool_size=8, max_overflow=24, connect_args=connect_args)


def _sqlite_engine(url: URL) -> Engine:
    """Return an engine for a SQLite file, which is made readable for its owner alone."""
    if url.database in (None, "", ":memory:"):
        raise ValueError("the state needs a database that outlives the process: give SQLite a file")
    Path(str(url.database)).touch(mode=0o600)
    engine = _engine(url, timeout=BUSY_SECONDS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SQLiteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself, _begin_sqlite does
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(f"PRAGMA cache_size=-{PAGE_CACHE_KIBIBYTES}")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    """Lock at the start of a writing transaction: one that reads first and locks later cannot wait, it fails."""
    if connection.get_execution_options().get("writing"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _switch_to_wal(connection: SQLiteConnection) -> None:
    """Turn on the write-ahead log. SQLite's own waiting does not cover two processes that do this at once."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except OperationalError as error:
            if error.sqlite_errorcode != SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
