"""Profiles. UserAPI documentation, "Getting a user's profile information"."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.friends import friends, friends_mutual, friends_online
from userapi_gw.acts.histories import MAILBOX
from userapi_gw.acts.photos import photos, photos_with
from userapi_gw.acts.registry import Listing, act, served
from userapi_gw.acts.upload_hashes import ALBUM, PROFILE
from userapi_gw.acts.wall import wall
from userapi_gw.backend.model import Window
from userapi_gw.backend.together import together
from userapi_gw.shapes.content import status_row
from userapi_gw.shapes.profile import profile_facts

FRIENDS, PHOTOS, WALL = Window(0, 30), Window(0, 36), Window(0, 27)
"""How many rows of each list a profile carries; the sample network asks for the rest from there on."""

LISTS: dict[str, tuple[Callable[[Call], Listing], Window]] = {
    "fr": (friends, FRIENDS),
    "fro": (friends_online, FRIENDS),
    "frm": (friends_mutual, FRIENDS),
    "ph": (photos, PHOTOS),
    "phw": (photos_with, PHOTOS),
    "wa": (wall, WALL),
}
"""The lists inside a profile, each as `{n, d}`, the wall with its `h`."""


@act("profile", "Getting a user's profile information", form="whole", multi=True)
def profile(call: Call) -> dict[str, Any]:
    """Everything about one user; `actv` is the current status, `mts` the version of the viewer's messages."""
    user_id, own = call.user_id, call.user_id == call.viewer
    about = call.about(user_id)
    found, status, mts, album, *lists = together(
        partial(call.backend.profile, user_id),
        lambda: served(lambda: _status(about, user_id), []),
        lambda: call.histories.at_leisure().version("message", MAILBOX),
        lambda: served(call.backend.upload_album, 0) if own else 0,
        *(partial(_list, about, name) for name in LISTS),
    )
    answer = profile_facts(call.pictures.own(found), call.viewer, call.dialect)
    answer |= {"actv": status, **dict(zip(LISTS, lists, strict=True))}
    if own:
        _add_upload_hashes(call, answer, album)
    return answer | {"mts": mts}


def _list(call: Call, name: str) -> dict[str, Any]:
    listing, window = LISTS[name]
    part = replace(call, window=window, histories=call.histories.at_leisure())
    found: dict[str, Any] = served(lambda: listing(part).counted(with_history=True), {"n": 0, "d": []})
    return found


def _add_upload_hashes(call: Call, answer: dict[str, Any], album: int) -> None:
    """What uploads of the viewer need, section "Hash values for photos upload"; album 0 stands for a new one."""
    answer["pr"] |= call.uploads.form(PROFILE, call.viewer, 0)
    answer["ph"] |= {"aid": album} | call.uploads.form(ALBUM, call.viewer, album)


def _status(call: Call, user_id: int) -> list[Any]:
    statuses = call.backend.statuses(user_id, Window(0, 1)).rows
    return status_row(statuses[0]) if statuses else []
