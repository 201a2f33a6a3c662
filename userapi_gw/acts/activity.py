"""Statuses. UserAPI documentation, "Getting status history for a user" and "Editing current status"."""

from collections.abc import Callable
from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import Listing, act
from userapi_gw.backend.model import Status, Window
from userapi_gw.errors import Failure, Kind
from userapi_gw.shapes.content import status_row
from userapi_gw.state import Action

KIND = "activity"
EDITING = "Editing current status"
NEWEST = Window(0, 1)
MOST_CLEARED = Window(0, 500)


@act("activity", "Getting status history for a user", multi=True)
def activity(call: Call) -> Listing:
    """Statuses of a user, newest first, with their history."""
    window = call.window
    if call.dialect.activity_to_inclusive and call.parameters.number("to") > 0:
        window = Window(window.start, window.stop + 1)
    owner = call.user_id
    page, h = call.histories.beside(
        KIND, owner, call.ts, lambda: call.backend.statuses(owner, window), is_beginning=not window.start
    )
    return Listing(page.total, [status_row(status) for status in page.rows], h)


@act("set_activity", EDITING, form="whole", writes=True)
def set_activity(call: Call) -> dict[str, Any]:
    """Set the viewer's status (`text`)."""
    call.backend.set_status(call.required("text"))
    return _changed(call, "add", lambda: [_current(call)])


@act("del_activity", EDITING, form="whole", writes=True)
def del_activity(call: Call) -> dict[str, Any]:
    """Delete one status of the viewer: the one `wid` names, else the current one."""
    status = _named(call, call.wid[1]) if call.parameters.has("wid") else _current(call)
    call.backend.delete_status(status.id)
    return _changed(call, "del", lambda: [status])


@act("restore_activity", EDITING, form="whole", writes=True)
def restore_activity(call: Call) -> dict[str, Any]:
    """Bring back a status of the viewer."""
    status_id = call.wid[1]
    call.backend.restore_status(status_id)
    return _changed(call, "undel", lambda: [_named(call, status_id)])


@act("clear_activity", EDITING, form="whole", writes=True)
def clear_activity(call: Call) -> dict[str, Any]:
    """Delete all statuses of the viewer."""
    statuses = call.backend.statuses(call.viewer, MOST_CLEARED).rows
    call.backend.clear_statuses()
    return _changed(call, "del", lambda: statuses)


def _current(call: Call) -> Status:
    statuses = call.backend.statuses(call.viewer, NEWEST).rows
    if not statuses:
        raise Failure(Kind.NOT_FOUND, "status")
    return statuses[0]


def _named(call: Call, status_id: int) -> Status:
    found = [status for status in call.backend.statuses(call.viewer, MOST_CLEARED).rows if status.id == status_id]
    if not found:
        raise Failure(Kind.NOT_FOUND, "status")
    return found[0]


def _changed(call: Call, action: Action, read: Callable[[], list[Status]]) -> dict[str, Any]:
    return {"ok": 1, "h": call.histories.wrote(KIND, call.viewer, call.ts, action, read)}
