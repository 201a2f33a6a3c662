"""Where users can be reached, as their own logins show it. UserAPI documentation, "Editing user's profile"."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from userapi_gw.backend import deadline
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Counters, OwnSettings
from userapi_gw.errors import Failure, Kind
from userapi_gw.notify.parcel import Person
from userapi_gw.state import Session, State
from userapi_gw.state.notifications import FRIEND, MESSAGE

log = logging.getLogger(__name__)

SECONDS = 15.0
"""How long it may take to ask the backend about one person."""

USELESS = frozenset({Kind.TOKEN_REFUSED, Kind.FORBIDDEN, Kind.UNSUPPORTED})
"""Failures of a login that ended or may not ask; another one of the same user may."""

_PHONE = re.compile(r"\+?[0-9]{10,15}")


@dataclass(frozen=True, slots=True)
class Found:
    """A person, with what they want to be told of and what waits for them."""

    person: Person
    settings: OwnSettings
    counters: Counters

    def wants(self, kind: str) -> bool:
        """Tell whether they switched the notifications of a kind on (`nf`, `nm`)."""
        chosen = {FRIEND: self.settings.notify_friends, MESSAGE: self.settings.notify_messages}
        return chosen[kind] == 1

    def has_seen(self, kind: str) -> bool:
        """Tell whether nothing of a kind waits any more."""
        return {FRIEND: self.counters.friends, MESSAGE: self.counters.messages}[kind] == 0


class Recipients:
    """The users who are logged in here; of others nothing can be learned, for a token is needed to ask.

    `backend` opens the modern shore for a session, `end` ends one whose token it refuses, `link` is the address of a
    site. `away` is how long (seconds) nobody has to have polled for a user who is to be told otherwise.
    """

    def __init__(
        self,
        state: State,
        backend: Callable[[Session], Backend],
        end: Callable[[Session], None],
        link: Callable[[int], str],
        away: float,
    ) -> None:
        self._state, self._backend, self._end, self._link = state, backend, end, link
        self.away = away

    def is_here(self, viewer: int) -> bool:
        """Tell whether a program of a user polls, so that it shows what is new by itself."""
        return self._state.pollers.has(viewer) or self._state.streams.was_polled(viewer, self.away)

    def find(self, viewer: int) -> Found | None:
        """Ask the backend about a user with a token of their own; None when no login may ask. Raises `Failure`."""
        logins = self._state.sessions.reachable(viewer)
        for place, login in enumerate(logins):
            try:
                with deadline.within(SECONDS):
                    backend = self._backend(login.session)
                    settings, counters = backend.own_settings(), backend.counters()
            except Failure as failure:
                if failure.kind not in USELESS:
                    raise
                log.info("a login of user %d cannot be asked: %s", viewer, failure)
                if failure.kind is Kind.TOKEN_REFUSED:
                    self._end(login.session)
                continue
            email = next((login.email for login in logins[place:] if login.email), "")
            phone, site = usable_phone(settings.mobile_phone or ""), login.session.site
            return Found(Person(viewer, site, self._link(site), email, phone), settings, counters)
        return None


def usable_phone(text: str) -> str:
    """Return a mobile number as E.164 has it, without the plus; empty when it is not clear of which country it is.

    Numbers with a plus, and those of Russia as they are written there: eleven digits that begin with 7 or 8.
    """
    digits = re.sub(r"[ ().-]", "", text)
    if not _PHONE.fullmatch(digits):
        return ""
    if digits.startswith("+"):
        return digits[1:] if digits[1] != "0" else ""
    return f"7{digits[1:]}" if len(digits) == 11 and digits[0] in "78" else ""
