"""Methods `messages.*`. A message is one row; each side deletes it for itself."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update

from userapi_gw.embedded import events
from userapi_gw.embedded.callback.queue import note_message, note_reading
from userapi_gw.embedded.errors import VkError, bad_parameter
from userapi_gw.embedded.groups import may_be_written
from userapi_gw.embedded.mail import mark_deleted, own_messages, sides, store
from userapi_gw.embedded.objects import message_object
from userapi_gw.embedded.people import extended, may_write, require_person
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import messages

_MAX_MESSAGE = 4096  # characters
_RANDOM_ID_SECONDS = 3600


@method("messages.send", writes=True, community=True)
def send(call: Call) -> int:
    """Send `message` to `user_id` or `peer_id` and return its id.

    The same `random_id` (other than 0) from the same sender within an hour gives the id of the first message.
    VK errors 100 (empty), 113 and 18 (no such person), 900 (blacklist), 901 (a community that the person does not let
    write), 902 (privacy), 914 (too long). Who writes to a community lets it write back.
    """
    text = _message_text(call)
    recipient = require_person(call, _peer(call))
    _require_right(call, recipient)
    random_id = call.params.integer("random_id", 0, minimum=-(2**63), maximum=2**63 - 1)
    return _sent_before(call, random_id) or store(call, recipient.id, text, random_id)


@method("messages.getHistory", community=True)
def get_history(call: Call) -> dict[str, Any]:
    """List the messages between the viewer and `user_id` or `peer_id`, newest first, or oldest first with `rev=1`."""
    peer = _peer(call)
    order = messages.c.id if call.params.flag("rev") else messages.c.id.desc()
    with_peer = or_(
        and_(_outgoing(call), messages.c.to_id == peer),
        and_(_incoming(call), messages.c.from_id == peer),
    )
    total, rows = call.page(select(messages).where(with_peer).order_by(order), 20, 200)
    answer = {"count": total, "items": [message_object(row, call.viewer) for row in rows]}
    return extended(call, answer, (row.from_id for row in rows))


@method("messages.get")
def get(call: Call) -> dict[str, Any]:
    """List all messages to the viewer, or all the viewer sent (`out=1`), newest first.

    VK's method of API versions up to 5.80; kept for UserAPI's `inbox` and `outbox`.
    """
    side = _outgoing(call) if call.params.flag("out") else _incoming(call)
    total, rows = call.page(select(messages).where(side).order_by(messages.c.id.desc()), 20, 200)
    return {"count": total, "items": [message_object(row, call.viewer) for row in rows]}


@method("messages.getById", community=True)
def get_by_id(call: Call) -> dict[str, Any]:
    """Return those of `message_ids` that the viewer sent or got and has not deleted."""
    ids = call.params.ids("message_ids", 100)
    query = select(messages).where(messages.c.id.in_(ids), or_(_outgoing(call), _incoming(call)))
    rows = {row.id: row for row in call.db.execute(query)}
    items = [message_object(rows[message_id], call.viewer) for message_id in ids if message_id in rows]
    answer = {"count": len(items), "items": items}
    return extended(call, answer, (row.from_id for row in rows.values()))


@method("messages.delete", writes=True, community=True)
def delete(call: Call) -> dict[str, int]:
    """Delete `message_ids` for the viewer alone: `{"<id>": 1}`, or 0 for an id that is no message of the viewer."""
    ids = call.params.ids("message_ids", 1000)
    own = own_messages(call, messages.c.id.in_(ids))
    mark_deleted(call, own, 1)
    return {str(message_id): int(message_id in own) for message_id in ids}


@method("messages.deleteConversation", writes=True, community=True)
def delete_conversation(call: Call) -> dict[str, int]:
    """Delete all messages with `user_id` or `peer_id` for the viewer alone; `last_deleted_id` is 0 without any."""
    peer = _peer(call)
    own = own_messages(call, or_(messages.c.from_id == peer, messages.c.to_id == peer))
    last = max(own, default=0)
    mark_deleted(call, own, 1, tell=False)
    if last:
        events.note(call.db, call.now, call.viewer, (events.CLEARED, peer, last, peer))
    return {"last_deleted_id": last}


@method("messages.edit", writes=True, community=True)
def edit(call: Call) -> int:
    """Change the text of a message the viewer sent. VK error 15 for any other, 100 without text, 914 when too long."""
    text, message_id = _message_text(call), call.params.integer("message_id", minimum=1)
    row = own_messages(call, messages.c.id == message_id).get(message_id)
    if row is None or row.from_id != call.viewer:
        raise VkError(15)
    changed = update(messages).where(messages.c.id == row.id).values(text=text).returning(messages)
    row = call.db.execute(changed).one()
    for viewer, peer, flags in sides(row):
        events.note(call.db, call.now, viewer, (events.EDITED, row.id, flags, peer))
    note_message(call, row, "message_edit")
    return 1


@method("messages.setActivity", writes=True, community=True)
def set_activity(call: Call) -> int:
    """Tell `user_id` or `peer_id`, if they wait for it, that the viewer is writing."""
    recipient = require_person(call, _peer(call))
    events.note(call.db, call.now, recipient.id, (events.TYPING, call.viewer, 1, call.viewer))
    return 1


@method("messages.restore", writes=True, community=True)
def restore(call: Call) -> int:
    """Bring back a message the viewer deleted. VK error 15 when it is no message of the viewer."""
    own = own_messages(call, messages.c.id == call.params.integer("message_id", minimum=1))
    if not own:
        raise VkError(15)
    mark_deleted(call, own, 0)
    return 1


@method("messages.markAsRead", writes=True, community=True)
def mark_as_read(call: Call) -> int:
    """Mark as read `message_ids`, or everything from `peer_id` (from `start_message_id` on). Only what came in."""
    if call.params.has("message_ids"):
        wanted: list[ColumnElement[bool]] = [messages.c.id.in_(call.params.ids("message_ids", 1000))]
    else:
        start = call.params.integer("start_message_id", 0)
        wanted = [messages.c.from_id == _peer(call), messages.c.id >= start]
    unread = (*wanted, messages.c.to_id == call.viewer, messages.c.read == 0)
    last = func.max(messages.c.id).label("last")
    for row in call.db.execute(select(messages.c.from_id, last).where(*unread).group_by(messages.c.from_id)).all():
        events.note(call.db, call.now, call.viewer, (events.READ_IN, row.from_id, row.last, row.from_id))
        events.note(call.db, call.now, row.from_id, (events.READ_OUT, call.viewer, row.last, call.viewer))
        note_reading(call, row.from_id, row.last)
    call.db.execute(update(messages).where(*unread).values(read=1))
    return 1


def _peer(call: Call) -> int:
    return call.params.owner("user_id" if call.params.has("user_id") else "peer_id")


def _require_right(call: Call, recipient: Row[Any]) -> None:
    if recipient.id in call.relations.blocking | call.relations.blocked:
        raise VkError(900)
    if call.viewer < 0:
        if not may_be_written(call.db, -call.viewer, recipient.id):
            raise VkError(901)
    elif not may_write(call, recipient):
        raise VkError(902)


def _message_text(call: Call) -> str:
    text = call.params.text("message", "")
    if not text.strip():
        raise bad_parameter("message is empty")
    if len(text) > _MAX_MESSAGE:
        raise VkError(914)
    return text


def _sent_before(call: Call, random_id: int) -> int | None:
    if not random_id:
        return None
    same = select(messages.c.id).where(messages.c.from_id == call.viewer, messages.c.random_id == random_id)
    recent = same.where(messages.c.date > call.now - _RANDOM_ID_SECONDS)
    return call.db.scalar(recent.order_by(messages.c.id.desc()))


def _outgoing(call: Call) -> ColumnElement[bool]:
    return and_(messages.c.from_id == call.viewer, messages.c.sender_deleted == 0)


def _incoming(call: Call) -> ColumnElement[bool]:
    return and_(messages.c.to_id == call.viewer, messages.c.recipient_deleted == 0)
