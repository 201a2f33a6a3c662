"""Letters in a folder: all of them where there is no mail server, else those the mail server did not take."""

import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

SUFFIX, SENDING = ".eml", ".sending"
"""The endings of letters that wait, and of those under way. A letter whose sender died keeps the second one."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in the folder, as a person reads it."""

    name: str
    recipient: str
    subject: str
    date: str
    text: str = field(repr=False)  # holds an activation link


class Outbox:
    """The folder `folder` (mode 0700) of `.eml` files (mode 0600), by name in the order they were written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, message: EmailMessage) -> str:
        """Write a letter, complete or not at all, and return its name. Raises OSError when that is impossible."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}{SUFFIX}"
        handle, draft = tempfile.mkstemp(dir=self._folder)  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(message.as_bytes(policy=SMTP))
            os.replace(draft, self._folder / name)
        except BaseException:
            os.unlink(draft)
            raise
        return name

    def letters(self) -> list[Letter]:
        """Return all letters, oldest first, those under way among them."""
        paths = (path for ending in (SUFFIX, SENDING) for path in self._folder.glob(f"*{ending}"))
        read = ((path, _parsed(path)) for path in sorted(paths))
        return [_letter(path.name, message) for path, message in read if message is not None]

    def send_again(self, deliver: Callable[[EmailMessage], str]) -> tuple[int, list[str]]:
        """Hand every letter to `deliver`, which says why it was not taken, `""` if it was: then it leaves the folder.

        Return how many left, and the reasons of the others. Of two senders at once one alone gets a letter. One that
        is killed leaves its letter under the ending `SENDING`: nobody knows whether it was sent, so nobody sends it.
        """
        results = [self._send(path, deliver) for path in sorted(self._folder.glob(f"*{SUFFIX}"))]
        faults = [fault for fault in results if fault is not None]
        return faults.count(""), [fault for fault in faults if fault]

    def _send(self, path: Path, deliver: Callable[[EmailMessage], str]) -> str | None:
        """Return what `deliver` says; None when another sender was faster."""
        message, taken = _parsed(path), path.with_suffix(SENDING)
        if message is None or not _renamed(path, taken):
            return None
        fault = deliver(message)
        if fault:
            taken.rename(path)
        else:
            taken.unlink()
        return fault


def _renamed(path: Path, name: Path) -> bool:
    try:
        path.rename(name)
    except FileNotFoundError:
        return False
    return True


def _parsed(path: Path) -> EmailMessage | None:
    """Return the letter in a file; None when the file is gone by now."""
    try:
        return message_from_bytes(path.read_bytes(), policy=default)
    except FileNotFoundError:
        return None


def _letter(name: str, message: EmailMessage) -> Letter:
    body = message.get_body(("plain",))
    text = body.get_content().replace("\r\n", "\n") if isinstance(body, EmailMessage) else ""
    recipient, subject, date = (str(message.get(header, "")) for header in ("To", "Subject", "Date"))
    return Letter(name, recipient, subject, date, text)
