"""Methods `account.getProfileInfo` and `account.saveProfileInfo`."""

import re
from datetime import date
from typing import Any, Final

from sqlalchemy import select, update

from userapi_gw.embedded.errors import bad_parameter
from userapi_gw.embedded.people import require_person, users_by_id
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import cities, people

_FIELDS: Final = (
    *("screen_name", "sex", "relation", "bdate", "bdate_visibility", "home_town", "maiden_name"),
    *("city", "country", "status", "photo_200"),
)
_DATE: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}))?")
_LEAP_YEAR: Final = 2000  # a date without a year may be the 29th of February

_YEARS: Final = range(1900, 2101)

_NUMBERS: Final = {
    "sex": 2,
    "relation": 8,
    "bdate_visibility": 2,
    "political": 9,
    "notify_friends": 1,
    "notify_messages": 1,
}
_NAMES: Final = {"first_name": "first_key", "last_name": "last_key"}
_TEXTS: Final = {"maiden_name": 64, "home_town": 255, "mobile_phone": 32}
"""Columns called like their parameters: the highest number, the folded column of a name, the most characters."""

_LONGEST_NAME: Final = 64  # characters


@method("account.getProfileInfo")
def get_profile_info(call: Call) -> dict[str, Any]:
    """Return what the viewer told about themselves.

    `mobile_phone`, `notify_friends` and `notify_messages` are this server's additions: UserAPI's `edit_page` sets them.
    """
    (profile,) = users_by_id(call, [call.viewer], _FIELDS)
    row = require_person(call, call.viewer)
    settings = {name: getattr(row, name) for name in ("mobile_phone", "notify_friends", "notify_messages")}
    return {k: v for k, v in profile.items() if k not in ("is_closed", "can_access_closed")} | settings


@method("account.saveProfileInfo", writes=True)
def save_profile_info(call: Call) -> dict[str, int]:
    """Change the parts of the viewer's profile that are passed, all or none; tell whether anything is new.

    Parameters of VK's: `first_name`, `last_name`, `maiden_name`, `home_town`, `sex`, `relation`, `bdate_visibility`,
    `bdate` (`D.M.YYYY`; or `D.M`, the year stays), `city_id` (its country comes with it, 0 takes both away).
    This server's own: `political`, `mobile_phone`, `notify_friends`, `notify_messages`; and an empty text clears
    `maiden_name`, `home_town` and `mobile_phone`, while VK takes it for a missing one. VK error 100 for a wrong value.
    """
    values = {**_plain(call), **_city(call), **_birth(call)}
    before = require_person(call, call.viewer)
    changed = {column: value for column, value in values.items() if getattr(before, column) != value}
    if changed:
        call.db.execute(update(people).where(people.c.id == call.viewer).values(changed))
    return {"changed": int(bool(changed))}


def _plain(call: Call) -> dict[str, Any]:
    """The columns that hold what was passed as it is."""
    params = call.params
    values: dict[str, Any] = {
        name: params.integer(name, maximum=_NUMBERS[name]) for name in _NUMBERS if params.has(name)
    }
    values |= {name: params.text(name, "", maximum=_TEXTS[name]) for name in _TEXTS if name in params.values}
    for name, key in _NAMES.items():
        if params.has(name):
            values[name] = params.text(name, maximum=_LONGEST_NAME)
            values[key] = values[name].casefold()
    return values


def _city(call: Call) -> dict[str, Any]:
    if not call.params.has("city_id"):
        return {}
    city_id = call.params.integer("city_id")
    if not city_id:
        return {"city_id": None, "country_id": None}
    country_id = call.db.scalar(select(cities.c.country_id).where(cities.c.id == city_id))
    if country_id is None:
        raise bad_parameter("city_id is invalid")
    return {"city_id": city_id, "country_id": country_id}


def _birth(call: Call) -> dict[str, Any]:
    found = _DATE.fullmatch(call.params.text("bdate", ""))
    if not found:
        if call.params.has("bdate"):
            raise bad_parameter("bdate is invalid")
        return {}
    day, month, year = (int(part or 0) for part in found.groups())
    try:
        date(year or _LEAP_YEAR, month, day)
    except ValueError:
        raise bad_parameter("bdate is invalid") from None
    if found[3] and year not in _YEARS:
        raise bad_parameter("bdate is invalid")
    return {"birth_day": day, "birth_month": month} | ({"birth_year": year} if year else {})
