"""Transactions, upserts, schema upgrades. Only this and `engines` know which database is behind."""

import random
import sqlite3 as driver
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Select, Table, func, make_url, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from userapi_gw.state.engines import open_engine

_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK_ID = 2008_0101  # any number no other program takes as a PostgreSQL advisory lock
_upgrading = threading.Lock()  # Alembic keeps the running upgrade in module globals

_TAKEN_BACK = {"40001", "40P01"}  # PostgreSQL: serialization_failure, deadlock_detected
_TRIES = 5
_LONGEST_PAUSE = 0.05  # seconds

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """One database, shared by all threads of a process."""

    def __init__(self, database_url: str) -> None:
        self._url = make_url(database_url)
        self._engine = open_engine(self._url)
        self._is_sqlite = self._engine.dialect.name == "sqlite"
        self._reader = self._engine if self._is_sqlite else self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writer = self._engine.execution_options(writing=True)
        self._compiled = cache(lambda statement: statement.compile(self._engine))

    def beside(self, name: str) -> Path | None:
        """Return a file next to the database for what its processes share; None when a server keeps the database."""
        return Path(f"{self._url.database}-{name}") if self._is_sqlite else None

    def read(self) -> AbstractContextManager[Connection]:
        """Open a connection for SELECTs. Two SELECTs may see the work of a writer that ended between them."""
        return self._reader.connect()

    def rows(self, statement: Select[Any], parameters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """Return the rows of a SELECT as the driver has them, for the question every poll asks.

        For SQLite, SQLAlchemy's own way takes four times as long, because it prepares for what a statement may need
        and this does not: conversions of types. The statement is kept for good, so there must be few of them.
        Raises DBAPIError.
        """
        if not self._is_sqlite:
            with self.read() as connection:
                return [tuple(row) for row in connection.execute(statement, parameters)]
        compiled = self._compiled(statement)
        values = compiled.construct_params(dict(parameters))
        ordered = [values[name] for name in compiled.positiontup or ()]
        with closing(self._engine.raw_connection()) as pooled, closing(pooled.cursor()) as cursor:
            try:
                cursor.execute(str(compiled), ordered)
                return list(cursor.fetchall())
            except driver.Error as error:
                raise DBAPIError.instance(str(compiled), None, error, driver.Error, hide_parameters=True) from error

    def write(self) -> AbstractContextManager[Connection]:
        """Open a transaction: committed at the end of the block, rolled back by an exception.

        SQLite has one writer at a time. On PostgreSQL writers meet only in rows: what is read to be changed must be
        read FOR UPDATE, and each statement sees what was committed before it (READ COMMITTED). A method with such a
        transaction is to be `repeatable`. Nobody waits for a lock for more than ten seconds.
        """
        return self._writer.begin()

    def take_turns(self, connection: Connection, what: str) -> None:
        """Wait until no other transaction does `what`, for those that read what they may add to; SQLite's never do."""
        if not self._is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": what})

    def keep_others_out(self, connection: Connection, table: Table) -> None:
        """Let nobody else write to a table until the end of the transaction; SQLite never does."""
        if not self._is_sqlite:
            connection.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))

    def count_on(self, connection: Connection, table: Table) -> None:
        """Let the `id` of new rows come after all there are; SQLite's do, PostgreSQL counts those it gave out."""
        if not self._is_sqlite:
            sequence = func.pg_get_serial_sequence(table.name, "id").cast(postgresql.REGCLASS)
            highest = func.coalesce(func.max(table.c.id), 1)
            given_out = func.coalesce(func.pg_sequence_last_value(sequence), 1)
            used = func.coalesce(func.max(table.c.id), func.pg_sequence_last_value(sequence)).is_not(None)
            connection.execute(select(func.setval(sequence, func.greatest(highest, given_out), used)))

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an INSERT that offers ON CONFLICT, which both databases spell alike."""
        return sqlite.insert(table) if self._is_sqlite else postgresql.insert(table)

    def upgrade(self) -> None:
        """Bring the schema up to date. Processes that start at once wait for each other."""
        with _upgrading, self.write() as connection:
            if not self._is_sqlite:
                connection.execute(text("SET LOCAL lock_timeout = 0"))  # large tables take their time
                connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": _UPGRADE_LOCK_ID})
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def repeatable(method: Callable[P, T]) -> Callable[P, T]:
    """Run a method of one transaction again when PostgreSQL took it back to let another go on, a few times at most.

    Nothing of it has happened then. A connection that broke off is no such case: its transaction may be committed.
    """

    @wraps(method)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(_TRIES - 1):
            try:
                return method(*args, **kwargs)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _TAKEN_BACK:
                    raise
            time.sleep(random.uniform(0, _LONGEST_PAUSE))  # noqa: S311 - no secret
        return method(*args, **kwargs)

    return run


def is_away(error: Exception) -> bool:
    """Tell whether an exception means that the database cannot be asked now, and says nothing about the question."""
    return isinstance(error, OperationalError | PoolTimeoutError)
