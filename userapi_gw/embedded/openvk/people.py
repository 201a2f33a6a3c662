"""OpenVK's user objects, in its two forms, and who may see what."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row

from userapi_gw.embedded.openvk.errors import DELETED, DENIED, fail
from userapi_gw.embedded.openvk.fields import FIELDS, is_online
from userapi_gw.embedded.openvk.pictures import person_picture
from userapi_gw.embedded.openvk.registry import Call
from userapi_gw.embedded.people import can_access, person_query
from userapi_gw.embedded.schema import people


def find(call: Call, user_id: int) -> Row[Any] | None:
    """Return a person's row, or None when nobody has the number or the page was deleted. It plays no communities."""
    row = call.db.execute(person_query().where(people.c.id == user_id, people.c.id > 0)).one_or_none()
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
    rows = {row.id: row for row in call.db.execute(person_query().where(people.c.id.in_(set(ids)), people.c.id > 0))}
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
        if name in FIELDS and name not in call.emulation.fields_lacking:
            answer |= FIELDS[name](call, row)
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
