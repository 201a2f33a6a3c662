"""`messages.getConversations`: the correspondences of the viewer, each with its latest message."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, literal, select, union_all

from userapi_gw.embedded.objects import message_object
from userapi_gw.embedded.people import extended
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import messages


@method("messages.getConversations", community=True)
def get_conversations(call: Call) -> dict[str, Any]:
    """List the viewer's correspondences, latest first, as `{conversation, last_message}`; `filter` may be `unread`.

    `in_read` and `out_read` are the ids up to which the viewer and the other side have read.
    """
    sides = union_all(_side(call, outgoing=True), _side(call, outgoing=False)).subquery()
    unread = func.sum(case((and_(sides.c.out == 0, sides.c.read == 0), 1), else_=0))
    talks = select(
        sides.c.peer,
        func.max(sides.c.id).label("last"),
        unread.label("unread"),
        _read_up_to(sides, 0).label("in_read"),
        _read_up_to(sides, 1).label("out_read"),
    ).group_by(sides.c.peer)
    if call.params.text("filter", "all") == "unread":
        talks = talks.having(unread > 0)
    total, rows = call.page(talks.order_by(func.max(sides.c.id).desc()), 20, 200)
    latest = select(messages).where(messages.c.id.in_([row.last for row in rows]))
    last = {row.id: row for row in call.db.execute(latest)}
    answer = {"count": total, "items": [_item(call, row, last[row.last]) for row in rows]}
    return extended(call, answer, [row.peer for row in rows])


def _side(call: Call, *, outgoing: bool) -> Any:
    """The messages the viewer sent, or got; a note to oneself counts as sent."""
    if outgoing:
        own: tuple[ColumnElement[bool], ...] = (messages.c.from_id == call.viewer, messages.c.sender_deleted == 0)
        peer = messages.c.to_id
    else:
        mine = messages.c.from_id != call.viewer
        own = (messages.c.to_id == call.viewer, mine, messages.c.recipient_deleted == 0)
        peer = messages.c.from_id
    out = literal(int(outgoing)).label("out")
    return select(messages.c.id, peer.label("peer"), out, messages.c.read).where(*own)


def _read_up_to(sides: Any, out: int) -> ColumnElement[int]:
    """The id before the first message of a side that is not read; the last one when all are."""
    of_side = sides.c.out == out
    first_unread = func.min(case((and_(of_side, sides.c.read == 0), sides.c.id)))
    last = func.coalesce(func.max(case((of_side, sides.c.id))), 0)
    return func.coalesce(first_unread - 1, last)


def _item(call: Call, row: Row[Any], last: Row[Any]) -> dict[str, Any]:
    conversation = {
        "peer": {"id": row.peer, "type": "user" if row.peer > 0 else "group", "local_id": abs(row.peer)},
        "last_message_id": row.last,
        "in_read": row.in_read,
        "out_read": row.out_read,
        "unread_count": row.unread,
        "can_write": {"allowed": True},
    }
    return {"conversation": conversation, "last_message": message_object(last, call.viewer)}
