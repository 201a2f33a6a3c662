"""Methods `auth.*`: how somebody new gets an account.

VK once had methods of these names for telephone numbers. These here take e-mail addresses, and `auth.signup` hands the
confirmation code to its caller, who sends it to that address; so whoever reaches this server can make accounts.
UserAPI documentation, "Registration of new users".
"""

import hashlib
import secrets
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from userapi_gw.embedded.accounts import HASHER, email_key, issue_token
from userapi_gw.embedded.education import YEARS
from userapi_gw.embedded.errors import VkError
from userapi_gw.embedded.params import Params
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import accounts, education, people, schools, signups

CODE_SECONDS = 3 * 24 * 3600
"""How long a confirmation code is good."""

_MAX_NAME = 64  # characters
_MAX_EMAIL = 254
_MAX_PASSWORD = 1000


def _password_hash(params: Params) -> str:
    return HASHER.hash(params.text("password", maximum=_MAX_PASSWORD))


@method("auth.signup", auth=False, writes=True, before=_password_hash)
def signup(call: Call) -> dict[str, str]:
    """Take `first_name`, `last_name`, `email`, `password`, `sex`, `school`, `year`; return the confirmation `code`.

    There is no person and no login before `auth.confirm`. VK error 1004 when the address has an account or waits for
    one, 100 for what is missing or too long.
    """
    email = email_key(call.params.text("email", maximum=_MAX_EMAIL))
    person = {
        "first_name": call.params.text("first_name", maximum=_MAX_NAME),
        "last_name": call.params.text("last_name", maximum=_MAX_NAME),
        "sex": call.params.integer("sex", 0, maximum=2),
        "school_id": call.params.integer("school", 0),
        "school_year": call.params.integer("year", 0),
    }
    waits_no_more = (signups.c.user_id.is_(None), signups.c.date <= call.now - CODE_SECONDS)
    call.db.execute(delete(signups).where(*waits_no_more))
    if _is_taken(call, email):
        raise VkError(1004)
    code = secrets.token_urlsafe(24)
    secret = {"code_digest": _digest(code), "password_hash": call.prepared}
    call.db.execute(insert(signups).values(email=email, date=call.now, **person, **secret))
    return {"code": code}


@method("auth.confirm", auth=False, writes=True)
def confirm(call: Call) -> dict[str, Any]:
    """Make the account that `auth.signup` gave `code` for; return `user_id` and `access_token`. Works once.

    VK error 1110 when the code is unknown, used or three days old.
    """
    waiting = (signups.c.code_digest == _digest(call.params.text("code")), signups.c.date > call.now - CODE_SECONDS)
    row = call.db.execute(select(signups).where(*waiting, signups.c.user_id.is_(None))).one_or_none()
    if row is None:
        raise VkError(1110)
    user_id = _new_person(call, row)
    call.db.execute(insert(accounts).values(email=row.email, user_id=user_id, password_hash=row.password_hash))
    confirmed = {"user_id": user_id, "password_hash": "", "code_digest": None}
    call.db.execute(update(signups).where(signups.c.email == row.email).values(confirmed))
    return {"success": 1, "user_id": user_id, "access_token": issue_token(call.db, user_id)}


@method("auth.withdraw", auth=False, writes=True)
def withdraw(call: Call) -> int:
    """Take back what `auth.signup` gave `code` for: its address is free again. VK error 1110 as for `auth.confirm`."""
    digest = _digest(call.params.text("code"))
    waiting = delete(signups).where(signups.c.code_digest == digest, signups.c.user_id.is_(None))
    if not call.db.execute(waiting).rowcount:
        raise VkError(1110)
    return 1


def _is_taken(call: Call, email: str) -> bool:
    tables = (accounts.c.email, signups.c.email)
    return any(call.db.scalar(select(column).where(column == email)) is not None for column in tables)


def _new_person(call: Call, row: Row[Any]) -> int:
    person = {"first_name": row.first_name, "last_name": row.last_name, "sex": row.sex, "last_seen": call.now}
    keys = {"first_key": row.first_name.casefold(), "last_key": row.last_name.casefold()}
    user_id = (call.db.scalar(select(func.max(people.c.id))) or 0) + 1
    call.db.execute(insert(people).values(id=user_id, **person, **keys))
    _remember_school(call, user_id, row.school_id, row.school_year)
    return user_id


def _remember_school(call: Call, user_id: int, school_id: int, year: int) -> None:
    """Keep the school chosen at the registration, if there is such a one."""
    if call.db.scalar(select(schools.c.id).where(schools.c.id == school_id)) is not None:
        told = year if year in YEARS else 0
        call.db.execute(insert(education).values(user_id=user_id, school_id=school_id, year=told))


def _digest(code: str) -> str:
    # A code has 192 random bits: a plain hash cannot be guessed backwards.
    return hashlib.sha256(code.encode(errors="surrogatepass")).hexdigest()
