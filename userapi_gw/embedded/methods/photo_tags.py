"""Methods `photos.*` about tags: who is where on a photo."""

from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from userapi_gw.embedded.errors import VkError, bad_parameter
from userapi_gw.embedded.methods.photos import require_photo
from userapi_gw.embedded.objects import tag_object
from userapi_gw.embedded.people import require_open
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import tags

_MAX_NAME = 100  # characters
_SIDES = ("x", "y", "x2", "y2")


@method("photos.getTags")
def get_tags(call: Call) -> list[dict[str, Any]]:
    """Return the tags on a photo, lowest id first. VK error 104 without photo."""
    query = select(tags).where(tags.c.photo_id == require_photo(call).id).order_by(tags.c.id)
    return [tag_object(row) for row in call.db.execute(query)]


@method("photos.putTag", writes=True)
def put_tag(call: Call) -> int:
    """Tag `user_id` on a photo and return the tag's id. The corners `x`, `y`, `x2`, `y2` are percent of the sides.

    The owner of the photo may, and the owner's friends; a tag that names somebody else waits for their confirmation.
    Without `user_id` the tag names `tagged_name`, who is not on the site (VK has no such parameter any more). VK error
    100 for wrong corners or who is tagged already, 15 without right, 104 without photo.
    """
    photo = require_photo(call)
    if call.viewer != photo.owner_id and photo.owner_id not in call.relations.friends:
        raise VkError(15)
    corners = _corners(call)
    new = {"photo_id": photo.id, **_tagged(call, photo.id), "placer_id": call.viewer, "date": call.now, **corners}
    return call.db.scalar(insert(tags).values(new).returning(tags.c.id)) or 0


@method("photos.removeTag", writes=True)
def remove_tag(call: Call) -> int:
    """Remove the tag `tag_id`; the owner of the photo, who placed it and who is tagged may.

    VK error 104 when there is none, 15 without right.
    """
    photo = require_photo(call)
    row = _required_tag(call, photo.id)
    if call.viewer not in (photo.owner_id, row.placer_id, row.user_id):
        raise VkError(15)
    call.db.execute(delete(tags).where(tags.c.id == row.id))
    return 1


@method("photos.confirmTag", writes=True)
def confirm_tag(call: Call) -> int:
    """Confirm the tag `tag_id`; only who is tagged may. VK error 104 when there is none, 15 without right.

    The tag then bears the date of the answer: it is news to friends from now on.
    """
    row = _required_tag(call, require_photo(call).id)
    if row.user_id != call.viewer:
        raise VkError(15)
    waiting = update(tags).where(tags.c.id == row.id, tags.c.confirmed == 0)
    call.db.execute(waiting.values(confirmed=1, date=call.now))
    return 1


def _corners(call: Call) -> dict[str, float]:
    corners = {side: call.params.percent(side) for side in _SIDES}
    if corners["x"] > corners["x2"] or corners["y"] > corners["y2"]:
        raise bad_parameter("x2 and y2 should be the lower right corner")
    return corners


def _tagged(call: Call, photo_id: int) -> dict[str, Any]:
    """Return whom or what the tag names: a person under their own name, or any text."""
    user_id = call.params.integer("user_id", 0)
    if not user_id:
        return {"user_id": None, "name": _name(call), "confirmed": 1}
    person = require_open(call, user_id)
    if call.db.scalar(select(tags.c.id).where(tags.c.photo_id == photo_id, tags.c.user_id == user_id)):
        raise bad_parameter("user_id is tagged already")
    name = f"{person.first_name} {person.last_name}".strip()
    return {"user_id": user_id, "name": name, "confirmed": int(user_id == call.viewer)}


def _name(call: Call) -> str:
    name = call.params.text("tagged_name", maximum=_MAX_NAME).strip()
    if not name:
        raise bad_parameter("tagged_name is empty")
    return name


def _required_tag(call: Call, photo_id: int) -> Row[Any]:
    tag_id = call.params.integer("tag_id", minimum=1)
    row = call.db.execute(select(tags).where(tags.c.id == tag_id, tags.c.photo_id == photo_id)).one_or_none()
    if row is None:
        raise VkError(104)
    return row
