"""Photos. UserAPI documentation, "Getting photo list for a user"."""

from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import ALL, Listing, act
from userapi_gw.backend.model import Page, Photo
from userapi_gw.shapes.content import photo_row

SECTION = "Getting photo list for a user"


def _listing(call: Call, page: Page[Photo]) -> Listing:
    return Listing(page.total, [photo_row(photo) for photo in call.pictures.own(page.rows)])


@act("photos", SECTION, form="bare", window=ALL, multi=True, recent=True)
def photos(call: Call) -> Listing:
    """All photos a user or community (negative `id`) uploaded, newest first."""
    return _listing(call, call.backend.photos(call.owner_id, call.window))


@act("photos_with", SECTION, form="bare", window=ALL, multi=True, recent=True)
def photos_with(call: Call) -> Listing:
    """All photos a user is tagged on, newest first."""
    return _listing(call, call.backend.photos_with(call.user_id, call.window))


@act("photos_new", SECTION, form="bare", window=ALL, multi=True, recent=True)
def photos_new(call: Call) -> Listing:
    """Photos on which the viewer was tagged and has not confirmed it."""
    return _listing(call, call.backend.photos_new(call.window))
