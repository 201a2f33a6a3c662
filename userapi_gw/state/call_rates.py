"""How often the backend may be called with one token, by all processes together. VK error 6."""

from collections.abc import Callable

from sqlalchemy import Connection, delete, select, update

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import call_rates as rates
from userapi_gw.state.vault import Vault

SECOND = 1.0
FARTHEST = 60.0
"""Nobody waits so long for a turn: a start that far ahead was noted before the clock was put back."""


class CallRates:
    """Gives out turns. `purge_step` (seconds) is how often tokens that are not used are thrown out."""

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], float], *, purge_step: float) -> None:
        self._database, self._vault, self._clock = database, vault, clock
        self._purge_step, self._next_purge = purge_step, 0.0

    @repeatable
    def reserve(self, most: int, token: str, patience: float, *, seconds: float = SECOND) -> float | None:
        """Take the token's next turn and return the seconds until then: within any `seconds` there are `most` at most.

        None, and no turn is taken, when it is further away than `patience` seconds.
        """
        self._purge_now_and_then()
        subject = self._vault.hash_name("calls", token)
        with self._database.write() as connection:
            starts = self._starts(connection, subject)
            now = self._clock()
            start = max(now, starts[-most] + seconds) if len(starts) >= most else now
            if start - now > patience:
                return None
            values = {"starts": [*starts, start][-most:], "ends_at": start + seconds}
            connection.execute(update(rates).where(rates.c.subject == subject).values(values))
            return start - now

    def _starts(self, connection: Connection, subject: str) -> list[float]:
        """Return the starts noted; until the transaction ends nobody else can note one."""
        new = self._database.insert(rates).values(subject=subject, starts=[], ends_at=0.0)
        connection.execute(new.on_conflict_do_nothing())
        noted = select(rates.c.starts).where(rates.c.subject == subject).with_for_update()
        latest = self._clock() + FARTHEST
        return [start for start in connection.scalars(noted).one_or_none() or () if start < latest]

    def _purge_now_and_then(self) -> None:
        now = self._clock()
        if now >= self._next_purge:
            self._next_purge = now + self._purge_step
            self._purge(now)

    @repeatable
    def _purge(self, now: float) -> None:
        with self._database.write() as connection:
            connection.execute(delete(rates).where(rates.c.ends_at <= now))
