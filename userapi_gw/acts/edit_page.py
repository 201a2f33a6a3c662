"""Changes to the viewer's profile. UserAPI documentation, "Editing user's profile"."""

from dataclasses import asdict
from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.parameters import HIGHEST
from userapi_gw.acts.registry import act
from userapi_gw.backend.model import ProfileChanges
from userapi_gw.errors import Failure, Kind
from userapi_gw.shapes.editing import BIRTHDAYS, birth_date, present, tidy

NUMBERS = {
    "sx": ("sex", range(3)),
    "fs": ("relation", range(7)),
    "pv": ("political", range(9)),
    "cii": ("city_id", range(HIGHEST)),
    "nf": ("notify_friends", range(2)),
    "nm": ("notify_messages", range(2)),
}
"""Parameters that are numbers: the part of the profile, and what it may be."""

TEXTS = {
    "fn": "first_name",
    "ln": "last_name",
    "mn": "maiden_name",
    "ht": "home_town",
    "mo": "mobile_phone",
}
"""Parameters that are texts; an empty one clears the part, but for the two names nobody is without."""

NEEDED = ("fn", "ln")
SETTINGS = frozenset(("mobile_phone", "notify_friends", "notify_messages"))


@act("edit_page", "Editing user's profile", form="whole", writes=True)
def edit_page(call: Call) -> dict[str, Any]:
    """Change the viewer's profile: of what is sent, only what differs. One wrong value, and nothing is changed."""
    sent, dates = _numbers(call) | _texts(call), _dates(call)
    if not sent and not dates:
        raise Failure(Kind.BAD_INPUT, "nothing to change")
    shown = present(call.backend.profile(call.viewer))
    if dates:
        sent["birth"] = birth_date(shown["birth"], dates)
    if SETTINGS & sent.keys():
        shown |= asdict(call.backend.own_settings())
    changes = {name: value for name, value in sent.items() if value != shown[name]}
    if changes:
        call.backend.save_profile(ProfileChanges(**changes))
    return {"ok": 1}


def _numbers(call: Call) -> dict[str, Any]:
    given = {name: field for name, field in NUMBERS.items() if call.parameters.has(name)}
    return {part: call.exact(name, allowed) for name, (part, allowed) in given.items()}


def _texts(call: Call) -> dict[str, Any]:
    given = [
        name for name in TEXTS if call.parameters.has(name) or (name in call.parameters.values and name not in NEEDED)
    ]
    return {TEXTS[name]: tidy(TEXTS[name], call.parameters.text(name)) for name in given}


def _dates(call: Call) -> dict[str, int]:
    return {name: call.exact(name, allowed) for name, allowed in BIRTHDAYS.items() if call.parameters.has(name)}
