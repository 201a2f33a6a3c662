"""Sends letters by SMTP; a letter that cannot be sent is kept in the outbox folder."""

import ipaddress
import logging
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Self
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from userapi_gw.notify.outbox import Outbox

log = logging.getLogger(__name__)

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


class Mailer:
    """Sends letters to `server`, or keeps them all in `outbox` without one. `timeout` is in seconds."""

    def __init__(self, server: MailServer | None, outbox: Outbox, timeout: float = 10) -> None:
        self._server, self._outbox, self._timeout = server, outbox, timeout

    def send(self, message: EmailMessage) -> bool:
        """Send a letter and tell whether the mail server took it; if not, it is in the outbox.

        Raises OSError when the outbox cannot be written either.
        """
        if self._server is not None:
            fault = self.deliver(message)
            if not fault:
                return True
            log.warning("the mail server took no letter (%s), it is kept in the outbox", fault)
        self._outbox.keep(message)
        return False

    def deliver(self, message: EmailMessage) -> str:
        """Hand a letter to the mail server, and return why that was not possible, `""` when it took it."""
        try:
            self._hand_over(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return type(error).__name__  # the text of the exception is left out: it may quote the recipient
        return ""

    def _hand_over(self, message: EmailMessage) -> None:
        server, sender, recipient = self._server, message["From"], message["To"]
        if server is None or not sender or not recipient:
            raise ValueError("no mail server, sender or recipient")
        with self._connect(server) as smtp:
            smtp.ehlo()
            encrypted = server.scheme == "smtps"
            if not encrypted and smtp.has_extn("starttls"):
                smtp.starttls(context=ssl.create_default_context())
                encrypted = True
            if server.user:
                if not encrypted and not _is_loopback(server.host):
                    raise smtplib.SMTPNotSupportedError("no password without TLS")
                smtp.login(server.user, server.password)
            # Every mail server takes seven bits; the copy in the outbox is for people to read.
            letter = message.as_bytes(policy=SMTP.clone(cte_type="7bit"))
            smtp.sendmail(parseaddr(sender)[1], [recipient], letter)

    def _connect(self, server: MailServer) -> smtplib.SMTP:
        # Named, or else the machine's own name would be looked up and told.
        name = "[127.0.0.1]"
        if server.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, name, timeout=self._timeout, context=context)
        return smtplib.SMTP(server.host, server.port, name, timeout=self._timeout)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
