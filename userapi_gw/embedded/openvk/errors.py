"""How an OpenVK fails: with a code and a text of its own, or with a page of HTML where it crashes."""

from typing import NoReturn


class OpenVkError(Exception):
    """A call failed with an error code. OpenVK gives one code several texts, so the text comes along."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


class CrashError(Exception):
    """The program broke: HTTP 500 with a page of HTML, as where OpenVK does not foresee what it is asked."""


INVALID = "One of the parameters specified was missing or invalid"
DENIED = "Access denied"
DELETED = "User was deleted or banned"


def missing(name: str) -> OpenVkError:
    """Return error 100 for a parameter that was not passed."""
    return OpenVkError(100, f"Required parameter '{name}' missing.")


def fail(code: int, message: str) -> NoReturn:
    """Raise the error `code` with OpenVK's text."""
    raise OpenVkError(code, message)


def crash_unless(sound: bool) -> None:
    """Raise `CrashError` where OpenVK would run into a database error or a null."""
    if not sound:
        raise CrashError
