"""Passwords for tokens: where a server hands them out, and what it says when it does not.

VK's direct authorization (`https://oauth.vk.com/token`) and OpenVK's `/token`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from userapi_gw.backend.model import Grant
from userapi_gw.errors import CaptchaNeeded, Failure, Kind, PersonNeeded

SCOPE = "friends,photos,status,wall,messages,notify,offline"
"""The rights asked of VK. `offline` makes tokens last."""

METHOD = "token"
"""Stands for the login where calls have the name of a method."""

_WRONG = frozenset({"username_or_password_is_incorrect", "wrong_otp", "otp_format_is_incorrect"})
"""VK's `error_type` for a wrong password, and for a code of the second factor that is wrong or no code."""
_NAME = re.compile(r"[A-Za-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class Door:
    """Where a server takes passwords, if not beside its methods (`url` is then empty), and who asks (`form`).

    `closed` tells why none are taken at all.
    """

    url: str = ""
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    closed: str = ""

    def form_of(self, login: str, password: str, code: str) -> dict[str, str]:
        """Return what to send; raises `PersonNeeded` where passwords are not taken."""
        if not login or not password:
            raise Failure(Kind.WRONG_PASSWORD, "empty")
        if self.closed:
            raise PersonNeeded(self.closed)
        form = {"username": login, "password": password, "grant_type": "password", **self.form}
        return form | ({"code": code} if code else {})


BESIDE = Door()
"""Where everybody may come to the same address as for methods."""


def vk_door(url: str, client_id: str, client_secret: str) -> Door:
    """Return VK's door, for an application that is registered there; without one it is closed."""
    if not client_id:
        return Door(url, closed="no application to log in with (vk_client_id)")
    form = {"client_id": client_id, "client_secret": client_secret, "scope": SCOPE, "2fa_supported": "1"}
    return Door(url, {name: value for name, value in form.items() if value})


def grant_of(answer: dict[str, Any]) -> Grant:
    """Read a token and whose it is."""
    try:
        return Grant(int(answer["user_id"]), str(answer["access_token"]))
    except (KeyError, TypeError, ValueError):
        raise Failure(Kind.BACKEND_BROKEN, "token: no user id") from None


def captcha_needed(method: str, error: Mapping[str, Any]) -> CaptchaNeeded:
    """Read VK's `captcha_sid` and `captcha_img` (the old kind) or `redirect_uri` (the new one)."""
    sid, picture, page = (_text(error, name) for name in ("captcha_sid", "captcha_img", "redirect_uri"))
    return CaptchaNeeded(method, sid=sid, picture=picture if sid else "", page=page)


def refusal(answer: Mapping[str, Any]) -> Failure | None:
    """Return what OAuth's error names mean; None for an answer that has none.

    An error of which nothing is known, or that the application is not the right one, is for a person to deal with.
    """
    error = answer.get("error")
    if not isinstance(error, str):
        return None
    if error == "need_captcha":
        return captcha_needed(METHOD, answer)
    if error == "need_validation":
        return _validation(answer)
    if error.startswith("9;"):
        return Failure(Kind.FLOOD, "token: too many logins")
    if _is_wrong(error, answer):
        return Failure(Kind.WRONG_PASSWORD)
    name = error if _NAME.fullmatch(error) else "an error without a name"
    return PersonNeeded(f"the backend takes no passwords from this gateway: {name}")


def _validation(answer: Mapping[str, Any]) -> Failure:
    if "ban_info" in answer:
        return Failure(Kind.FORBIDDEN, "token: the account is banned")
    kind, phone, page = (_text(answer, name) for name in ("validation_type", "phone_mask", "redirect_uri"))
    wants = "a second factor" if kind.startswith("2fa") else "a validation"
    return PersonNeeded(f"the backend asks for {wants}", asks_for_code=kind.startswith("2fa"), phone=phone, page=page)


def _is_wrong(error: str, answer: Mapping[str, Any]) -> bool:
    """VK says `invalid_client` both for a wrong password and for an application it does not know."""
    kind = _text(answer, "error_type")
    about_password = "password" in _text(answer, "error_description").lower()
    return kind in _WRONG or error == "invalid_grant" or (error == "invalid_client" and not kind and about_password)


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    return str(value) if isinstance(value, (str, int)) else ""
