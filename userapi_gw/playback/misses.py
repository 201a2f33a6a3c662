"""Explains why a request is not answered from the capture."""

from collections.abc import Mapping
from dataclasses import dataclass

from userapi_gw.playback.tape import Nearest
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.log_names import act_name, plain_name
from userapi_gw.replay.request_key import telling

HIDDEN = frozenset({"email", "cid", "hash", "rhash", "ccode", "fccode"})
"""Parameters whose values open something, or name somebody."""

MOST_NAMED = 10
LONGEST = 40
"""So many parameters are named, and so many characters of a value shown."""


@dataclass(frozen=True)
class Miss:
    """A request that was not recorded: its act, the nearest recorded one, and the parameters of both that differ."""

    act: str
    nearest: int | None
    asked: Mapping[str, str]
    recorded: Mapping[str, str]

    def told(self) -> str:
        """Say it without a value, for the log: old programs put sids and texts into any place."""
        return self._told([plain_name(name) for name in self._differing])

    def told_with_values(self) -> str:
        """Say it with values, in ASCII, for the one who asked."""
        return self._told([self._difference(name) for name in self._differing])

    def _told(self, differences: list[str]) -> str:
        if self.nearest is None:
            return f"{self.act}: no such act was recorded"
        more = len(differences) - MOST_NAMED
        listed = ", ".join(differences[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        return f"{self.act}: not recorded; the nearest is exchange {self.nearest}, which differs in {listed}"

    @property
    def _differing(self) -> list[str]:
        names = [*self.recorded, *(name for name in self.asked if name not in self.recorded)]
        return [name for name in names if self.recorded.get(name) != self.asked.get(name)]

    def _difference(self, name: str) -> str:
        sides = (_shown(name, side.get(name)) for side in (self.recorded, self.asked))
        return "{} ({}; asked: {})".format(plain_name(name), *sides)


def miss(exchange: Exchange, nearest: Nearest | None) -> Miss:
    """Explain a miss."""
    if nearest is None:
        return Miss(act_name(exchange), None, {}, {})
    return Miss(act_name(exchange), nearest.number, telling(exchange), nearest.sent)


def _shown(name: str, value: str | None) -> str:
    if value is None:
        return "none"
    return "***" if name in HIDDEN else ascii(value[:LONGEST])
