"""Methods `friends.*`. Lists are paged: `offset` is the number of a page of `count` people, from 0."""

from typing import Any

from sqlalchemy import Select, and_, delete, or_, select
from sqlalchemy.dialects.sqlite import insert

from userapi_gw.embedded.openvk.errors import crash_unless, fail
from userapi_gw.embedded.openvk.fields import status_of
from userapi_gw.embedded.openvk.given import php_int
from userapi_gw.embedded.openvk.limits import take
from userapi_gw.embedded.openvk.people import find, is_open, users
from userapi_gw.embedded.openvk.registry import Call, method, size_of
from userapi_gw.embedded.schema import friendships, people, requests

_SENT, _ACCEPTED = 1, 2


def people_page(call: Call, query: Select[Any], count: int) -> list[dict[str, Any]]:
    """Return the objects of the people on the page `offset` of so many; a page before the first breaks OpenVK."""
    page = call.number("offset", 0)
    crash_unless(page >= 0 and count >= 0)
    ids = list(call.db.scalars(query.offset(page * count).limit(count)))
    return users(call, ids, call.given.words("fields"))


@method("friends.get")
def get(call: Call) -> dict[str, Any]:
    """List the friends of `user_id`, lowest id first: always objects."""
    user_id = call.number("user_id", 0) or call.viewer
    row = find(call, user_id) or fail(100, "Invalid user")
    if not is_open(call, row):
        fail(15, "Access denied: this user chose to hide his friends.")
    query = select(friendships.c.friend_id).where(friendships.c.user_id == user_id).order_by(friendships.c.friend_id)
    return {"count": size_of(call.db, query), "items": people_page(call, query, call.number("count", 100))}


@method("friends.getRequests")
def get_requests(call: Call) -> dict[str, Any]:
    """List who asks the viewer, or with `out=1` whom the viewer asked; `count` is that of those who ask, always."""
    count = call.number("count", 100)
    if count >= 1000:
        fail(100, "One of the required parameters was not passed or is invalid.")
    incoming = select(requests.c.from_id).where(requests.c.to_id == call.viewer).order_by(requests.c.id.desc())
    sent = select(requests.c.to_id).where(requests.c.from_id == call.viewer).order_by(requests.c.id.desc())
    items = people_page(call, sent if call.number("out", 0) else incoming, count)
    return {"count": size_of(call.db, incoming), "items": [{**item, "user_id": item["id"]} for item in items]}


@method("friends.areFriends", "user_ids")
def are_friends(call: Call) -> list[dict[str, int]]:
    """Tell how each of `user_ids` stands to the viewer; somebody unknown breaks it."""
    ids = [php_int(word) for word in call.given.text("user_ids").split(",")]
    crash_unless(all(_exists(call, user_id) for user_id in ids))
    return [{"friend_status": status_of(call, user_id), "user_id": user_id} for user_id in ids]


@method("friends.add", "user_id", limited=True)
def add(call: Call) -> int:
    """Ask `user_id` (1, also once more) or accept a request (2, also for a friend). Blacklists do not matter."""
    user_id = call.number("user_id")
    if user_id == call.viewer:
        fail(174, "Cannot add user himself as friend")
    if find(call, user_id) is None:
        fail(177, "Cannot add this user to friends as user not found")
    if user_id in call.relations.friends:
        return _ACCEPTED
    if user_id in call.relations.inviting:
        return _accept(call, user_id)
    return _ask(call, user_id)


@method("friends.delete", "user_id", limited=True)
def remove(call: Call) -> int:
    """End a friendship: the other one stays as somebody who asks. Error 15 for a request; it cannot be refused."""
    user_id = call.number("user_id")
    crash_unless(_exists(call, user_id))
    if user_id not in call.relations.friends:
        fail(15, "Access denied: No friend or friend request found.")
    both = or_(
        and_(friendships.c.user_id == call.viewer, friendships.c.friend_id == user_id),
        and_(friendships.c.user_id == user_id, friendships.c.friend_id == call.viewer),
    )
    call.db.execute(delete(friendships).where(both))
    call.db.execute(insert(requests).values(from_id=user_id, to_id=call.viewer, date=call.now).on_conflict_do_nothing())
    return 1


def _ask(call: Call, user_id: int) -> int:
    if not take(call.db, f"friends of {call.viewer}", call.emulation.friend_requests, call.now):
        fail(9, "Rate limited")
    call.db.execute(insert(requests).values(from_id=call.viewer, to_id=user_id, date=call.now).on_conflict_do_nothing())
    return _SENT


def _accept(call: Call, user_id: int) -> int:
    call.db.execute(delete(requests).where(requests.c.from_id == user_id, requests.c.to_id == call.viewer))
    sides = ((call.viewer, user_id), (user_id, call.viewer))
    call.db.execute(insert(friendships), [{"user_id": a, "friend_id": b, "date": call.now} for a, b in sides])
    return _ACCEPTED


def _exists(call: Call, user_id: int) -> bool:
    return call.db.scalar(select(people.c.id).where(people.c.id == user_id)) is not None
