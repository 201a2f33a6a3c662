"""The parameter `parent`: comments on which photos. UserAPI documentation, "Getting photos comments list".

Comments on all photos of one uploader share one version and one history, as private messages do: rows of a history name
the photo, and who writes names the photo also when the list on the screen is that of all. A history asked for with one
photo as `parent` tells of that photo alone.
"""

from dataclasses import dataclass

from userapi_gw.acts.parameters import Parameters
from userapi_gw.errors import Failure, Kind

UPLOADED, TAGGED = "photos_comments", "photos_with_comments"
"""The kinds of stream: of comments on photos somebody uploaded, and on photos with somebody."""

EVERY = {-1: UPLOADED, -2: TAGGED}


@dataclass(frozen=True, slots=True)
class Parent:
    """The photo `photo_id` of `owner_id`; with `photo_id` 0 all photos of (or, by `kind`, with) that user."""

    kind: str
    owner_id: int
    photo_id: int = 0


def parent_of(parameters: Parameters, user_id: int) -> Parent:
    """Read `{owner id}_{photo id}`, -1 or -2; a bare photo id belongs to `user_id`, and missing is -1.
    Owners below 0 are communities.

    Raises `Failure(BAD_INPUT)` for anything else. InsVkontakte says `parents` instead and so gets all comments.
    """
    if not parameters.has("parent"):
        return Parent(UPLOADED, user_id)
    owner_id, photo_id = parameters.object_id("parent")
    if owner_id == 0 and photo_id in EVERY:
        return Parent(EVERY[photo_id], user_id)
    if photo_id < 1:
        raise Failure(Kind.BAD_INPUT, "parent")
    return Parent(UPLOADED, owner_id or user_id, photo_id)


def photo_of(parameters: Parameters, user_id: int) -> Parent:
    """Read a `parent` that has to be one photo; raises `Failure(BAD_INPUT)` when it is not."""
    parent = parent_of(parameters, user_id)
    if not parent.photo_id:
        raise Failure(Kind.BAD_INPUT, "parent")
    return parent
