"""Several lists in one request without `act`.

UserAPI documentation, "Obtaining miscellaneous data with one request". The sample there answers the list asked for
last first, and so does this.
"""

from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.parameters import Parameters
from userapi_gw.acts.profile import profile
from userapi_gw.acts.registry import ACTS, ALL, served
from userapi_gw.backend.model import Window

MY_FRIENDS = "my_friends"


def asked(parameters: Parameters) -> list[str]:
    """The names of the lists a request asks for, in the order of the answer."""
    names = [name for name in parameters.values if name == MY_FRIENDS or (name in ACTS and ACTS[name].multi)]
    return names[::-1]


def multi(call: Call) -> dict[str, Any]:
    """Every list asked for as `{n, d}`, by its name."""
    return {name: _part(call, name) for name in asked(call.parameters)}


def _part(call: Call, name: str) -> Any:
    if name == "profile":
        return profile(call.about(_profile_id(call)))
    if name == MY_FRIENDS:
        return _listing(call.about(call.viewer).over(Window(0, ALL)), "friends")
    return _listing(call.over(call.parameters.range(name, ACTS[name].most)), name)


def _listing(call: Call, name: str) -> Any:
    with_history = call.dialect.multi_has_h
    return served(lambda: ACTS[name].function(call).counted(with_history=with_history), {"n": 0, "d": []})


def _profile_id(call: Call) -> int:
    """Whose profile: `id` says it; without one a number above 0 does, as VkOpt asks (`profile=5`), -1 is the viewer."""
    value = call.parameters.text("profile")
    if call.parameters.has("id") or "-" in value:
        return call.user_id
    return call.parameters.number("profile") or call.viewer
