"""The fields of OpenVK's user objects, and the codes in them."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Row, func, or_, select

from userapi_gw.embedded.openvk.pictures import person_picture
from userapi_gw.embedded.openvk.registry import Call
from userapi_gw.embedded.people import ONLINE_SECONDS, can_access, friend_status
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


FIELDS: Final[dict[str, Callable[[Call, Row[Any]], dict[str, Any]]]] = {
    "sex": lambda _call, row: {"sex": row.sex},
    "bdate": _birth,
    "city": _city,
    "home_town": lambda call, row: {"home_town": row.home_town or None} if can_access(call, row) else {},
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
