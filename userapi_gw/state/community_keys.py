"""Access keys that communities gave on the settings page of their app, encrypted."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.fernet import InvalidToken
from sqlalchemy import delete, select

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import community_keys
from userapi_gw.state.vault import Vault

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CommunityKey:
    """A community's access key, what it may do (VK's bit mask), and which manager gave it when (unix seconds)."""

    token: str = field(repr=False)
    rights: int
    giver: int
    given_at: float


class CommunityKeys:
    """One key for each community, by the community's id."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], float]) -> None:
        self._database, self._vault, self._clock = database, vault, clock

    @repeatable
    def keep(self, group: int, token: str, *, rights: int, giver: int) -> None:
        """Keep a key in place of the one there was."""
        new = {
            "token": self._vault.encrypt(token),
            "rights": rights,
            "giver": giver,
            "given_at": self._clock(),
        }
        row = self._database.insert(community_keys).values(group_id=group, **new)
        with self._database.write() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["group_id"], set_=new))

    def find(self, group: int) -> CommunityKey | None:
        """Return the key of a community; None without one that can be read."""
        with self._database.read() as connection:
            row = connection.execute(select(community_keys).where(community_keys.c.group_id == group)).one_or_none()
        if row is None:
            return None
        try:
            return CommunityKey(self._vault.decrypt(row.token), row.rights, row.giver, row.given_at)
        except InvalidToken:
            _log.warning("the key of community %d cannot be read: was the secret key changed?", group)
            return None

    @repeatable
    def end(self, group: int, token: str) -> None:
        """Forget a key that the backend refused, unless another has taken its place."""
        found = self.find(group)
        if found is None or found.token != token:
            return
        same = (community_keys.c.group_id == group, community_keys.c.given_at == found.given_at)
        with self._database.write() as connection:
            connection.execute(delete(community_keys).where(*same))
