"""Registrations that wait for their activation link.

UserAPI documentation, "First-use one-time authorisation by registration identifier".
"""

import logging
import re
import secrets
from collections.abc import Callable
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Column, delete, insert, select

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import registrations
from userapi_gw.state.vault import Vault, digest

_log = logging.getLogger(__name__)
_CID = re.compile(r"[0-9a-f]{32}")


class Registrations:
    """Confirmation ids (`cid`), good for `lifetime` seconds: stored as hashes, the backend's codes encrypted."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], float], *, lifetime: float) -> None:
        self._database, self._vault, self._clock, self._lifetime = database, vault, clock, lifetime

    @repeatable
    def open(self, code: str, email: str = "") -> str:
        """Return a new cid (32 hex digits) for the backend's confirmation `code` of who registered with `email`."""
        cid, now = secrets.token_hex(16), self._clock()
        row = {"hash": digest(cid), "code": self._vault.encrypt(code), "expires_at": now + self._lifetime}
        row |= {"email": self._vault.encrypt(email)} if email else {}
        with self._database.write() as connection:
            connection.execute(delete(registrations).where(registrations.c.expires_at <= now))
            connection.execute(insert(registrations), row)
        return cid

    def find(self, cid: str) -> str | None:
        """Return the backend's code of `cid`; None when it is malformed, unknown, used or expired."""
        return self._find(cid, registrations.c.code)

    def email(self, cid: str) -> str:
        """Return the address somebody registered with; empty where `find` finds nothing."""
        return self._find(cid, registrations.c.email) or ""

    def _find(self, cid: str, what: Column[Any]) -> str | None:
        if not _CID.fullmatch(cid):
            return None
        query = select(what).where(registrations.c.hash == digest(cid), registrations.c.expires_at > self._clock())
        with self._database.read() as connection:
            encrypted = connection.scalar(query)
        return None if encrypted is None else self._decrypt(encrypted)

    @repeatable
    def end(self, cid: str) -> None:
        """Take a cid away that has been used."""
        with self._database.write() as connection:
            connection.execute(delete(registrations).where(registrations.c.hash == digest(cid)))

    def _decrypt(self, encrypted: str) -> str | None:
        try:
            return self._vault.decrypt(encrypted)
        except InvalidToken:
            _log.warning("a registration cannot be read: was the secret key changed?")
            return None
