"""Connections to the two databases: SQLite files and PostgreSQL servers."""

import time
from pathlib import Path
from sqlite3 import SQLITE_BUSY, OperationalError
from sqlite3 import Connection as SQLiteConnection

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 10
"""Nobody waits longer than this: for a lock, or for a connection that other threads have taken."""

PAGE_CACHE_KIBIBYTES = 256
"""Each thread has a connection, and each connection to SQLite a cache of its own in front of the system's."""

_POSTGRESQL_OPTIONS = {
    "connect_timeout": "5",  # seconds, of a server that says nothing at all
    "client_encoding": "utf8",
    "application_name": "userapi_gw",
    "options": f"-c lock_timeout={BUSY_SECONDS}s",
}
"""What a database URL may tell otherwise in its query."""


def open_engine(url: URL) -> Engine:
    """Return an engine whose errors quote nothing that was to be stored: among it are private messages.

    Raises ValueError for a SQLite database in memory, ImportError when PostgreSQL's driver is not installed.
    """
    return _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgresql_engine(url)


def _engine(url: URL, **options: object) -> Engine:
    # A thread holds one connection at most; 32 are enough for twice as many threads as a process has by default.
    pool = {"pool_size": 8, "max_overflow": 24, "pool_timeout": BUSY_SECONDS}
    return create_engine(url, hide_parameters=True, **pool, **options)


def _postgresql_engine(url: URL) -> Engine:
    """Return an engine for a server. It asks connections before their use, for the server may have been restarted."""
    url = url.set(drivername="postgresql+psycopg", query=_POSTGRESQL_OPTIONS | dict(url.query))
    try:
        engine = _engine(url, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise ImportError("PostgreSQL needs its driver: pip install '.[postgres]'") from error
    event.listen(engine, "handle_error", _keep_first_line)
    return engine


def _keep_first_line(context: ExceptionContext) -> None:
    """Take from an error what PostgreSQL tells beyond its first line: DETAIL and CONTEXT quote rows."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])


def _sqlite_engine(url: URL) -> Engine:
    """Return an engine for a SQLite file, which is made readable for its owner alone."""
    if url.database in (None, "", ":memory:"):
        raise ValueError("the state needs a database that outlives the process: give SQLite a file")
    Path(str(url.database)).touch(mode=0o600)
    engine = _engine(url, connect_args={"timeout": BUSY_SECONDS})
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
