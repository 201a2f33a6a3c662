"""What streams are made of, and the arithmetic of their numbers.

A number on the wire (`ts`, and the first place of a history entry) is `epoch * 1_000_000 + counter`. An untouched
stream stands at counter 2; each change takes the next odd number for its entry and leaves the stream at the even one
after it: UserAPI documentation, "Periodically obtaining updates history for an object".
"""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Action = Literal["add", "del", "undel", "read"]

EPOCH_SIZE = 1_000_000
FIRST_COUNTER = 2
_START = 1_199_145_600  # 2008-01-01 00:00 UTC
_WEEK = 7 * 24 * 3600


class StreamKey(NamedTuple):
    """Names a stream: what `viewer` sees of the list `kind` (at most 32 characters) of `owner`."""

    viewer: int
    kind: str
    owner: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history, at an odd `number`. `payload` is JSON that only the caller understands."""

    number: int
    action: Action
    object_id: int
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to an object. For "add" and "undel", `read` says whether it is read already."""

    action: Action
    object_id: int
    payload: dict[str, Any]
    read: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """One row of the backend's list, as the viewer sees it. Object ids are positive and rise with time."""

    object_id: int
    payload: dict[str, Any]
    read: bool = True


@dataclass(frozen=True, slots=True)
class Since:
    """Where a stream stands (`version`, even) and what happened after the stamp that was asked about.

    `known` is False when the stamp says nothing: of another epoch, from the future, too old. `entries` is empty then,
    and the program has to load the list anew. `looked_at` (unix seconds) is when the backend was last asked, 0 never.
    """

    version: int
    entries: list[Entry]
    known: bool
    looked_at: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to refresh a stream once.

    `revision` tells what was known of it when the backend was asked, `newest` the highest object id a page has shown.
    `taken_at` is when the claim was made, `looked_at` the same of the last page that was taken in (unix seconds, 0
    before the first).
    """

    key: StreamKey
    revision: int
    newest: int | None
    taken_at: float
    looked_at: float


def epoch_at(now: float) -> int:
    """Return the epoch of a stream that begins at `now` (unix seconds): weeks since 2008, below 2**31 until 2049."""
    return max(1, int((now - _START) // _WEEK))


def number(epoch: int, counter: int) -> int:
    """Return the number on the wire."""
    return epoch * EPOCH_SIZE + counter


def is_within(ts: int, version: int) -> bool:
    """Tell whether a stream that stands at `version` has been at `ts`, which may be odd: the last entry seen."""
    return version // EPOCH_SIZE * EPOCH_SIZE + FIRST_COUNTER <= ts <= version


def count_after(ts: int, version: int) -> int:
    """Return how many entries lie after `ts`. A stream has no holes, so fewer than that means some are dropped."""
    return (version - ts) // 2
