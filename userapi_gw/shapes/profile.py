"""A person's profile. UserAPI documentation, "Getting a user's profile information"."""

from typing import Any

from userapi_gw.backend.model import FRIENDS, INVITED_VIEWER, Education, Profile
from userapi_gw.dialect import Dialect
from userapi_gw.shapes.text import address, escape

RELATIONS = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 2, 8: 4}
"""VK's relation to UserAPI's `fs`: VK's later 7 (in love) and 8 (civil union) go to the nearest of the six."""

POLITICAL = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 4}
"""VK's `political` to UserAPI's `pv`: 1 communist ... 7 ultraconservative, 8 apathetic; 9, libertarian, is liberal."""


def profile_facts(profile: Profile, viewer: int, dialect: Dialect) -> dict[str, Any]:
    """Return the plain fields of a profile, without its lists. Absent facts are `""` or 0, never null."""
    user = profile.user
    day, month, year = profile.birth
    return {
        "id": user.id,
        "fn": escape(user.first_name),
        "ln": escape(user.last_name),
        "mn": escape(profile.maiden_name),
        "ht": escape(profile.home_town),
        "coi": profile.country_id,
        "con": escape(profile.country_code),
        "cii": profile.city_id,
        "cin": escape(profile.city_name),
        "sx": user.sex,
        "bp": address(profile.photo_200),
        "bd": day,
        "bm": month,
        "by": year,
        "fs": RELATIONS.get(profile.relation, 0),
        "pv": POLITICAL.get(profile.political, 0),
        "pr": privacy(profile, dialect),
        "us": viewer,
        "on": int(user.online),
        "isf": int(profile.friend_status == FRIENDS),
        "isi": int(profile.friend_status == INVITED_VIEWER),
        "f": int(profile.is_bookmarked),
        "edu": [education_row(school) for school in profile.education],
    }


def education_row(school: Education) -> list[Any]:
    """Return `[school id, university id (of a part of one, else 0), type, name, year of graduation]`."""
    return [school.school_id, school.university_id, school.kind, escape(school.name), school.year]


def privacy(profile: Profile, dialect: Dialect) -> dict[str, int]:
    """Return `pr`: whether the viewer may see the profile (`pa`), write on the wall (`wa`), send messages (`ms`)."""
    allowed = dialect.privacy_allowed
    flags = {"pa": not profile.closed, "wa": profile.wall_open, "ms": profile.messages_open}
    return {name: allowed if is_allowed else 1 - allowed for name, is_allowed in flags.items()}
