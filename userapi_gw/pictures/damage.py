"""Finds caches that cannot be read any more. All in them can be had again, and every list would fail on them."""

import logging
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from diskcache.core import DBNAME  # type: ignore[import-untyped]

log = logging.getLogger(__name__)

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def discard_damaged(folder: Path) -> None:
    """Delete every cache below `folder` whose database is damaged. One that is merely busy is left alone."""
    for index in sorted(folder.glob(f"*/{DBNAME}")):
        if _is_damaged(index):
            log.warning("the cache %s is damaged and begins anew", index.parent)
            shutil.rmtree(index.parent, ignore_errors=True)


def _is_damaged(index: Path) -> bool:
    try:
        with closing(sqlite3.connect(index)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode in DAMAGED
