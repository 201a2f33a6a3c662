"""Opening: schema upgrades, what is refused, what the file looks like."""

import logging
import socket
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DataError, DBAPIError, OperationalError

from tests.databases import PostgreSQL, SQLite, TestDatabase
from userapi_gw.state import State, StreamKey, open_state
from userapi_gw.state.schema import metadata

OPEN = "import sys; from userapi_gw.state import open_state; open_state(sys.argv[1], 'key').close()"


@pytest.fixture
def empty_database(database: TestDatabase) -> Iterator[TestDatabase]:
    """A database without any table; that of SQLite is empty anyway."""
    if isinstance(database, PostgreSQL):
        with database.server.empty_database() as empty:
            yield empty
    else:
        yield database


def test_migrations_lead_to_the_schema(state: State) -> None:
    with state._database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_processes_that_start_at_once_do_not_disturb_each_other(empty_database: TestDatabase) -> None:
    command = [sys.executable, "-W", "error", "-c", OPEN, empty_database.url]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 4


def test_threads_that_open_at_once_do_not_disturb_each_other(empty_database: TestDatabase) -> None:
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda _: open_state(empty_database.url, "key"), range(4)))
    assert [state.unknown.rows() for state in states] == [[]] * 4
    for state in states:
        state.close()


def test_logging_is_left_alone(open_again: Callable[..., State]) -> None:
    before = (logging.root.handlers[:], logging.root.level, logging.getLogger("alembic").level)
    open_again()
    assert (logging.root.handlers, logging.root.level, logging.getLogger("alembic").level) == before


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="give SQLite a file"):
        open_state(url, "key")


def test_an_empty_secret_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="secret key is empty"):
        open_state(f"sqlite:///{tmp_path / 'state.sqlite3'}", "")


@pytest.mark.sqlite_only
def test_only_the_owner_may_read_the_files(state: State, database: SQLite) -> None:
    state.unknown.add("audio")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in database.path.parent.iterdir()}
    assert modes == {0o600}


def test_ping_tells_a_broken_database(state: State, database: TestDatabase) -> None:
    state.ping()
    state.close()
    database.stop()
    with pytest.raises(OperationalError):
        state.ping()


def test_errors_do_not_quote_what_was_to_be_stored(state: State) -> None:
    with pytest.raises((OverflowError, DataError)) as caught:
        state.sessions.open(2**70, "secret token", 1)
    assert "secret token" not in str(caught.value)
    with pytest.raises(DBAPIError) as broken:
        _break(state).streams.answer(StreamKey(1, "private kind", 1), None)
    assert "private kind" not in str(broken.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_errors_do_not_quote_the_password(scheme: str) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens here
        url = f"{scheme}://me:secret-password@127.0.0.1:{taken.getsockname()[1]}/name?sslpassword=secret-password"
        with pytest.raises(OperationalError, match="Connection refused") as caught:
            open_state(url, "key")
    assert "secret-password" not in "".join(traceback.format_exception(caught.value))


def test_a_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ImportError, match=r"PostgreSQL needs its driver: pip install '\.\[postgres\]'"):
        open_state("postgresql://me@host/name", "key")


def _break(state: State) -> State:
    with state._database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE streams RENAME TO gone")
    return state
