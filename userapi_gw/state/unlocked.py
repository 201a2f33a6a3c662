"""Accounts that log in without asking the backend for a token: it has asked for more than old programs can tell.

A person took a second factor, or brought a token of their own, on a page; the pair of e-mail address and password they
gave there stands for the token from then on.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from cryptography.fernet import InvalidToken
from sqlalchemy import delete, insert, or_, select

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import unlocked
from userapi_gw.state.vault import Vault

_log = logging.getLogger(__name__)
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id with the lowest cost OWASP recommends (19 MiB, two passes): some 30 ms for a login."""


@dataclass(frozen=True, slots=True)
class Unlocked:
    """Whose account it is, and the backend's token."""

    viewer: int
    token: str = field(repr=False)


class UnlockedAccounts:
    """Tokens by e-mail address and password, for `lifetime` seconds. A person has one pair, an address one person."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], float], *, lifetime: float) -> None:
        self._database, self._vault, self._clock, self._lifetime = database, vault, clock, lifetime

    @repeatable
    def keep(self, account: str, password: str, found: Unlocked, *, is_theirs: bool) -> bool:
        """Let a pair stand for a token, instead of the pair the person had before.

        False, and nothing is kept, when the address (`account`, in any case) stands for somebody else. Unless it
        `is_theirs`, as the backend says: then that other pair ends.
        """
        account, now = self._account(account), self._clock()
        row = {
            "viewer": found.viewer,
            "account": account,
            "password": _HASHER.hash(_bytes(password)),
            "token": self._vault.encrypt(found.token),
            "expires_at": now + self._lifetime,
        }
        with self._database.write() as connection:
            self._database.take_turns(connection, "unlocked")
            connection.execute(delete(unlocked).where(unlocked.c.expires_at <= now))
            owner = connection.scalar(select(unlocked.c.viewer).where(unlocked.c.account == account))
            if owner not in (None, found.viewer) and not is_theirs:
                return False
            mine = or_(unlocked.c.viewer == found.viewer, unlocked.c.account == account)
            connection.execute(delete(unlocked).where(mine))
            connection.execute(insert(unlocked), row)
        return True

    def find(self, account: str, password: str) -> Unlocked | None:
        """Return what a pair stands for; None for a wrong or unknown one."""
        query = select(unlocked).where(unlocked.c.account == self._account(account))
        with self._database.read() as connection:
            row = connection.execute(query.where(unlocked.c.expires_at > self._clock())).one_or_none()
        if row is None or not _matches(row.password, password):
            return None
        token = self._decrypted(row.token)
        return Unlocked(row.viewer, token) if token else None

    def token_of(self, viewer: int) -> str:
        """Return the token kept for a person who was recognised in another way; `""` where there is none."""
        query = select(unlocked.c.token).where(unlocked.c.viewer == viewer, unlocked.c.expires_at > self._clock())
        with self._database.read() as connection:
            kept = connection.scalar(query)
        return self._decrypted(kept) if kept else ""

    def knows(self, account: str) -> bool:
        """Tell whether an e-mail address stands for anybody, so that a password for it can be guessed here."""
        query = select(unlocked.c.viewer).where(unlocked.c.account == self._account(account))
        with self._database.read() as connection:
            return connection.scalar(query.where(unlocked.c.expires_at > self._clock())) is not None

    @repeatable
    def end(self, viewer: int, token: str) -> None:
        """The backend refused a token: nothing stands for it any more."""
        query = select(unlocked.c.token).where(unlocked.c.viewer == viewer)
        with self._database.write() as connection:
            kept = connection.scalar(query.with_for_update())
            if kept is not None and self._is(kept, token):
                connection.execute(delete(unlocked).where(unlocked.c.viewer == viewer))

    def _is(self, encrypted: str, token: str) -> bool:
        try:
            return self._vault.decrypt(encrypted) == token
        except InvalidToken:
            return False

    def _decrypted(self, encrypted: str) -> str:
        try:
            return self._vault.decrypt(encrypted)
        except InvalidToken:
            _log.warning("the token of an account cannot be read: was the secret key changed?")
            return ""

    def _account(self, account: str) -> str:
        return self._vault.hash_name("unlocked", account.strip().casefold())


def _matches(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, _bytes(password))
    except VerifyMismatchError:
        return False


def _bytes(password: str) -> bytes:
    return password.encode(errors="surrogatepass")
