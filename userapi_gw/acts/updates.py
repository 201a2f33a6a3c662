"""News of friends. UserAPI documentation, "Getting friends' updates news"."""

from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import Listing, act
from userapi_gw.backend.model import Page, Photo
from userapi_gw.shapes.content import photo_row, status_row
from userapi_gw.shapes.people import quoted_row

PHOTOS = "Getting new friends' photos"
STATUSES = "Getting friends' status updates news"


@act("updates_activity", STATUSES, multi=True)
@act("updates_activities", STATUSES, multi=True)
def updates_activity(call: Call) -> Listing:
    """Statuses of the viewer's friends, newest first."""
    page = call.backend.statuses_of_friends(call.window)
    return Listing(page.total, [status_row(status) for status in page.rows])


@act("updates_friends", "Getting new friends of friends", multi=True)
def updates_friends(call: Call) -> Listing:
    """New friends of the viewer's friends, newest first."""
    page = call.pictures.own(call.backend.new_friends_of_friends(call.window))
    return Listing(page.total, [quoted_row(user, call.dialect) for user in page.rows])


def _photos(call: Call, page: Page[Photo]) -> Listing:
    return Listing(page.total, [photo_row(photo) for photo in call.pictures.own(page.rows)])


@act("updates_photos", PHOTOS, multi=True)
def updates_photos(call: Call) -> Listing:
    """Photos the viewer's friends uploaded, newest first."""
    return _photos(call, call.backend.new_photos(call.window))


@act("updates_tagged_photos", PHOTOS, multi=True)
def updates_tagged_photos(call: Call) -> Listing:
    """Photos on which the viewer's friends were tagged, newest first."""
    return _photos(call, call.backend.newly_tagged_photos(call.window))
