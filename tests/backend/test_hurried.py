"""Connections that keep a deadline, in the clear and over TLS, against servers that drip."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from userapi_gw.backend import deadline
from userapi_gw.backend.exchange import session_over
from userapi_gw.backend.hurried import HurriedAdapter

Talk = Callable[[socket.socket], None]
USUAL = 20.0
"""Seconds for which each single wait may last."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of a server at 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def talking(talk: Talk, certificate: Path | None) -> Iterator[str]:
    """A server that lets `talk` speak to the one who comes; its address."""

    def serve() -> None:
        with suppress(OSError):  # whoever asked has heard enough
            connection, _ = listener.accept()
            with connection:
                if certificate:
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.load_cert_chain(certificate)
                    connection = context.wrap_socket(connection, server_side=True)
                with connection:
                    talk(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(params=["http", "https"])
def ask(request: pytest.FixtureRequest, certificate: Path) -> Iterator[Callable[[Talk], Callable[[], bytes]]]:
    """Start a server and return a way to ask it, again and again over one connection."""
    with ExitStack() as stack:

        def ask(talk: Talk) -> Callable[[], bytes]:
            tls = certificate if request.param == "https" else None
            url = stack.enter_context(talking(talk, tls))
            session = stack.enter_context(closing(session_over(HurriedAdapter())))
            return lambda: session.get(url, timeout=USUAL, verify=str(certificate)).content

        yield ask


def answer(connection: socket.socket) -> None:
    while connection.recv(65536):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X: y\r\n")
        time.sleep(0.02)


def test_a_connection_is_used_again_whatever_the_deadline_was(ask: Callable[[Talk], Callable[[], bytes]]) -> None:
    again = ask(answer)
    with deadline.within(5):
        assert again() == b"ok"
    assert again() == b"ok"
    with deadline.within(0.0), pytest.raises(requests.exceptions.RequestException):
        again()


def test_who_drips_is_left_at_the_deadline(
    ask: Callable[[Talk], Callable[[], bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http.client, "_MAXHEADERS", 10**6)
    began = time.monotonic()
    with deadline.within(0.3), pytest.raises(requests.exceptions.RequestException):
        ask(drip)()
    assert time.monotonic() - began < USUAL / 2


def test_strangers_certificates_are_refused(certificate: Path) -> None:
    refused = pytest.raises(requests.exceptions.SSLError)
    with talking(answer, certificate) as url, closing(session_over(HurriedAdapter())) as session, refused:
        session.get(url, timeout=USUAL)
