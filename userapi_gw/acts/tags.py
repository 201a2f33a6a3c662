"""Tags on photos. UserAPI documentation, "Editing photos tags"."""

import re
from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.parents import Parent, photo_of
from userapi_gw.acts.registry import act
from userapi_gw.backend.model import Corners
from userapi_gw.errors import Failure, Kind
from userapi_gw.shapes.comments import tag_object

SECTION = "Editing photos tags"

_DECIMAL = re.compile(r"\s*(\d{1,3}(?:\.\d{0,30})?)\s*", re.ASCII)


@act("put_tag", SECTION, form="whole", writes=True)
def put_tag(call: Call) -> list[dict[str, Any]]:
    """Tag a user (`id`), or with `id` 0 a `name`, on a photo (`parent`); answers all tags of the photo."""
    photo, user_id, corners = photo_of(call.parameters, call.user_id), call.parameters.number("id"), _corners(call)
    if user_id < 0:
        raise Failure(Kind.BAD_INPUT, "id")
    name = "" if user_id else call.required("name")
    call.backend.put_tag(photo.owner_id, photo.photo_id, user_id, name, corners)
    return _all_tags(call, photo)


@act("delete_tag", SECTION, form="whole", writes=True)
def delete_tag(call: Call) -> list[dict[str, Any]]:
    """Take a tag (`tid`) off a photo (`parent`); answers the tags that stay."""
    photo = photo_of(call.parameters, call.user_id)
    call.backend.delete_tag(photo.owner_id, photo.photo_id, _tag_id(call))
    return _all_tags(call, photo)


@act("confirm_tag", SECTION, form="whole", writes=True)
def confirm_tag(call: Call) -> list[dict[str, Any]]:
    """Agree to a tag (`tid`) of the viewer on a photo (`parent`); answers all tags of the photo."""
    photo = photo_of(call.parameters, call.user_id)
    call.backend.confirm_tag(photo.owner_id, photo.photo_id, _tag_id(call))
    return _all_tags(call, photo)


def _all_tags(call: Call, photo: Parent) -> list[dict[str, Any]]:
    """The photo's tags after a change."""
    return [tag_object(tag, call.dialect) for tag in call.backend.photo_tags(photo.owner_id, photo.photo_id)]


def _tag_id(call: Call) -> int:
    tag_id = call.parameters.number("tid")
    if tag_id < 1:
        raise Failure(Kind.BAD_INPUT, "tid")
    return tag_id


def _corners(call: Call) -> Corners:
    """Two corners in percent with two digits, whichever was named first; raises `Failure(BAD_INPUT)` off the photo."""
    left, right = sorted((_percent(call, "x1"), _percent(call, "x2")))
    top, bottom = sorted((_percent(call, "y1"), _percent(call, "y2")))
    return left, top, right, bottom


def _percent(call: Call, name: str) -> float:
    found = _DECIMAL.fullmatch(call.parameters.text(name))
    value = float(found[1]) if found else -1.0
    if not 0 <= value <= 100:
        raise Failure(Kind.BAD_INPUT, name)
    return round(value, 2)
