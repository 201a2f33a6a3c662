"""The bridge: one module per family of acts, and the way from a request's parameters to an answer."""

from typing import Any

from userapi_gw.acts import (
    activity,
    fave,
    friends,
    history,
    messages,
    multi,
    photos,
    profile,
    removal,
    search,
    updates,
    wall,
)
from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import ACTS, Act, Listing, Picture, served

__all__ = ["ACTS", "Act", "Call", "Listing", "Picture", "answer", "find"]

FAMILIES = (friends, photos, wall, messages, activity, fave, search, updates, profile, history, removal)
"""The modules whose import fills the registry."""

MULTI = Act("data", multi.multi, "Obtaining miscellaneous data with one request", form="whole")


def find(name: str) -> Act | None:
    """Return the act called `name`; no name at all, or `data`, is the request for several lists."""
    return MULTI if name in ("", MULTI.name) else ACTS.get(name)


def answer(act: Act, call: Call) -> Any:
    """Run an act and return its answer, ready to be spelled. A list the backend does not have is empty."""
    if act.form == "whole":
        return act.function(call)
    found: Listing = served(lambda: act.function(call), Listing(0, []))
    return found.rows if act.form == "bare" else found.counted(with_history=True)
