"""Request parameters as old programs send them: read leniently, as the PHP of their day did."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from userapi_gw.backend.model import Window

HIGHEST = 10**15
"""Numbers above this are not ids of anything (and soon more than JavaScript can hold); they are cut to it."""

_NUMBER = re.compile(r"\s*([+-]?\d{1,20})", re.ASCII)
_RANGE = re.compile(r"\s*(\d{1,20})\s*-\s*(\d{1,20})\s*$", re.ASCII)


def number(text: str | None, default: int = 0) -> int:
    """Return the number `text` begins with, as PHP's intval does: 12 for `"12abc"`, the default for `"abc"`.

    pyvk-t sends `id=0` with a zero-width space behind it.
    """
    found = _NUMBER.match(text or "")
    return max(-HIGHEST, min(HIGHEST, int(found[1]))) if found else default


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one request by name; the last of repeated ones counts, an empty one counts as missing."""

    values: Mapping[str, str]

    def text(self, name: str) -> str:
        """Return a parameter as text, `""` when missing."""
        return self.values.get(name, "")

    def number(self, name: str, default: int = 0) -> int:
        """Return a parameter as a number, `default` when missing or not beginning with one."""
        return number(self.values.get(name), default)

    def has(self, name: str) -> bool:
        """Tell whether a parameter was sent and is not empty."""
        return bool(self.values.get(name))

    def window(self, default: int, most: int) -> Window:
        """Return `from` (first entry, zero-based) and `to` (last plus one); without `to`, `default` entries."""
        start = max(0, self.number("from"))
        stop = self.number("to", start + default) if self.has("to") else start + default
        return Window(start, min(max(start, stop), start + most))

    def range(self, name: str, most: int) -> Window:
        """Return the window of `name={from}-{to}` or `name={count}`; anything else asks for the total alone."""
        found = _RANGE.match(self.text(name))
        start, stop = (number(found[1]), number(found[2])) if found else (0, self.number(name))
        return Window(start, min(max(start, stop), start + most))

    def object_id(self, name: str) -> tuple[int, int]:
        """Return the two numbers of `{owner id}_{object id}`; a bare number is the object, its owner 0."""
        owner, separator, item = self.text(name).rpartition("_")
        return (number(owner), number(item)) if separator else (0, number(item))
