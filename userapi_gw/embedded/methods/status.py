"""Methods `status.*`.

VK has `status.get` and `status.set` only. UserAPI shows histories ("Getting status history for a user", "Editing
current status"), so the others here go beyond VK.
"""

from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from userapi_gw.embedded.errors import VkError
from userapi_gw.embedded.objects import status_object
from userapi_gw.embedded.people import plain_to_html, require_open
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import friendships, people, statuses

_MAX_STATUS = 255  # characters


@method("status.get")
def get(call: Call) -> dict[str, str]:
    """Return the current status of `user_id` (the viewer when missing), empty when there is none."""
    person = require_open(call, call.params.user("user_id", call.viewer))
    current = select(statuses.c.text).where(statuses.c.id == person.status_id, statuses.c.deleted == 0)
    return {"text": plain_to_html(call.db.scalar(current) or "")}


@method("status.set", writes=True)
def set_text(call: Call) -> int:
    """Make `text` the viewer's status and the newest line of the history; an empty text only clears the current one.

    VK error 100 for more than 255 characters.
    """
    text = call.params.text("text", "", maximum=_MAX_STATUS)
    row = {"user_id": call.viewer, "date": call.now, "text": text}
    new_id = call.db.scalar(insert(statuses).values(row).returning(statuses.c.id)) if text.strip() else None
    call.db.execute(update(people).where(people.c.id == call.viewer).values(status_id=new_id))
    return 1


@method("status.getHistory")
def get_history(call: Call) -> dict[str, Any]:
    """List the statuses of `user_id` (the viewer when missing), newest first. No method of VK's."""
    user_id = require_open(call, call.params.user("user_id", call.viewer)).id
    query = select(statuses).where(statuses.c.user_id == user_id, statuses.c.deleted == 0)
    return _status_page(call, query.order_by(statuses.c.id.desc()))


@method("status.getFriends")
def get_friends(call: Call) -> dict[str, Any]:
    """List the statuses of the viewer's friends, newest first. No method of VK's.

    UserAPI documentation, "Getting friends' status updates news".
    """
    friends = select(friendships.c.friend_id).where(friendships.c.user_id == call.viewer)
    query = select(statuses).where(statuses.c.user_id.in_(friends), statuses.c.deleted == 0)
    return _status_page(call, query.order_by(statuses.c.date.desc(), statuses.c.id.desc()))


@method("status.delete", writes=True)
def delete(call: Call) -> int:
    """Delete the viewer's status `status_id`; if it is the current one, there is none then. No method of VK's.

    VK error 104 when the viewer has no such status.
    """
    row = _own_status(call)
    if row.deleted:
        raise VkError(104)
    return _mark(call, row.id, 1)


@method("status.restore", writes=True)
def restore(call: Call) -> int:
    """Bring back a status the viewer deleted, as the current one if it was that. No method of VK's."""
    return _mark(call, _own_status(call).id, 0)


@method("status.clear", writes=True)
def clear(call: Call) -> int:
    """Delete all statuses of the viewer. No method of VK's. UserAPI: `clear_activity`."""
    call.db.execute(update(statuses).where(statuses.c.user_id == call.viewer).values(deleted=1))
    return 1


def _status_page(call: Call, query: Select[Any]) -> dict[str, Any]:
    total, rows = call.page(query, 20, 100)
    return {"count": total, "items": [status_object(row) for row in rows]}


def _own_status(call: Call) -> Row[Any]:
    wanted = (statuses.c.id == call.params.integer("status_id", minimum=1), statuses.c.user_id == call.viewer)
    row = call.db.execute(select(statuses).where(*wanted)).one_or_none()
    if row is None:
        raise VkError(104)
    return row


def _mark(call: Call, status_id: int, deleted: int) -> int:
    call.db.execute(update(statuses).where(statuses.c.id == status_id).values(deleted=deleted))
    return 1
