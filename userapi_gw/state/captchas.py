"""Captchas: which characters a picture shows, told once. UserAPI documentation, "CAPTCHA handling (flood control)".

A program invents the name of a captcha (`csid`), asks for a picture under that name and sends name and characters back.
Captchas belong to no network address: a site's visitor gets the picture, the site's server sends what was read.
"""

import hmac
import secrets
from collections.abc import Callable

from sqlalchemy import Connection, delete, func, select

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import captchas
from userapi_gw.state.vault import Vault

ALPHABET = "346789acdefhkmnprtwxy"
"""Digits and small letters nobody takes for one another, whatever the drawing does to them."""

LENGTH = 5


class Captchas:
    """Answers of pictures, good for `lifetime` seconds and one try; of more than `limit` the oldest are forgotten."""

    def __init__(
        self, database: Database, vault: Vault, clock: Callable[[], float], *, lifetime: float, limit: int
    ) -> None:
        self._database, self._vault, self._clock = database, vault, clock
        self._lifetime, self._limit = lifetime, limit

    @repeatable
    def issue(self, csid: str) -> str:
        """Return the characters to draw for `csid` (any text); those drawn for it before are no good any more."""
        code, now = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)), self._clock()
        new = {"answer": self._answer(csid, code), "expires_at": now + self._lifetime}
        row = self._database.insert(captchas).values(name=self._name(csid), **new)
        with self._database.write() as connection:
            connection.execute(delete(captchas).where(captchas.c.expires_at <= now))
            self._make_room(connection)
            connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=new))
        return code

    @repeatable
    def redeem(self, csid: str, code: str) -> bool:
        """Tell whether `code` (in any case) is what the picture of `csid` shows. Right or wrong, it was the only try.

        Of several tries at once one alone can succeed, also in different processes.
        """
        used = delete(captchas).where(captchas.c.name == self._name(csid))
        with self._database.write() as connection:
            row = connection.execute(used.returning(captchas.c.answer, captchas.c.expires_at)).one_or_none()
        if row is None or row.expires_at <= self._clock():
            return False
        return hmac.compare_digest(row.answer, self._answer(csid, code.strip().lower()))

    def _make_room(self, connection: Connection) -> None:
        count = connection.scalar(select(func.count()).select_from(captchas)) or 0
        if count >= self._limit:
            oldest = select(captchas.c.name).order_by(captchas.c.expires_at).limit(count - self._limit + 1)
            connection.execute(delete(captchas).where(captchas.c.name.in_(oldest)))

    def _name(self, csid: str) -> str:
        return self._vault.hash_name("captcha", csid)

    def _answer(self, csid: str, code: str) -> str:
        return self._vault.hash_name("captcha answer", csid, code)
