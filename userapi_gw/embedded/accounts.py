"""Passwords and tokens: both are kept as hashes only."""

import hashlib
import secrets
import time

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection, delete, insert, select, update

from userapi_gw.embedded.database import Database
from userapi_gw.embedded.schema import accounts, people, tokens

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id with the lowest cost OWASP recommends (19 MiB, two passes): some 30 ms for a login."""

TOUCH_SECONDS = 60
"""How often a caller's last visit is written at most."""


def email_key(email: str) -> str:
    """Return the spelling under which an e-mail address is stored and looked up."""
    return email.strip().casefold()


class Accounts:
    """Logins of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Checked when nobody has that address, so that the time of an answer tells nothing.
        self._nobody = HASHER.hash(secrets.token_hex())

    def login(self, email: str, password: str) -> tuple[int, str] | None:
        """Return user id and a new token, or None when address or password are wrong."""
        with self._database.read() as db:
            row = db.execute(select(accounts).where(accounts.c.email == email_key(email))).one_or_none()
        if not _matches(row.password_hash if row else self._nobody, password) or row is None:
            return None
        return row.user_id, self.issue(row.user_id)

    def issue(self, user_id: int) -> str:
        """Return a new token of a person whose right to it was checked elsewhere."""
        with self._database.write() as db:
            return issue_token(db, user_id)

    def viewer(self, token: str) -> int | None:
        """Return whose token this is, or None for a dead or unknown one. Notes the visit, once a minute at most."""
        now = int(time.time())
        query = select(people.c.id, people.c.last_seen).join(tokens, tokens.c.user_id == people.c.id)
        with self._database.read() as db:
            row = db.execute(query.where(tokens.c.digest == _digest(token))).one_or_none()
        if row and now - row.last_seen >= TOUCH_SECONDS:
            with self._database.write() as db:
                touch(db, row.id, now)
        return row.id if row else None


def issue_token(db: Connection, user_id: int) -> str:
    """Return a new token of a person; only its hash is stored."""
    token = secrets.token_urlsafe(48)
    db.execute(insert(tokens).values(digest=_digest(token), user_id=user_id, created=int(time.time())))
    return token


def end_token(db: Connection, token: str) -> None:
    """End a token; a call with it gives VK error 5 from now on."""
    db.execute(delete(tokens).where(tokens.c.digest == _digest(token)))


def touch(db: Connection, user_id: int, now: int) -> None:
    """Note that a person was here at `now` (unix seconds)."""
    db.execute(update(people).where(people.c.id == user_id).values(last_seen=now))


def _digest(token: str) -> str:
    # A token has 384 random bits: a plain hash cannot be guessed backwards.
    return hashlib.sha256(token.encode()).hexdigest()


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except VerifyMismatchError:
        return False
