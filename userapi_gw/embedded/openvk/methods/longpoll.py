"""Methods `messages.getLongPoll...`."""

import re
from typing import Any

from sqlalchemy import select

from userapi_gw.embedded import events
from userapi_gw.embedded.openvk import longpoll
from userapi_gw.embedded.openvk.methods.messages import message
from userapi_gw.embedded.openvk.registry import Call, method
from userapi_gw.embedded.schema import messages

_KEY_BYTES = 16
_MOST = 1000


@method("messages.getLongPollServer", writes=True)
def get_long_poll_server(call: Call) -> dict[str, Any]:
    """Return `key`, `server` (without scheme for callers that name a version) and the clock as `ts`."""
    server = f"{call.address}/nim{call.viewer}"
    server = re.sub(r"^https?://", "", server) if call.given.has("v") else server
    key = events.issue_key(call.db, call.viewer, call.now, _KEY_BYTES)
    return {"key": key, "server": server, "ts": call.now, "pts": -1}


@method("messages.getLongPollHistory")
def get_long_poll_history(call: Call) -> dict[str, Any]:
    """Return the messages that came in after the second `ts` (-1: all that are kept), oldest first."""
    since, most = call.number("ts", -1), call.number("events_limit", _MOST)
    told = longpoll.incoming(call.db, call.viewer, 0)
    rows = [row for row in told if row.code == events.NEW_MESSAGE and row.date > since][:most]
    wanted = select(messages).where(messages.c.id.in_([row.object_id for row in rows])).order_by(messages.c.id)
    items = [message(call, row, listed=False) for row in call.db.execute(wanted)]
    return {
        "history": [longpoll.update(call.db, row) for row in rows],
        "messages": {"count": len(items), "items": items},
        "profiles": [],
        "new_pts": 0,
    }
