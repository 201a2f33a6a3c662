"""Methods `messages.*` about whether a community may write to a person."""

from userapi_gw.embedded.callback.queue import note
from userapi_gw.embedded.groups import asked_group, let_write, managed_group, may_be_written
from userapi_gw.embedded.people import require_person
from userapi_gw.embedded.registry import Call, method


@method("messages.isMessagesFromGroupAllowed", community=True)
def is_allowed(call: Call) -> dict[str, int]:
    """Tell whether a community may write to `user_id` (the viewer when missing): `{"is_allowed": 1}` or 0.

    Managers and the community's key may ask about anybody, others about themselves (VK error 15).
    """
    own = call.viewer if call.viewer > 0 else None
    user_id = require_person(call, call.params.user("user_id", own)).id
    group_id = asked_group(call) if user_id == call.viewer else managed_group(call)
    return {"is_allowed": int(may_be_written(call.db, group_id, user_id))}


@method("messages.allowMessagesFromGroup", writes=True)
def allow(call: Call) -> int:
    """Let a community write to the viewer; its servers are told, with the `key` given."""
    group_id, key = asked_group(call), call.params.text("key", "", maximum=256)
    if let_write(call.db, group_id, call.viewer, allowed=True):
        note(call, -group_id, "message_allow", {"user_id": call.viewer, "key": key})
    return 1


@method("messages.denyMessagesFromGroup", writes=True)
def deny(call: Call) -> int:
    """Let a community no longer write to the viewer; its servers are told."""
    group_id = asked_group(call)
    if let_write(call.db, group_id, call.viewer, allowed=False):
        note(call, -group_id, "message_deny", {"user_id": call.viewer})
    return 1
