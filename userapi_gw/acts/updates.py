"""News of friends. UserAPI documentation, "Getting friends' updates news"."""

from collections.abc import Callable
from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.friends_news import UPDATES
from userapi_gw.acts.registry import Listing, act
from userapi_gw.shapes.content import photo_row, status_row
from userapi_gw.shapes.people import quoted_row

PHOTOS = "Getting new friends' photos"
STATUSES = "Getting friends' status updates news"


@act("updates_activity", STATUSES, multi=True)
@act("updates_activities", STATUSES, multi=True)
def updates_activity(call: Call) -> Listing:
    """Statuses of the viewer's friends, newest first."""
    return _listing(call, "updates_activity", status_row)


@act("updates_friends", "Getting new friends of friends", multi=True)
def updates_friends(call: Call) -> Listing:
    """New friends of the viewer's friends, newest first."""
    return _listing(call, "updates_friends", lambda user: quoted_row(user, call.dialect))


@act("updates_photos", PHOTOS, multi=True)
def updates_photos(call: Call) -> Listing:
    """Photos the viewer's friends uploaded in the three days up to the newest one, newest first."""
    return _listing(call, "updates_photos", photo_row)


@act("updates_tagged_photos", PHOTOS, multi=True)
def updates_tagged_photos(call: Call) -> Listing:
    """Photos on which the viewer's friends were tagged in the three days up to the newest tag, newest first."""
    return _listing(call, "updates_tagged_photos", photo_row)


def _listing(call: Call, name: str, row: Callable[[Any], list[Any]]) -> Listing:
    """Read news, with their history where the dialect shows it."""
    histories, kind = call.histories, UPDATES[name]
    if call.dialect.updates_have_h:
        page, h = histories.beside(name, call.viewer, call.ts, lambda: histories.news.read(kind, call.window))
    else:
        page, h = call.pictures.own(histories.news.read(kind, call.window)), None
    return Listing(page.total, [row(news.content) for news in page.rows], h)
