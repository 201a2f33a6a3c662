"""Bookmarks. UserAPI documentation, "Getting list of bookmarked users" and "Editing bookmarks"."""

from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import ALL, Listing, act
from userapi_gw.backend.model import Window
from userapi_gw.shapes.people import quoted_row

READING = "Getting list of bookmarked users"
EDITING = "Editing bookmarks"


@act("fave", READING, window=ALL, multi=True, recent=True)
def fave(call: Call) -> Listing:
    """All users the viewer bookmarked."""
    page = call.pictures.own(call.backend.bookmarks(call.window))
    return Listing(page.total, [quoted_row(user, call.dialect) for user in page.rows])


@act("fave_online", READING, window=ALL, multi=True, recent=True)
def fave_online(call: Call) -> Listing:
    """Bookmarked users who are online."""
    online = [user for user in call.backend.bookmarks(Window(0, ALL)).rows if user.online]
    part = call.pictures.own(online[call.window.start : call.window.stop])
    return Listing(len(online), [quoted_row(user, call.dialect) for user in part])


@act("faved", READING, window=ALL, multi=True, recent=True)
def faved(call: Call) -> Listing:
    """Users who bookmarked the viewer."""
    page = call.pictures.own(call.backend.fans(call.window))
    return Listing(page.total, [quoted_row(user, call.dialect) for user in page.rows])


@act("add_fave", EDITING, form="whole", writes=True)
def add_fave(call: Call) -> dict[str, Any]:
    """Bookmark a user: `{"ok": 1, "id": user id}`."""
    user_id = call.other_id
    call.backend.bookmark(user_id)
    return {"ok": 1, "id": user_id}


@act("del_fave", EDITING, form="whole", writes=True)
def del_fave(call: Call) -> dict[str, Any]:
    """Take a user out of the bookmarks: `{"ok": 0, "id": user id}`."""
    user_id = call.other_id
    call.backend.unbookmark(user_id)
    return {"ok": 0, "id": user_id}
