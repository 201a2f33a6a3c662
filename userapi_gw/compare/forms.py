"""How answers are built, as the table of positions writes it down: rows of named places, lists, objects, values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, Union

from userapi_gw.compare.kinds import PLAIN, Kind

Form: TypeAlias = Union["Row", "Rows", "Fields", "Joined", "Either", Kind]


@dataclass(frozen=True, slots=True)
class Row:
    """An array whose places have names. One that ends early leaves out what the document calls optional.

    An object with the keys 0, 1, 2 ... is the same row (wire option `person_rows`).
    """

    places: tuple[tuple[str, Form], ...]

    def place(self, index: int) -> tuple[str, Form]:
        """Return name and form of a place; one behind the last has its number as name, as in `[9]`."""
        return self.places[index] if index < len(self.places) else (f"[{index}]", PLAIN)


@dataclass(frozen=True, slots=True)
class Rows:
    """An array of any length, all of whose entries have one form."""

    entry: Form


@dataclass(frozen=True, slots=True)
class Fields:
    """An object. Keys that are not named have no special form."""

    named: Mapping[str, Form]

    def field(self, key: str) -> Form:
        """Return the form of what stands at a key."""
        return self.named.get(key, PLAIN)


@dataclass(frozen=True, slots=True)
class Joined:
    """Two ids in one text, `{owner id}_{object id}`; the object's id counts within its owner."""

    owner: Kind
    item: Kind


@dataclass(frozen=True, slots=True)
class Either:
    """Any of several forms; `choose` looks at the value."""

    choose: Callable[[Any], Form]
    forms: tuple[Form, ...]


def row(**places: Form) -> Row:
    """Return a row whose places are named by the keywords, in their order."""
    return Row(tuple(places.items()))


def fields(**named: Form) -> Fields:
    """Return an object with these keys."""
    return Fields(named)


def kinds(form: Form) -> frozenset[Kind]:
    """Return every kind of value that a form has somewhere."""
    match form:
        case Kind():
            return frozenset({form})
        case Joined(owner, item):
            return frozenset({owner, item})
        case Rows(entry):
            return kinds(entry)
        case Row(places):
            return frozenset().union(*(kinds(inner) for _, inner in places))
        case Fields(named):
            return frozenset().union(*map(kinds, named.values()))
        case Either(_, forms):
            return frozenset().union(*map(kinds, forms))
