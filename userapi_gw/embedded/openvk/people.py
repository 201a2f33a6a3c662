"""OpenVK's user objects, in its two forms, and who may see what."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Row, func, or_, select

from userapi_gw.embedded.openvk.errors import DELETED, DENIED, fail
from userapi_gw.embedded.openvk.pictures import person_picture
from userapi_gw.embedded.openvk.registry import Call
from userapi_gw.embedded.people import ONLINE_SECONDS, can_access, friend_status, person_query
from userapi_gw.embedded.schema import albums, friendships, people, photos, requests

RELATION: Final = (0, 1, 2, 3, 4, 7, 8, 6, 5)
"""OpenVK's code of a relation at the place of VK's: 5 civil marriage, 6 in love, 7 complicated, 8 searching."""

_SWAPPED = {1: 2, 2: 1}


def vk_relation(code: int) -> int:
    """Return VK's code for OpenVK's code of a relation."""
    return RELATION.index(code)


def status_of(call: Call, user_id: int) -> int:
    """Return how somebody stands to the viewer, in the codes of the emulated generation."""
    status = friend_status(call, user_id)
    return _SWAPPED.get(status, status) if call.emulation.old_friend_status else status


def find(call: Call, user_id: int) -> Row[Any] | None:
    """Return a person's row, or None when nobody has the number or the page was deleted."""
    row = call.db.execute(person_query().where(people.c.id == user_id)).one_or_none()
    return None if row is None or row.deactivated == "deleted" else row


def is_open(call: Call, row: Row[Any]) -> bool:
    """Tell whether the viewer may see a page: not if it is banned or closed, or puts the viewer on its blacklist."""
    return not row.deactivated and can_access(call, row) and row.id not in call.relations.blocking


def require_owner(call: Call, user_id: int) -> Row[Any]:
    """Return the row of the owner of a page; error 18 for nobody, 15 when the viewer may not see it."""
    row = find(call, user_id) or fail(18, DELETED)
    return row if is_open(call, row) else fail(15, DENIED)


def users(call: Call, ids: Sequence[int], fields: Iterable[str]) -> list[dict[str, Any]]:
    """Return the objects of people that exist, in the order of `ids`."""
    rows = {row.id: row for row in call.db.execute(person_query().where(people.c.id.in_(set(ids))))}
    names = list(fields)
    return [user(call, rows[user_id], names) for user_id in ids if user_id in rows]


def user(call: Call, row: Row[Any], fields: Iterable[str]) -> dict[str, Any]:
    """Return a person as `users.get` does: only what is asked for, and `online` always, at the end."""
    if row.deactivated == "deleted":
        return nobody(row.id)
    named = {"id": row.id, "first_name": row.first_name, "last_name": row.last_name}
    if row.deactivated:
        return {**named, "deactivated": "banned", "ban_reason": "spam"}
    answer: dict[str, Any] = {**named, "is_closed": row.closed, "can_access_closed": int(is_open(call, row))}
    for name in fields:
        if name in _FIELDS and name not in call.emulation.fields_lacking:
            answer |= _FIELDS[name](call, row)
    return {**answer, "online": is_online(call, row)}


def nobody(user_id: int) -> dict[str, Any]:
    """Return what stands for a person who is not there."""
    return {"id": user_id, "first_name": "DELETED", "last_name": "", "deactivated": "deleted"}


def profiles(call: Call, ids: Iterable[int], *, numbers: bool) -> list[dict[str, Any]]:
    """Return people as walls and feeds show them; `numbers` makes `is_closed` a number as `wall.get` has it."""
    query = person_query().where(people.c.id.in_(set(ids))).order_by(people.c.id)
    return [_profile(call, row, numbers) for row in call.db.execute(query)]


def short(row: Row[Any]) -> dict[str, Any]:
    """Return a person as comments and lists of likes show them."""
    return {
        "id": row.id,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "deactivated": bool(row.deactivated),
        "is_closed": bool(row.closed),
    }


def _profile(call: Call, row: Row[Any], numbers: bool) -> dict[str, Any]:
    return {
        "first_name": row.first_name,
        "id": row.id,
        "last_name": row.last_name,
        "can_access_closed": int(is_open(call, row)),
        "is_closed": row.closed if numbers else bool(row.closed),
        "sex": row.sex,
        "screen_name": None,
        "photo_50": person_picture(call, row, "miniscule"),
        "photo_100": person_picture(call, row, "tiny"),
        "online": bool(is_online(call, row)),
        "verified": False,
    }


def birth_day(row: Row[Any]) -> str | None:
    """Return `DD.MM.YYYY`, `DD.MM` when the year is hidden, or None."""
    if not row.bdate_visibility or not row.birth_day:
        return None
    return f"{row.birth_day:02}.{row.birth_month:02}" + (f".{row.birth_year}" if row.bdate_visibility == 1 else "")


def is_online(call: Call, row: Row[Any]) -> int:
    """Return 1 for somebody who was here in the last minutes, else 0."""
    return int(row.online == 1 or row.last_seen > call.now - ONLINE_SECONDS)


def _birth(call: Call, row: Row[Any]) -> dict[str, Any]:
    if not can_access(call, row):
        return {"bdate": "01.01.1970"}
    return {"bdate_visibility": int(row.bdate_visibility == 2), "bdate": birth_day(row)}


def _counters(call: Call, row: Row[Any]) -> dict[str, Any]:
    def size(column: Any, *conditions: Any) -> int:
        return call.db.scalar(select(func.count()).where(column == row.id, *conditions)) or 0

    online = or_(people.c.online == 1, people.c.last_seen > call.now - ONLINE_SECONDS)
    seen = friendships.c.friend_id.in_(select(people.c.id).where(online))
    nothing = dict.fromkeys(("videos", "audios", "notes", "groups", "mutual_friends", "user_photos", "gifts"), 0)
    counted = {
        "friends": size(friendships.c.user_id),
        "online_friends": size(friendships.c.user_id, seen),
        "photos": size(photos.c.owner_id),
        "albums": size(albums.c.owner_id) + 1,
        "followers": size(requests.c.to_id),
    }
    return {"counters": nothing | counted}


def _picture(field: str, size: str) -> Callable[[Call, Row[Any]], dict[str, Any]]:
    return lambda call, row: {field: person_picture(call, row, size)}


def _city(call: Call, row: Row[Any]) -> dict[str, Any]:
    # OpenVK has a text for the city, and no numbers.
    return {"city": {"id": 0, "title": row.city}} if can_access(call, row) else {}


_FIELDS: Final[dict[str, Callable[[Call, Row[Any]], dict[str, Any]]]] = {
    "sex": lambda _call, row: {"sex": row.sex},
    "bdate": _birth,
    "city": _city,
    "home_town": lambda _call, row: {"home_town": row.home_town or None},
    "photo_50": _picture("photo_50", "miniscule"),
    "photo_100": _picture("photo_100", "tiny"),
    "photo_200": _picture("photo_200", "normal"),
    "photo_max": _picture("photo_max", "original"),
    "photo_max_orig": _picture("photo_max_orig", "miniscule"),
    "photo_200_orig": _picture("photo_200_orig", "normal"),
    "photo_400_orig": _picture("photo_400_orig", "normal"),
    "has_photo": lambda _call, row: {"has_photo": int(bool(row.photo_200))},
    "online": lambda call, row: {"online": 1, "online_mobile": 1} if is_online(call, row) else {"online": 0},
    "last_seen": lambda _call, row: {"last_seen": {"platform": 7, "time": row.last_seen}},
    "status": lambda call, row: {"status": row.status} if row.status and can_access(call, row) else {},
    "counters": _counters,
    "friend_status": lambda call, row: {"friend_status": status_of(call, row.id)},
    "verified": lambda _call, _row: {"verified": 0},
    "blacklisted": lambda call, row: {"blacklisted": int(row.id in call.relations.blocking)},
}
"""The fields OpenVK knows. It shows the status as it was written, and leaves out an empty one."""
