"""Wall messages. UserAPI documentation, "Getting wall message list for a user" and the sections on posting them."""

from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import Listing, act
from userapi_gw.shapes.content import post_row
from userapi_gw.state import Action

KIND = "wall"


@act("wall", "Getting wall message list for a user", multi=True)
def wall(call: Call) -> Listing:
    """Messages on the wall of a user or community (negative `id`), newest first, with the wall's history."""
    owner = call.owner_id
    window = call.window
    page, h = call.histories.beside(
        KIND, owner, call.ts, lambda: call.backend.wall(owner, window), is_beginning=not window.start
    )
    return Listing(page.total, [post_row(post, call.dialect) for post in page.rows], h)


@act("add_wall", "Posting new messages and comments", form="whole", writes=True)
def add_wall(call: Call) -> dict[str, Any]:
    """Write on the wall of a user or community."""
    owner = call.owner_id
    return _changed(call, "add", owner, call.backend.add_wall_post(owner, call.message))


@act("del_wall", "Removing messages and comments", form="whole", writes=True)
def del_wall(call: Call) -> dict[str, Any]:
    """Delete a wall message."""
    owner, post_id = _post(call)
    post = call.backend.wall_post(owner, post_id)
    call.backend.delete_wall_post(owner, post_id)
    return {"ok": 1, "h": call.histories.wrote(KIND, owner, call.ts, "del", lambda: [post])}


@act("restore_wall", "Undeleting messages and comments", form="whole", writes=True)
def restore_wall(call: Call) -> dict[str, Any]:
    """Bring a deleted wall message back; it may have a new id then."""
    owner, post_id = _post(call)
    return _changed(call, "undel", owner, call.backend.restore_wall_post(owner, post_id))


def _post(call: Call) -> tuple[int, int]:
    """Whose wall and which post: `id` names the owner, else the first half of `wid` does, else it is the viewer's."""
    owner, post_id = call.wid
    return call.owner_id if call.parameters.has("id") or not owner else owner, post_id


def _changed(call: Call, action: Action, owner: int, post_id: int) -> dict[str, Any]:
    h = call.histories.wrote(KIND, owner, call.ts, action, lambda: [call.backend.wall_post(owner, post_id)])
    return {"ok": 1, "h": h}
