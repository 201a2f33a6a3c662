"""How each act is served, given which methods a server has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from userapi_gw.acts import ACTS
from userapi_gw.doctor.needs import BY_METHOD, NEEDS, UPLOAD, Need


class Way(Enum):
    """Where the data of an act come from, best first."""

    SERVER = "server"
    GATEWAY = "gateway"
    NONE = "not possible"


@dataclass(frozen=True, slots=True)
class Served:
    """How an act is served, and a line for what the server has no part in."""

    way: Way
    note: str = ""


Has = Callable[[str], bool]


def ways(has: Has) -> Mapping[str, Served]:
    """Return how every act, and the upload of files, is served by a server that `has` certain methods."""
    return {name: _served([need for need in NEEDS if name in need.acts], has) for name in (*ACTS, UPLOAD)}


def way_of(need: Need, has: Has) -> Way:
    """Return how a single need is met."""
    if has(need.method):
        return Way.SERVER
    instead = need.instead
    if instead is None or not all(_has(method, has) for method in instead.through):
        return Way.NONE
    return Way.GATEWAY if instead.kept else Way.SERVER


def _has(method: str, has: Has) -> bool:
    return way_of(BY_METHOD[method], has) is not Way.NONE


def _served(needs: list[Need], has: Has) -> Served:
    """An act without needs is the gateway's own; others are served as the worst served of their needs is."""
    order = list(Way)
    whole = max((way_of(need, has) for need in needs if not need.part), key=order.index, default=Way.GATEWAY)
    lacking = [need for need in needs if not has(need.method)]
    notes = [_note(need, way_of(need, has)) for need in lacking if whole is not Way.NONE or not need.part]
    return Served(whole, "; ".join(dict.fromkeys(notes)))


def _note(need: Need, way: Way) -> str:
    what = f"{need.part}: " if need.part else ""
    if way is Way.NONE or need.instead is None:
        return f"{what}no {need.method}"
    return what + need.instead.text
