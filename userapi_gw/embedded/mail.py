"""Writes messages and tells the long polls of both sides about it."""

from typing import Any

from sqlalchemy import ColumnElement, Row, case, insert, or_, select, update

from userapi_gw.embedded import events
from userapi_gw.embedded.callback.queue import note_message
from userapi_gw.embedded.groups import let_write
from userapi_gw.embedded.registry import Call
from userapi_gw.embedded.schema import messages


def store(call: Call, to_id: int, text: str, random_id: int) -> int:
    """Keep a message from the viewer, tell the long polls and callback servers of both sides, and return its id.

    Who writes to a community lets it write back.
    """
    values = {
        "from_id": call.viewer,
        "to_id": to_id,
        "date": call.now,
        "text": text,
        "read": int(to_id == call.viewer),  # one's own note is no news
        "random_id": random_id or None,
    }
    row = call.db.execute(insert(messages).values(values).returning(messages)).one()
    for viewer, peer, flags in sides(row):
        events.note(call.db, call.now, viewer, (events.NEW_MESSAGE, row.id, flags, peer))
    note_message(call, row)
    if to_id < 0 < call.viewer:
        let_write(call.db, -to_id, call.viewer, allowed=True)
    return int(row.id)


def sides(row: Row[Any]) -> list[tuple[int, int, int]]:
    """Whose long poll tells of a message, with whom it is there, and with which flags; a note to oneself once."""
    unread = 0 if row.read else events.UNREAD
    sent = (row.from_id, row.to_id, events.OUTBOX | unread)
    return [sent] if row.to_id == row.from_id else [sent, (row.to_id, row.from_id, unread)]


def own_messages(call: Call, wanted: ColumnElement[bool]) -> dict[int, Row[Any]]:
    """Those of the wanted messages that the viewer sent or got, deleted or not, by id."""
    own = or_(messages.c.from_id == call.viewer, messages.c.to_id == call.viewer)
    return {row.id: row for row in call.db.execute(select(messages).where(wanted, own))}


def mark_deleted(call: Call, own: dict[int, Row[Any]], deleted: int, *, tell: bool = True) -> None:
    """Delete or restore the viewer's side of messages; a note to oneself has both sides."""
    columns = ((messages.c.from_id, messages.c.sender_deleted), (messages.c.to_id, messages.c.recipient_deleted))
    changes = {flag: case((side == call.viewer, deleted), else_=flag) for side, flag in columns}
    call.db.execute(update(messages).where(messages.c.id.in_(list(own))).values(changes))
    for row in own.values() if tell else ():
        mine, peer = (
            (row.sender_deleted, row.to_id) if row.from_id == call.viewer else (row.recipient_deleted, row.from_id)
        )
        if mine != deleted:
            code = events.SET_FLAGS if deleted else events.RESET_FLAGS
            events.note(call.db, call.now, call.viewer, (code, row.id, events.DELETED, peer))
