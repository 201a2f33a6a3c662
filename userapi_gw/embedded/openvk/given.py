"""The parameters of a call, read as PHP does: a number is what a text begins with, else 0."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from userapi_gw.embedded.openvk.errors import missing
from userapi_gw.embedded.params import MAX_ID

_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,19})")


def php_int(text: str) -> int:
    """Return the number at the start of a text, 0 without one; beyond what a database holds it is cut down."""
    found = _NUMBER.match(text)
    return max(-MAX_ID, min(MAX_ID, int(found[1]))) if found else 0


@dataclass(frozen=True, slots=True)
class Given:
    """What was passed. Required means present, an empty text is a value."""

    values: Mapping[str, str] = field(repr=False)  # the access token is among them

    def has(self, name: str) -> bool:
        """Tell whether `name` was passed, be it empty."""
        return name in self.values

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text; error 100 when it is missing and there is no default."""
        value = self.values.get(name, default)
        if value is None:
            raise missing(name)
        return value

    def number(self, name: str, default: int | None = None) -> int:
        """Return a number; error 100 when it is missing and there is no default."""
        return php_int(self.text(name, None if default is None else str(default)))

    def words(self, name: str) -> list[str]:
        """Return the parts of a comma separated list, without blanks and empty ones."""
        return [word.strip() for word in self.text(name, "").split(",") if word.strip()]
