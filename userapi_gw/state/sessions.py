"""Who is logged in: sids, remixpasswords and the backend tokens behind them.

A *grant* is one login with a password. A program gets a sid for its requests and a remixpassword (a cookie) for the
next sid without a password: UserAPI documentation, "Authorisation". Both are stored as hashes, the token encrypted.
"""

import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, Row, delete, exists, insert, or_, select, update

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import grants, remixpasswords, sids
from userapi_gw.state.session_cache import Session, SessionCache
from userapi_gw.state.vault import Vault, digest

__all__ = ["Opened", "Reachable", "Session", "Sessions"]

_log = logging.getLogger(__name__)
_SID = re.compile(r"[0-9a-f]{32}")
_REMIXPASSWORD = re.compile(r"[0-9a-f]{56}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A new sid (32 hex digits) of `viewer`, and the remixpassword (56) to store; None: keep the one you have."""

    sid: str = field(repr=False)
    remixpassword: str | None = field(repr=False)
    viewer: int


@dataclass(frozen=True, slots=True)
class Reachable:
    """A login by which something can be learned in a user's name, and the e-mail address of that login, if any."""

    session: Session
    email: str = field(repr=False)


class Sessions:
    """All logins. Times are seconds:

    - `sid_lifetime` since a sid was last used, which is written down at most every `use_step`;
    - `remixpassword_lifetime` since it was given out; one older than `remixpassword_renewal` is replaced when it is
      used and stays good for `replaced_lifetime`, because the program may miss the answer that brings the new one;
    - `cache_time` is how long a session is believed without asking the database, so how long a logout in another
      process may go unnoticed; `purge_step` how often `open` throws out what has expired.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Callable[[], float],
        *,
        sid_lifetime: float,
        use_step: float,
        remixpassword_lifetime: float,
        remixpassword_renewal: float,
        replaced_lifetime: float,
        cache_time: float,
        purge_step: float,
    ) -> None:
        self._database, self._vault, self._clock = database, vault, clock
        self._sid_lifetime, self._use_step = sid_lifetime, use_step
        self._remixpassword_lifetime, self._remixpassword_renewal = remixpassword_lifetime, remixpassword_renewal
        self._replaced_lifetime = replaced_lifetime
        self._cache = SessionCache(clock, cache_time)
        self._purge_step, self._next_purge = purge_step, 0.0

    @repeatable
    def open(self, viewer: int, token: str, site: int, rights: int | None = None, *, email: str = "") -> Opened:
        """Start a grant for `viewer` with the backend's `token` and give a sid for `site` and a remixpassword.

        `rights` is what the token may do, as far as anybody said; `email` the address the backend took a password for,
        which is forgotten with the grant.
        """
        self._purge_now_and_then()
        grant_id = secrets.randbits(62)
        with self._database.write() as connection:
            row = {"id": grant_id, "viewer": viewer, "token": self._vault.encrypt(token), "rights": rights}
            row |= {"email": self._vault.encrypt(email)} if email else {}
            connection.execute(insert(grants), row)
            sid = self._new_sid(connection, grant_id, site)
            return Opened(sid, self._new_remixpassword(connection, grant_id), viewer)

    def find(self, sid: str | None) -> Session | None:
        """Return the session of `sid`; None when it is malformed, unknown or expired, or its token unreadable."""
        if not _is_like(sid, _SID):
            return None
        key = digest(sid)
        return self._cache.get(key) or self._load(key)

    @repeatable
    def prolong(self, remixpassword: str | None, site: int) -> Opened | None:
        """Give a new sid for `site` on the same grant. None when the remixpassword is malformed, unknown or expired.

        UserAPI documentation, "Authorisation by means of 'remixpassword' cookie".
        """
        if not _is_like(remixpassword, _REMIXPASSWORD):
            return None
        with self._database.write() as connection:
            _lock_grants(connection, None, digest(remixpassword))
            row = self._remixpassword(connection, digest(remixpassword))
            if row is None or self._decrypt(row.token) is None:  # a sid that finds nothing would make programs loop
                return None
            successor = self._replace(connection, row)
            return Opened(self._new_sid(connection, row.grant_id, site), successor, row.viewer)

    @repeatable
    def close(self, sid: str | None, remixpassword: str | None) -> None:
        """Log out: end the sid and the remixpassword given, and a grant of which nothing is left.

        A remixpassword takes with it those it replaced and those that replaced it. Malformed or unknown values
        change nothing.
        """
        sid_hash = digest(sid) if _is_like(sid, _SID) else None
        remixpassword_hash = digest(remixpassword) if _is_like(remixpassword, _REMIXPASSWORD) else None
        if sid_hash or remixpassword_hash:
            with self._database.write() as connection:
                _lock_grants(connection, sid_hash, remixpassword_hash)
                touched = _end_sid(connection, sid_hash) | _end_remixpassword(connection, remixpassword_hash)
                connection.execute(delete(grants).where(grants.c.id.in_(touched), *_NOTHING_LEFT))
            self._cache.forget(touched)

    @repeatable
    def revoke(self, grant_id: int) -> None:
        """The backend refused the token: end it with all its sids and remixpasswords. Unknown id: nothing happens."""
        with self._database.write() as connection:
            connection.execute(delete(grants).where(grants.c.id == grant_id))
        self._cache.forget({grant_id})

    @repeatable
    def end_at(self, site: int, viewer: int) -> None:
        """End what a viewer has at a site: its sids, and the remixpasswords of their grants, that would give new ones.

        What the same grants gave to other sites stays.
        """
        is_there = exists().where(sids.c.grant_id == grants.c.id, sids.c.site == site)
        mine = select(grants.c.id).where(grants.c.viewer == viewer, is_there).order_by(grants.c.id)
        with self._database.write() as connection:
            touched = set(connection.scalars(mine.with_for_update()))  # so that nobody gets a new sid meanwhile
            connection.execute(delete(remixpasswords).where(remixpasswords.c.grant_id.in_(touched)))
            connection.execute(delete(sids).where(sids.c.site == site, sids.c.grant_id.in_(touched)))
            connection.execute(delete(grants).where(grants.c.id.in_(touched), *_NOTHING_LEFT))
        self._cache.forget(touched)

    @repeatable
    def allow(self, grant_id: int, rights: int) -> None:
        """Note what the token of a grant may do from now on. Unknown id: nothing happens."""
        with self._database.write() as connection:
            connection.execute(update(grants).where(grants.c.id == grant_id).values(rights=rights))
        self._cache.forget({grant_id})

    def is_known(self, viewer: int) -> bool:
        """Tell whether there is a grant of a user."""
        with self._database.read() as connection:
            return connection.scalar(select(grants.c.id).where(grants.c.viewer == viewer).limit(1)) is not None

    def reachable(self, viewer: int) -> list[Reachable]:
        """Return all grants of a user whose tokens can be read, the one used last first."""
        query = select(grants, sids.c.site, sids.c.used_at).outerjoin(sids).where(grants.c.viewer == viewer)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        latest = {row.id: row for row in sorted(rows, key=lambda row: row.used_at or 0)}  # the last one of each stays
        newest_first = sorted(latest.values(), key=lambda row: row.used_at or 0, reverse=True)
        found = (self._reachable(row) for row in newest_first)
        return [each for each in found if each is not None]

    def lives(self, grant_id: int) -> bool:
        """Tell whether a grant has neither been ended nor thrown out."""
        with self._database.read() as connection:
            return connection.scalar(select(grants.c.id).where(grants.c.id == grant_id)) is not None

    @repeatable
    def purge(self) -> None:
        """Throw out what has expired."""
        now = self._clock()
        with self._database.write() as connection:
            connection.execute(delete(sids).where(sids.c.used_at <= now - self._sid_lifetime))
            connection.execute(delete(remixpasswords).where(remixpasswords.c.expires_at <= now))
            connection.execute(delete(grants).where(*_NOTHING_LEFT))

    def _purge_now_and_then(self) -> None:
        if self._clock() >= self._next_purge:
            self._next_purge = self._clock() + self._purge_step
            self.purge()

    def _load(self, key: str) -> Session | None:
        generation, now = self._cache.generation(), self._clock()
        of_grant = (grants.c.viewer, grants.c.token, grants.c.rights)
        query = select(sids.c.site, sids.c.used_at, sids.c.grant_id, *of_grant).join(grants)
        with self._database.read() as connection:
            row = connection.execute(
                query.where(sids.c.hash == key, sids.c.used_at > now - self._sid_lifetime)
            ).one_or_none()
        token = None if row is None else self._decrypt(row.token)
        if row is None or token is None:
            return None
        if now - row.used_at >= self._use_step:
            self._note_use(key, now)
        session = Session(row.viewer, token, row.site, row.grant_id, row.rights)
        self._cache.put(key, session, generation)
        return session

    def _reachable(self, row: Row[Any]) -> Reachable | None:
        token = self._decrypt(row.token)
        email = self._decrypt(row.email) if row.email else ""
        if token is None:
            return None
        return Reachable(Session(row.viewer, token, row.site or 0, row.id, row.rights), email or "")

    def _decrypt(self, encrypted: str) -> str | None:
        try:
            return self._vault.decrypt(encrypted)
        except InvalidToken:  # nothing is deleted: the right key may come back
            _log.warning("a stored token cannot be read: was the secret key changed?")
            return None

    @repeatable
    def _note_use(self, key: str, now: float) -> None:
        with self._database.write() as connection:
            connection.execute(update(sids).where(sids.c.hash == key).values(used_at=now))

    def _new_sid(self, connection: Connection, grant_id: int, site: int) -> str:
        sid = secrets.token_hex(16)
        row = {"hash": digest(sid), "grant_id": grant_id, "site": site, "used_at": self._clock()}
        connection.execute(insert(sids), row)
        return sid

    def _new_remixpassword(self, connection: Connection, grant_id: int) -> str:
        remixpassword, now = secrets.token_hex(28), self._clock()
        times = {"issued_at": now, "expires_at": now + self._remixpassword_lifetime}
        connection.execute(insert(remixpasswords), {"hash": digest(remixpassword), "grant_id": grant_id} | times)
        return remixpassword

    def _replace(self, connection: Connection, row: Row[Any]) -> str | None:
        """Return the successor of an old remixpassword, None for a young one. Also again, if the first went missing."""
        now = self._clock()
        if now - row.issued_at < self._remixpassword_renewal:
            return None
        end = min(row.expires_at, now + self._replaced_lifetime)
        connection.execute(update(remixpasswords).where(remixpasswords.c.hash == row.hash).values(expires_at=end))
        return self._new_remixpassword(connection, row.grant_id)

    def _remixpassword(self, connection: Connection, key: str) -> Row[Any] | None:
        query = select(remixpasswords, grants.c.viewer, grants.c.token).join(grants)
        return connection.execute(
            query.where(remixpasswords.c.hash == key, remixpasswords.c.expires_at > self._clock())
        ).one_or_none()


_NOTHING_LEFT = (
    ~exists().where(sids.c.grant_id == grants.c.id),
    ~exists().where(remixpasswords.c.grant_id == grants.c.id),
)


def _is_like(value: str | None, pattern: re.Pattern[str]) -> TypeGuard[str]:
    return value is not None and pattern.fullmatch(value) is not None


def _lock_grants(connection: Connection, sid_hash: str | None, remixpassword_hash: str | None) -> None:
    """Lock the grants of a sid and a remixpassword, which keeps others from adding to them or ending them.

    A statement of its own: only those that come after it see what the one who held the lock has left.
    """
    by_sid = select(sids.c.grant_id).where(sids.c.hash == sid_hash)
    by_remixpassword = select(remixpasswords.c.grant_id).where(remixpasswords.c.hash == remixpassword_hash)
    held = select(grants.c.id).where(or_(grants.c.id.in_(by_sid), grants.c.id.in_(by_remixpassword)))
    connection.execute(held.order_by(grants.c.id).with_for_update())


def _end_sid(connection: Connection, key: str | None) -> set[int]:
    """Delete a sid and return the grant it belonged to."""
    return set(connection.scalars(delete(sids).where(sids.c.hash == key).returning(sids.c.grant_id)))


def _end_remixpassword(connection: Connection, key: str | None) -> set[int]:
    """Delete all remixpasswords of the grant that has this one, and return the grant."""
    given = select(remixpasswords.c.grant_id).where(remixpasswords.c.hash == key).scalar_subquery()
    same_grant = delete(remixpasswords).where(remixpasswords.c.grant_id == given)
    return set(connection.scalars(same_grant.returning(remixpasswords.c.grant_id)))
