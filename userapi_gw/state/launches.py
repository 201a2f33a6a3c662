"""Launches of a community's app that were used: each lets in once, in whichever process."""

from collections.abc import Callable

from sqlalchemy import delete

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import launches
from userapi_gw.state.vault import Vault


class Launches:
    """Signatures of launches, as keyed hashes."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], float]) -> None:
        self._database, self._vault, self._clock = database, vault, clock

    @repeatable
    def use(self, site: int, sign: str, until: float | None) -> bool:
        """Use up a launch of a site's app; False when it was used before. Of several at once one alone gets True.

        It is remembered `until` then (unix seconds); None, for a launch that does not grow stale by itself: for good.
        """
        row = self._database.insert(launches).values(
            hash=self._vault.hash_name("launch", str(site), sign), expires_at=until
        )
        with self._database.write() as connection:
            connection.execute(delete(launches).where(launches.c.expires_at <= self._clock()))
            return connection.execute(row.on_conflict_do_nothing().returning(launches.c.hash)).one_or_none() is not None
