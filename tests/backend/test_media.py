"""Files from the backend's media hosts and from nowhere else, tried against real servers."""

import gzip
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import pytest

from tests.servers import Served, serving
from userapi_gw.backend import media as media_module
from userapi_gw.backend.media import Media
from userapi_gw.errors import Failure, Kind


@pytest.fixture
def backend() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture
def inner() -> Iterator[Served]:
    """A server of the gateway's own network that nobody may reach through it."""
    with serving() as served:
        served.files["/secret"] = b"secret"
        yield served


@pytest.fixture
def media(backend: Served) -> Iterator[Media]:
    media = Media([backend.place, "*.example"], timeout=2)
    yield media
    media.close()


def kind_of(media: Media, url: str) -> Kind:
    with pytest.raises(Failure) as raised:
        media.fetch(url)
    return raised.value.kind


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://ovk.test/a.jpg", True),
        ("HTTP://OVK.test:80/a.jpg?b=c#d", True),
        ("https://ovk.test:443", True),
        ("http://ovk.test:81/a", True),
        ("http://a.b.cdn.test/x", True),
        ("http://[::1]/x", True),
        ("http://cdn.test/x", False),
        ("http://evilcdn.test/x", False),
        ("http://ovk.test:82/a", False),
        ("https://ovk.test:80/a", False),
        ("http://ovk.test.evil.example/a", False),
        ("http://ovk.test@evil.example/", False),
        ("http://evil.example@ovk.test/", False),
        ("http://evil.example\\@ovk.test/", False),
        ("http://ovk.test\\@evil.example/", False),
        ("http://ovk.test /", False),
        ("http://ovk.test/\r\nX: y", False),
        ("//ovk.test/a", False),
        ("/a", False),
        ("", False),
        ("file:///etc/passwd", False),
        ("file://ovk.test/etc/passwd", False),
        ("ftp://ovk.test/a", False),
        ("gopher://ovk.test/a", False),
        ("http://2130706433/", False),
        ("http://127.0.0.1/", False),
        ("http://ovk.test./", False),
        ("http://ovk。test/", False),
    ],
)
def test_which_addresses_are_on_media_hosts(url: str, allowed: bool) -> None:
    media = Media(["Ovk.test", "ovk.test:81", "*.cdn.test", "[::1]"], timeout=1)
    assert media.allows(url) is allowed
    media.close()


def test_a_file_is_fetched_without_telling_anything(media: Media, backend: Served) -> None:
    backend.files["/a?b=1"] = b"picture"
    assert [media.fetch(f"{backend.url}/a?b=1") for _ in range(2)] == [b"picture"] * 2
    assert backend.seen == ["/a?b=1"] * 2
    names = {name.lower() for headers in backend.headers for name in headers}
    assert names & {"cookie", "authorization", "referer"} == set()


def test_redirects_on_media_hosts_are_followed(media: Media, backend: Served) -> None:
    backend.redirects |= {"/a": "/b", "/b": f"{backend.url}/c"}
    backend.files["/c"] = b"picture"
    assert media.fetch(f"{backend.url}/a") == b"picture"


@pytest.mark.parametrize(
    "target",
    [
        "{inner}/secret",
        "http://localhost:{port}/secret",
        "//127.0.0.1:{port}/secret",
        "http://0x7f000001:{port}/secret",
        "http://2130706433:{port}/secret",
        "http://[::ffff:127.0.0.1]:{port}/secret",
        "http://127.0.0.1/secret",
        "file:///etc/passwd",
        "http://other.host.invalid/",
        "gopher://127.0.0.1:{port}/_GET /secret",
        "http://{place}@127.0.0.1:{port}/secret",
        "http://{place}\\@127.0.0.1:{port}/secret",
    ],
)
def test_redirects_elsewhere_are_refused(media: Media, backend: Served, inner: Served, target: str) -> None:
    port = inner.place.rpartition(":")[2]
    backend.redirects["/a"] = target.format(inner=inner.url, port=port, place=backend.place)
    assert kind_of(media, f"{backend.url}/a") is Kind.FORBIDDEN
    assert inner.seen == []


@pytest.mark.parametrize(
    "target", ["http://[bad", "http://..example/", "http://.example/", f"http://{'a' * 64}.example/", "http://\xff/"]
)
def test_redirects_to_nowhere(media: Media, backend: Served, target: str) -> None:
    backend.redirects["/a"] = target
    assert kind_of(media, f"{backend.url}/a") in (Kind.FORBIDDEN, Kind.BACKEND_AWAY, Kind.BACKEND_BROKEN)
    with pytest.raises(Failure):
        media.send(f"{backend.url}/a", "photo", b"JPEG")


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fd00::1", "0.0.0.0"]
)
def test_names_below_a_star_must_not_lead_inside(
    media: Media, backend: Served, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    real = socket.getaddrinfo

    def resolve(host: str, *rest: Any, **named: Any) -> list[Any]:
        if host != "cdn.example":
            return real(host, *rest, **named)
        return [(0, 0, 0, "", ("93.184.216.34", 0)), (0, 0, 0, "", (address, 0))]

    monkeypatch.setattr(media_module.socket, "getaddrinfo", resolve)
    backend.redirects["/a"] = "http://cdn.example/x"
    assert kind_of(media, f"{backend.url}/a") is Kind.FORBIDDEN
    assert kind_of(media, "http://cdn.example/x") is Kind.FORBIDDEN


def test_a_name_nobody_knows(media: Media, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror

    monkeypatch.setattr(media_module.socket, "getaddrinfo", resolve)
    assert kind_of(media, "http://cdn.example/x") is Kind.BACKEND_AWAY


def test_loops_end(media: Media, backend: Served) -> None:
    backend.redirects["/a"] = "/a"
    assert kind_of(media, f"{backend.url}/a") is Kind.BACKEND_BROKEN
    assert len(backend.seen) == 4


def test_missing_files_and_servers(media: Media, backend: Served) -> None:
    assert kind_of(media, f"{backend.url}/none") is Kind.NOT_FOUND
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"127.0.0.1:{listener.getsockname()[1]}"
    other = Media([place], timeout=1)
    assert kind_of(other, f"http://{place}/") is Kind.BACKEND_AWAY
    other.close()


def test_files_that_are_too_large(media: Media, backend: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_module, "MOST_BYTES", 100_000)
    backend.files |= {"/a": bytes(100_000), "/b": bytes(100_001)}
    assert len(media.fetch(f"{backend.url}/a")) == 100_000
    assert kind_of(media, f"{backend.url}/b") is Kind.BACKEND_BROKEN


def test_uploads_go_as_a_form_with_one_file(media: Media, backend: Served) -> None:
    backend.files["/up?x"] = json.dumps({"server": 1, "photo": "p", "hash": "h"}).encode()
    assert media.send(f"{backend.url}/up?x", "file1", b"JPEG") == {"server": 1, "photo": "p", "hash": "h"}
    assert b'name="file1"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\nJPEG\r\n' in backend.bodies[0]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b'{"error": "ERR_UPLOAD_BAD_IMAGE"}', Kind.BAD_INPUT),
        (b'"No file"', Kind.BAD_INPUT),
        (b"<h1>Whoops</h1>", Kind.BACKEND_BROKEN),
    ],
)
def test_uploads_the_server_does_not_take(media: Media, backend: Served, answer: bytes, kind: Kind) -> None:
    backend.files["/up"] = answer
    with pytest.raises(Failure) as raised:
        media.send(f"{backend.url}/up", "photo", b"JPEG")
    assert raised.value.kind is kind


def test_uploads_go_to_media_hosts_alone_and_follow_nobody(media: Media, backend: Served, inner: Served) -> None:
    with pytest.raises(Failure) as raised:
        media.send(f"{inner.url}/secret", "photo", b"JPEG")
    assert raised.value.kind is Kind.FORBIDDEN
    backend.redirects["/up"] = f"{inner.url}/secret"
    with pytest.raises(Failure):
        media.send(f"{backend.url}/up", "photo", b"JPEG")
    assert inner.seen == []


@contextmanager
def talking(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that lets `answer` talk to the one who comes; the place where it listens."""

    def talk() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):  # whoever asked has heard enough
            answer(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=talk)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        thread.join(10)
    assert not thread.is_alive()


def endless(head: bytes, part: bytes) -> Callable[[socket.socket], None]:
    """An answer that comes part by part until the other side has gone."""

    def answer(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 " + head + b"\r\n\r\n")
        while True:
            connection.sendall(part)
            time.sleep(0.01 if len(part) == 1 else 0)

    return answer


TOO_MUCH = {
    "no end": endless(b'200 OK\r\n\r\n{"hash":"', b"x" * 65536),
    "a redirect with no end": endless(b"302 Found\r\nLocation: /a", b"x" * 65536),
    "drop by drop": endless(b"200 OK", b" "),
    "packed": endless(b"200 OK\r\nContent-Encoding: gzip", gzip.compress(b" " * 10_000_000)),
}


def head_drop_by_drop(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X: y\r\n")
        time.sleep(0.02)


@pytest.mark.parametrize("sends", [False, True])
def test_a_head_that_comes_drop_by_drop(sends: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http.client, "_MAXHEADERS", 10**6)  # what ends it, if nothing else does
    with (
        talking(head_drop_by_drop) as place,
        closing(Media([place], timeout=0.1)) as media,
        pytest.raises(Failure) as raised,
    ):
        media.send(f"http://{place}/", "photo", b"JPEG") if sends else media.fetch(f"http://{place}/")
    assert raised.value.kind is Kind.BACKEND_AWAY


@pytest.mark.parametrize("answer", TOO_MUCH.values(), ids=TOO_MUCH)
def test_answers_to_uploads_have_an_end(answer: Callable[[socket.socket], None]) -> None:
    with talking(answer) as place, closing(Media([place], timeout=0.1)) as media, pytest.raises(Failure) as raised:
        media.send(f"http://{place}/", "photo", b"JPEG")
    assert raised.value.kind is (Kind.BACKEND_AWAY if answer is TOO_MUCH["drop by drop"] else Kind.BACKEND_BROKEN)


def test_a_redirect_is_not_read() -> None:
    with talking(TOO_MUCH["a redirect with no end"]) as place, closing(Media([place], timeout=0.1)) as media:
        assert kind_of(media, f"http://{place}/") is Kind.BACKEND_AWAY


def test_a_server_that_reads_an_upload_slowly() -> None:
    enough = threading.Event()

    def sip(connection: socket.socket) -> None:
        while not enough.wait(0.01):  # well before each single wait is over
            connection.recv(4096)

    with talking(sip) as place, closing(Media([place], timeout=0.1)) as media:
        with pytest.raises(Failure) as raised:
            media.send(f"http://{place}/", "photo", bytes(32 * 1024 * 1024))
        enough.set()
    assert raised.value.kind is Kind.BACKEND_AWAY
