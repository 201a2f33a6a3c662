"""What each act answers when there is nothing: empty lists, no news, a person without a name."""

from collections.abc import Callable
from typing import Any

from userapi_gw.acts import MULTI, Act
from userapi_gw.acts.history import STREAMS
from userapi_gw.acts.multi import asked
from userapi_gw.acts.parameters import Parameters
from userapi_gw.acts.profile import LISTS
from userapi_gw.backend.model import Profile, User
from userapi_gw.compare.positions import COUNTED
from userapi_gw.dialect import Dialect
from userapi_gw.shapes.profile import profile_facts

UNTOUCHED = 2
"""The version of a list in which nothing ever happened."""
NOTHING_DONE = {"ok": 0}

Facts = dict[str, Any]


def stub(act: Act | None, sent: Parameters, dialect: Dialect) -> Any:
    """Return the empty answer of an act; one that changes something, or is a picture, or unknown, has done nothing."""
    if act is MULTI:
        return {name: _profile(sent, dialect) if name == "profile" else _list(name) for name in asked(sent)}
    if act is None or act.form == "whole":
        wholes: dict[str, Callable[[], Any]] = {
            "profile": lambda: _profile(sent, dialect),
            "history": lambda: {name: {"h": []} for name in STREAMS if sent.has(name)} | {"nm": 0, "nf": 0, "nph": 0},
            "photos_comments": lambda: _list("photos_comments") | {"parent": "-1"},
            "quick_search": lambda: _list("quick_search"),
            "search_results": lambda: {"belongs": -1} | _list("search_results"),
            "get_school_num": lambda: {"num": 0} | ({"n": 0} if dialect.school_num_has_n else {}),
        }
        return wholes.get(act.name if act else "", lambda: NOTHING_DONE)()
    return [] if act.form == "bare" else _list(act.name)


def _list(name: str) -> Facts:
    """`{n, d}`, and `h` for a list with a history."""
    has_history = name in COUNTED and "h" in COUNTED[name].named
    return {"n": 0, "d": []} | ({"h": UNTOUCHED} if has_history else {})


def _profile(sent: Parameters, dialect: Dialect) -> Facts:
    facts = profile_facts(Profile(User(max(0, sent.number("id")), "", "")), 0, dialect)
    names = {"fr": "friends", "ph": "photos", "wa": "wall"}
    return facts | {"actv": []} | {name: _list(names.get(name, "")) for name in LISTS} | {"mts": UNTOUCHED}
