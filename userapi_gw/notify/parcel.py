"""A notification on its way, and what a channel is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from userapi_gw.notify.outcome import Outcome
from userapi_gw.state.jobs import Job


@dataclass(frozen=True, slots=True)
class Person:
    """Where a user can be reached: what is not known is empty. `phone` has digits alone, `link` leads to their site."""

    viewer: int
    site: int
    link: str
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(slots=True)
class Parcel:
    """A job with what was found out for it. `letter` is an e-mail that is ready; without one it is for `person`.

    `announce` tells the database what may happen twice if this process dies now (`repeatable` False: it must not), and
    returns False when somebody else has the job. `passed` are the channels that are not tried again, `faults` what went
    wrong this time, `obstacles` why other channels do not lead there.
    """

    job: Job
    letter: str = field(repr=False)
    person: Person | None
    announce: Callable[["Parcel", str, bool], bool]
    passed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    is_open: bool = True
    is_deferred: bool = False

    @property
    def kind(self) -> str:
        """What it tells."""
        return str(self.job.row["kind"])

    def begin(self, channel: str, *, repeatable: bool) -> bool:
        """Announce the try of a channel, just before it; False: leave it alone."""
        return self.announce(self, channel, repeatable)


class Channel(Protocol):
    """A way to tell people something. Whatever goes wrong outside is an `Outcome`, never an exception."""

    name: str
    carries_letters: bool
    """Whether it sends e-mails that are ready, too, and not only news of users."""

    def send(self, parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Outcome]]:
        """Try to send, and tell of each parcel what became of it as soon as that is known."""
