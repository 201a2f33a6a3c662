"""Methods `fave.*`, the bookmarks, as VK had them before it knew pages."""

from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.sqlite import insert

from userapi_gw.embedded.people import require_known, users_by_id
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import bookmarks


@method("fave.getUsers")
def get_users(call: Call) -> dict[str, Any]:
    """List the people the viewer bookmarked, first bookmark first. VK's method before 5.91."""
    return _people_page(call, bookmarks.c.user_id, bookmarks.c.owner_id == call.viewer)


@method("fave.getFans")
def get_fans(call: Call) -> dict[str, Any]:
    """List the people who bookmarked the viewer. No method of VK's; UserAPI's `faved`."""
    return _people_page(call, bookmarks.c.owner_id, bookmarks.c.user_id == call.viewer)


@method("fave.addUser", writes=True)
def add_user(call: Call) -> int:
    """Bookmark `user_id`; once more changes nothing. VK error 113 when nobody has that id."""
    row = {"owner_id": call.viewer, "user_id": require_known(call)}
    call.db.execute(insert(bookmarks).values(row).on_conflict_do_nothing())
    return 1


@method("fave.removeUser", writes=True)
def remove_user(call: Call) -> int:
    """Take a bookmark away, if there is one. VK error 113 when nobody has that id."""
    mine = (bookmarks.c.owner_id == call.viewer, bookmarks.c.user_id == require_known(call))
    call.db.execute(delete(bookmarks).where(*mine))
    return 1


def _people_page(call: Call, person: Any, side: ColumnElement[bool]) -> dict[str, Any]:
    total, rows = call.page(select(person.label("id")).where(side).order_by(bookmarks.c.id), 50, 500)
    return {"count": total, "items": users_by_id(call, [row.id for row in rows], call.params.words("fields"))}
