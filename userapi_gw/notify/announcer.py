"""What acts tell the outbox. It costs them one look into the gateway's own database, and never fails."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from sqlalchemy.exc import SQLAlchemyError

from userapi_gw.errors import explain
from userapi_gw.state import State
from userapi_gw.state.notifications import ACTIVATION, FRIEND, MESSAGE

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Announcer:
    """Puts notifications into the outbox and calls whoever sends them with `wake`.

    News of a user gather for `window` seconds and come at most every `pause` seconds.
    """

    state: State
    window: float
    pause: float
    wake: Callable[[], None]

    def invite(self, letter: EmailMessage, key: str) -> None:
        """Send an activation letter, once for each key. Raises SQLAlchemyError."""
        self.state.notifications.post(ACTIVATION, letter.as_string(), key)
        self.wake()

    def wrote(self, sender: int, recipient: int) -> None:
        """Somebody sent a message."""
        self._note(MESSAGE, sender, recipient)

    def asked(self, asker: int, recipient: int) -> None:
        """Somebody asked for a friendship."""
        self._note(FRIEND, asker, recipient)

    def _note(self, kind: str, actor: int, recipient: int) -> None:
        """Note it for whoever is logged in here: the tokens of others, and so their settings, are not known."""
        if actor == recipient:
            return
        try:
            if self.state.sessions.is_known(recipient):
                self.state.notifications.note(kind, recipient, window=self.window, pause=self.pause)
        except SQLAlchemyError as error:  # what caused it has happened all the same
            log.warning("a notification is lost: %s", explain(error))
            return
        if not self.window:
            self.wake()
