"""A real SMTP server in a thread, on a port the system chooses."""

import asyncio
import socket
from asyncio import Server
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class MailServer(Controller):
    """Takes letters into `letters`; `refuse` is what it says to every one instead, `refuse_to` who gets none,
    `bye` what it says at parting.

    After `hang` it takes a letter and says nothing until `go_on` is set, for `HANGS` seconds at most.
    """

    HANGS = 30.0

    def __init__(self, **parameters: Any) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(self, "127.0.0.1", self.socket.getsockname()[1], **parameters)
        self.letters: list[tuple[str, list[str], EmailMessage]] = []
        self.raw: list[bytes] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.refuse = self.refuse_to = ""
        self.bye = "221 Bye"
        self.asked, self.go_on = Event(), Event()
        self.go_on.set()

    def _create_server(self) -> Coroutine[Any, Any, Server]:
        return self.loop.create_server(self._factory_invoker, sock=self.socket, ssl=self.ssl_context)  # type: ignore[return-value]

    def hang(self) -> None:
        """Say nothing to letters from now on."""
        self.go_on.clear()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse:
            return self.refuse
        if self.refuse_to in envelope.rcpt_tos:
            return "554 Not to you"
        content = bytes(envelope.content or b"")
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.raw.append(content)
        self.letters.append((str(envelope.mail_from), envelope.rcpt_tos, message))
        self.asked.set()
        if not self.go_on.is_set():
            await asyncio.to_thread(self.go_on.wait, self.HANGS)
        return "250 Taken"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return self.bye

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, data: Any) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss:word", handled=False)


@contextmanager
def mail_server(**parameters: Any) -> Iterator[MailServer]:
    """A mail server that runs until the test leaves it."""
    server = MailServer(**parameters)
    server.SMTP_kwargs["authenticator"] = server.authenticate
    server.start()
    try:
        yield server
    finally:
        server.stop()
