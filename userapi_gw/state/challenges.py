"""Captchas of the backend that wait for somebody to solve them, so that any process can show them and take the answer.

A challenge waits for its *subjects* (an account, a network address) until one of them asks for a picture. From then on
it goes by the `csid` under which the program asked. What the backend's page has given to a person waits in the same way
for the next call of the account.
"""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, delete, select

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import challenges
from userapi_gw.state.vault import Vault

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the backend asked of a viewer (0: nobody) when `method` was called.

    A `picture` to be read, or a `page` to be opened; `token` is what the page gave. `sid` is how the backend knows it.
    """

    method: str
    sid: str = field(default="", repr=False)
    picture: str = field(default="", repr=False)
    page: str = field(default="", repr=False)
    viewer: int = 0
    token: str = field(default="", repr=False)


class Challenges:
    """Challenges, good for `lifetime` seconds; the latest of a subject counts."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], float], *, lifetime: float) -> None:
        self._database, self._vault, self._clock, self._lifetime = database, vault, clock, lifetime

    @repeatable
    def keep(self, subjects: Iterable[str], challenge: Challenge) -> None:
        """Let a challenge wait for its subjects."""
        with self._database.write() as connection:
            connection.execute(delete(challenges).where(challenges.c.expires_at <= self._clock()))
            for subject in sorted(self._subject(subject) for subject in subjects):
                self._put(connection, subject, challenge)

    def find(self, subject: str) -> Challenge | None:
        """Return what waits for a subject."""
        query = select(challenges.c.facts).where(challenges.c.subject == self._subject(subject))
        with self._database.read() as connection:
            return self._read(connection.scalar(query.where(challenges.c.expires_at > self._clock())))

    @repeatable
    def show(self, challenge: Challenge, csid: str) -> None:
        """A challenge was shown as `csid` and waits for nobody any more."""
        with self._database.write() as connection:
            connection.execute(delete(challenges).where(challenges.c.name == self._name(challenge)))
            self._put(connection, self._csid(csid), challenge)

    @repeatable
    def end(self, challenge: Challenge) -> None:
        """A challenge waits for nobody any more."""
        with self._database.write() as connection:
            connection.execute(delete(challenges).where(challenges.c.name == self._name(challenge)))

    def take(self, csid: str) -> Challenge | None:
        """Return what was shown as `csid`, once."""
        return self._taken(self._csid(csid))

    def take_waiting(self, subject: str) -> Challenge | None:
        """Return what waits for a subject, once."""
        return self._taken(self._subject(subject))

    @repeatable
    def _taken(self, key: str) -> Challenge | None:
        taken = delete(challenges).where(challenges.c.subject == key)
        with self._database.write() as connection:
            row = connection.execute(taken.returning(challenges.c.facts, challenges.c.expires_at)).one_or_none()
        return self._read(row.facts) if row is not None and row.expires_at > self._clock() else None

    def _put(self, connection: Connection, subject: str, challenge: Challenge) -> None:
        new = {
            "name": self._name(challenge),
            "facts": self._vault.encrypt(json.dumps(asdict(challenge))),
            "expires_at": self._clock() + self._lifetime,
        }
        row = self._database.insert(challenges).values(subject=subject, **new)
        connection.execute(row.on_conflict_do_update(index_elements=["subject"], set_=new))

    def _read(self, facts: str | None) -> Challenge | None:
        try:
            return None if facts is None else Challenge(**json.loads(self._vault.decrypt(facts)))
        except InvalidToken:
            _log.warning("a captcha of the backend cannot be read: was the secret key changed?")
            return None

    def _subject(self, subject: str) -> str:
        return self._vault.hash_name("challenge of", subject)

    def _csid(self, csid: str) -> str:
        return self._vault.hash_name("challenge shown as", csid)

    def _name(self, challenge: Challenge) -> str:
        return self._vault.hash_name("challenge", challenge.sid, challenge.page)
