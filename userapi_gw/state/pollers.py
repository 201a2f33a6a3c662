"""Which process of the cluster listens to the backend for whom, so that each account is listened for once.

A lease is a row that ends by itself unless its owner renews it: what a killed process held is free soon after. The
times are the clocks of the machines that share the database, which must agree to well within a lease.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import pollers


@dataclass(frozen=True, slots=True)
class Lease:
    """Who listens for an account, until when (unix seconds) unless renewed, whether all is well, how often it rang."""

    owner: str
    expires_at: float
    healthy: bool
    events: int


class Pollers:
    """The leases of all processes. `owner` is a random name of up to 32 characters a process gives itself."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    @repeatable
    def claim(self, viewer: int, owner: str, seconds: float) -> bool:
        """Take the lease of an account for so long; False while somebody else has it. Nothing is well at first."""
        now = self._clock()
        mine = {"owner": owner, "expires_at": now + seconds, "healthy": False}
        first = self._database.insert(pollers).values(viewer=viewer, events=0, **mine)
        taken = first.on_conflict_do_update(
            index_elements=["viewer"], set_=mine, where=pollers.c.expires_at <= now
        ).returning(pollers.c.viewer)
        with self._database.write() as connection:
            return connection.scalar(taken) is not None

    @repeatable
    def renew(self, owner: str, seconds: float) -> set[int]:
        """Prolong all leases of a process and return the accounts it still has."""
        kept = update(pollers).where(pollers.c.owner == owner).values(expires_at=self._clock() + seconds)
        with self._database.write() as connection:
            return set(connection.scalars(kept.returning(pollers.c.viewer)))

    @repeatable
    def tell(self, viewer: int, owner: str, *, healthy: bool, rang: bool = False) -> None:
        """Note for all processes how the owner of a lease is doing, and whether something happened."""
        mine = update(pollers).where(pollers.c.viewer == viewer, pollers.c.owner == owner)
        with self._database.write() as connection:
            connection.execute(mine.values(healthy=healthy, events=pollers.c.events + int(rang)))

    def standing(self) -> dict[int, Lease]:
        """Return all leases that have not ended, by account."""
        query = select(pollers).where(pollers.c.expires_at > self._clock())
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return {row.viewer: Lease(row.owner, row.expires_at, row.healthy, row.events) for row in rows}

    def has(self, viewer: int) -> bool:
        """Tell whether somebody listens for an account."""
        mine = select(pollers.c.viewer).where(pollers.c.viewer == viewer, pollers.c.expires_at > self._clock())
        with self._database.read() as connection:
            return connection.scalar(mine) is not None

    @repeatable
    def release(self, owner: str, viewers: Collection[int]) -> None:
        """Give leases back, so that others need not wait for their end."""
        gone = delete(pollers).where(pollers.c.owner == owner, pollers.c.viewer.in_(viewers))
        with self._database.write() as connection:
            connection.execute(gone)

    @repeatable
    def purge(self) -> None:
        """Throw out what processes that were killed left behind and nobody took over."""
        with self._database.write() as connection:
            connection.execute(delete(pollers).where(pollers.c.expires_at <= self._clock()))
