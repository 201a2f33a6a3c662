"""Methods `status.*`: the text alone, as it was written. There is no history."""

from sqlalchemy import func, select

from userapi_gw.embedded.methods.status import set_text
from userapi_gw.embedded.openvk.errors import crash_unless, fail
from userapi_gw.embedded.openvk.people import find, is_open
from userapi_gw.embedded.openvk.registry import Call, method
from userapi_gw.embedded.schema import statuses

_MOST = 255  # characters


@method("status.get")
def get(call: Call) -> dict[str, str | None]:
    """Return the status of `user_id`: a text, an empty one after it was emptied, null when there never was one."""
    row = find(call, call.number("user_id", 0) or call.viewer)
    if row is None or not is_open(call, row):
        fail(15, "Invalid user")
    had = call.db.scalar(select(func.count()).where(statuses.c.user_id == row.id))
    return {"text": row.status or ("" if had else None)}


@method("status.set", "text", limited=True)
def set_status(call: Call) -> object:
    """Make `text` the viewer's status; more than 255 characters break it."""
    crash_unless(len(call.given.text("text")) <= _MOST)
    return set_text(call)
