"""Reads the parameters of a call: every reader gives a checked value or raises VK error 100."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from userapi_gw.embedded.errors import VkError, bad_parameter

MAX_ID = 10**15
"""Higher numbers are refused: they are nobody's id, and a database integer ends at 2**63."""

_INTEGER = re.compile(r"-?[0-9]{1,19}")  # ASCII digits only: int() alone would also take "1_000" and "１"
_DECIMAL = re.compile(r"[0-9]{1,3}(\.[0-9]{1,30})?")
_PAIR = re.compile(r"(-?[0-9]{1,15})_([0-9]{1,15})(?:_\w{1,40})?")  # the third part is VK's access key


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one call. An empty value counts as missing, as it does for VK."""

    values: Mapping[str, str] = field(repr=False)  # the access token is among them

    def has(self, name: str) -> bool:
        """Tell whether `name` was passed with a value."""
        return bool(self.values.get(name))

    def integer(self, name: str, default: int | None = None, *, minimum: int = 0, maximum: int = MAX_ID) -> int:
        """Return a whole number between `minimum` and `maximum`; without a default the parameter is required."""
        value = self.values.get(name, "")
        if not value:
            return _required(name) if default is None else default
        if not _INTEGER.fullmatch(value):
            raise bad_parameter(f"{name} not integer")
        number = int(value)
        if number < minimum:
            raise bad_parameter(f"{name} should be greater or equal to {minimum}")
        if number > maximum:
            raise bad_parameter(f"{name} should be less or equal to {maximum}")
        return number

    def percent(self, name: str) -> float:
        """Return a required decimal number from 0 to 100."""
        value = self.values.get(name, "") or _required(name)
        if not _DECIMAL.fullmatch(value) or float(value) > 100:
            raise bad_parameter(f"{name} should be a number from 0 to 100")
        return float(value)

    def user(self, name: str, default: int | None = None) -> int:
        """Return the id of a person: a positive number."""
        return self.integer(name, default, minimum=1)

    def owner(self, name: str, default: int | None = None) -> int:
        """Return the id of a person, or minus that of a community."""
        return self.integer(name, default, minimum=-MAX_ID) or self.user(name, default)

    def flag(self, name: str) -> bool:
        """Return a switch, 0 (also when missing) or 1."""
        return bool(self.integer(name, 0, maximum=1))

    def offset(self) -> int:
        """Return how many entries of a list to leave out at its start."""
        return self.integer("offset", 0)

    def count(self, default: int, maximum: int) -> int:
        """Return how many entries to answer; more than the maximum means the maximum, as for VK."""
        return min(self.integer("count", default), maximum)

    def text(self, name: str, default: str | None = None, *, maximum: int | None = None) -> str:
        """Return a text, of at most `maximum` characters if given; without a default it is required."""
        value = self.values.get(name, "")
        if not value:
            return _required(name) if default is None else default
        if "\0" in value:
            raise bad_parameter(f"{name} contains a zero character")
        if maximum is not None and len(value) > maximum:
            raise bad_parameter(f"{name} is too long: at most {maximum} characters")
        return value

    def words(self, name: str) -> list[str]:
        """Return a comma separated list, without blanks and empty parts; empty when missing."""
        return [part.strip() for part in self.values.get(name, "").split(",") if part.strip()]

    def ids(self, name: str, maximum: int) -> list[int]:
        """Return a required comma separated list of ids, each once, in the order given."""
        words = self._limited(name, maximum)
        if not all(_INTEGER.fullmatch(word) and 0 < int(word) <= MAX_ID for word in words):
            raise bad_parameter(f"{name} should be a list of positive integers")
        return list(dict.fromkeys(int(word) for word in words))

    def pairs(self, name: str, maximum: int) -> list[tuple[int, int]]:
        """Return a required comma separated list of `{owner id}_{object id}`, each once, in the order given."""
        matches = [_PAIR.fullmatch(word) for word in self._limited(name, maximum)]
        found = [(int(match[1]), int(match[2])) for match in matches if match]
        if len(found) < len(matches):
            raise bad_parameter(f"{name} should be a list of owner_object ids")
        return list(dict.fromkeys(found))

    def choice(self, name: str, options: tuple[str, ...]) -> str:
        """Return one of `options`; the first when the parameter is missing."""
        value = self.values.get(name) or options[0]
        if value not in options:
            raise bad_parameter(f"{name} should be one of {', '.join(options)}")
        return value

    def _limited(self, name: str, maximum: int) -> list[str]:
        words = self.words(name) or _required(name)
        if len(words) > maximum:
            raise bad_parameter(f"{name} should contain at most {maximum} elements")
        return words


def check_version(version: str) -> None:
    """Raise VK error 8 unless `version` looks like `5.131`. Every version gets the same answers."""
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", version):
        raise VkError(8, "v (version) is invalid")


def _required(name: str) -> NoReturn:
    raise bad_parameter(f"{name} is undefined")
