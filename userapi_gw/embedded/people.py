"""Turns rows of `people` into VK's user objects, and guards what a viewer may see of a person."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select

from userapi_gw.embedded.education import schools_of, universities_of
from userapi_gw.embedded.errors import VkError
from userapi_gw.embedded.groups import groups_by_id
from userapi_gw.embedded.registry import Call
from userapi_gw.embedded.schema import blocks, cities, countries, friendships, people, statuses

ONLINE_SECONDS = 300
"""How long after a call a person counts as online."""

PROFILE_FIELDS: Final = ("screen_name", "sex", "photo_50", "photo_100", "online")
"""What `extended=1` shows of people when no `fields` are passed."""

_CAMERA = "https://vk.com/images/camera_{}.png"


def plain_to_html(text: str) -> str:
    """Escape & < > and double quotes, as VK does in texts it sends."""
    return escape(text, quote=False).replace('"', "&quot;")


def person_query() -> Select[Any]:
    """Return the query all user objects are made from: a person with place names and the current status."""
    current = and_(statuses.c.id == people.c.status_id, statuses.c.user_id == people.c.id, statuses.c.deleted == 0)
    tables = people.outerjoin(statuses, current).outerjoin(cities, cities.c.id == people.c.city_id)
    return select(
        people,
        statuses.c.text.label("status"),
        cities.c.title.label("city"),
        countries.c.title.label("country"),
        countries.c.code.label("country_code"),
    ).select_from(tables.outerjoin(countries, countries.c.id == people.c.country_id))


def is_online(now: int) -> ColumnElement[bool]:
    """Return the condition that a row of `people` is online at `now`."""
    return or_(people.c.online == 1, people.c.last_seen > now - ONLINE_SECONDS)


def require_person(call: Call, user_id: int) -> Row[Any]:
    """Return a person's row. VK error 113 when there is none, 18 when the page was deleted or banned."""
    row = call.db.execute(select(people).where(people.c.id == user_id)).one_or_none()
    if row is None:
        raise VkError(113)
    if row.deactivated:
        raise VkError(18)
    return row


def require_known(call: Call) -> int:
    """Return the required `user_id`; VK error 113 when nobody has it. The page may be deleted."""
    user_id = call.params.user("user_id")
    if call.db.scalar(select(people.c.id).where(people.c.id == user_id)) is None:
        raise VkError(113)
    return user_id


def require_open(call: Call, user_id: int) -> Row[Any]:
    """Return a person's row if the viewer may see the page; else VK error 15 (blacklisted), 18, 30 or 113."""
    row = require_person(call, user_id)
    if not can_access(call, row):
        raise VkError(30)
    if row.id in call.relations.blocking:
        raise VkError(15)
    return row


def can_access(call: Call, row: Row[Any]) -> bool:
    """Tell whether a closed profile is open to the viewer: to oneself and to friends it is."""
    return bool(not row.closed or row.id == call.viewer or row.id in call.relations.friends)


def visible_people(call: Call) -> Select[tuple[int]]:
    """Return a query for the ids of all people whose pages the viewer may see."""
    friends = select(friendships.c.friend_id).where(friendships.c.user_id == call.viewer)
    blocking = select(blocks.c.owner_id).where(blocks.c.user_id == call.viewer)
    open_page = or_(people.c.closed == 0, people.c.id == call.viewer, people.c.id.in_(friends))
    return select(people.c.id).where(people.c.deactivated == "", open_page, people.c.id.not_in(blocking))


def visible_owners(call: Call, owner_ids: Iterable[int]) -> set[int]:
    """Return those of `owner_ids` whose photos and posts the viewer may see."""
    return set(call.db.scalars(visible_people(call).where(people.c.id.in_(set(owner_ids)))))


def users_by_id(call: Call, user_ids: Sequence[int], fields: Iterable[str]) -> list[dict[str, Any]]:
    """Return user objects in the order of `user_ids`; unknown ids are left out."""
    wanted = {user_id for user_id in user_ids if user_id > 0}
    rows = {row.id: row for row in call.db.execute(person_query().where(people.c.id.in_(wanted)))}
    names = list(fields)
    return [user_object(call, rows[user_id], names) for user_id in user_ids if user_id in rows]


def extended(call: Call, answer: dict[str, Any], user_ids: Iterable[int]) -> dict[str, Any]:
    """Add `profiles` and `groups` of people and communities (negative ids) when the caller passed `extended=1`."""
    if not call.params.flag("extended"):
        return answer
    fields = call.params.words("fields") or PROFILE_FIELDS
    ids = sorted(set(user_ids))
    communities = groups_by_id(call, (-owner for owner in ids if owner < 0)) if ids and ids[0] < 0 else []
    return {**answer, "profiles": users_by_id(call, ids, fields), "groups": communities}


def user_object(call: Call, row: Row[Any], fields: Iterable[str]) -> dict[str, Any]:
    """Return VK's user object with the optional `fields`; unknown names and empty places are left out."""
    access = can_access(call, row)
    answer: dict[str, Any] = {"id": row.id, "first_name": row.first_name, "last_name": row.last_name}
    answer |= {"can_access_closed": access, "is_closed": bool(row.closed)}
    if row.deactivated:
        answer["deactivated"] = row.deactivated
    for name in fields:
        if name in _FIELDS and (access or name not in _PRIVATE):
            value = _FIELDS[name](call, row)
            answer |= {} if value is None else {name: value}
    return answer


def birth_date(_call: Call, row: Row[Any]) -> str | None:
    """Return `D.M.YYYY`, `D.M` when the year is hidden, or None when the date is hidden or unknown."""
    if not row.bdate_visibility or not row.birth_day:
        return None
    return f"{row.birth_day}.{row.birth_month}" + (f".{row.birth_year}" if row.bdate_visibility == 1 else "")


def may_write(call: Call, row: Row[Any]) -> bool:
    """Tell whether the viewer may send messages to a person."""
    return bool(row.id == call.viewer or (row.messages_open and not _blacklisted(call, row)))


def may_post(call: Call, row: Row[Any]) -> bool:
    """Tell whether the viewer may write on a person's wall."""
    return bool(
        row.id == call.viewer or (row.wall_open and can_access(call, row) and row.id not in call.relations.blocking)
    )


def _blacklisted(call: Call, row: Row[Any]) -> bool:
    return row.id in call.relations.blocking or row.id in call.relations.blocked


def _friend_status(call: Call, row: Row[Any]) -> int:
    return friend_status(call, row.id)


def friend_status(call: Call, user_id: int) -> int:
    """Return VK's friend status: 0 none, 1 the viewer asked, 2 the viewer is asked, 3 friends."""
    relations = call.relations
    sets = ((3, relations.friends), (1, relations.invited), (2, relations.inviting))
    return next((code for code, ids in sets if user_id in ids), 0)


def _online(call: Call, row: Row[Any]) -> int:
    return int(row.online == 1 or row.last_seen > call.now - ONLINE_SECONDS)


def _photo(width: int) -> Callable[[Call, Row[Any]], str]:
    return lambda _call, row: getattr(row, f"photo_{width}") or _CAMERA.format(width)


def _city(_call: Call, row: Row[Any]) -> dict[str, Any] | None:
    return {"id": row.city_id, "title": row.city} if row.city_id else None


def _country(_call: Call, row: Row[Any]) -> dict[str, Any] | None:
    # "code" is no part of VK's answer: UserAPI profiles show the ISO code of a country.
    return {"id": row.country_id, "title": row.country, "code": row.country_code} if row.country_id else None


_FIELDS: Final[dict[str, Callable[[Call, Row[Any]], object]]] = {
    "sex": lambda _call, row: row.sex,
    "bdate": birth_date,
    "bdate_visibility": lambda _call, row: row.bdate_visibility,
    "city": _city,
    "country": _country,
    "home_town": lambda _call, row: row.home_town,
    "maiden_name": lambda _call, row: row.maiden_name or None,
    "relation": lambda _call, row: row.relation,
    "personal": lambda _call, row: {"political": row.political} if row.political else None,
    "status": lambda _call, row: plain_to_html(row.status or ""),
    "online": _online,
    "last_seen": lambda _call, row: {"time": row.last_seen, "platform": 7} if row.last_seen else None,
    "has_photo": lambda _call, row: int(bool(row.photo_100)),
    "photo_50": _photo(50),
    "photo_100": _photo(100),
    "photo_200": _photo(200),
    "photo_max": _photo(200),
    "can_write_private_message": lambda call, row: int(may_write(call, row)),
    "can_post": lambda call, row: int(may_post(call, row)),
    "can_see_all_posts": lambda call, row: int(can_access(call, row) and row.id not in call.relations.blocking),
    "is_friend": lambda call, row: int(row.id in call.relations.friends),
    "friend_status": _friend_status,
    "is_favorite": lambda call, row: int(row.id in call.relations.bookmarked),
    "screen_name": lambda _call, row: f"id{row.id}",
    "schools": lambda call, row: schools_of(call, row.id),
    "universities": lambda call, row: universities_of(call, row.id),
}
_PRIVATE: Final = frozenset(
    (
        *("bdate", "bdate_visibility", "city", "country", "home_town", "maiden_name", "relation", "personal", "status"),
        *("schools", "universities"),
    )
)
"""Fields of a closed profile that only friends see."""
