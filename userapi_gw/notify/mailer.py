"""Sends letters by SMTP."""

import ipaddress
import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import parseaddr

from userapi_gw.notify.letters import news
from userapi_gw.notify.outcome import LOST, Fate, Outcome, sent
from userapi_gw.notify.parcel import Parcel
from userapi_gw.settings.mail import MailServer

log = logging.getLogger(__name__)

TAKEN = 250
LONGEST_ID = 64
"""How many characters of a Message-ID are kept."""


class Mailer:
    """The channel of e-mail: hands letters to `server`, from `sender`. `timeout` is in seconds.

    With `only_letters` it sends those that are ready, such as activation links, and no news of users.
    """

    name = "email"
    carries_letters = True

    def __init__(
        self, server: MailServer | None, sender: str, timeout: float = 10, *, only_letters: bool = False
    ) -> None:
        self._server, self._sender, self._timeout, self._only_letters = server, sender, timeout, only_letters

    def send(self, parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Outcome]]:
        """Send the letters one after the other."""
        for parcel in parcels:
            yield parcel, self._send(parcel)

    def _send(self, parcel: Parcel) -> Outcome:
        if self._only_letters and not parcel.letter:
            return Outcome(Fate.NO_WAY, "switched off")
        letter = self._letter(parcel)
        if letter is None:
            return Outcome(Fate.NO_WAY, "no e-mail address")
        if self._server is None:
            return Outcome(Fate.NO_WAY, "no mail server (smtp_url)")
        outcome = self.deliver(letter, lambda: parcel.begin(self.name, repeatable=False))
        if outcome.fate not in (Fate.SENT, Fate.LOST):
            log.warning("the mail server took no letter (%s), it is kept in the outbox", outcome.reason)
        return outcome

    def _letter(self, parcel: Parcel) -> EmailMessage | None:
        if parcel.letter:
            return message_from_string(parcel.letter, policy=default)
        if parcel.person is None or not parcel.person.email:
            return None
        return news(self._sender, parcel)

    def deliver(self, message: EmailMessage, begin: Callable[[], bool]) -> Outcome:
        """Hand a letter to the mail server. `begin` is called just before the server may take it."""
        is_under_way = False

        def begins() -> bool:
            nonlocal is_under_way
            is_under_way = begin()
            return is_under_way

        try:
            if not self._hand_over(message, begins):
                return LOST
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            return Outcome(Fate.NEXT_OR_LATER, type(error).__name__, alarm=True)
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code, type(error).__name__, is_under_way)
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(error.recipients[""][0], type(error).__name__, is_under_way)
        except ValueError as error:
            return Outcome(Fate.NEXT, type(error).__name__)
        except (OSError, smtplib.SMTPException) as error:
            # The text of the exception is left out: it may quote the recipient.
            return Outcome(Fate.UNCERTAIN if is_under_way else Fate.NEXT_OR_LATER, type(error).__name__)
        return sent(str(message["Message-ID"] or "")[:LONGEST_ID] or None)

    def _hand_over(self, message: EmailMessage, begins: Callable[[], bool]) -> bool:
        server, sender, recipient = self._server, message["From"], message["To"]
        if server is None or not sender or not recipient:
            raise ValueError("no mail server, sender or recipient")
        with self._connected(server) as smtp:
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
            _address(smtp, parseaddr(sender)[1], recipient)
            if not begins():
                return False
            code, _ = smtp.data(letter)
            if code != TAKEN:
                raise smtplib.SMTPDataError(code, b"")
        return True

    @contextmanager
    def _connected(self, server: MailServer) -> Iterator[smtplib.SMTP]:
        """Connect, and part in the end: what the server says then changes nothing any more."""
        smtp = self._connect(server)
        try:
            yield smtp
        finally:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def _connect(self, server: MailServer) -> smtplib.SMTP:
        # Named, or else the machine's own name would be looked up and told.
        name = "[127.0.0.1]"
        if server.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, name, timeout=self._timeout, context=context)
        return smtplib.SMTP(server.host, server.port, name, timeout=self._timeout)


def _address(smtp: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Tell who writes to whom. Raises SMTPResponseException when the server does not want that."""
    code, _ = smtp.mail(sender)
    if code != TAKEN:
        raise smtplib.SMTPSenderRefused(code, b"", "")
    code, _ = smtp.rcpt(recipient)
    if code not in (TAKEN, 251):
        raise smtplib.SMTPRecipientsRefused({"": (code, b"")})


def _refused(code: int, reason: str, is_under_way: bool) -> Outcome:
    """What a server said no to was not sent. 4xx says to try again later, 5xx that this is of no use.

    What is neither says nothing.
    """
    if code >= 500:
        return Outcome(Fate.NEXT, reason)
    return Outcome(Fate.UNCERTAIN if is_under_way and code < 400 else Fate.NEXT_OR_LATER, reason)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
