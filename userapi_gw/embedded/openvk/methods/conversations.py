"""Methods `messages.*` that list messages: histories and conversations."""

from typing import Any

from sqlalchemy import Row, Select, case, func, or_, select

from userapi_gw.embedded.openvk.errors import crash_unless, fail
from userapi_gw.embedded.openvk.given import php_int
from userapi_gw.embedded.openvk.methods.messages import message, with_peer
from userapi_gw.embedded.openvk.people import find, is_open, users
from userapi_gw.embedded.openvk.registry import Call, method, size_of
from userapi_gw.embedded.people import may_write
from userapi_gw.embedded.schema import messages

_NEWEST = (messages.c.date.desc(), messages.c.id)  # OpenVK sorts by the second, and leaves the order within it
_PICTURES = ("photo_50", "photo_100", "photo_200")


@method("messages.getHistory")
def get_history(call: Call) -> dict[str, Any]:
    """List messages with `user_id` or `peer_id`, newest first unless `rev=1`; `count` is the number of those shown.

    `start_message_id` leaves those after it.
    """
    peer, count, start = _peer(call), call.number("count", 20), call.number("offset", 0)
    crash_unless(count >= 0 and start >= 0)
    query = select(messages).where(with_peer(call, peer))
    if call.number("start_message_id", 0) > 0:
        query = query.where(messages.c.id > call.number("start_message_id"))
    order = (messages.c.date, messages.c.id) if call.number("rev", 0) else _NEWEST
    rows = call.db.execute(query.order_by(*order).offset(start).limit(count)).all()
    answer = {"count": len(rows), "items": [message(call, row) for row in rows], "conversations": [_state(call, peer)]}
    if call.number("extended", 0):
        answer["profiles"] = users(call, [call.viewer, peer], call.given.words("fields"))
    return answer


@method("messages.getConversations")
def get_conversations(call: Call) -> dict[str, Any]:
    """List whom the viewer exchanged messages with, newest first; `count` is that of all."""
    count, start = call.number("count", 20), call.number("offset", 0)
    crash_unless(count >= 0 and start >= 0)
    query = _peers(call)
    peers = list(call.db.scalars(query.offset(start).limit(count)))
    items = [_conversation(call, peer) for peer in peers]
    answer: dict[str, Any] = {"count": size_of(call.db, query), "items": items}
    if call.number("extended", 1):
        people = [*peers, *({call.viewer} if items else ())]
        answer |= {"profiles": users(call, people, call.given.words("fields") or _PICTURES), "groups": []}
    return answer


@method("messages.getConversationsById", "peer_ids")
def get_conversations_by_id(call: Call) -> dict[str, Any]:
    """Return the conversations with `peer_ids`; one that is not there breaks it."""
    items = []
    for peer in (php_int(word) for word in call.given.text("peer_ids").split(",")):
        crash_unless(_last(call, peer) is not None)
        state = _state(call, peer)
        more = {"sort_id": {"major_id": 0, "minor_id": state["last_message_id"]}, "last_conversation_message_id": peer}
        read = {"in_read_cmid": peer, "out_read_cmid": peer, "is_marked_unread": 0, "important": False}
        items.append({**state, **more, **read, "can_write": {"allowed": True}})
    return {"count": len(items), "items": items}


@method("messages.getDialogs")
def get_dialogs(call: Call) -> dict[str, Any]:
    """List conversations in the old form; error 23 for versions of the API from 5.80 on."""
    if call.version() >= (5, 80):
        told = "This method was deprecated in real VK since 5.80. "
        fail(23, f"{told}Please either use message.getConversation or lower your reported API version.")
    query = _peers(call)
    peers = list(call.db.scalars(query.offset(call.number("offset", 0)).limit(call.number("count", 20))))
    items = [{"unread": 0, "message": _old_message(call, peer)} for peer in peers]
    return {"count": size_of(call.db, query), "unread_dialogs": 0, "items": items}


def _peer(call: Call) -> int:
    peer = call.number("user_id", 0) or call.number("peer_id", 0)
    if not peer:
        fail(-151, "Chats are not implemented")
    if find(call, peer) is None:
        fail(1, "ошибка про то что пира нет")
    return peer


def _peers(call: Call) -> Select[int]:
    """A query for everybody in a conversation with the viewer, newest message first."""
    peer = case((messages.c.from_id == call.viewer, messages.c.to_id), else_=messages.c.from_id)
    outgoing = (messages.c.from_id == call.viewer) & (messages.c.sender_deleted == 0)
    incoming = (messages.c.to_id == call.viewer) & (messages.c.recipient_deleted == 0)
    newest = func.max(messages.c.date), func.max(messages.c.id)
    return select(peer).where(or_(outgoing, incoming)).group_by(peer).order_by(*(value.desc() for value in newest))


def _last(call: Call, peer: int) -> Row[Any] | None:
    return call.db.execute(_last_first(call, peer)).one_or_none()


def _newest(call: Call, peer: int) -> Row[Any]:
    return call.db.execute(_last_first(call, peer)).one()


def _last_first(call: Call, peer: int) -> Select[Any]:
    return select(messages).where(with_peer(call, peer)).order_by(*_NEWEST).limit(1)


def _read_up_to(call: Call, sender: int, recipient: int) -> int:
    """The newest message of one to the other that was read, 0 for none."""
    read = messages.c.from_id == sender, messages.c.to_id == recipient, messages.c.read == 1
    return call.db.scalar(select(func.max(messages.c.id)).where(*read)) or 0


def _state(call: Call, peer: int) -> dict[str, Any]:
    last = _last(call, peer)
    return {
        "peer": {"id": peer, "local_id": peer, "type": "user"},
        "last_message_id": last.id if last else 0,
        "in_read": _read_up_to(call, peer, call.viewer),
        "out_read": _read_up_to(call, call.viewer, peer),
    }


def _conversation(call: Call, peer: int) -> dict[str, Any]:
    last, row = _newest(call, peer), find(call, peer)
    allowed = row is not None and is_open(call, row) and may_write(call, row)
    unread = messages.c.from_id == peer, messages.c.to_id == call.viewer, messages.c.read == 0
    details = {
        "chat_settings": {"title": "", "active_ids": []},
        "unread_count": call.db.scalar(select(func.count()).where(*unread)) or 0,
        "is_marked_unread": False,
        "important": False,
        "can_write": {"allowed": True} if allowed else {"allowed": False, "reason": 901},
    }
    shown = {**message(call, last), "read_state": None}
    return {"conversation": {**_state(call, peer), **details}, "last_message": shown}


def _old_message(call: Call, peer: int) -> dict[str, Any]:
    new = message(call, _newest(call, peer))
    named = ("id", "date", "out", "from_id", "read_state", "title", "body", "attachments", "fwd_messages", "emoji")
    return {**{name: new[name] for name in named}, "user_id": peer, "peer_id": peer}
