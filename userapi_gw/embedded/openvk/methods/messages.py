"""Methods `messages.*` about single messages. A message that is deleted is so for both sides."""

import re
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, update

from userapi_gw.embedded import events
from userapi_gw.embedded.mail import store
from userapi_gw.embedded.openvk.errors import crash_unless, fail
from userapi_gw.embedded.openvk.given import php_int
from userapi_gw.embedded.openvk.people import find, is_open
from userapi_gw.embedded.openvk.registry import Call, method
from userapi_gw.embedded.openvk.text import formatted
from userapi_gw.embedded.people import may_write
from userapi_gw.embedded.schema import messages, people, photos

_CHATS = 2_000_000_000
_PHOTO = re.compile(r"photo(\d{1,15})_(\d{1,15})")
_PEERS = (5, 38)  # versions of the API from here on name the other person `peer_id`


def message(call: Call, row: Row[Any], *, listed: bool = True) -> dict[str, Any]:
    """Return a message. In lists the other person is `peer_id` and the text is whole, alone neither is so."""
    peer = row.to_id if row.from_id == call.viewer else row.from_id
    modern, text = listed and call.version() >= _PEERS, formatted(row.text)
    return {
        "id": row.id,
        "peer_id": peer if modern else None,
        "user_id": None if modern else peer,
        "from_id": row.from_id,
        "date": row.date,
        "read_state": 1,
        "out": int(row.from_id == call.viewer),
        "title": "",
        "body": text,
        "text": text if listed else "…",
        "attachments": [],
        "fwd_messages": [],
        "emoji": True,
        "important": 0,
        "deleted": 0,
        "random_id": None,
    }


def with_peer(call: Call, peer: int) -> ColumnElement[bool]:
    """Return the condition for the messages between the viewer and somebody that are not deleted."""
    outgoing = messages.c.from_id == call.viewer, messages.c.to_id == peer, messages.c.sender_deleted == 0
    incoming = messages.c.to_id == call.viewer, messages.c.from_id == peer, messages.c.recipient_deleted == 0
    return or_(and_(*outgoing), and_(*incoming))


@method("messages.send", limited=True)
def send(call: Call) -> int:
    """Send `message` to `user_id` or `peer_id` and return its id. The same `random_id` once more is a new message."""
    if call.number("chat_id", 0):
        fail(946, "Chats are not implemented")
    crash_unless(call.given.has("user_id") or call.given.has("peer_id"))
    peer = call.number("user_id", 0) or call.number("peer_id", 0)
    crash_unless(peer < _CHATS)
    if call.given.text("message", "") in ("", "0"):
        fail(100, "Message text is empty or invalid")
    _check_recipient(call, peer)
    _check_attachment(call)
    return store(call, peer, call.given.text("message").replace("\r\n", "\n"), 0)


@method("messages.edit", "message_id", limited=True)
def edit(call: Call) -> int:
    """Change the text of a message the viewer sent."""
    row = call.db.execute(select(messages).where(messages.c.id == call.number("message_id"))).one_or_none()
    if row is None or row.from_id != call.viewer:
        fail(15, "Access to message denied")
    call.db.execute(update(messages).where(messages.c.id == row.id).values(text=call.given.text("message", "")))
    return 1


@method("messages.getById", "message_ids")
def get_by_id(call: Call) -> dict[str, Any]:
    """Return those of `message_ids` that are the viewer's, deleted ones too."""
    ids = [php_int(word) for word in call.given.words("message_ids")]
    mine = or_(messages.c.from_id == call.viewer, messages.c.to_id == call.viewer)
    rows = {row.id: row for row in call.db.execute(select(messages).where(messages.c.id.in_(ids), mine))}
    items = [message(call, rows[number], listed=False) for number in ids if number in rows]
    return {"count": len(items), "items": items}


@method("messages.delete", "message_ids", limited=True)
def delete(call: Call) -> dict[str, int]:
    """Delete `message_ids` for both sides, whoever's they are: OpenVK does not ask. An unknown one breaks it."""
    ids = [php_int(word) for word in call.given.words("message_ids")]
    found = set(call.db.scalars(select(messages.c.id).where(messages.c.id.in_(ids))))
    crash_unless(found == set(ids))
    _mark(call, ids, 1)
    return {str(number): 1 for number in ids}


@method("messages.restore", "message_id", limited=True)
def restore(call: Call) -> int:
    """Bring `message_id` back: 1, or 0 unless the viewer sent it."""
    sent = messages.c.id == call.number("message_id"), messages.c.from_id == call.viewer
    if call.db.scalar(select(messages.c.id).where(*sent)) is None:
        return 0
    _mark(call, [call.number("message_id")], 0)
    return 1


@method("messages.setActivity", writes=True)
def set_activity(call: Call) -> int:
    """Tell `user_id` or `peer_id`, if they wait for it, that the viewer is writing."""
    peer = call.number("user_id", 0) or call.number("peer_id", 0)
    events.note(call.db, call.now, peer, (events.TYPING, call.viewer, 1, call.viewer))
    return 1


def _check_recipient(call: Call, peer: int) -> None:
    row = find(call, peer)
    if call.db.scalar(select(people.c.id).where(people.c.id == peer, people.c.id > 0)) is None:
        fail(936, "There is no peer with this id")
    if row is None or not is_open(call, row) or not may_write(call, row):
        fail(945, "This chat is disabled because of privacy settings")


def _check_attachment(call: Call) -> None:
    for word in call.given.words("attachment"):
        found = _PHOTO.fullmatch(word)
        there = found and call.db.scalar(select(photos.c.id).where(photos.c.id == int(found[2])))
        if not there:
            fail(52, "One of the attachments is invalid")


def _mark(call: Call, ids: list[int], deleted: int) -> None:
    both = {"sender_deleted": deleted, "recipient_deleted": deleted}
    call.db.execute(update(messages).where(messages.c.id.in_(ids)).values(both))
