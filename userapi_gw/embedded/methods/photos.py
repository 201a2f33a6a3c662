"""Methods `photos.*`."""

from typing import Any

from sqlalchemy import Row, Select, select

from userapi_gw.embedded.errors import VkError
from userapi_gw.embedded.objects import photo_object
from userapi_gw.embedded.people import require_open, visible_owners, visible_people
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import photos, tags

_NEWEST = (photos.c.date.desc(), photos.c.id.desc())


@method("photos.getAll")
def get_all(call: Call) -> dict[str, Any]:
    """List the photos of `owner_id` (the viewer when missing), newest date first."""
    owner = require_open(call, call.params.owner("owner_id", call.viewer)).id
    return _photo_page(call, select(photos).where(photos.c.owner_id == owner))


@method("photos.getUserPhotos")
def get_user_photos(call: Call) -> dict[str, Any]:
    """List the photos on which `user_id` (the viewer when missing) is tagged and has confirmed it, newest first."""
    user_id = require_open(call, call.params.user("user_id", call.viewer)).id
    tagged = select(tags.c.photo_id).where(tags.c.user_id == user_id, tags.c.confirmed == 1)
    shown = photos.c.owner_id.in_(visible_people(call))
    return _photo_page(call, select(photos).where(photos.c.id.in_(tagged), shown))


@method("photos.getNewTags")
def get_new_tags(call: Call) -> dict[str, Any]:
    """List the photos with a tag of the viewer that waits for confirmation, newest tag first."""
    query = select(photos, tags.c.id.label("tag_id"), tags.c.placer_id, tags.c.date.label("tag_created")).join(tags)
    waiting = query.where(tags.c.user_id == call.viewer, tags.c.confirmed == 0).order_by(tags.c.id.desc())
    total, rows = call.page(waiting, 20, 100)
    return {"count": total, "items": [_waiting_photo(row) for row in rows]}


@method("photos.getById")
def get_by_id(call: Call) -> list[dict[str, Any]]:
    """Return the photos of `photos` (`{owner id}_{photo id}`, comma separated) that exist and may be seen."""
    pairs = call.params.pairs("photos", 1000)
    owners = visible_owners(call, (owner for owner, _ in pairs))
    rows = call.db.execute(select(photos).where(photos.c.id.in_([photo for _, photo in pairs])))
    found = {(row.owner_id, row.id): row for row in rows if row.owner_id in owners}
    return [photo_object(found[pair]) for pair in pairs if pair in found]


def _photo_page(call: Call, query: Select[Any]) -> dict[str, Any]:
    total, rows = call.page(query.order_by(*_NEWEST), 20, 200)
    return {"count": total, "items": [photo_object(row) for row in rows]}


def _waiting_photo(row: Row[Any]) -> dict[str, Any]:
    extra = {"placer_id": row.placer_id, "tag_created": row.tag_created, "tag_id": row.tag_id}
    return {**photo_object(row), **extra}


def require_photo(call: Call) -> Row[Any]:
    """Return the photo `photo_id` of `owner_id` (the viewer when missing). VK error 104 when there is none."""
    owner = require_open(call, call.params.owner("owner_id", call.viewer)).id
    photo_id = call.params.integer("photo_id", minimum=1)
    row = call.db.execute(select(photos).where(photos.c.id == photo_id, photos.c.owner_id == owner)).one_or_none()
    if row is None:
        raise VkError(104)
    return row
