"""What happened to messages, kept for a day for those who wait for it: the source of both long polls.

A number of this table is VK's `ts` and `pts` at once. The tables are made when they are missing, so that a database of
before they existed goes on to be used.
"""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Column, Connection, Index, Integer, MetaData, Row, Table, Text, delete, func, insert, select

NEW_FLAGS, SET_FLAGS, RESET_FLAGS, NEW_MESSAGE, EDITED, READ_IN, READ_OUT, CLEARED, TYPING = 1, 2, 3, 4, 5, 6, 7, 13, 61
"""Codes of updates in VK's long poll."""

UNREAD, OUTBOX, DELETED = 1, 2, 128
"""Flags of a message in VK's long poll."""

KEEP_SECONDS: Final = 24 * 3600
KEY_SECONDS: Final = 3600
"""How long the key of a long poll is good."""

live = MetaData()
events = Table(
    "events",
    live,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("user_id", Integer, nullable=False),  # whose long poll tells it
    Column("code", Integer, nullable=False),
    Column("object_id", Integer, nullable=False),  # a message, or for READ_IN, READ_OUT and CLEARED a peer
    Column("number", Integer, nullable=False),  # flags, or the id of the last message
    Column("peer_id", Integer, nullable=False),
    Column("date", Integer, nullable=False),
    Index("events_user", "user_id", "id"),
    sqlite_autoincrement=True,
)
poll_keys = Table(
    "poll_keys",
    live,
    Column("digest", Text, primary_key=True),
    Column("user_id", Integer, nullable=False),
    Column("created", Integer, nullable=False),
)


def note(db: Connection, now: int, user_id: int, event: tuple[int, int, int, int]) -> None:
    """Keep an event `(code, object, number, peer)` for the long poll of a person; forget those of yesterday."""
    code, object_id, number, peer_id = event
    row = {"user_id": user_id, "code": code, "object_id": object_id, "number": number, "peer_id": peer_id, "date": now}
    db.execute(insert(events).values(row))
    db.execute(delete(events).where(events.c.date < now - KEEP_SECONDS))


def newest(db: Connection) -> int:
    """Return the number of the newest event of all, 0 before the first."""
    return db.scalar(select(func.max(events.c.id))) or 0


def after(db: Connection, user_id: int, number: int, most: int) -> Sequence[Row[Any]]:
    """Return the events of a person after `number`, oldest first, at most so many."""
    query = select(events).where(events.c.user_id == user_id, events.c.id > number)
    return db.execute(query.order_by(events.c.id).limit(most)).all()


def is_kept(db: Connection, number: int) -> bool:
    """Tell whether everything after `number` is still there."""
    oldest = db.scalar(select(func.min(events.c.id)))
    return oldest is None or number >= oldest - 1


def issue_key(db: Connection, user_id: int, now: int, key_bytes: int = 20) -> str:
    """Return a new key for the long poll of a person; only its hash is stored."""
    key = secrets.token_hex(key_bytes)
    db.execute(delete(poll_keys).where(poll_keys.c.created < now - KEEP_SECONDS))
    db.execute(insert(poll_keys).values(digest=_digest(key), user_id=user_id, created=now))
    return key


def key_row(db: Connection, key: str) -> Row[Any] | None:
    """Return whose key this is (`user_id`) and since when (`created`), or None for an unknown one."""
    return db.execute(select(poll_keys).where(poll_keys.c.digest == _digest(key))).one_or_none()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
