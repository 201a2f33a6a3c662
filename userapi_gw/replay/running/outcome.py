"""What became of a capture's requests."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from userapi_gw.replay.exchange import AUTH, Exchange
from userapi_gw.replay.running.accounts import failed, refused

MOST_NAMED = 5
"""Exchanges that are named for each kind of trouble; the others are counted."""


class Trouble(StrEnum):
    """Why a request was not replayed as it was recorded."""

    NO_ANSWER = "no answer came"
    LOGIN = "the login failed, which did not fail then"
    SESSION = "no session: nobody said whose sid it is (--as, --map-sid), or it ended"
    LIMIT = "held back by a limit of the server's"
    STATUS = "no answer of UserAPI, by its HTTP status"
    UNSURE = "under way when the replay was stopped; it writes, so it was not sent again"


@dataclass
class Outcome:
    """Counts of one replay. What is left out is no trouble."""

    sent: int = 0
    before: int = 0
    foreign: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    troubles: dict[Trouble, list[int]] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """How many exchanges of the capture have been looked at."""
        left_out = self.foreign + self.left_out.total()
        return self.sent + self.before + left_out + sum(len(self.troubles.get(kind, ())) for kind in _NOT_SENT)

    @property
    def has_any(self) -> bool:
        """Tell whether there was any request of UserAPI."""
        return self.seen > self.foreign

    def add(self, trouble: Trouble, number: int) -> None:
        """Note trouble with an exchange."""
        self.troubles.setdefault(trouble, []).append(number)

    def judge(self, old: Exchange, new: Exchange) -> None:
        """Note what an answer shows, beside the one of then (which may be none)."""
        self.sent += 1
        trouble = _trouble(old, new)
        if trouble:
            self.add(trouble, old.number)

    def lines(self) -> list[str]:
        """Return the counts as text."""
        lines = [f"Requests sent: {self.sent}" + (f", before this run: {self.before}." if self.before else ".")]
        if self.left_out:
            acts = ", ".join(f"{act} {count}" for act, count in sorted(self.left_out.items()))
            lines.append(f"Left out because they write (--allow-writes): {self.left_out.total()} ({acts}).")
        if self.foreign:
            lines.append(f"Left out because they are no requests of UserAPI: {self.foreign}.")
        for trouble, numbers in self.troubles.items():
            named = ", ".join(map(str, numbers[:MOST_NAMED])) + (", ..." if len(numbers) > MOST_NAMED else "")
            lines.append(f"Not replayed as recorded: {len(numbers)} - {trouble} (exchange {named}).")
        return lines


_NOT_SENT = (Trouble.NO_ANSWER, Trouble.UNSURE)


def _trouble(old: Exchange, new: Exchange) -> Trouble | None:
    if old.path == AUTH:
        did_well = old.parameters.get("login") != "logout" and not failed(old)
        return Trouble.LOGIN if did_well and failed(new) else None
    if new.status not in (old.status, 200, 302):
        return Trouble.STATUS
    if refused(new) and (old.status is None or not refused(old)):
        return Trouble.SESSION
    return Trouble.LIMIT if _held_back(new) and (old.status is None or not _held_back(old)) else None


def _held_back(exchange: Exchange) -> bool:
    return exchange.body.replace(b" ", b"").endswith((b'{"ok":-2}', b'{"ok":-2});'))
