"""How often somebody may write: OpenVK counts for the address that a proxy names, whoever is logged in."""

import ipaddress

from flask import Request
from sqlalchemy import Connection, delete, func, insert, select

from userapi_gw.embedded.openvk.errors import CrashError
from userapi_gw.embedded.openvk.tables import writes
from userapi_gw.embedded.openvk.variant import Limit


def client_address(request: Request) -> str:
    """Return whose writes are counted together; raises `CrashError` when `X-Forwarded-For` is no address."""
    told = request.headers.get("X-Forwarded-For", request.remote_addr or "127.0.0.1").partition(",")[0].strip()
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        raise CrashError from None


def take(db: Connection, who: str, limit: Limit | None, now: int) -> bool:
    """Count one attempt of `who` at `now` (unix seconds); False when that is one too many."""
    if limit is None:
        return True
    db.execute(delete(writes).where(writes.c.who == who, writes.c.date <= now - limit.seconds))
    taken = db.scalar(select(func.count()).select_from(writes).where(writes.c.who == who)) or 0
    if taken >= limit.count:
        return False
    db.execute(insert(writes).values(who=who, date=now))
    return True
