"""What snapshots of friends are made of, and the comparison of two. No database here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Shown:
    """What a friend shows of one kind: the names of the things, newest first where the backend orders them so.

    `whole` says that these are all; else older ones lie behind.
    """

    names: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was not there at the look before.

    `number` rises with `found_at`. `date` is that of the thing itself (both unix seconds), `thing` JSON that only the
    caller understands.
    """

    number: int
    friend_id: int
    name: str
    found_at: int
    date: int
    thing: Any


@dataclass(frozen=True, slots=True)
class Round:
    """The right to look at the friends of one viewer now. `friends_due` tells whether to list them anew first."""

    list_id: int
    at: float
    friends_due: bool


@dataclass(frozen=True, slots=True)
class Due:
    """The right to look at one friend, and what was shown before: None before the first look."""

    friend_id: int
    revision: int
    before: Shown | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look at one friend came to. `shown` is None when nothing of that kind may be seen any more."""

    due: Due
    shown: Shown | None
    came: Sequence[Found] = ()
    gone: Collection[str] = ()


def came(before: Shown | None, after: Shown) -> list[str]:
    """Return what is new. The first look tells nothing: everything may have been there for years.

    What stands behind the last thing known was there before, and moved up when something above it went. Where nothing
    is known, so much is new that it fills the look.
    """
    if before is None:
        return []
    known = set(before.names)
    end = len(after.names) if before.whole else _behind_last(after.names, known) or len(after.names)
    return [name for name in after.names[:end] if name not in known]


def gone(before: Shown | None, after: Shown) -> set[str]:
    """Return what went. What stands behind the last thing still there may only have been pushed off the look."""
    if before is None:
        return set()
    left = set(after.names)
    end = len(before.names) if after.whole else _behind_last(before.names, left)
    return set(before.names[:end]) - left


def _behind_last(names: Sequence[str], known: set[str]) -> int:
    """Return the place behind the last of `names` that is known, 0 without one."""
    return next((place + 1 for place in reversed(range(len(names))) if names[place] in known), 0)
