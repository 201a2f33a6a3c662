"""The one table of VK errors this server answers with, and the exception that carries them."""

from typing import Any, Final

MESSAGES: Final[dict[int, str]] = {
    3: "Unknown method passed",
    5: "User authorization failed",
    8: "Invalid request",
    10: "Internal server error",
    12: "Unable to compile code",
    13: "Runtime error occurred during code invocation",
    15: "Access denied",
    18: "User was deleted or banned",
    27: "Group authorization failed: method is unavailable with group auth.",
    30: "This profile is private",
    100: "One of the parameters specified was missing or invalid",
    104: "Not found",
    113: "Invalid user id",
    114: "Invalid album id",
    121: "Invalid hash",
    125: "Invalid group id",
    174: "Cannot add user himself as friend",
    175: "Cannot add this user to friends as they have put you on their blacklist",
    176: "Cannot add this user to friends as you put him on blacklist",
    177: "Cannot add this user to friends as user not found",
    210: "Access to wall's post denied",
    214: "Access to adding post denied",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    902: "Can't send messages to this user due to their privacy settings",
    907: "Value of ts or pts is too old",
    908: "Value of ts or pts is too new",
    914: "Message is too long",
    1004: "This address is already used by another account",
    1110: "Incorrect code",
    2000: "Cannot add more than 10 servers",
}
"""Texts by error code, as VK's list of errors spells them."""

SECRET_NAMES: Final = frozenset({"access_token", "password", "client_secret", "token", "code", "sig", "secret_key"})
"""Parameters that are never repeated to the caller."""

_ECHO_LIMIT = 1000  # characters of a parameter that an error repeats; a megabyte of text helps nobody


class VkError(Exception):
    """A call failed in a way VK has a code for (a key of `MESSAGES`); `detail` says what exactly, in VK's words."""

    def __init__(self, code: int, detail: str = "") -> None:
        self.code = code
        self.message = f"{MESSAGES[code]}: {detail}" if detail else MESSAGES[code]
        super().__init__(self.message)

    def envelope(self, method: str, params: dict[str, str]) -> dict[str, Any]:
        """Return VK's error answer: code, text, and what was asked, apart from secrets."""
        shown = {"method": method, **{k: v for k, v in params.items() if k.lower() not in SECRET_NAMES}}
        pairs = [{"key": key[:_ECHO_LIMIT], "value": value[:_ECHO_LIMIT]} for key, value in shown.items()]
        return {"error": {"error_code": self.code, "error_msg": self.message, "request_params": pairs}}


def bad_parameter(detail: str) -> VkError:
    """Return VK error 100 with VK's wording of what is wrong, such as `user_id is undefined`."""
    return VkError(100, detail)
