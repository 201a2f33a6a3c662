"""What settings say about mail has to look like. Texts of errors never repeat what was given."""

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters go: `smtps` is TLS from the start, `smtp` begins in the clear and turns to TLS if it is offered."""

    scheme: str
    host: str
    port: int
    user: str = field(repr=False)
    password: str = field(repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read `smtp://user:password@host:587`; special characters are percent-encoded.

        Raises ValueError, whose text does not repeat the address.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("write smtp://user:password@host:587 or smtps://user:password@host") from None
        if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/") or parts.query:
            raise ValueError("write smtp://user:password@host:587 or smtps://user:password@host")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password)


def mail_server(url: SecretStr) -> SecretStr:
    """Return the address of a mail server if it is one. Raises ValueError as `MailServer.parse` does."""
    MailServer.parse(url.get_secret_value())
    return url


def mail_address(text: str) -> str:
    """Return a sender's e-mail address if it is one, also of a host without a dot. Raises ValueError."""
    if not re.fullmatch(r"[!-;=?A-~]+@[A-Za-z0-9.-]+", text):
        raise ValueError("write an e-mail address, such as network@example.org")
    return text
