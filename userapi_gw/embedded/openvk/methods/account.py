"""Methods `account.*`."""

from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from userapi_gw.embedded.accounts import touch
from userapi_gw.embedded.openvk.errors import fail
from userapi_gw.embedded.openvk.registry import Call, method
from userapi_gw.embedded.schema import blocks, messages, people, requests

_INFO: Final = {
    "2fa_required": 0,
    "country": "CZ",
    "eu_user": False,
    "https_required": 1,
    "intro": 0,
    "community_comments": False,
    "is_live_streaming_enabled": False,
    "is_new_live_streaming_enabled": False,
    "lang": 1,
    "no_wall_replies": 0,
    "own_posts_default": 0,
    "music_available": True,
}


@method("account.getInfo")
def get_info(_call: Call) -> dict[str, Any]:
    """Return what is the same for everybody."""
    return dict(_INFO)


@method("account.getCounters")
def get_counters(call: Call) -> dict[str, int]:
    """Count friend requests, notifications (never any here) and unread messages; zeros too."""
    unread = (messages.c.to_id == call.viewer, messages.c.read == 0, messages.c.recipient_deleted == 0)
    senders = select(func.count(messages.c.from_id.distinct())).where(*unread)
    asking = select(func.count()).select_from(requests).where(requests.c.to_id == call.viewer)
    counted = {"friends": call.db.scalar(asking) or 0, "notifications": 0, "messages": call.db.scalar(senders) or 0}
    wanted = call.given.words("filter")
    return {name: number for name, number in counted.items() if not wanted or name in wanted}


@method("account.setOnline", writes=True)
def set_online(call: Call) -> int:
    """Show the viewer as online."""
    touch(call.db, call.viewer, call.now)
    return 1


@method("account.setOffline")
def set_offline(_call: Call) -> int:
    """Do nothing, as OpenVK does."""
    return 1


@method("account.ban", "owner_id", limited=True)
def ban(call: Call) -> int:
    """Put `owner_id` on the viewer's blacklist."""
    row = {"owner_id": call.viewer, "user_id": call.number("owner_id")}
    if call.db.scalar(select(people.c.id).where(people.c.id == row["user_id"])) is None:
        fail(15, "Access denied")
    call.db.execute(insert(blocks).values(row).on_conflict_do_nothing())
    return 1


@method("account.unban", "owner_id", limited=True)
def unban(call: Call) -> int:
    """Take `owner_id` off the viewer's blacklist."""
    mine = blocks.c.owner_id == call.viewer, blocks.c.user_id == call.number("owner_id")
    call.db.execute(delete(blocks).where(*mine))
    return 1
