"""What `edit_page` sends, as values of a profile. UserAPI documentation, "Editing user's profile"."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from userapi_gw.backend.model import Profile
from userapi_gw.errors import Failure, Kind
from userapi_gw.shapes.profile import POLITICAL, RELATIONS

Birth = tuple[int, int, int]

PATTERNS: Mapping[str, re.Pattern[str]] = {
    "first_name": re.compile(r".{1,64}"),
    "last_name": re.compile(r".{1,64}"),
    "maiden_name": re.compile(r".{0,64}"),
    "home_town": re.compile(r".{0,255}"),
    "mobile_phone": re.compile(r"[0-9+() .-]{0,32}"),
}
"""Texts of a profile: how they may look once blanks at the ends are gone and those inside are single."""

BROKEN = "\ufffd"
"""Stands where bytes were not UTF-8: what was meant is lost, so nothing is stored."""

BIRTHDAYS = {"bd": range(32), "bm": range(13), "by": range(2101)}
FIRST_YEAR = 1900
LEAP_YEAR = 2000


def present(profile: Profile) -> dict[str, Any]:
    """Return what may be edited of a profile by the names of `ProfileChanges`, in the numbers `act=profile` shows."""
    user = profile.user
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "maiden_name": profile.maiden_name,
        "home_town": profile.home_town,
        "sex": user.sex,
        "relation": RELATIONS.get(profile.relation, 0),
        "political": POLITICAL.get(profile.political, 0),
        "birth": profile.birth,
        "city_id": profile.city_id,
    }


def tidy(name: str, text: str) -> str:
    """Return a text that fits the part `name` of a profile; raises `Failure(BAD_INPUT)` for one that does not."""
    text = " ".join(text.split())
    if not PATTERNS[name].fullmatch(text) or not text.isprintable() or BROKEN in text:
        raise Failure(Kind.BAD_INPUT, name)
    return text


def birth_date(shown: Birth, sent: Mapping[str, int]) -> Birth:
    """Return the date of birth with the parts `sent` (`bd`, `bm`, `by`) in place of those shown.

    Day and month 0 hide the date, year 0 hides the year. Raises `Failure(BAD_INPUT)` for a date no calendar has, a
    day without a month, a month without a day, or a year alone.
    """
    day, month, year = (sent.get(name, known) for name, known in zip(BIRTHDAYS, shown, strict=True))
    if not day and not month and not sent.get("by"):
        return 0, 0, 0
    try:
        date(year or LEAP_YEAR, month, day)
    except ValueError:
        raise Failure(Kind.BAD_INPUT, "birthday") from None
    if year and year < FIRST_YEAR:
        raise Failure(Kind.BAD_INPUT, "by")
    return day, month, year
