"""What a comparison finds: differences, named by position, and what was left out by which rule."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

What = Literal[
    "value", "type", "missing", "extra", "order", "mapping", "total", "time", "picture",
    "status", "redirect", "cookie", "content type", "callback", "body",
]  # fmt: skip
"""The kinds of difference."""

HIDDEN = "***"
"""Stands in reports for what opens an account, or lets files be uploaded."""

_SECRET = re.compile(r"('r?hash': )('[^']*'|\"[^\"]*\")")
_INDEX = re.compile(r"\[\d+\]")
LONGEST = 300
"""Values are shown up to so many characters."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two answers differ: `left` and `right` are the values as text, `note` is what else to say."""

    position: str
    what: What
    left: str = ""
    right: str = ""
    note: str = ""

    @property
    def pattern(self) -> str:
        """The position without the numbers of rows, as in `d[*].sender.name`."""
        return pattern_of(self.position)

    def told(self) -> str:
        """The difference in one line."""
        sides = f": {self.left} | {self.right}" if self.left or self.right else ""
        note = f" ({self.note})" if self.note else ""
        return f"{self.position or 'answer'}: {self.what}{sides}{note}"


@dataclass
class Findings:
    """Differences of one exchange, and how many were left out by each rule."""

    differences: list[Difference] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)


def pattern_of(position: str) -> str:
    """Return a position with `[*]` for the number of each row."""
    return _INDEX.sub("[*]", position)


def shown(value: Any) -> str:
    """Return a value as text that fits a line."""
    try:
        text = repr(value)
    except RecursionError:
        text = "(nested too deeply to show)"
    text = _SECRET.sub(rf"\g<1>'{HIDDEN}'", text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"
