"""Opening: schema upgrades, what is refused, what the file looks like."""

import logging
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from userapi_gw.state import State, StreamKey, open_state
from userapi_gw.state.schema import metadata

OPEN = "import sys; from userapi_gw.state import open_state; open_state(sys.argv[1], 'key').close()"


def test_migrations_lead_to_the_schema(state: State, database_path: Path) -> None:
    engine = create_engine(f"sqlite:///{database_path}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_processes_that_start_at_once_do_not_disturb_each_other(database_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", OPEN, f"sqlite:///{database_path}"]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 4


def test_threads_that_open_at_once_do_not_disturb_each_other(open_again: Callable[..., State]) -> None:
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda _: open_again(), range(4)))
    assert [state.unknown.rows() for state in states] == [[]] * 4


def test_logging_is_left_alone(open_again: Callable[..., State]) -> None:
    before = (logging.root.handlers[:], logging.root.level, logging.getLogger("alembic").level)
    open_again()
    assert (logging.root.handlers, logging.root.level, logging.getLogger("alembic").level) == before


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="give SQLite a file"):
        open_state(url, "key")


def test_an_empty_secret_key_is_refused(database_path: Path) -> None:
    with pytest.raises(ValueError, match="secret key is empty"):
        open_state(f"sqlite:///{database_path}", "")


def test_only_the_owner_may_read_the_files(state: State, database_path: Path) -> None:
    state.unknown.add("audio")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in database_path.parent.iterdir()}
    assert modes == {0o600}


def test_ping_tells_a_broken_database(state: State, database_path: Path) -> None:
    state.ping()
    state.close()
    for path in list(database_path.parent.iterdir()):
        path.unlink()
    with pytest.raises(OperationalError):
        state.ping()


def test_errors_do_not_quote_what_was_to_be_stored(state: State) -> None:
    with pytest.raises(OverflowError) as caught:
        state.sessions.open(2**70, "secret token", 1)
    assert "secret token" not in str(caught.value)
    with pytest.raises(OperationalError) as broken:
        _break(state).streams.answer(StreamKey(1, "private kind", 1), None)
    assert "private kind" not in str(broken.value)


def _break(state: State) -> State:
    with state._database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE streams RENAME TO gone")
    return state
