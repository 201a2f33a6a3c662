"""The mailbox of one session, as update histories see it."""

from dataclasses import dataclass

from userapi_gw.live.keeper import Live
from userapi_gw.state import Session


@dataclass(frozen=True, slots=True)
class LiveMailbox:
    """Tells when it is polled, and how often it has to be looked at."""

    live: Live
    session: Session

    def polled(self) -> None:
        """Note that a program asks for its news."""
        self.live.polled(self.session)

    def period(self, usual: float) -> float:
        """Return the least time between two looks at it, in seconds, where it would be `usual`."""
        return self.live.period(self.session.viewer, usual)
