"""Letters on their way to a real SMTP server, and in the outbox when it does not take them."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
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
from userapi_gw.notify import Mailer, Outbox, activation
from userapi_gw.notify import mailer as module

LINK = "http://durov.ru/#;confirm=" + "0123456789abcdef" * 2
SUBJECT = "Подтверждение регистрации / Confirm your registration"


@pytest.fixture
def letter() -> EmailMessage:
    return activation("Сеть <network@example.org>", "iwan@mail.example", LINK, 3)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def mailer(url: str, outbox: Outbox) -> Mailer:
    return Mailer(module.MailServer.parse(url), outbox, timeout=5)


def test_a_letter_arrives(server: MailServer, letter: EmailMessage, outbox: Outbox) -> None:
    assert mailer(server.url, outbox).send(letter)
    ((sender, recipients, message),) = server.letters
    assert (sender, recipients) == ("network@example.org", ["iwan@mail.example"])
    assert (message["From"], message["To"]) == ("Сеть <network@example.org>", "iwan@mail.example")
    assert (message["Subject"], message["Auto-Submitted"]) == (SUBJECT, "auto-generated")
    assert message["Message-ID"].endswith("@example.org>")
    text = message.get_content()
    assert text.startswith("Здравствуйте!")
    assert text.replace("\r", "").count(f"\n\n{LINK}\n\n") == 2
    assert server.raw[0].isascii()
    assert outbox.letters() == []


def test_a_letter_nobody_takes_is_kept(
    server: MailServer, letter: EmailMessage, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    server.refuse = "554 No thanks, iwan@mail.example"
    assert not mailer(server.url, outbox).send(letter)
    assert [kept.recipient for kept in outbox.letters()] == ["iwan@mail.example"]
    assert [record.getMessage() for record in caplog.records if record.name.startswith("userapi_gw")] == [
        "the mail server took no letter (SMTPDataError), it is kept in the outbox"
    ]


def test_a_letter_of_the_outbox_is_sent_as_it_was_written(
    server: MailServer, letter: EmailMessage, outbox: Outbox
) -> None:
    outbox.keep(letter)
    assert outbox.send_again(mailer(server.url, outbox).deliver) == (1, [])
    ((sender, recipients, message),) = server.letters
    assert (sender, recipients, server.raw[0].isascii()) == ("network@example.org", ["iwan@mail.example"], True)
    assert {**message, "Content-Transfer-Encoding": "8bit"} == dict(letter)
    assert message.get_content().replace("\r\n", "\n") == letter.get_content()


@pytest.mark.parametrize("content", [b"", b"no letter", b"From: n@example.org\n\nx", b"To: i@mail.example\n\nx"])
def test_what_is_no_letter_stays(server: MailServer, outbox: Outbox, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "odd.eml").write_bytes(content)
    assert outbox.send_again(mailer(server.url, outbox).deliver) == (0, ["ValueError"])
    assert [kept.name for kept in outbox.letters()] == ["odd.eml"]
    assert server.letters == []


def test_a_server_that_is_away(letter: EmailMessage, outbox: Outbox) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    assert not mailer(f"smtp://127.0.0.1:{port}", outbox).send(letter)
    assert len(outbox.letters()) == 1


def test_a_server_that_hangs(letter: EmailMessage, outbox: Outbox) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        assert not Mailer(module.MailServer.parse(url), outbox, timeout=0.05).send(letter)
    assert len(outbox.letters()) == 1


@pytest.mark.parametrize(("password", "taken"), [("p%40ss%3Aword", True), ("wrong", False)])
def test_login(letter: EmailMessage, outbox: Outbox, password: str, taken: bool) -> None:
    with mail_server(auth_require_tls=False) as server:
        assert mailer(f"smtp://me:{password}@127.0.0.1:{server.port}", outbox).send(letter) is taken
    assert server.logins[0] == (b"me", b"p@ss:word" if taken else b"wrong")
    assert (len(server.letters), len(outbox.letters())) == ((1, 0) if taken else (0, 1))


def test_no_password_goes_over_the_network_in_the_clear(
    letter: EmailMessage, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_is_loopback", lambda host: False)
    with mail_server(auth_require_tls=False) as server:
        assert not mailer(f"smtp://me:p%40ss%3Aword@127.0.0.1:{server.port}", outbox).send(letter)
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
    outbox: Outbox,
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
        assert mailer(url, outbox).send(letter) is trusted
    assert server.logins == ([(b"me", b"p@ss:word")] if trusted else [])
    assert (len(server.letters), len(outbox.letters())) == ((1, 0) if trusted else (0, 1))


def test_without_a_server_all_letters_are_kept(letter: EmailMessage, outbox: Outbox) -> None:
    assert not Mailer(None, outbox).send(letter)
    assert len(outbox.letters()) == 1


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
    assert module.MailServer.parse(url) == module.MailServer(*parts)
    assert module.mail_server(SecretStr(url)).get_secret_value() == url


@pytest.mark.parametrize(
    "url", ["", "host", "http://host", "smtp://", "smtp://a:secret@h:99999", "smtp://h/x", "smtp:h"]
)
def test_what_is_no_mail_server(url: str) -> None:
    with pytest.raises(ValueError, match=r"^write smtp://user:password@host:587 or smtps://user:password@host$"):
        module.MailServer.parse(url)


def test_a_mail_server_does_not_show_its_password() -> None:
    assert "secret" not in repr(module.MailServer.parse("smtp://me:secret@host"))


def test_line_breaks_make_no_headers() -> None:
    with pytest.raises(ValueError, match="Header values may not contain"):
        activation("network@example.org", "iwan@mail.example\r\nBcc: all@mail.example", LINK, 3)
