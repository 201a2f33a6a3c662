"""`/token`: a password for a token, with a second factor for one made-up account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from userapi_gw.embedded.accounts import Accounts, email_key
from userapi_gw.embedded.openvk.errors import fail


@dataclass(frozen=True, slots=True)
class Guarded:
    """Somebody whose login takes a code. It never changes, so that it can be typed without an authenticator."""

    user_id: int
    password: str
    code: str


GUARDED: Final = {"guarded@test.com": Guarded(5, "7777777", "426396")}
"""The accounts with a second factor, by e-mail address. They are in no database and guard invented data only."""


def answer(accounts: Accounts, values: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Return HTTP status and body for a login; raises `OpenVkError` 7 without grant type and 28 for anything wrong."""
    if values.get("grant_type") != "password":
        fail(7, "Invalid grant type")
    email, password = values.get("username", ""), values.get("password", "")
    guarded = GUARDED.get(email_key(email))
    if guarded is not None:
        return _guarded(accounts, guarded, password, values.get("code", ""))
    found = accounts.login(email, password)
    if found is None:
        fail(28, "Invalid username or password")
    return 200, _granted(*found)


def _guarded(accounts: Accounts, guarded: Guarded, password: str, code: str) -> tuple[int, dict[str, Any]]:
    if password != guarded.password:
        fail(28, "Invalid username or password")
    if not code:
        return 401, _validation(guarded.user_id)
    if code != guarded.code:
        fail(28, "Invalid 2FA code")
    return 200, _granted(guarded.user_id, accounts.issue(guarded.user_id))


def _granted(user_id: int, token: str) -> dict[str, Any]:
    return {
        "access_token": token,
        "expires_in": 0,
        "user_id": user_id,
        "is_stale": False,
        "secret": "super_secret_value",
    }


def _validation(user_id: int) -> dict[str, Any]:
    return {
        "error": "need_validation",
        "error_description": "use app code",
        "validation_type": "2fa_app",
        "validation_sid": f"2fa_{user_id}_2839041_randommessdontread",
        "phone_mask": "+374 ** *** 420",
        "redirect_uri": "http://openvk.example/2fa?data=MASKED",
        "validation_resend": "nowhere",
    }
