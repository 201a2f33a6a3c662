"""Which row of a list answers which of the other list, when one is lost, added or moved."""

import json
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from userapi_gw.compare.forms import Either, Fields, Form, Joined, Row, Rows
from userapi_gw.compare.kinds import Kind

MOST_ALIGNED = 500
"""Longer lists, apart from the rows they begin and end with in common, are compared row by row."""

Pair = tuple[int | None, int | None]
"""Places of a row in the old and in the new list; None where it is missing."""


def align(entry: Form, old: Sequence[Any], new: Sequence[Any]) -> list[Pair] | None:
    """Return the pairs of rows of two lists, in order; None when they hold the same rows in another order.

    Rows are known by all that does not vary, with their ids where the sides have ids in common.
    """
    if old == new:
        return [(place, place) for place in range(len(old))]
    left, right = ([_steady(entry, row, ids=True) for row in rows] for rows in (old, new))
    if not {*left} & {*right}:
        left, right = ([_steady(entry, row, ids=False) for row in rows] for rows in (old, new))
    if left != right and Counter(left) == Counter(right):
        return None
    return [*_pairs(left, right)]


def _pairs(old: list[Hashable], new: list[Hashable]) -> Iterator[Pair]:
    start = _common(old, new)
    stop = _common(old[start:][::-1], new[start:][::-1])
    yield from ((place, place) for place in range(start))
    middle = old[start : len(old) - stop], new[start : len(new) - stop]
    if max(map(len, middle)) > MOST_ALIGNED:
        yield from _side_by_side(start, start + len(middle[0]), start, start + len(middle[1]))
    else:
        for _, *places in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
            yield from _side_by_side(*(start + place for place in places))
    yield from zip(range(len(old) - stop, len(old)), range(len(new) - stop, len(new)), strict=True)


def _side_by_side(first_old: int, last_old: int, first_new: int, last_new: int) -> Iterator[Pair]:
    for step in range(max(last_old - first_old, last_new - first_new)):
        old, new = first_old + step, first_new + step
        yield (old if old < last_old else None, new if new < last_new else None)


def _common(old: list[Hashable], new: list[Hashable]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(old), len(new)))


def _steady(form: Form, value: Any, *, ids: bool) -> Hashable:
    """Return what of a value does not vary from run to run; ids stay with `ids`, as texts."""
    match form:
        case Row() if isinstance(value, list):
            return tuple(_steady(form.place(place)[1], item, ids=ids) for place, item in enumerate(value))
        case Rows(entry) if isinstance(value, list):
            return tuple(_steady(entry, item, ids=ids) for item in value)
        case Fields() if isinstance(value, dict):
            return frozenset((key, _steady(form.field(key), item, ids=ids)) for key, item in value.items())
        case Either(choose):
            return _steady(choose(value), value, ids=ids)
    if isinstance(value, (list, dict)):
        return json.dumps(value, sort_keys=True)
    return _steady_leaf(form, value, ids=ids)


def _steady_leaf(form: Form, value: Any, *, ids: bool) -> Hashable:
    if isinstance(form, Joined) or (isinstance(form, Kind) and form.treatment == "same"):
        return str(value) if ids else ""
    if isinstance(form, Kind) and form.treatment not in ("plain", "text"):
        return ""
    return value if isinstance(value, Hashable) else ""
