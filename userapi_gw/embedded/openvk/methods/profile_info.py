"""Methods `account.getProfileInfo` and `account.saveProfileInfo`."""

import secrets
from datetime import date
from typing import Any

from sqlalchemy import select, update

from userapi_gw.embedded.openvk.errors import fail
from userapi_gw.embedded.openvk.fields import RELATION, birth_day, vk_relation
from userapi_gw.embedded.openvk.pictures import person_picture
from userapi_gw.embedded.openvk.registry import Call, method
from userapi_gw.embedded.people import person_query, users_by_id
from userapi_gw.embedded.schema import people


@method("account.getProfileInfo")
def get_profile_info(call: Call) -> dict[str, Any]:
    """Return what the viewer told about themselves."""
    row = call.db.execute(person_query().where(people.c.id == call.viewer)).one()
    return {
        "first_name": row.first_name,
        "photo_200": person_picture(call, row, "normal"),
        "nickname": None,
        "is_service_account": False,
        "id": row.id,
        "is_verified": False,
        "verification_status": "unverified",
        "last_name": row.last_name,
        "home_town": row.home_town or None,
        "status": row.status,
        "bdate": birth_day(row),
        "bdate_visibility": int(row.bdate_visibility == 2),
        "phone": "+420 ** *** 228",
        "relation": RELATION[row.relation],
        "screen_name": None,
        "sex": row.sex,
    }


@method("account.saveProfileInfo", limited=True)
def save_profile_info(call: Call) -> dict[str, Any]:
    """Change what is passed. A relation or sex that is none is left out in silence; a name is judged and told about."""
    before = users_by_id(call, [call.viewer], ())[0]
    values = {**_plain(call), **_birth(call), **_name(call)}
    row = call.db.execute(select(people).where(people.c.id == call.viewer)).one()
    changed = {column: value for column, value in values.items() if getattr(row, column) != value}
    if changed:
        call.db.execute(update(people).where(people.c.id == call.viewer).values(changed))
    return {"changed": int(bool(changed)), **_name_request(call, before)}


def _plain(call: Call) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if call.given.has("screen_name"):
        fail(1260, "Invalid screen name")  # nobody has one in the embedded world
    if call.number("sex", 0) in (1, 2):
        values["sex"] = call.number("sex")
    if call.given.has("relation") and 0 <= call.number("relation") < len(RELATION):
        values["relation"] = vk_relation(call.number("relation"))
    if call.given.has("home_town"):
        values["home_town"] = call.given.text("home_town")
    return values


def _birth(call: Call) -> dict[str, int]:
    values: dict[str, int] = {}
    if call.given.has("bdate_visibility"):
        if call.number("bdate_visibility") == 0:
            fail(946, "Hiding date of birth is not implemented.")
        values["bdate_visibility"] = 2 if call.number("bdate_visibility") == 2 else 1
    if call.given.text("bdate", ""):
        day = _date(call.given.text("bdate"))
        values |= {"birth_day": day.day, "birth_month": day.month, "birth_year": day.year}
    return values


def _date(text: str) -> date:
    try:
        day, month, year = (int(part) for part in text.split("."))
        return date(year, month, day)
    except ValueError:
        fail(100, "invalid value of bdate.")


def _name(call: Call) -> dict[str, str]:
    """Both parts of a name that OpenVK takes: letters, blanks and hyphens alone."""
    values: dict[str, str] = {}
    for name, key in (("first_name", "first_key"), ("last_name", "last_key")):
        given = call.given.text(name, "")
        if given and not given.replace("-", "").replace(" ", "").isalpha():
            return {}
        values |= {name: given, key: given.casefold()} if given else {}
    return values


def _name_request(call: Call, before: dict[str, Any]) -> dict[str, Any]:
    asked = {name: call.given.text(name, "") or before[name] for name in ("first_name", "last_name")}
    if not (call.given.text("first_name", "") or call.given.text("last_name", "")):
        return {}
    told = {"id": secrets.randbelow(1000), "status": "success" if _name(call) else "declined", **asked}
    return {"name_request": told}
