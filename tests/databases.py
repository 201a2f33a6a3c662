"""Databases for single tests: SQLite files, and PostgreSQL databases on the server TEST_POSTGRESQL names."""

import itertools
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from userapi_gw.state import open_state
from userapi_gw.state.schema import metadata

SERVER = os.environ.get("TEST_POSTGRESQL", "")
"""Address of a database from which databases can be created; empty without a server."""

_numbers = itertools.count(1)


class TestDatabase(Protocol):
    """A database of the gateway, for one test."""

    __test__ = False

    @property
    def url(self) -> str:
        """What `open_state` opens."""

    def stored(self) -> bytes:
        """Everything that is kept in it, with the names of the tables."""

    def stop(self) -> None:
        """Break all connections and refuse new ones."""


@dataclass(frozen=True)
class SQLite:
    """A file alone in its folder."""

    path: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def stored(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.path.parent.iterdir())

    def stop(self) -> None:
        for path in list(self.path.parent.iterdir()):
            path.unlink()
        self.path.parent.rmdir()


@dataclass(frozen=True)
class PostgreSQL:
    """A database on a server."""

    server: "Server"
    name: str

    @property
    def url(self) -> str:
        return make_url(SERVER).set(database=self.name).render_as_string(hide_password=False)

    def relations(self) -> list[str]:
        """The names of tables, sequences and indexes."""
        with closing(psycopg.connect(self.url)) as connection:
            query = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
            return [name for (name,) in connection.execute(query).fetchall()]

    def stored(self) -> bytes:
        with closing(psycopg.connect(self.url)) as connection:
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            tables = [name for (name,) in connection.execute(query).fetchall()]
            rows: list[Any] = [*tables]
            for table in tables:
                rows += connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))).fetchall()
        return repr(rows).encode()

    def stop(self) -> None:
        self.server.execute("ALTER DATABASE {} ALLOW_CONNECTIONS false", self.name)
        self.disconnect()

    def start(self) -> None:
        """Let connections in again."""
        self.server.execute("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.name)

    def disconnect(self) -> None:
        """Break all connections, as a server does that is restarted."""
        query = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
        self.server.connection.execute(query, [self.name])


@dataclass(frozen=True)
class Server:
    """The PostgreSQL server of a test run. To make a database takes a while, so most are used again and again."""

    connection: psycopg.Connection
    spare: list[PostgreSQL] = field(default_factory=list)

    def execute(self, statement: str, *names: str) -> None:
        """Run a statement in which {} stands for names."""
        self.connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @contextmanager
    def database(self) -> Iterator[PostgreSQL]:
        """Lend a database with the gateway's tables, all of them empty."""
        database = self.spare.pop() if self.spare else self._create()
        open_state(database.url, "key").close()
        before = database.relations()
        yield database
        if _empty(database, before):
            self.spare.append(database)
        else:
            self._drop(database)

    @contextmanager
    def empty_database(self) -> Iterator[PostgreSQL]:
        """Make a database without any table, for the time of a block."""
        database = self._create()
        yield database
        self._drop(database)

    def close(self) -> None:
        """Drop all databases and disconnect."""
        for database in self.spare:
            self._drop(database)
        self.connection.close()

    def _create(self) -> PostgreSQL:
        database = PostgreSQL(self, f"userapi_gw_test_{os.getpid()}_{next(_numbers)}")
        self.execute("CREATE DATABASE {} TEMPLATE template0", database.name)
        return database

    def _drop(self, database: PostgreSQL) -> None:
        self.execute("DROP DATABASE {} WITH (FORCE)", database.name)


def _empty(database: PostgreSQL, relations: list[str]) -> bool:
    """Delete all rows; False when a test has changed more than rows, or left the database out of reach."""
    try:
        with closing(psycopg.connect(database.url, autocommit=True)) as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
        return database.relations() == relations
    except psycopg.Error:
        return False
