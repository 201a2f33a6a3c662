"""Methods `ovk.*`, `utils.*`, `groups.*` and `notifications.*`: what the embedded world has too, or nothing."""

from typing import Any

from sqlalchemy import func, select

from userapi_gw.embedded.openvk.errors import fail
from userapi_gw.embedded.openvk.given import php_int
from userapi_gw.embedded.openvk.people import users
from userapi_gw.embedded.openvk.registry import Call, method
from userapi_gw.embedded.people import is_online
from userapi_gw.embedded.schema import people, posts

_MOST_NOTIFICATIONS = 100


@method("ovk.version", auth=False)
def version(_call: Call) -> str:
    """Return the version of the instance that was recorded."""
    return "Altair Preview (cff21778-nightly)"


@method("ovk.test", auth=False)
def test(call: Call) -> dict[str, Any]:
    """Tell whether the caller is logged in, and which version it speaks."""
    told = call.given.text("v", "5.9999")
    return {"authorized": bool(call.viewer), "auth_with": "access_token" if call.viewer else "none", "version": told}


@method("ovk.aboutInstance", auth=False)
def about_instance(call: Call) -> dict[str, Any]:
    """Tell how many people and posts there are."""
    everybody = call.db.scalar(select(func.count()).select_from(people).where(people.c.id > 0)) or 0
    online = call.db.scalar(select(func.count()).select_from(people).where(people.c.id > 0, is_online(call.now))) or 0
    walls = call.db.scalar(select(func.count()).select_from(posts).where(posts.c.deleted == 0)) or 0
    counted = {"users_count": everybody, "online_users_count": online, "active_users_count": online}
    return {
        "statistics": {**counted, "groups_count": 0, "wall_posts_count": walls},
        "administrators": {"count": 1, "items": users(call, [1], ())},
        "popular_groups": {"count": 0, "items": []},
        "links": {"count": 1, "items": [{"name": "Link caption", "url": "https://example.org/"}]},
    }


@method("utils.getServerTime", auth=False)
def get_server_time(call: Call) -> int:
    """Return the clock in unix seconds."""
    return call.now


@method("utils.resolveScreenName", "screen_name")
def resolve_screen_name(call: Call) -> dict[str, Any]:
    """Return whose short name this is; the embedded world has none but `id5`. Error 104 for nobody."""
    name = call.given.text("screen_name")
    found = select(people.c.id).where(people.c.id == php_int(name.removeprefix("id")))
    if not name.startswith("id") or call.db.scalar(found) is None:
        fail(104, "Not found")
    return {"object_id": php_int(name.removeprefix("id")), "type": "user"}


@method("groups.get")
@method("groups.search", auth=False)
def no_groups(_call: Call) -> dict[str, Any]:
    """List no groups: the embedded world has none."""
    return {"count": 0, "items": []}


@method("groups.getById", auth=False)
def get_group(call: Call) -> list[dict[str, Any]]:
    """Return what stands for a group that is not there."""
    number = php_int(call.given.text("group_ids", call.given.text("group_id", "0")))
    described = {"type": "group", "description": "This group was deleted or it doesn't exist"}
    return [{"id": number, "name": "DELETED", "screen_name": f"club{number}", **described}]


@method("notifications.get")
def get_notifications(call: Call) -> dict[str, Any]:
    """List no notifications; error 125 for more than 100."""
    if call.number("count", 10) > _MOST_NOTIFICATIONS:
        fail(125, "Count is too big")
    return {"items": [], "profiles": [], "groups": [], "last_viewed": 0}


@method("notifications.markAsViewed")
def mark_as_viewed(_call: Call) -> int:
    """Note that nothing was looked at."""
    return 1
