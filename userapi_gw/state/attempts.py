"""Limits on failed logins, per account and client address and per client address alone.

Every failure is a row, so counts slide with time, hold across processes and no failure is lost between two of them.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import login_failures as failures
from userapi_gw.state.vault import Vault

PATIENCE = 60.0
"""Seconds after which a login is tried whoever else still tries: backends have answered or timed out by then."""


class Attempts:
    """Counts failed logins of the last `window` seconds; a full count refuses for `refusal` seconds after the last."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Callable[[], float],
        *,
        pair_limit: int,
        address_limit: int,
        window: float,
        refusal: float,
    ) -> None:
        self._database, self._vault, self._clock = database, vault, clock
        self._pair_limit, self._address_limit = pair_limit, address_limit
        self._window, self._refusal = window, refusal
        self._trying: Counter[str] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, account: str, address: str) -> Iterator[None]:
        """Let no more logins of `account` from `address` be tried at once than may still fail; others wait.

        Else as many wrong passwords as there are threads would be tried before the first one counts. Processes do not
        wait for each other.
        """
        pair = self._pair(account, address)
        with self._changed:
            self._changed.wait_for(lambda: self._trying[pair] < self._chances(pair), PATIENCE)
            self._trying[pair] += 1
        try:
            yield
        finally:
            with self._changed:
                self._trying[pair] -= 1
                if not self._trying[pair]:
                    del self._trying[pair]
                self._changed.notify_all()

    def _chances(self, pair: str) -> int:
        """How many logins may be under way: one always, which then finds out whether it is allowed."""
        if not self._trying[pair]:
            return 1
        with self._database.read() as connection:
            return max(1, self._pair_limit - self._count(connection, failures.c.pair == pair)[0])

    def allowed(self, account: str, address: str) -> bool:
        """Tell whether a login of `account` (e-mail, in any case) from `address` may be tried now."""
        with self._database.read() as connection:
            return all(self._may_try(connection, *limited) for limited in self._limits(account, address))

    def failed(self, account: str, address: str) -> bool:
        """Count a failed login. True when a limit is reached now: the next try needs a captcha."""
        self._note(account, address)
        # Counted after the commit: of several that fail at once, the last one at least sees them all.
        limits = self._limits(account, address)
        with self._database.read() as connection:
            return any(self._count(connection, subject)[0] >= limit for subject, limit in limits)

    @repeatable
    def succeeded(self, account: str, address: str) -> None:
        """Forget the failures of `account` from `address`; those of other accounts from there still count."""
        with self._database.write() as connection:
            connection.execute(delete(failures).where(failures.c.pair == self._pair(account, address)))

    @repeatable
    def _note(self, account: str, address: str) -> None:
        now = self._clock()
        row = {"pair": self._pair(account, address), "address": self._vault.hash_name(address), "failed_at": now}
        with self._database.write() as connection:
            connection.execute(delete(failures).where(failures.c.failed_at <= now - self._window))
            connection.execute(insert(failures), row)

    def _pair(self, account: str, address: str) -> str:
        # Folded as the embedded backend does: each of its spellings would be a count of its own.
        return self._vault.hash_name(account.strip().casefold(), address)

    def _limits(self, account: str, address: str) -> list[tuple[ColumnElement[bool], int]]:
        return [
            (failures.c.pair == self._pair(account, address), self._pair_limit),
            (failures.c.address == self._vault.hash_name(address), self._address_limit),
        ]

    def _may_try(self, connection: Connection, subject: ColumnElement[bool], limit: int) -> bool:
        count, last = self._count(connection, subject)
        return count < limit or self._clock() >= last + self._refusal

    def _count(self, connection: Connection, subject: ColumnElement[bool]) -> tuple[int, float]:
        """Return how often `subject` failed within the window, and when last."""
        query = select(func.count(), func.max(failures.c.failed_at)).where(subject)
        count, last = connection.execute(query.where(failures.c.failed_at > self._clock() - self._window)).one()
        return count, last or 0.0
