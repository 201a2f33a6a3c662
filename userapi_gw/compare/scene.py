"""Where an answer stands: the act, whose list, in which session. Equal numbers mean one thing only within these."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from userapi_gw.acts import ACTS
from userapi_gw.acts.history import STREAMS
from userapi_gw.acts.parameters import Parameters
from userapi_gw.compare.kinds import Kind

LEARNED = frozenset(
    {"sid", "back", "csid", "ccode", "fcsid", "fccode", "ts", "wid", "tid", "cid", "hash", "rhash", "aid", "read"}
)
"""Parameters whose values a program makes up or takes from earlier answers, so that they differ from run to run."""


def learned(act: str) -> frozenset[str]:
    """Return the parameters of an act that differ from run to run; `act=history` has versions as parameters."""
    return LEARNED.union(STREAMS) if act == "history" else LEARNED


WINDOW = frozenset({"from", "to"})


@dataclass(frozen=True, slots=True)
class Scene:
    """What a value needs to be known by: its act, owner, session, list, and the place to name in reports.

    `since` is when the runs began, old and new, in unix seconds; 0 where a capture does not tell.
    """

    act: str
    owner: str = ""
    session: str = ""
    listing: str = ""
    place: str = ""
    since: tuple[float, float] = (0, 0)
    times: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The last pair of times seen by pattern."""

    def space(self, kind: Kind, owner: str = "") -> str:
        """Return the space in which a value of this kind means one thing."""
        if kind.scope == "everywhere":
            return everywhere(kind)
        name = (owner or self.owner) if kind.scope == "owner" else f"sid {self.session}"
        return f"{kind.name} {kind.stream} {name}"


def everywhere(kind: Kind) -> str:
    """Return the space of values that mean the same thing wherever they stand."""
    return f"{kind.name} {kind.stream}"


def scene_of(act: str, parameters: Mapping[str, str], place: str, since: tuple[float, float] = (0, 0)) -> Scene:
    """Return the scene of a request: a list is its photo's owner's (`parent`), that of `id`, or the session's."""
    session = parameters.get("sid", "")
    sent = Parameters(parameters)
    number = sent.object_id("parent")[0] if act.endswith("photos_comments") else 0
    number = number or sent.number("id")
    varying = learned(act) | WINDOW | {*ACTS}
    listing = "&".join(f"{name}={value}" for name, value in sorted(parameters.items()) if name not in varying)
    return Scene(act, str(number) if number > 0 else f"sid {session}", session, listing, place, since)
