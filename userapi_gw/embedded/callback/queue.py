"""Puts what happened in a community into the queue of each of its callback servers, in the transaction it happened in.

https://dev.vk.com/api/community-events/json-schema lists the objects.
"""

import json
import secrets
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from userapi_gw.embedded.callback.tables import OK, WAIT, queue, servers
from userapi_gw.embedded.objects import message_object
from userapi_gw.embedded.registry import Call

CONFIRMATION: Final = "confirmation"
KEEP_SECONDS: Final = 24 * 3600
"""What could not be delivered for a day is dropped."""

ROUSED: Final = "callback"
"""Set in `Connection.info` when something was queued, so that the sender is woken after the transaction."""

_WRAPPED_SINCE: Final = (5, 103)  # the API version from which message_new has the message in `object.message`
_CLIENT: Final = {"button_actions": ["text"], "keyboard": False, "inline_keyboard": False, "carousel": False}


def note(call: Call, owner_id: int, kind: str, happened: dict[str, Any]) -> None:
    """Queue an event of a community for the servers that want it. An owner that is a person has none."""
    if owner_id < 0:
        wanted = select(servers).where(servers.c.group_id == -owner_id, servers.c.status == OK)
        for server in call.db.execute(wanted).all():
            if kind in json.loads(server.events):
                _put(call.db, server, kind, _spelled(server, kind, happened), call.now)


def note_message(call: Call, row: Row[Any], kind: str = "") -> None:
    """Queue that a message came to a community or went out from it, or the event `kind` about it."""
    for owner, own_kind in ((row.to_id, "message_new"), (row.from_id, "message_reply")):
        if owner < 0:
            note(call, owner, kind or own_kind, message_object(row, owner))


def note_reading(call: Call, sender_id: int, last: int) -> None:
    """Queue that the viewer read what somebody had written, if either of them is a community."""
    owner, peer = min(call.viewer, sender_id), max(call.viewer, sender_id)
    read = {"read_message_id": last, "conversation_message_id": last}
    note(call, owner, "message_read", {"from_id": call.viewer, "peer_id": peer, **read})


def ask_for_confirmation(db: Connection, server_id: int, now: int) -> None:
    """Have a server asked whether it belongs to the community; what waited for it is dropped."""
    db.execute(delete(queue).where(queue.c.server_id == server_id))
    anew = {"status": WAIT, "errors": 0, "due_at": 0.0}
    db.execute(update(servers).where(servers.c.id == server_id).values(anew))
    server = db.execute(select(servers).where(servers.c.id == server_id)).one()
    _put(db, server, CONFIRMATION, None, now)


def body_of(server: Row[Any], event: Row[Any]) -> bytes:
    """Return the JSON that is posted. A confirmation has neither object nor number."""
    body = {"type": event.type, "group_id": server.group_id, "v": server.api_version}
    if event.type != CONFIRMATION:
        body |= {"object": json.loads(event.object), "event_id": event.event_id}
    if server.secret_key:
        body["secret"] = server.secret_key
    return json.dumps(body, ensure_ascii=False).encode()


def _put(db: Connection, server: Row[Any], kind: str, happened: Any, now: int) -> None:
    row = {"server_id": server.id, "type": kind, "event_id": secrets.token_hex(20), "date": now}
    db.execute(insert(queue).values(object=json.dumps(happened, ensure_ascii=False), **row))
    db.execute(delete(queue).where(queue.c.date < now - KEEP_SECONDS))
    db.info[ROUSED] = True


def _spelled(server: Row[Any], kind: str, happened: dict[str, Any]) -> dict[str, Any]:
    version = tuple(int(part) for part in server.api_version.split("."))
    is_wrapped = kind == "message_new" and version >= _WRAPPED_SINCE
    return {"message": happened, "client_info": _CLIENT} if is_wrapped else happened
