"""Methods `wall.*`."""

from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from userapi_gw.embedded.callback.queue import note
from userapi_gw.embedded.errors import VkError, bad_parameter
from userapi_gw.embedded.groups import acts_for
from userapi_gw.embedded.objects import post_object
from userapi_gw.embedded.people import extended, may_post, require_open, require_person, visible_owners
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import posts

_MAX_POST = 16384  # characters


@method("wall.get")
def get(call: Call) -> dict[str, Any]:
    """List the posts on the wall of `owner_id` (the viewer when missing), newest first.

    `filter` is `all`, `owner` (posts of the owner alone) or `others`.
    """
    owner = require_open(call, call.params.owner("owner_id", call.viewer)).id
    query = select(posts).where(posts.c.owner_id == owner, posts.c.deleted == 0).order_by(posts.c.id.desc())
    total, rows = call.page(_by_author(call, query), 20, 100)
    answer = {"count": total, "items": [post_object(row) for row in rows]}
    return extended(call, answer, (row.from_id for row in rows))


@method("wall.getById")
def get_by_id(call: Call) -> object:
    """Return the posts of `posts` (`{owner id}_{post id}`, comma separated) that exist and may be seen.

    A list; with `extended=1` an object with `items` and `profiles`.
    """
    pairs = call.params.pairs("posts", 100)
    owners = visible_owners(call, (owner for owner, _ in pairs))
    wanted = posts.c.id.in_([post for _, post in pairs])
    rows = call.db.execute(select(posts).where(wanted, posts.c.deleted == 0)).all()
    found = {(row.owner_id, row.id): row for row in rows if row.owner_id in owners}
    items = [post_object(found[pair]) for pair in pairs if pair in found]
    authors = (item["from_id"] for item in items)
    return extended(call, {"items": items}, authors) if call.params.flag("extended") else items


@method("wall.post", writes=True, community=True)
def post(call: Call) -> dict[str, int]:
    """Write `message` on the wall of `owner_id` (the viewer when missing); attachments are ignored.

    With `from_group=1` the managers of a community write in its name on its wall.
    VK error 100 without text, 214 when the wall is closed to the viewer.
    """
    owner = require_person(call, call.params.owner("owner_id", call.viewer))
    message = call.params.text("message", maximum=_MAX_POST)
    if not message.strip():
        raise bad_parameter("message is empty")
    in_its_name = owner.id < 0 and call.params.flag("from_group")
    if not (acts_for(call, owner.id) if in_its_name else may_post(call, owner)):
        raise VkError(214)
    author = owner.id if in_its_name else call.viewer
    values = {"owner_id": owner.id, "from_id": author, "date": call.now, "text": message}
    row = call.db.execute(insert(posts).values(values).returning(posts)).one()
    note(call, owner.id, "wall_post_new", post_object(row))
    return {"post_id": row.id}


@method("wall.delete", writes=True)
def delete(call: Call) -> int:
    """Delete a post; its author and the owner of the wall may, for a community its managers.

    VK error 104 when there is none, 210 without right.
    """
    row = _own_post(call)
    if row.deleted:
        raise VkError(104)
    return _mark(call, row.id, 1)


@method("wall.restore", writes=True)
def restore(call: Call) -> int:
    """Bring a deleted post back; the same people may. VK errors as for `wall.delete`."""
    return _mark(call, _own_post(call).id, 0)


def _by_author(call: Call, query: Select[Any]) -> Select[Any]:
    wanted = call.params.choice("filter", ("all", "owner", "others"))
    if wanted == "owner":
        return query.where(posts.c.from_id == posts.c.owner_id)
    return query.where(posts.c.from_id != posts.c.owner_id) if wanted == "others" else query


def _own_post(call: Call) -> Row[Any]:
    owner, post_id = call.params.owner("owner_id", call.viewer), call.params.integer("post_id", minimum=1)
    row = call.db.execute(select(posts).where(posts.c.id == post_id, posts.c.owner_id == owner)).one_or_none()
    if row is None:
        raise VkError(104)
    if not any(acts_for(call, side) for side in (row.owner_id, row.from_id)):
        raise VkError(210)
    return row


def _mark(call: Call, post_id: int, deleted: int) -> int:
    call.db.execute(update(posts).where(posts.c.id == post_id).values(deleted=deleted))
    return 1
