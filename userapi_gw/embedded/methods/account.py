"""Methods `account.*`, apart from those about the profile."""

from sqlalchemy import func, select

from userapi_gw.embedded.accounts import end_token, touch
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import messages, requests, tags


@method("account.getCounters")
def get_counters(call: Call) -> dict[str, int]:
    """Count what waits for the viewer: friend requests, unread messages, unconfirmed tags. Zeros are left out."""
    unread = (messages.c.to_id == call.viewer, messages.c.read == 0, messages.c.recipient_deleted == 0)
    queries = {
        "friends": select(func.count()).select_from(requests).where(requests.c.to_id == call.viewer),
        "messages": select(func.count()).select_from(messages).where(*unread),
        "photos": select(func.count()).select_from(tags).where(tags.c.user_id == call.viewer, tags.c.confirmed == 0),
    }
    counted = {name: call.db.scalar(query) or 0 for name, query in queries.items()}
    return {name: number for name, number in counted.items() if number}


@method("account.setOnline", writes=True)
def set_online(call: Call) -> int:
    """Show the viewer as online for the next five minutes."""
    touch(call.db, call.viewer, call.now)
    return 1


@method("account.logout", writes=True)
def logout(call: Call) -> int:
    """End the token this call was made with. No method of VK's; like its `auth.revoke`."""
    end_token(call.db, call.token)
    return 1
