"""Decides about one value: equal, different, or different in a way that is known to vary from run to run."""

import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from cachetools import LRUCache

from userapi_gw.compare.difference import HIDDEN, Difference, Findings, What, pattern_of, shown
from userapi_gw.compare.forms import Joined
from userapi_gw.compare.kinds import EXCUSED, PICTURE_NAME, PLAIN, USER, Kind
from userapi_gw.compare.mapping import Mapping, Value
from userapi_gw.compare.rules import Rule, Rules
from userapi_gw.compare.scene import Scene, everywhere

UNTRACKED = ("plain", "text", "flag", "secret")
"""Where an equal value tells nothing about others."""

NO_ID = (0, "0", "")
"""What stands where there is no id, address or time."""

SEEN = 10_000
_HOST = re.compile(r"\Ahttps?://[^/\s'\"<>]+")
_OWN_NAME = r"/u(\d{1,19})/([abcsmx])_([0-9a-f]{16})\.jpg"
_OWN = re.compile(rf"https?://[^/\s'\"<>]+{_OWN_NAME}", re.ASCII)
_OWN_THUMBNAIL = re.compile("()(c)_([0-9a-f]{16})")
"""Addresses of a gateway's own, whose digits are made of where the backend has the picture."""
_HOSTS_OF_TAGS = re.compile(rf"(?<=(?:src|ref)=')https?://[^/\s'\"<>]+(?:{_OWN_NAME})?", re.ASCII)
"""Texts repeat an attachment as a link with a picture; a host that somebody wrote of is no picture's."""


@dataclass(frozen=True)
class Knowledge:
    """What is known of two sides: `exact` leaves nothing out but what rules say, `across_dialects` more.

    `seen` are equal bodies that were looked at.
    """

    rules: Rules
    mapping: Mapping
    exact: bool = False
    across_dialects: bool = False
    seen: LRUCache[tuple[str, ...] | None, bool] = field(default_factory=lambda: LRUCache(SEEN))

    def excused(self) -> frozenset[str]:
        """Return the kinds of difference that count nothing, now that both sides were seen."""
        if self.exact:
            return frozenset()
        return frozenset(what for what, kind in EXCUSED.items() if self.mapping.mostly_differs(everywhere(kind)))


class Judge:
    """Judges the values of one exchange."""

    def __init__(self, knowledge: Knowledge, scene: Scene, findings: Findings) -> None:
        self._knowledge, self._scene, self.findings = knowledge, scene, findings

    @property
    def across_dialects(self) -> bool:
        """Whether what dialects leave out may be missing."""
        return self._knowledge.across_dialects

    @property
    def is_exact(self) -> bool:
        """Whether nothing is left out but what rules say."""
        return self._knowledge.exact

    def rule(self, position: str) -> Rule | None:
        """Return the user's rule for a position."""
        return self._knowledge.rules.find(self._scene.act, position)

    def differ(self, position: str, what: What, left: str = "", right: str = "", note: str = "") -> None:
        """Note a difference, unless a rule says to leave it out."""
        rule = self.rule(position)
        if rule is not None and rule.do == "ignore":
            self.ignore(rule.title)
        else:
            self.findings.differences.append(Difference(position, what, left, right, note))

    def ignore(self, rule: str) -> None:
        """Count something that was left out."""
        self.findings.ignored[rule] += 1

    def leaf(self, kind: Kind, old: Any, new: Any, position: str) -> None:
        """Judge one value that is no array and no object on either side."""
        rule = self.rule(position)
        if rule is not None:
            self._by_rule(rule, old, new, position)
        elif old == new and type(old) is type(new) and kind.treatment in UNTRACKED:
            return
        elif self.is_exact and not kind.hidden:
            self._plain(old, new, position)
        else:
            self._by_kind(kind, old, new, position)

    def joined(self, form: Joined, old: Any, new: Any, position: str) -> None:
        """Judge `{owner id}_{object id}`."""
        left, right = _split(old), _split(new)
        if self.rule(position) or self.is_exact or left is None or right is None:
            self.leaf(PLAIN, old, new, position)
        else:
            self._same(form.owner, left[0], right[0], position)
            self._same(form.item, left[1], right[1], position, owner=str(left[0]))

    def style(self, name: str, old: object, new: object, position: str) -> None:
        """Judge a spelling, which each side has to keep up: the same old one always stands for the same new one."""
        if self.is_exact:
            self._plain(old, new, position)
        else:
            kind = Kind(f"spelling: {name}", "same", "session")
            self._pair(kind, repr(old), repr(new), position, note="spelled otherwise than elsewhere")

    def _by_rule(self, rule: Rule, old: Any, new: Any, position: str) -> None:
        if rule.do == "exact":
            self._plain(old, new, position)
        elif rule.do == "map" and isinstance(old, (int, str)) and isinstance(new, (int, str)):
            self._same(Kind(f"rule {rule.title}", "same"), old, new, position)
        elif old != new and _excuses(rule, old, new):
            self.ignore(rule.title)
        else:
            self._plain(old, new, position)

    def _by_kind(self, kind: Kind, old: Any, new: Any, position: str) -> None:
        if kind.quotable and _is_number(old) and _is_number(new):
            self.style("quoted ids", type(old).__name__, type(new).__name__, position)
            old, new = int(old), int(new)
        elif kind.treatment == "same" and type(old) is type(new) and _is_number(old) and _is_number(new):
            old, new = int(old), int(new)  # one id, whether it is told as a number or, as beside videos, as a text
        if type(old) is not type(new):
            self._other_type(kind, old, new, position)
            return
        match kind.treatment:
            case "same" | "ordered":
                self._same(kind, old, new, position)
            case "total":
                self._total(kind, old, new, position)
            case "time":
                self._time(old, new, position)
            case "picture" | "text":
                self._address(kind, old, new, position)
            case "spelling":
                self.style(kind.name, old, new, position)
            case "flag" | "secret":
                self._varying(kind, old, new, position)
            case _:
                self._plain(old, new, position)

    def _plain(self, old: Any, new: Any, position: str) -> None:
        if type(old) is not type(new):
            self.differ(position, "type", shown(old), shown(new))
        elif old != new:
            self.differ(position, "value", shown(old), shown(new))

    def _other_type(self, kind: Kind, old: Any, new: Any, position: str) -> None:
        """`h` is `false` for an unknown stamp in dialect 2009 and a version in 2008, see `stale_h`."""
        if self.across_dialects and kind.treatment == "ordered" and isinstance(old, bool) != isinstance(new, bool):
            self.ignore("dialects: stale_h")
        elif kind.hidden:
            self.differ(position, "type", HIDDEN, HIDDEN)
        else:
            self.differ(position, "type", shown(old), shown(new))

    def _same(self, kind: Kind, old: Any, new: Any, position: str, owner: str = "") -> None:
        if not isinstance(old, (int, str)) or isinstance(old, bool) or old in NO_ID or new in NO_ID:
            self._plain(old, new, position)
        else:
            self._pair(kind, old, new, position, owner)

    def _pair(self, kind: Kind, old: Value, new: Value, position: str, owner: str = "", note: str = "") -> None:
        mapping, space = self._knowledge.mapping, self._scene.space(kind, owner)
        place = f"{self._scene.place} {position}"
        conflict = mapping.pair(space, old, new, place, ordered=kind.treatment == "ordered")
        if conflict:
            values = [HIDDEN if kind.hidden else shown(one) for one in (old, new, conflict.old, conflict.new)]
            earlier = f"{note}; " if note else ""
            told = f"{earlier}{kind.name} {values[2]} {conflict.why} {values[3]} at {conflict.place}"
            self.differ(position, "mapping", values[0], values[1], told)
        elif old != new:
            self.ignore(kind.name)

    def _total(self, kind: Kind, old: int, new: int, position: str) -> None:
        """Judge a total: of other data it may differ, but what it differs by stays the same for one list."""
        if not isinstance(old, int):
            self._plain(old, new, position)
            return
        space = f"{self._scene.space(kind)} {self._scene.act} {self._scene.listing} {pattern_of(position)}"
        conflict = self._knowledge.mapping.pair(space, "offset", new - old, f"{self._scene.place} {position}")
        if conflict:
            note = f"differs by {new - old}, and by {conflict.new} at {conflict.place}"
            self.differ(position, "mapping", shown(old), shown(new), note)
        elif old != new:
            self.differ(position, "total", shown(old), shown(new))

    def _time(self, old: int, new: int, position: str) -> None:
        """Judge a time: what was made during a run has the run's time, and what is newer stays the newer."""
        if not isinstance(old, int) or (old in NO_ID) != (new in NO_ID):
            self._plain(old, new, position)
            return
        before = self._scene.times.get(pattern_of(position))
        self._scene.times[pattern_of(position)] = (old, new)
        if before and (old - before[0]) * (new - before[1]) < 0:
            self.differ(position, "order", shown(old), shown(new), "newer and older change places with the row before")
        elif old != new and self._is_fresh(old, new):
            self.ignore("time")
        elif old != new:
            self.differ(position, "time", shown(old), shown(new))

    def _is_fresh(self, old: int, new: int) -> bool:
        return all(time >= since - MINUTE for time, since in zip((old, new), self._scene.since, strict=True) if since)

    def _address(self, kind: Kind, old: Any, new: Any, position: str) -> None:
        names = _own_names(old, new) if kind.treatment == "picture" and isinstance(old, str) else None
        if names:
            self._own_picture(names, old, new, position)
        elif not isinstance(old, str) or old == new:
            self._plain(old, new, position)
        elif _without_hosts(kind, old) == _without_hosts(kind, new):
            self.ignore("host of picture")
        elif self.across_dialects and kind.treatment == "picture" and old not in NO_ID and new not in NO_ID:
            self._same(replace(kind, name="dialects: own_pictures"), _path(old), _path(new), position)
        else:
            self._plain(old, new, position)

    def _own_picture(self, names: tuple[int, int, str, str], old: str, new: str, position: str) -> None:
        """Judge two of a gateway's own addresses, made of whose picture it is and of where the backend has it."""
        self._same(USER, names[0], names[1], position)
        place = f"{self._scene.place} {position}"
        conflict = self._knowledge.mapping.pair(everywhere(PICTURE_NAME), names[2], names[3], place)
        if conflict:
            note = f"{PICTURE_NAME.name} {conflict.old} {conflict.why} {conflict.new} at {conflict.place}"
            self.differ(position, "mapping", shown(old), shown(new), note)
        elif names[2] != names[3]:
            self.differ(position, "picture", shown(old), shown(new))
        elif old != new and names[0] == names[1]:
            self.ignore("host of picture")

    def _varying(self, kind: Kind, old: Any, new: Any, position: str) -> None:
        if kind.treatment == "flag" and not (old in (0, 1) and new in (0, 1)):
            self._plain(old, new, position)
        elif old != new:
            self.ignore(kind.name)


MINUTE = 60
"""Clocks of a server and of who records it may differ by this many seconds."""


def _excuses(rule: Rule, old: Any, new: Any) -> bool:
    if rule.do == "vary":
        return type(old) is type(new)
    return rule.do == "ignore" or _near(old, new, rule.by)


def _near(old: Any, new: Any, by: float) -> bool:
    return isinstance(old, (int, float)) and isinstance(new, (int, float)) and abs(old - new) <= by


def _is_number(value: Any) -> bool:
    return type(value) is int or (isinstance(value, str) and value.isdecimal() and len(value) < 20)


def _split(value: Any) -> tuple[Value, Value] | None:
    found = re.fullmatch(r"(\d{1,19})_(\d{1,19})", value, re.ASCII) if isinstance(value, str) else None
    return (int(found[1]), int(found[2])) if found else None


def _without_hosts(kind: Kind, text: str) -> str:
    return (_HOST if kind.treatment == "picture" else _HOSTS_OF_TAGS).sub("", text)


def _own_names(old: str, new: str) -> tuple[int, int, str, str] | None:
    """Return whose pictures (0 where it is not told) two own addresses of one size show, and their names."""
    for form in (_OWN, _OWN_THUMBNAIL):
        left, right = form.fullmatch(old), form.fullmatch(new)
        if left and right and left[2] == right[2]:
            return int(left[1] or 0), int(right[1] or 0), left[3], right[3]
    return None


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:  # a broken host
        return address
