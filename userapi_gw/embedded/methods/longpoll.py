"""Methods `messages.getLongPoll...`: where to wait for what happens, and what happened meanwhile."""

from typing import Any

from sqlalchemy import select

from userapi_gw.embedded import events
from userapi_gw.embedded.errors import VkError
from userapi_gw.embedded.objects import message_object
from userapi_gw.embedded.people import PROFILE_FIELDS, users_by_id
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import messages


@method("messages.getLongPollServer", writes=True)
def get_long_poll_server(call: Call) -> dict[str, Any]:
    """Return `key`, `server` (an address without scheme) and `ts` for a long poll; with `need_pts` also `pts`."""
    now = events.newest(call.db)
    server = f"{call.address.partition('://')[2]}/longpoll"
    answer = {"server": server, "key": events.issue_key(call.db, call.viewer, call.now), "ts": now}
    return answer | ({"pts": now} if call.params.flag("need_pts") else {})


@method("messages.getLongPollHistory")
def get_long_poll_history(call: Call) -> dict[str, Any]:
    """Return what happened after `pts` (else `ts`): short updates in `history`, the `messages` and their `profiles`.

    `events_limit` is 1000 at most and by default; `more` says that there is more. VK errors 907 and 908 when the number
    is too old or of the future.
    """
    start = call.params.integer("pts", 0) or call.params.integer("ts", 0)
    most = min(call.params.integer("events_limit", 1000, minimum=1), 1000)
    newest = events.newest(call.db)
    if start > newest:
        raise VkError(908)
    if not events.is_kept(call.db, start):
        raise VkError(907)
    rows = events.after(call.db, call.viewer, start, most + 1)
    shown = rows[:most]
    more = {"more": 1} if len(rows) > most else {}
    return {**_history(call, shown), "new_pts": shown[-1].id if more else newest, **more}


def _history(call: Call, rows: Any) -> dict[str, Any]:
    wanted = {row.object_id for row in rows if row.code in (events.NEW_MESSAGE, events.EDITED)}
    found = call.db.execute(select(messages).where(messages.c.id.in_(wanted)).order_by(messages.c.id)).all()
    people = sorted({row.from_id for row in found} | {row.to_id for row in found})
    return {
        "history": [_short(row) for row in rows if row.code != events.TYPING],
        "messages": {"count": len(found), "items": [message_object(row, call.viewer) for row in found]},
        "profiles": users_by_id(call, people, call.params.words("fields") or PROFILE_FIELDS),
    }


def _short(row: Any) -> list[int]:
    numbers = [row.code, row.object_id, row.number]
    return numbers if row.code in (events.READ_IN, events.READ_OUT, events.CLEARED) else [*numbers, row.peer_id]
