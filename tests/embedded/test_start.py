"""The first start, later ones, and several at once."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from userapi_gw.embedded import create_backend
from userapi_gw.embedded.database import SCHEMA_VERSION

from .conftest import callers

# A community has a page among those of people.
COUNTS = {"people": 3841, "posts": 22515, "messages": 236, "photos": 990, "accounts": 2, "friendships": 3002}


def run(program: str, path: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen([sys.executable, "-c", program, str(path)], env=environment)


def counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as raw:
        return {table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTS}


def test_first_start_loads_the_world_and_later_ones_are_quick(tmp_path: Path) -> None:
    began = time.monotonic()
    create_backend(str(tmp_path / "new.db"))
    first = time.monotonic() - began
    create_backend(tmp_path / "new.db")
    assert first < 10
    assert time.monotonic() - began - first < 1
    assert counts(tmp_path / "new.db") == COUNTS


def test_the_file_is_the_same_for_everybody(tmp_path: Path, world_file: Path) -> None:
    create_backend(tmp_path / "new.db")
    tables = ("people", "posts", "photos", "tags", "statuses", "friendships", "requests", "bookmarks", "messages")
    with closing(sqlite3.connect(tmp_path / "new.db")) as new, closing(sqlite3.connect(world_file)) as old:
        for table in tables:
            query = f"SELECT * FROM {table} ORDER BY 1, 2"
            assert new.execute(query).fetchall() == old.execute(query).fetchall()


def test_processes_that_start_at_once_load_once(tmp_path: Path) -> None:
    program = "import sys; from userapi_gw.embedded import create_backend; create_backend(sys.argv[1])"
    started = [run(program, tmp_path / "new.db") for _ in range(3)]
    assert [one.wait(timeout=60) for one in started] == [0, 0, 0]
    assert counts(tmp_path / "new.db") == COUNTS


KILLED = """
import os, signal, sys
from userapi_gw.embedded.database import Database
from userapi_gw.embedded.world.load import load_world
def load(db):
    load_world(db)
    os.kill(os.getpid(), signal.SIGKILL)
Database(sys.argv[1]).prepare(load)
"""


def test_killed_first_start_leaves_nothing_half_loaded(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    assert run(KILLED, path).wait(timeout=60) == -signal.SIGKILL
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == []
    create_backend(path)
    assert counts(path) == COUNTS


def test_restart_keeps_tokens_and_texts(database_path: Path) -> None:
    before = callers(create_backend(database_path), database_path)(1)
    post_id = before("wall.post", message="kept")["post_id"]
    before.client = create_backend(database_path).test_client()
    (post,) = before("wall.getById", posts=f"1_{post_id}")
    assert (post["id"], post["text"]) == (post_id, "kept")


def test_a_file_of_another_version_is_refused(database_path: Path) -> None:
    with closing(sqlite3.connect(database_path)) as raw:
        raw.execute("PRAGMA user_version=99")
    with pytest.raises(RuntimeError, match=f"has version 99, this program needs {SCHEMA_VERSION}$"):
        create_backend(database_path)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open database file"):
        create_backend(tmp_path / "missing" / "new.db")
