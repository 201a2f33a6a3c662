"""Which OpenVK is played: its generation and its limits."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` times in `seconds`."""

    count: int
    seconds: int

    @classmethod
    def read(cls, text: str) -> "Limit | None":
        """Read `count/seconds`, or `off` for no limit; raises `ValueError` for anything else."""
        if text == "off":
            return None
        count, _, seconds = text.partition("/")
        if not (count.isdecimal() and seconds.isdecimal() and int(count) and int(seconds)):
            raise ValueError("a limit is count/seconds or off")
        return cls(int(count), int(seconds))


@dataclass(frozen=True, slots=True)
class Emulation:
    """How the emulated instance is set up.

    `writes` is for an address (error 29), `friend_requests` for an account (error 9); a fresh instance allows 5 writes
    in 20 seconds. `old_friend_status`: 1 is asked by the other, 2 asked by the viewer, as until 2023. `fields_lacking`
    are fields of `users.get` an older generation does not know, `methods_lacking` its missing methods.
    """

    writes: Limit | None = None
    friend_requests: Limit | None = None
    old_friend_status: bool = False
    fields_lacking: frozenset[str] = frozenset()
    methods_lacking: frozenset[str] = frozenset()


VARIANTS: Final = {
    "openvk": Emulation(),
    # Assumed from the documentation of November 2023, which lists fields and methods; no such instance was recorded.
    "openvk-2023": Emulation(
        old_friend_status=True,
        fields_lacking=frozenset({"bdate", "blacklisted", "counters", "domain", "home_town", "nickname"}),
        methods_lacking=frozenset({"account.ban", "account.unban", "messages.setactivity", "wall.pin", "wall.unpin"}),
    ),
}
"""The emulations by the names the command line knows."""
