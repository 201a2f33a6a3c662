"""Methods `wall.*` about posts."""

import json
import re
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from userapi_gw.embedded.objects import photo_object
from userapi_gw.embedded.openvk.errors import INVALID, crash_unless, fail, missing
from userapi_gw.embedded.openvk.people import profiles, require_owner
from userapi_gw.embedded.openvk.posts import authors, pinned, single_post, wall_post
from userapi_gw.embedded.openvk.registry import Call, method, size_of
from userapi_gw.embedded.openvk.tables import pins
from userapi_gw.embedded.people import may_post, visible_owners
from userapi_gw.embedded.schema import photos, posts

_PHOTO = re.compile(r"photo(\d{1,15})_(\d{1,15})")
_PAIR = re.compile(r"(\d{1,15})_(\d{1,15})")
_OBJECTS_ONLY = (5, 138)  # versions of the API from here on get an object from wall.getById
NEWEST = (posts.c.date.desc(), posts.c.id)  # OpenVK sorts by the second, and leaves the order within it
_MOST = 100


@method("wall.get", "owner_id")
def get(call: Call) -> dict[str, Any]:
    """List the posts on the wall of `owner_id`, the pinned one first, then newest first; `offset` is a true one."""
    owner, start, count = call.number("owner_id"), call.number("offset", 0), call.number("count", 30)
    crash_unless(owner > 0 and start >= 0 and count >= 0)
    require_owner(call, owner)
    query = select(posts).where(posts.c.owner_id == owner, posts.c.deleted == 0, *_filter(call, owner))
    pin = pinned(call, owner)
    crash_unless(bool(count) or not pin)
    order = (posts.c.id != pin, *NEWEST)
    rows = call.db.execute(query.order_by(*order).offset(start).limit(min(count, _MOST))).all()
    answer = {"count": size_of(call.db, query), "items": [wall_post(call, row) for row in rows]}
    return answer | (_extended(call, rows, True) if call.number("extended", 0) else {})


@method("wall.getById", "posts", auth=False)
def get_by_id(call: Call) -> object:
    """Return the posts of `posts` that are there; a list, or an object when `extended` or since version 5.138."""
    pairs = [(int(m[1]), int(m[2])) for word in call.given.text("posts").split(",") if (m := _PAIR.fullmatch(word))]
    owners = visible_owners(call, (owner for owner, _ in pairs))
    rows = call.db.execute(select(posts).where(posts.c.id.in_([post for _, post in pairs]), posts.c.deleted == 0))
    found = {(row.owner_id, row.id): row for row in rows if row.owner_id in owners}
    shown = [found[pair] for pair in pairs if pair in found]
    items = [single_post(call, row) for row in shown]
    if call.number("extended", 0):
        return {"items": items, **_extended(call, shown, False)}
    return {"items": items} if call.version() >= _OBJECTS_ONLY else items


@method("wall.post", "owner_id", limited=True)
def post(call: Call) -> dict[str, int]:
    """Write `message` on the wall of `owner_id`, with photos (`attachments`) or without."""
    owner_id, message = call.number("owner_id"), call.given.text("message", "")
    attached = _photos(call)
    if message in ("", "0") and not attached:
        raise missing("message")
    owner = require_owner(call, owner_id)
    if not may_post(call, owner):
        fail(15, "Access denied")
    if not message.strip() and not attached:
        fail(100, INVALID)
    text = {"text": message.replace("\r\n", "\n"), "attachments": json.dumps(attached)}
    values = {"owner_id": owner_id, "from_id": call.viewer, "date": call.now, **text}
    return {"post_id": call.db.scalar(insert(posts).values(values).returning(posts.c.id)) or 0}


@method("wall.edit", "owner_id", "post_id", limited=True)
def edit(call: Call) -> dict[str, int]:
    """Change the text of a post the viewer wrote."""
    row = find_post(call) or fail(102, "Invalid post")
    if row.from_id != call.viewer:
        fail(7, "Access to editing denied")
    if not call.given.text("message", ""):
        fail(-66, "Post will be empty, don't saving.")
    call.db.execute(update(posts).where(posts.c.id == row.id).values(text=call.given.text("message")))
    return {"post_id": row.id}


@method("wall.delete", "owner_id", "post_id", limited=True)
def remove(call: Call) -> int:
    """Delete a post for good; its author and the owner of the wall may."""
    row = find_post(call) or fail(15, "Not found")
    if call.viewer not in (row.owner_id, row.from_id):
        fail(15, "Access denied")
    call.db.execute(update(posts).where(posts.c.id == row.id).values(deleted=1))
    call.db.execute(delete(pins).where(pins.c.post_id == row.id))
    return 1


@method("wall.pin", "owner_id", "post_id", limited=True)
def pin_post(call: Call) -> int:
    """Let a post stand first on the viewer's wall."""
    row = _own(call)
    call.db.execute(delete(pins).where(pins.c.owner_id == call.viewer))
    call.db.execute(insert(pins).values(owner_id=call.viewer, post_id=row.id))
    return 1


@method("wall.unpin", "owner_id", "post_id", limited=True)
def unpin_post(call: Call) -> int:
    """Let no post stand first on the viewer's wall."""
    call.db.execute(delete(pins).where(pins.c.post_id == _own(call).id))
    return 1


def find_post(call: Call) -> Row[Any] | None:
    """Return the post `post_id` of the wall of `owner_id`, None when there is none."""
    wanted = posts.c.id == call.number("post_id"), posts.c.owner_id == call.number("owner_id"), posts.c.deleted == 0
    return call.db.execute(select(posts).where(*wanted)).one_or_none()


def _photos(call: Call) -> list[dict[str, Any]]:
    """What `attachments` names of photos that are there, as the embedded server keeps it."""
    names = (_PHOTO.fullmatch(word) for word in call.given.words("attachments"))
    wanted = photos.c.id.in_([int(name[2]) for name in names if name])
    return [{"type": "photo", "photo": photo_object(row)} for row in call.db.execute(select(photos).where(wanted))]


def _own(call: Call) -> Row[Any]:
    row = find_post(call) or fail(100, INVALID)
    return row if row.owner_id == call.viewer else fail(15, "Access denied")


def _filter(call: Call, owner: int) -> tuple[ColumnElement[bool], ...]:
    by_owner = posts.c.from_id == owner
    known: dict[str, tuple[ColumnElement[bool], ...]] = {"all": (), "owner": (by_owner,), "others": (~by_owner,)}
    wanted = call.given.text("filter", "all")
    return known[wanted] if wanted in known else fail(254, "Invalid filter")


def _extended(call: Call, rows: Any, numbers: bool) -> dict[str, Any]:
    return {"profiles": profiles(call, authors(rows), numbers=numbers), "groups": []}
