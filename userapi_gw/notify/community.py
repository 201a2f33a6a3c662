"""The channel of messages in the name of a community. Document 000, `messages.isMessagesFromGroupAllowed`."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from userapi_gw.backend import deadline
from userapi_gw.backend.groups import Groups
from userapi_gw.errors import Failure, Kind
from userapi_gw.notify.letters import short
from userapi_gw.notify.outcome import LOST, Fate, Outcome, sent
from userapi_gw.notify.parcel import Parcel
from userapi_gw.state.community_mail import CommunityMail

log = logging.getLogger(__name__)

REMEMBERED_SECONDS = 3000.0
"""How long a server is believed to know a `random_id` again. It is an hour; clocks differ."""

TOLD_SECONDS = 3600.0
"""How long it is believed without a call that a user does not let the community write; an event may say otherwise."""

SECONDS = 15.0
"""How long a call may take."""

NOT_NOW = frozenset({Kind.BACKEND_AWAY, Kind.FLOOD, Kind.CAPTCHA, Kind.STATE_AWAY})
NEED_A_PERSON = frozenset({Kind.TOKEN_REFUSED, Kind.PERSON_NEEDED})


@dataclass(frozen=True, slots=True)
class GroupSpeaker:
    """The community `group`, whose key `groups` calls with. `told` is what its events said."""

    groups: Groups
    group: int
    told: CommunityMail

    def allows(self, user_id: int) -> bool:
        """Tell whether a user lets the community write: who does not is asked about once an hour. Raises `Failure`."""
        if self.told.is_allowed(self.group, user_id, within=TOLD_SECONDS) is False:
            return False
        with deadline.within(SECONDS):
            allowed = self.groups.may_message(self.group, user_id)
        self.told.note(self.group, user_id, allowed=allowed)
        return allowed

    def send(self, user_id: int, text: str, random_id: int) -> int:
        """Send a message and return its id. Raises `Failure`."""
        with deadline.within(SECONDS):
            return self.groups.message_from_community(user_id, text, random_id=random_id)


class Speaker(Protocol):
    """Who writes in the name of one community. Raises `Failure`."""

    def allows(self, user_id: int) -> bool:
        """Tell whether a user lets the community write."""

    def send(self, user_id: int, text: str, random_id: int) -> int:
        """Send a message, once for each `random_id`, and return its id."""


class CommunityChannel:
    """Writes to users whose site belongs to a community. `now` gives unix seconds.

    A message that may have been sent is sent again with the same `random_id`, by which the server knows it; after the
    time it remembers that, nobody knows.
    """

    name = "community"
    carries_letters = False

    def __init__(self, speaker: Callable[[int], Speaker | None], now: Callable[[], float]) -> None:
        self._speaker, self._now = speaker, now

    def send(self, parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Outcome]]:
        """Write one message after the other."""
        for parcel in parcels:
            yield parcel, self._send(parcel)

    def _send(self, parcel: Parcel) -> Outcome:
        person = parcel.person
        speaker = self._speaker(person.site) if person else None
        if person is None or speaker is None:
            return Outcome(Fate.NO_WAY, "no community with a key")
        if self._is_too_late(parcel):
            return Outcome(Fate.UNCERTAIN, "tried an hour ago")
        is_under_way = False
        try:
            if not speaker.allows(person.viewer):
                return Outcome(Fate.NO_WAY, "not allowed")
            if not parcel.begin(self.name, repeatable=True):
                return LOST
            is_under_way = True
            return sent(str(speaker.send(person.viewer, short(parcel), random_id(parcel))))
        except Failure as failure:
            return _outcome(failure, is_under_way)

    def _is_too_late(self, parcel: Parcel) -> bool:
        row = parcel.job.row
        return bool(row["channel"] == self.name and row["tried_at"] < self._now() - REMEMBERED_SECONDS)


def random_id(parcel: Parcel) -> int:
    """Return the number by which a server knows a message again: 31 bits, the same one whoever sends it, never 0."""
    name = f"notification {parcel.job.id} {parcel.job.row['added_at']}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) % (2**31 - 1) + 1


def _outcome(failure: Failure, is_under_way: bool) -> Outcome:
    reason = failure.kind.value
    if is_under_way and failure.uncertain:
        return Outcome(Fate.LATER, reason)
    if failure.kind in NOT_NOW:
        return Outcome(Fate.NEXT_OR_LATER, reason)
    return Outcome(Fate.NEXT, reason, alarm=failure.kind in NEED_A_PERSON)
