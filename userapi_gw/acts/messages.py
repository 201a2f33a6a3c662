"""Private messages. UserAPI documentation, "Getting private messages" and the sections on posting them.

All private message lists of a viewer share one version (`ts`) and one history.
"""

from collections.abc import Callable
from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.histories import MAILBOX
from userapi_gw.acts.registry import Listing, act
from userapi_gw.backend.model import Message, Page
from userapi_gw.shapes.content import message_row
from userapi_gw.state import Action

KIND = "message"
READING = "Getting private messages"
REMOVING = "Removing messages and comments"
UNDELETING = "Undeleting messages and comments"


def _listing(call: Call, read: Callable[[], Page[Message]], *, with_recipient: bool = False) -> Listing:
    page, h = call.histories.beside(KIND, MAILBOX, call.ts, read)
    rows = [message_row(message, call.dialect, with_recipient=with_recipient) for message in page.rows]
    return Listing(page.total, rows, h)


@act("message", READING, multi=True)
def message(call: Call) -> Listing:
    """Messages between the viewer and a user or community (negative `id`), newest first, with the mailbox's history."""
    return _listing(call, lambda: call.backend.correspondence(call.owner_id, call.window))


@act("inbox", READING, multi=True)
def inbox(call: Call) -> Listing:
    """All messages the viewer received, newest first."""
    return _listing(call, lambda: call.backend.mailbox("inbox", call.window))


@act("outbox", READING, multi=True)
def outbox(call: Call) -> Listing:
    """All messages the viewer sent, newest first."""
    return _listing(call, lambda: call.backend.mailbox("outbox", call.window), with_recipient=True)


@act("add_message", "Posting new messages and comments", form="whole", writes=True)
def add_message(call: Call) -> dict[str, Any]:
    """Send a message to a user or community."""
    sent = call.backend.send_message(call.peer_id, call.message)
    call.announcer.wrote(call.viewer, call.peer_id)
    return _changed(call, "add", sent)


@act("del_outbox", REMOVING, form="whole", writes=True)
@act("del_inbox", REMOVING, form="whole", writes=True)
@act("del_message", REMOVING, form="whole", writes=True)
def del_message(call: Call) -> dict[str, Any]:
    """Delete a message on the viewer's side."""
    _, message_id = call.wid
    deleted = call.backend.message(message_id)
    call.backend.delete_message(message_id)
    return {"ok": 1, "h": call.histories.wrote(KIND, MAILBOX, call.ts, "del", lambda: [deleted])}


@act("restore_outbox", UNDELETING, form="whole", writes=True)
@act("restore_inbox", UNDELETING, form="whole", writes=True)
@act("restore_message", UNDELETING, form="whole", writes=True)
def restore_message(call: Call) -> dict[str, Any]:
    """Bring a message back that the viewer deleted."""
    _, message_id = call.wid
    call.backend.restore_message(message_id)
    return _changed(call, "undel", message_id)


def _changed(call: Call, action: Action, message_id: int) -> dict[str, Any]:
    h = call.histories.wrote(KIND, MAILBOX, call.ts, action, lambda: [call.backend.message(message_id)])
    return {"ok": 1, "h": h}
