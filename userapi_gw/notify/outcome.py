"""What became of a notification on one channel."""

from dataclasses import dataclass
from enum import Enum


class Fate(Enum):
    """Where a notification goes from here."""

    SENT = "sent"
    NO_WAY = "no way"  # this channel does not lead to that person: the next one
    NEXT = "next"  # this channel cannot: the next one
    NEXT_OR_LATER = "next or later"  # this channel cannot now: the next one, and if there is none this one later
    LATER = "later"  # this channel again
    UNCERTAIN = "uncertain"  # it may have been sent: nobody sends it again unasked
    LOST = "lost"  # somebody else took the row


@dataclass(frozen=True, slots=True)
class Outcome:
    """A fate with its reason, which names no person and no secret.

    `outside_id` is what the other side calls a message that was sent. With `alarm` the operator has to do something.
    `after` is for a LATER that is only a matter of waiting its turn, in seconds; otherwise the try counts.
    """

    fate: Fate
    reason: str = ""
    outside_id: str | None = None
    alarm: bool = False
    after: float | None = None


LOST = Outcome(Fate.LOST)


def sent(outside_id: str | None = None) -> Outcome:
    """Return that it was sent."""
    return Outcome(Fate.SENT, outside_id=outside_id)
