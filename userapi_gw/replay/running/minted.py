"""Where answers tell what later requests name: ids of objects, versions of lists, hashes of uploads."""

import json
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from userapi_gw.replay.exchange import Exchange

VERSION = "version of "
"""What the kind of a list's version (`h`, `ts`) begins with."""

KINDS = {
    **dict.fromkeys(("wall", "wa"), "wall"),
    **dict.fromkeys(("message", "inbox", "outbox"), "message"),
    **dict.fromkeys(("activity", "updates_activity", "updates_activities"), "activity"),
    **dict.fromkeys(("photos", "photos_with", "photos_new", "ph", "phw"), "photo"),
    **dict.fromkeys(("updates_photos", "updates_tagged_photos"), "photo"),
    "photos_comments": "comment",
    "updates_friends": "friend",
}
"""Kinds of objects by the name of their list; `friend` has versions alone, its ids are those of users."""

_VALUES = {"hash": "hash", "rhash": "hash", "aid": "album", "mts": f"{VERSION}message"}
_VERBS = re.compile(r"(?:add|del|restore|set|clear)_")
_LIKE = {"wall": 2, "message": 2, "comment": 2, "activity": 5}
"""Where a row tells what the object says; its id is at 0."""

_CALLBACK = re.compile(rb"\s*[\w$.\[\]=]+\((.*)\);?\s*", re.S)

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Minted:
    """One object (or value) of an answer: `series` is the list it stands in, `index` where, `like` what it says.

    `ids` are pairs of a kind and a value.
    """

    series: Place
    index: int
    like: str
    ids: tuple[tuple[str, str], ...]


def kind_of(act: str) -> str:
    """Return the kind of objects an act is about, `""` for none that is given ids."""
    return KINDS.get(_VERBS.sub("", act, count=1), "")


def value_of(exchange: Exchange) -> Any:
    """Return the answer as a value, without the callback of JSONP; None when it is no JSON."""
    found = _CALLBACK.fullmatch(exchange.body)
    try:
        return json.loads(found[1] if found else exchange.body)
    except (ValueError, RecursionError):
        return None


def minted(act: str, value: Any) -> Iterator[Minted]:
    """Yield what an answer gave out."""
    yield from _part(value, kind_of(act), ())


def pairs(old: list[Minted], new: list[Minted]) -> Iterator[tuple[str, str, str]]:
    """Yield `(kind, old value, new value)` for what is the same on both sides.

    Objects of a list are the same when they say the same, those at the same place first. Of what says nothing (photos)
    that at the same place is the same, unless the new list has the old id.
    """
    by_series: dict[Place, _Series] = {}
    for one in new:
        by_series.setdefault(one.series, _Series()).put(one)
    for one in old:
        series = by_series.get(one.series)
        other = series.find(one) if series else None
        if series is not None and other is not None:
            told = [(was, now) for was, now in zip(one.ids, other.ids, strict=False) if one.like or not series.has(was)]
            series.take(other)
            yield from ((kind, was, now) for (kind, was), (_, now) in told)


class _Series:
    """The objects of one list that have not found theirs yet. Lists are long, so nothing is looked through twice."""

    def __init__(self) -> None:
        self._ids: Counter[tuple[str, str]] = Counter()
        self._by_place: dict[tuple[int, str], deque[Minted]] = defaultdict(deque)
        self._by_like: dict[str, deque[Minted]] = defaultdict(deque)
        self._taken: set[int] = set()

    def put(self, one: Minted) -> None:
        """Take an object in."""
        self._ids.update(one.ids)
        self._by_place[one.index, one.like].append(one)
        self._by_like[one.like].append(one)

    def has(self, pair: tuple[str, str]) -> bool:
        """Tell whether one of them has this id."""
        return self._ids[pair] > 0

    def find(self, one: Minted) -> Minted | None:
        """Return the object that is the same as one of the other side."""
        found = self._first(self._by_place[one.index, one.like])
        return found or (self._first(self._by_like[one.like]) if one.like else None)

    def take(self, one: Minted) -> None:
        """Leave an object out."""
        self._taken.add(id(one))
        self._ids.subtract(one.ids)

    def _first(self, waiting: "deque[Minted]") -> Minted | None:
        while waiting and id(waiting[0]) in self._taken:
            waiting.popleft()
        return waiting[0] if waiting else None


def _part(value: Any, kind: str, place: Place) -> Iterator[Minted]:
    if isinstance(value, list):
        yield from _rows(value, kind, place)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _field(key, part, kind, (*place, key))


def _field(key: str, part: Any, kind: str, place: Place) -> Iterator[Minted]:
    if key in _VALUES and isinstance(part, (str, int)):
        yield Minted(place, 0, "", ((_VALUES[key], str(part)),))
    elif key == "h" and kind:
        yield from _history(part, kind, place)
    elif key in ("d", "tags"):
        yield from _part(part, kind, place)
    elif isinstance(part, dict) or key in KINDS:
        yield from _part(part, KINDS.get(key, ""), place)


def _rows(rows: list[Any], kind: str, place: Place) -> Iterator[Minted]:
    for index, row in enumerate(rows):
        if isinstance(row, dict) and "tid" in row:
            yield Minted(place, index, str(row.get("name", "")), (("tag", str(row["tid"])),))
        elif kind and isinstance(row, list) and row and isinstance(row[0], (str, int)):
            yield Minted(place, index, _like(kind, row), _id(kind, row))


def _history(h: Any, kind: str, place: Place) -> Iterator[Minted]:
    if isinstance(h, int) and not isinstance(h, bool):
        yield Minted(place, 0, "", ((VERSION + kind, str(h)),))
    elif isinstance(h, list):
        for index, entry in enumerate(h):
            if isinstance(entry, list) and len(entry) == 3 and isinstance(entry[2], list):
                number, action, row = entry
                ids = _id(kind, row) if row and isinstance(row[0], (str, int)) else ()
                yield Minted(place, index, f"{action} {_like(kind, row)}", ((VERSION + kind, str(number)), *ids))


def _id(kind: str, row: list[Any]) -> tuple[tuple[str, str], ...]:
    """The id of a row; that of a photo is `{owner}_{photo}`, of the others what stands behind the `_`."""
    text = str(row[0])
    return () if kind == "friend" else ((kind, text if kind == "photo" else text.rpartition("_")[2]),)


def _like(kind: str, row: list[Any]) -> str:
    place = _LIKE.get(kind, 0)
    return json.dumps(row[place]) if 0 < place < len(row) else ""
