"""Walks two answers side by side, naming each position by what it means."""

from collections.abc import Sequence
from typing import Any

from userapi_gw.compare.alignment import align
from userapi_gw.compare.difference import shown
from userapi_gw.compare.forms import Either, Fields, Form, Joined, Row, Rows
from userapi_gw.compare.judge import Judge
from userapi_gw.compare.kinds import PLAIN, Kind

BY_DIALECT = {
    "h": "multi_has_h",
    "online": "requests_have_online",
    "nph": "counters_always",
    "n": "school_num_has_n",
}
"""What dialects leave out, by its name, with the wire option."""

MISSING = object()
"""Stands for a value that is not there."""


class Walk:
    """One pair of answers."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def compare(self, form: Form, old: Any, new: Any, position: str = "") -> None:
        """Compare two values that should have one form."""
        if not isinstance(old, (list, dict)) and not isinstance(new, (list, dict)):
            self._leaf(_chosen(form, old), old, new, position)
            return
        old, new = self._as_rows(form, old, new, position)
        form = _chosen(form, old)
        match form, old, new:
            case Rows(entry), list(), list():
                self._rows(entry, old, new, position)
            case Row(), list(), list():
                self._row(form, old, new, position)
            case _, dict(), dict():
                self._fields(form, old, new, position)
            case _, list(), list():
                self._rows(PLAIN, old, new, position)
            case _:
                self._judge.differ(position, "type", shown(old), shown(new))

    def _leaf(self, form: Form, old: Any, new: Any, position: str) -> None:
        if isinstance(form, Joined):
            self._judge.joined(form, old, new, position)
        else:
            self._judge.leaf(form if isinstance(form, Kind) else PLAIN, old, new, position)

    def _as_rows(self, form: Form, old: Any, new: Any, position: str) -> tuple[Any, Any]:
        """Return rows as arrays. Some programs get them as objects with the keys 0 1 2 5 4 3 (`person_rows`)."""
        if not isinstance(form, Row):
            return old, new
        arrays = [_array(value) for value in (old, new)]
        if type(old) is not type(new) and None not in arrays:
            self._judge.style("person rows", type(old).__name__, type(new).__name__, position)
        return tuple(value if array is None else array for value, array in zip((old, new), arrays, strict=True))  # type: ignore[return-value]

    def _row(self, form: Row, old: Sequence[Any], new: Sequence[Any], position: str) -> None:
        for index in range(max(len(old), len(new))):
            name, inner = form.place(index)
            self._part(inner, _at(old, index), _at(new, index), _join(position, name), name)

    def _fields(self, form: Form, old: dict[str, Any], new: dict[str, Any], position: str) -> None:
        for key in [*old, *(key for key in new if key not in old)]:
            inner = form.field(key) if isinstance(form, Fields) else PLAIN
            self._part(inner, old.get(key, MISSING), new.get(key, MISSING), _join(position, key), key)
        if [*old] != [*new] and {*old} == {*new}:
            self._judge.style("order of keys", " ".join(old), " ".join(new), position)

    def _part(self, form: Form, old: Any, new: Any, position: str, name: str) -> None:
        if old is not MISSING and new is not MISSING:
            self.compare(form, old, new, position)
        elif self._judge.across_dialects and name in BY_DIALECT:
            self._judge.ignore(f"dialects: {BY_DIALECT[name]}")
        elif new is MISSING:
            self._judge.differ(position, "missing", left=shown(old))
        else:
            self._judge.differ(position, "extra", right=shown(new))

    def _rows(self, entry: Form, old: Sequence[Any], new: Sequence[Any], position: str) -> None:
        pairs = align(entry, old, new)
        if pairs is None:
            self._judge.differ(position, "order", note="the same rows in another order")
        for left, right in pairs or ():
            if right is None and left is not None:
                self._judge.differ(f"{position}[{left}]", "missing", left=shown(old[left]))
            elif left is None and right is not None:
                self._judge.differ(f"{position}[{right}]", "extra", right=shown(new[right]))
            elif left is not None and right is not None:
                self.compare(entry, old[left], new[right], f"{position}[{left}]")


def _chosen(form: Form, value: Any) -> Form:
    return form.choose(value) if isinstance(form, Either) else form


def _array(value: Any) -> list[Any] | None:
    """Return a row, also one that came as an object with numbers as keys; None for anything else."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and {*value} == {str(place) for place in range(len(value))}:
        return [value[str(place)] for place in range(len(value))]
    return None


def _at(row: Sequence[Any], index: int) -> Any:
    return row[index] if index < len(row) else MISSING


def _join(position: str, name: str) -> str:
    return name if not position else f"{position}{name}" if name.startswith("[") else f"{position}.{name}"
