"""The viewer's schools. UserAPI documentation, "Editing education"; `edu` of a profile shows what is stored."""

from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.parameters import HIGHEST
from userapi_gw.acts.registry import act

SECTION = "Editing education"
IDS = range(1, HIGHEST)


@act("add_school", SECTION, form="whole", writes=True)
def add_school(call: Call) -> dict[str, Any]:
    """Add a school with the year of graduation (0 or none: not told) to the viewer's; once more changes nothing."""
    call.backend.add_school(call.exact("school", IDS), call.year)
    return {"ok": 1}


@act("delete_school", SECTION, form="whole", writes=True)
def delete_school(call: Call) -> dict[str, Any]:
    """Take the school of that year away from the viewer's; `ok` 0 when it is not there."""
    call.backend.delete_school(call.exact("school", IDS), call.year)
    return {"ok": 1}
