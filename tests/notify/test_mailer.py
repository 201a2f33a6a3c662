"""Letters on their way to a real SMTP server, and what becomes of those it does not take."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, message_from_string
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from tests.mail_server import MailServer, mail_server
from userapi_gw.notify import mailer as module
from userapi_gw.notify.letters import activation
from userapi_gw.notify.mailer import Mailer
from userapi_gw.notify.outcome import Fate, Outcome
from userapi_gw.settings import mail

LINK = "http://durov.ru/#;confirm=" + "0123456789abcdef" * 2
SUBJECT = "Подтверждение регистрации / Confirm your registration"


@pytest.fixture
def letter() -> EmailMessage:
    return activation("Сеть <network@example.org>", "iwan@mail.example", LINK, 3)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def deliver(url: str, letter: EmailMessage) -> Outcome:
    mailer = Mailer(mail.MailServer.parse(url), "network@example.org", timeout=5)
    return mailer.deliver(letter, lambda: True)


def takes(url: str, letter: EmailMessage) -> bool:
    return deliver(url, letter).fate is Fate.SENT


def test_a_letter_arrives(server: MailServer, letter: EmailMessage) -> None:
    assert takes(server.url, letter)
    ((sender, recipients, message),) = server.letters
    assert (sender, recipients) == ("network@example.org", ["iwan@mail.example"])
    assert (message["From"], message["To"]) == ("Сеть <network@example.org>", "iwan@mail.example")
    assert (message["Subject"], message["Auto-Submitted"]) == (SUBJECT, "auto-generated")
    assert message["Message-ID"].endswith("@example.org>")
    text = message.get_content()
    assert text.startswith("Здравствуйте!")
    assert text.replace("\r", "").count(f"\n\n{LINK}\n\n") == 2
    assert server.raw[0].isascii()


@pytest.mark.parametrize(
    ("said", "fate"),
    [
        ("554 No thanks, iwan@mail.example", Fate.NEXT),
        ("451 Not now", Fate.NEXT_OR_LATER),
        ("nonsense", Fate.UNCERTAIN),
    ],
)
def test_a_letter_nobody_takes(server: MailServer, letter: EmailMessage, said: str, fate: Fate) -> None:
    server.refuse = said
    outcome = deliver(server.url, letter)
    assert outcome.fate is fate
    assert "iwan" not in repr(outcome)


def test_what_is_said_at_parting_changes_nothing(server: MailServer, letter: EmailMessage) -> None:
    server.bye = "554 No"
    assert takes(server.url, letter)


def test_nobody_takes_it_for_that_person(server: MailServer, letter: EmailMessage) -> None:
    server.refuse_to = "iwan@mail.example"
    assert deliver(server.url, letter) == Outcome(Fate.NEXT, "SMTPDataError")


def test_a_letter_somebody_else_sends_is_left_alone(server: MailServer, letter: EmailMessage) -> None:
    mailer = Mailer(mail.MailServer.parse(server.url), "network@example.org", timeout=5)
    assert mailer.deliver(letter, lambda: False).fate is Fate.LOST
    assert server.letters == []


def test_a_letter_that_was_kept_is_sent_as_it_was_written(server: MailServer, letter: EmailMessage) -> None:
    assert takes(server.url, message_from_string(letter.as_string(), policy=default))
    ((sender, recipients, message),) = server.letters
    assert (sender, recipients, server.raw[0].isascii()) == ("network@example.org", ["iwan@mail.example"], True)
    assert {**message, "Content-Transfer-Encoding": "8bit"} == dict(letter)
    assert message.get_content().replace("\r\n", "\n") == letter.get_content()


@pytest.mark.parametrize("content", [b"", b"no letter", b"From: n@example.org\n\nx", b"To: i@mail.example\n\nx"])
def test_what_is_no_letter_is_not_sent(server: MailServer, content: bytes) -> None:
    outcome = deliver(server.url, message_from_bytes(content, policy=default))
    assert outcome == Outcome(Fate.NEXT, "ValueError")
    assert server.letters == []


def test_a_server_that_is_away(letter: EmailMessage) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    assert deliver(f"smtp://127.0.0.1:{port}", letter) == Outcome(Fate.NEXT_OR_LATER, "ConnectionRefusedError")


def test_a_server_that_hangs(letter: EmailMessage) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        mailer = Mailer(mail.MailServer.parse(url), "network@example.org", timeout=0.05)
        assert mailer.deliver(letter, lambda: True) == Outcome(Fate.NEXT_OR_LATER, "SMTPServerDisconnected")


@pytest.mark.parametrize(("password", "taken"), [("p%40ss%3Aword", True), ("wrong", False)])
def test_login(letter: EmailMessage, password: str, taken: bool) -> None:
    with mail_server(auth_require_tls=False) as server:
        assert takes(f"smtp://me:{password}@127.0.0.1:{server.port}", letter) is taken
    assert server.logins[0] == (b"me", b"p@ss:word" if taken else b"wrong")
    assert len(server.letters) == taken


def test_no_password_goes_over_the_network_in_the_clear(letter: EmailMessage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_is_loopback", lambda host: False)
    with mail_server(auth_require_tls=False) as server:
        assert not takes(f"smtp://me:p%40ss%3Aword@127.0.0.1:{server.port}", letter)
    assert (server.logins, server.letters) == ([], [])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed, with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now, own_address = datetime.now(UTC), x509.IPAddress(ip_address("127.0.0.1"))
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    builder = builder.add_extension(x509.SubjectAlternativeName([own_address]), critical=False)
    signed = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    path = tmp_path_factory.mktemp("certificate") / "mail.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + signed)
    return path


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_passwords_go_over_tls_to_whom_we_trust(
    letter: EmailMessage,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    trusted: bool,
) -> None:
    ours, theirs = ssl.create_default_context(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(certificate)
    if trusted:
        ours.load_verify_locations(certificate)
    tls = {"ssl_context": theirs, "auth_require_tls": False} if scheme == "smtps" else {"tls_context": theirs}
    with mail_server(**tls) as server:
        monkeypatch.setattr(ssl, "create_default_context", lambda: ours)
        monkeypatch.setattr(module, "_is_loopback", lambda host: False)
        url = f"{scheme}://me:p%40ss%3Aword@127.0.0.1:{server.port}"
        assert takes(url, letter) is trusted
    assert server.logins == ([(b"me", b"p@ss:word")] if trusted else [])
    assert len(server.letters) == trusted


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("smtp://host", ("smtp", "host", 25, "", "")),
        ("smtp://me:p%40ss@host.example:587/", ("smtp", "host.example", 587, "me", "p@ss")),
        ("smtps://host", ("smtps", "host", 465, "", "")),
        ("smtp://[::1]:26", ("smtp", "::1", 26, "", "")),
    ],
)
def test_addresses_of_mail_servers(url: str, parts: tuple[str, str, int, str, str]) -> None:
    assert mail.MailServer.parse(url) == mail.MailServer(*parts)
    assert mail.mail_server(SecretStr(url)).get_secret_value() == url


@pytest.mark.parametrize(
    "url", ["", "host", "http://host", "smtp://", "smtp://a:secret@h:99999", "smtp://h/x", "smtp:h"]
)
def test_what_is_no_mail_server(url: str) -> None:
    with pytest.raises(ValueError, match=r"^write smtp://user:password@host:587 or smtps://user:password@host$"):
        mail.MailServer.parse(url)


def test_a_mail_server_does_not_show_its_password() -> None:
    assert "secret" not in repr(mail.MailServer.parse("smtp://me:secret@host"))


def test_line_breaks_make_no_headers() -> None:
    with pytest.raises(ValueError, match="Header values may not contain"):
        activation("network@example.org", "iwan@mail.example\r\nBcc: all@mail.example", LINK, 3)
