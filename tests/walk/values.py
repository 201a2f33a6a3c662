"""What is sent in place of a right value, and how a table says what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

SENT: dict[str, str] = {
    "empty": "",
    "word": "abc",
    "zero": "0",
    "negative": "-7",
    "overflow": "9223372036854775808",
    "huge": "9" * 5000,
    "long": "x" * 100_000,
    "nul": "%00",
    "broken": "%ff%fe",
}
"""Wrong values by name, as they stand in an address: no number, 64 bits and one more, NUL, bytes that are no UTF-8."""

SHOWN = {name: value for name, value in SENT.items() if name not in ("empty", "nul")} | {"broken": "\ufffd\ufffd"}
"""What acts see of them; of the others they see nothing."""

NUMBERS = ("overflow", "huge")
REFUSED: dict[str, int] = {"ok": 0}
NO_SESSION: dict[str, int] = {"ok": -1}


@dataclass(frozen=True)
class Like:
    """The answer that comes for another value of the same parameter; None: when it is not sent at all."""

    value: str | None


MISSING = Like(None)
RIGHT = "the answer to the right value"

Expected = Any
"""`RIGHT`, `Like`, or the whole answer."""


@dataclass(frozen=True)
class Row:
    """One parameter of an act: the right value, what comes for each of `SENT`, and when it is not sent (`missing`).

    `{name}` in the right value stands for something of this run: `Stage.given`. `read` is False for a parameter that
    the documentation names and the act has no use for.
    """

    right: str
    answers: Mapping[str, Expected]
    missing: Expected
    read: bool = True


@dataclass(frozen=True)
class Walk:
    """An act with all its parameters. `answer` is the whole answer to the request that has all right values.

    That request `changes` nothing, or what the gateway itself remembers, or (also) the world the backend keeps.
    """

    section: str
    name: str
    answer: Any
    rows: Mapping[str, Row]
    path: str = "/data"
    changes: Literal["nothing", "state", "world"] = "nothing"

    @property
    def act(self) -> str:
        """The value of `act`, or of `login`; empty for several lists."""
        named = self.rows.get("act") or self.rows.get("login")
        return named.right if named else ""


def values(default: Expected, **others: Expected) -> dict[str, Expected]:
    """The same expectation for every wrong value but `others`."""
    return dict.fromkeys(SENT, default) | others


def idle(right: str, *, read: bool = True) -> Row:
    """A parameter without effect on this request; with `read=False` on none."""
    return Row(right, values(RIGHT), RIGHT, read=read)


def as_it_is(row: Row) -> Row:
    """A parameter that another walk of the same act tries."""
    return replace(row, answers={}, missing=MISSING)


def needed(right: str, refused: Expected = REFUSED, **others: Expected) -> Row:
    """A parameter nothing is done without; every wrong value but `others` is refused, and so is an empty one."""
    return Row(right, values(refused, **others), others.get("empty", refused))


def optional(right: str, wrong: Expected, missing: Expected, **others: Expected) -> Row:
    """A parameter that may be left out, which an empty one is."""
    return Row(right, values(wrong, empty=MISSING, nul=MISSING) | others, missing)


def user(right: str, nobody: Expected, missing: Expected = Like("1")) -> Row:
    """A user id. What is none means the viewer; `nobody` is the answer about a user who does not exist."""
    return Row(right, values(MISSING, **dict.fromkeys(NUMBERS, nobody)), missing)


def owner(right: str, nobody: Expected, missing: Expected = Like("1")) -> Row:
    """A user id, or minus that of a community; of either kind there may be `nobody`."""
    row = user(right, nobody, missing)
    return replace(row, answers={**row.answers, "negative": nobody})


def people_only(right: str, nobody: Expected) -> Row:
    """A user id for several lists at once: a community has some of them, which their own walks try."""
    row = user(right, nobody)
    return replace(row, answers={name: value for name, value in row.answers.items() if name != "negative"})


def window(none: Expected, default: int = 5000, most: int = 5000) -> dict[str, Row]:
    """`from=1&to=2`. `none` is the answer without rows, `default` and `most` are the rows without `to` and at most."""
    return {
        "from": Row("1", values(MISSING, **dict.fromkeys(NUMBERS, none)), Like("0")),
        "to": Row(
            "2",
            values(MISSING, zero=none, negative=none, **dict.fromkeys(NUMBERS, Like(str(1 + most)))),
            Like(str(1 + default)),
        ),
    }


def text(right: str, said: Callable[[str], Expected], *too_long: str, refused: Expected = REFUSED) -> Row:
    """A text that is kept: `said` tells the answer to what is shown of it, `too_long` what is refused beside blanks."""
    shown = {name: said(value) for name, value in SHOWN.items() if name not in too_long}
    return needed(right, refused, **shown)
