"""Methods `users.*`."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from userapi_gw.embedded.openvk.errors import INVALID, crash_unless, fail
from userapi_gw.embedded.openvk.given import php_int
from userapi_gw.embedded.openvk.methods.friends import people_page
from userapi_gw.embedded.openvk.people import find, is_open, nobody, users
from userapi_gw.embedded.openvk.registry import Call, method, size_of
from userapi_gw.embedded.people import is_online
from userapi_gw.embedded.schema import people, requests

_MOST_FOUND = 100


@method("users.get", auth=False)
def get(call: Call) -> list[Any] | dict[str, Any]:
    """Return the people of `user_ids`, of `count` (100) at most, each as often as asked; the viewer without any.

    Unknown numbers give a deleted person. What is no number leaves a hole, and with a hole before somebody the list
    becomes an object with the places as keys: PHP's arrays do that.
    """
    ids = [php_int(word) for word in call.given.text("user_ids", "").split(",")]
    ids = ids if call.given.has("user_ids") else [call.viewer]
    start, count = call.number("offset", 0), call.number("count", 100)
    crash_unless(start >= 0 and count >= 0)
    wanted = ids[start : start + count]
    known = {one["id"]: one for one in users(call, [number for number in wanted if number > 0], _fields(call))}
    found = {place: known.get(number) or nobody(number) for place, number in enumerate(wanted) if number > 0}
    if list(found) == list(range(len(found))):
        return list(found.values())
    return {str(place): one for place, one in found.items()}


@method("users.getFollowers")
def get_followers(call: Call) -> dict[str, Any]:
    """List those who ask to be friends of `user_id`. Error 14, which is VK's captcha, for somebody unknown."""
    row = find(call, call.number("user_id", 0) or call.viewer) or fail(14, "Invalid user")
    if not is_open(call, row):
        fail(15, "Access denied")
    query = select(requests.c.from_id).where(requests.c.to_id == row.id).order_by(requests.c.id.desc())
    return {"count": size_of(call.db, query), "items": people_page(call, query, call.number("count", 100))}


@method("users.search", "q", auth=False)
def search(call: Call) -> dict[str, Any]:
    """Find people whose names contain all words of `q`, newest first. `offset` is a true one, `count` 100 at most."""
    words, count, start = call.given.text("q").casefold().split(), call.number("count", 100), call.number("offset", 0)
    if count > _MOST_FOUND:
        fail(100, f"{INVALID}: count should be less or equal to {_MOST_FOUND}")
    crash_unless(start >= 0 and count >= 0)
    shown = (people.c.id > 0, people.c.deactivated == "", *map(_in_name, words))
    query = select(people.c.id).where(*shown).order_by(people.c.id.desc())
    if call.number("online", 0):
        query = query.where(is_online(call.now))
    ids = list(call.db.scalars(query.offset(start).limit(count)))
    return {"count": size_of(call.db, query), "items": users(call, ids, _fields(call))}


@method("users.report")
def report(_call: Call) -> int:
    """Take a complaint and do nothing."""
    return 1


def _fields(call: Call) -> list[str]:
    return call.given.words("fields")


def _in_name(word: str) -> ColumnElement[bool]:
    return or_(people.c.first_key.contains(word, autoescape=True), people.c.last_key.contains(word, autoescape=True))
