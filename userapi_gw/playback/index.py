"""The index of a capture: its answers by request, in a SQLite file of the data folder that is made once for a capture.

All processes of a gateway share the file, and with it how far each request has come.
"""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from userapi_gw.replay import captures
from userapi_gw.replay.counts import Counts
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.faults import CaptureError
from userapi_gw.replay.request_key import request_key, telling
from userapi_gw.replay.shared_file import connect

VERSION = 1
NAME = "playback.sqlite3"

_TABLES = (
    "CREATE TABLE requests (key BLOB PRIMARY KEY, act TEXT, number INTEGER, sent TEXT) WITHOUT ROWID",
    "CREATE TABLE answers (key BLOB, session BLOB, number INTEGER, status INTEGER, headers TEXT, back TEXT, body BLOB)",
    "CREATE TABLE given (key BLOB, session BLOB, number INTEGER, PRIMARY KEY (key, session)) WITHOUT ROWID",
    "CREATE TABLE contents (mark TEXT, answers INTEGER, fault TEXT)",
)
_INDEXES = (
    "CREATE INDEX requests_act ON requests (act, number)",
    "CREATE INDEX answers_of_all ON answers (key, number)",
    "CREATE INDEX answers_of_session ON answers (key, session, number)",
)


class Contents(NamedTuple):
    """How many answers of a capture can be played back, and what is wrong with the rest of it (`""`: nothing).

    `is_new` tells that the index was made for it just now.
    """

    answers: int
    fault: str
    is_new: bool


def prepare(folder: Path, capture: Path) -> Contents:
    """Index a capture unless that was done before.

    Raises CaptureError for a capture in which there is nothing to play back, OSError as reading and writing do, and
    sqlite3.Error.
    """
    file = folder / NAME
    with _alone(folder / f"{NAME}.lock"):
        status = capture.stat()
        mark = json.dumps([VERSION, str(capture.resolve()), status.st_size, status.st_mtime_ns, status.st_ino])
        return _known(file, mark) or _make(file, capture, mark)


def session_of(exchange: Exchange) -> bytes:
    """Return what tells sessions apart: a digest of the sid, empty when there is none."""
    sid = exchange.parameters.get("sid", "")
    return blake2b(sid.encode(errors="surrogatepass"), digest_size=16).digest() if sid else b""


def act_of(exchange: Exchange) -> str:
    """Return the act with its path, so that no act can look like another path."""
    return f"{exchange.path} {exchange.act}"


def _known(file: Path, mark: str) -> Contents | None:
    """Return what an index made before holds; None when it is of another capture."""
    if not file.exists():
        return None
    with suppress(sqlite3.DatabaseError), closing(connect(file)) as database:  # no database, or not all of one
        found = database.execute("SELECT answers, fault FROM contents WHERE mark = ?", (mark,)).fetchone()
        if found:
            return Contents(found[0], found[1], is_new=False)
    return None


def _make(file: Path, capture: Path, mark: str) -> Contents:
    """Make the index beside its place first: it appears complete or not at all."""
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(connect(part)) as database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("BEGIN")
            contents = _fill(database, capture, mark)
            database.execute("COMMIT")
        Path(f"{file}-journal").unlink(missing_ok=True)  # of a killed process; it would be played into the new file
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
    return contents


def _fill(database: sqlite3.Connection, capture: Path, mark: str) -> Contents:
    for statement in _TABLES:
        database.execute(statement)
    Counts(database).prepare()
    count, fault = 0, ""
    try:
        for exchange in captures.read(capture):
            if _is_playable(exchange):
                _add(database, exchange)
                count += 1
    except CaptureError as error:
        if not count:
            raise
        fault = str(error)
    if not count:
        raise CaptureError("there is no answer in it to play back")
    for statement in _INDEXES:
        database.execute(statement)
    database.execute("INSERT INTO contents VALUES (?, ?, ?)", (mark, count, fault))
    return Contents(count, fault, is_new=True)


def _is_playable(exchange: Exchange) -> bool:
    """Tell whether there is an answer to give again: to a request of UserAPI, or a picture."""
    if exchange.status is None:
        return False
    if exchange.is_userapi:
        return 200 <= exchange.status < 600 and exchange.status != 304
    return exchange.status == 200 and exchange.header("Content-Type").lower().startswith("image/")


def _add(database: sqlite3.Connection, exchange: Exchange) -> None:
    sent = telling(exchange)
    key = request_key(exchange.path, sent)
    database.execute(
        "INSERT OR IGNORE INTO requests VALUES (?, ?, ?, ?)",
        (key, act_of(exchange), exchange.number, json.dumps(sent)),
    )
    headers, back = json.dumps(exchange.headers), exchange.parameters.get("back", "")
    row = (key, session_of(exchange), exchange.number, exchange.status, headers, back, exchange.body)
    database.execute("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)", row)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Wait until no other process makes the index."""
    with os.fdopen(os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
