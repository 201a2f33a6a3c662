"""Methods `newsfeed.*`: posts alone, whatever `filters` ask for."""

from typing import Any

from sqlalchemy import Select, and_, or_, select

from userapi_gw.embedded.openvk.errors import crash_unless
from userapi_gw.embedded.openvk.given import php_int
from userapi_gw.embedded.openvk.people import profiles
from userapi_gw.embedded.openvk.posts import authors, single_post
from userapi_gw.embedded.openvk.registry import Call, method
from userapi_gw.embedded.people import visible_people
from userapi_gw.embedded.schema import friendships, posts

_OBJECTS = (5, 138)  # before this version of the API `extended=0` breaks it


@method("newsfeed.get")
def get(call: Call) -> dict[str, Any]:
    """List what the viewer and friends wrote on their own walls; with `with_alien_wall_posts` also what others did."""
    mine = select(friendships.c.friend_id).where(friendships.c.user_id == call.viewer)
    query = select(posts).where(or_(posts.c.owner_id.in_(mine), posts.c.owner_id == call.viewer))
    if not call.number("with_alien_wall_posts", 0):
        query = query.where(posts.c.from_id == posts.c.owner_id)
    return _feed(call, query)


@method("newsfeed.getGlobal")
def get_global(call: Call) -> dict[str, Any]:
    """List what everybody whose page is open wrote on their own walls."""
    own = (posts.c.owner_id > 0, posts.c.from_id == posts.c.owner_id)
    return _feed(call, select(posts).where(posts.c.owner_id.in_(visible_people(call)), *own))


def _feed(call: Call, query: Select[Any]) -> dict[str, Any]:
    """Return a page, newest first, that starts after `start_from` (`{second}_{post}`)."""
    extended, count = call.number("extended", 1), call.number("count", 30)
    crash_unless(count >= 0 and (bool(extended) or call.version() >= _OBJECTS))
    date, _, number = call.given.text("start_from", "").partition("_")
    if date:
        older = posts.c.date < php_int(date), and_(posts.c.date == php_int(date), posts.c.id < php_int(number))
        query = query.where(or_(*older))
    newest = query.where(posts.c.deleted == 0).order_by(posts.c.date.desc(), posts.c.id.desc())
    rows = call.db.execute(newest.limit(min(count, 100))).all()
    items = [{**single_post(call, row), "type": "post", "source_id": row.owner_id} for row in rows]
    people = {"profiles": profiles(call, authors(rows), numbers=False), "groups": []} if extended else {}
    more = {"next_from": f"{rows[-1].date}_{rows[-1].id}"} if rows else {}
    return {"items": items, **people, **more}
