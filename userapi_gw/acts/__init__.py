"""The bridge: one module per family of acts, and the way from a request's parameters to an answer."""

from typing import Any

from userapi_gw.acts import (
    activity,
    captcha,
    edit_page,
    education,
    fave,
    friends,
    history,
    messages,
    multi,
    photos,
    photos_comments,
    profile,
    reference,
    register,
    removal,
    search,
    tags,
    updates,
    wall,
)
from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import ACTS, Act, Listing, Picture, served
from userapi_gw.rates import OTHERS, UPLOAD

__all__ = ["ACTS", "LIMITED", "Act", "Call", "Listing", "Picture", "answer", "find"]

FAMILIES = (
    friends, photos, photos_comments, tags, wall, messages, activity, fave, search, updates, profile, history,
    reference, edit_page, education, captcha, register, removal,
)  # fmt: skip
"""The modules whose import fills the registry."""

LIMITED = frozenset({OTHERS, UPLOAD, "captcha", *(name for name, act in ACTS.items() if act.writes)})
"""What a flood limit can be set for."""

MULTI = Act("data", multi.multi, "Obtaining miscellaneous data with one request", form="whole")


def find(name: str) -> Act | None:
    """Return the act called `name`; no name at all, or `data`, is the request for several lists."""
    return MULTI if name in ("", MULTI.name) else ACTS.get(name)


def answer(act: Act, call: Call) -> Any:
    """Run an act and return its answer, ready to be spelled. A list the backend does not have is empty."""
    if act.writes:
        return _write(act, call)
    if act.form == "whole":
        return act.function(call)
    found: Listing = served(lambda: act.function(call), Listing(0, []))
    return found.rows if act.form == "bare" else found.counted(with_history=True)


def _write(act: Act, call: Call) -> Any:
    """Run an act that changes something; what is counted may be among it."""
    try:
        return act.function(call)
    finally:
        call.counters.forget(call.viewer)
