"""Letters in a folder: all of them where there is no mail server, else those the mail server did not take."""

import os
import secrets
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

SUFFIX = ".eml"


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
        """Return all letters, oldest first."""
        return [self._read(path) for path in sorted(self._folder.glob(f"*{SUFFIX}"))]

    def _read(self, path: Path) -> Letter:
        message = message_from_bytes(path.read_bytes(), policy=default)
        body = message.get_body(("plain",))
        text = body.get_content().replace("\r\n", "\n") if isinstance(body, EmailMessage) else ""
        recipient, subject, date = (str(message.get(name, "")) for name in ("To", "Subject", "Date"))
        return Letter(path.name, recipient, subject, date, text)
