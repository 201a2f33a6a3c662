"""What programs of 2008 put on the wire, sent as raw bytes to a really started server; and how that server ends."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.http.errors import NoMoreData  # type: ignore[import-untyped]
from gunicorn.http.parser import RequestParser  # type: ignore[import-untyped]
from sqlalchemy.exc import OperationalError

from tests.server_process import ROOT, Started, gone, started
from userapi_gw import server
from userapi_gw.server import LINE_LIMIT, explain, listen, rehearse
from userapi_gw.settings import SettingsError

ECHO = [str(ROOT / "tests" / "server_process.py")]
SECRET = "sid-1234567890-secret"


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """The echo application on one worker."""
    with started([*ECHO, "1"], tmp_path_factory.mktemp("echo")) as running:
        yield running


def reached(path: str, query: str, protocol: str = "HTTP/1.1", host: str | None = "userapi.com") -> dict[str, str]:
    """What the echo application should tell about a GET request."""
    seen = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_PROTOCOL": protocol}
    return seen | ({"HTTP_HOST": host} if host else {})


def get(target: bytes) -> bytes:
    """A request for `target` on a connection that the server closes."""
    return b"GET " + target + b" HTTP/1.1\r\nHost: userapi.com\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        pytest.param(b"/data?act=wall&id=1", "/data", "act=wall&id=1", id="plain"),
        pytest.param(
            b"/auth?id=0\xe2\x80\x8b", "/auth", "id=0\xe2\x80\x8b", id="pyvk-t: raw bytes of a zero-width blank"
        ),
        pytest.param(b"/data?text=\xcf\xf0\xe8\xe2\xe5\xf2", "/data", "text=Ïðèâåò", id="raw windows-1251"),
        pytest.param(b"/data?name=Pavel Durov&sid=1", "/data", "name=Pavel Durov&sid=1", id="raw blank"),
        pytest.param(b"/data?a= b  c HTTP/1.1", "/data", "a= b  c HTTP/1.1", id="several blanks and a version"),
        pytest.param(b"/data?text=100%&a=%zz", "/data", "text=100%&a=%zz", id="bare percent signs"),
        pytest.param(b"/data?a=%D0%9F%20b", "/data", "a=%D0%9F%20b", id="encoded stays encoded"),
        pytest.param(b'/data?a[0]={"x"}|^`<>\\~', "/data", 'a[0]={"x"}|^`<>\\~', id="every odd ASCII character"),
        pytest.param(b"/data?a=\x01\t\x00\x7f", "/data", "a=\x01\t\x00\x7f", id="control characters"),
        pytest.param(b"/data?a=1?b=2", "/data", "a=1?b=2", id="second question mark"),
        pytest.param(b"/data?a=1#b?c", "/data", "a=1", id="fragment"),
        pytest.param(b"/data?", "/data", "", id="empty query"),
        pytest.param(b"//data?a=1", "//data", "a=1", id="two slashes"),
        pytest.param(b"/\xe2\x80\x8b%E2%80%8B/a b", "/\xe2\x80\x8b\xe2\x80\x8b/a b", "", id="raw bytes in the path"),
        pytest.param(b"http://userapi.com/data?a=\xe2 b", "/data", "a=\xe2 b", id="named as HTTP proxy"),
        pytest.param(b"http://userapi.com", "/", "", id="named as HTTP proxy, no path"),
        pytest.param(b"http://userapi.com?act=x", "/", "act=x", id="named as HTTP proxy, no path but a query"),
    ],
)
def test_odd_targets_reach_the_application_as_raw_bytes(echo: Started, target: bytes, path: str, query: str) -> None:
    assert echo.echo(get(target)) == reached(path, query)


def test_no_host_header_and_http_1_0(echo: Started) -> None:
    assert echo.echo(b"GET /data?a=1 HTTP/1.0\r\n\r\n") == reached("/data", "a=1", "HTTP/1.0", host=None)


def test_no_host_header_and_http_1_1(echo: Started) -> None:
    request = b"GET /data?a=1 HTTP/1.1\r\nConnection: close\r\n\r\n"
    assert echo.echo(request) == reached("/data", "a=1", host=None)


def test_names_of_headers_keep_their_capitals(echo: Started) -> None:
    head = echo.send(get(b"/data")).partition(b"\r\n\r\n")[0]
    assert [line for line in head.split(b"\r\n") if line.lower().startswith((b"remix", b"x-"))] == [
        b"remixMid: Capitals",
        b"X-lower-CASE: kept",
    ]


@pytest.mark.parametrize("length", [8191, 100_000, 1024 * 1024])
def test_long_targets_reach_the_application(echo: Started, length: int) -> None:
    query = b"message=" + b"x" * length
    assert echo.echo(get(b"/data?" + query)) == reached("/data", query.decode())


def test_a_target_beyond_the_limit_is_refused(echo: Started) -> None:
    # Written to the last byte that the server reads, so that the answer is not lost in a reset.
    request = b"GET /data?" + b"x" * (LINE_LIMIT - 5)
    assert echo.send(request).startswith(b"HTTP/1.1 414 URI Too Long\r\n")


def test_what_no_server_understands_is_refused_without_repeating_it(tmp_path: Path) -> None:
    requests = [
        f"GET data?sid={SECRET} HTTP/1.1",
        f"GET /data?sid={SECRET}",
        f"GET /data?sid={SECRET} HTTP/7.1",
        f"get /data?sid={SECRET} HTTP/1.1",
        f"GET http://[/data?sid={SECRET} HTTP/1.1",
        f"GET / HTTP/1.1\r\nbad header: {SECRET}",
        f"GET / HTTP/1.1\r\nCookie: \x01{SECRET}",
        f"GET / HTTP/1.1\r\nCookie: {SECRET * 1000}",
    ]
    with started([*ECHO, "1"], tmp_path) as running:
        answers = [running.send(request.encode() + b"\r\n\r\n") for request in requests]
        status, log = running.stop()
    too_large = "431 Request Header Fields Too Large"
    assert status == 0
    assert [answer.decode().partition("\r\n")[0] for answer in answers] == [
        *["HTTP/1.1 400 Bad Request"] * 7,
        f"HTTP/1.1 {too_large}",
    ]
    assert [line.partition("A request was ")[2] for line in log.splitlines()] == [
        *["refused: 400 Bad Request (InvalidRequestLine)"] * 2,
        "refused: 400 Bad Request (InvalidHTTPVersion)",
        "refused: 400 Bad Request (InvalidRequestMethod)",
        "refused: 400 Bad Request (InvalidRequestLine)",
        "refused: 400 Bad Request (InvalidHeaderName)",
        "refused: 400 Bad Request (InvalidHeader)",
        f"refused: {too_large} (LimitRequestHeaders)",
    ]
    assert not [text for text in (*map(bytes.decode, answers), log) if SECRET in text]


def test_a_failing_application_leaves_no_secret_in_log_or_answer(tmp_path: Path) -> None:
    with started([*ECHO, "1"], tmp_path) as running:
        answer = running.send(get(f"/raise?sid={SECRET}".encode()))
        _, errors = running.stop()
    assert answer.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert SECRET not in answer.decode() + errors
    assert "A request was refused: 500 Internal Server Error (RuntimeError)" in errors


def test_a_body_reaches_the_application(echo: Started) -> None:
    request = b"POST /post HTTP/1.0\r\nContent-Length: 10\r\n\r\nsid=1&a=%D0"
    assert echo.echo(request) == reached("/post", "", "HTTP/1.0", None) | {
        "REQUEST_METHOD": "POST",
        "body": "sid=1&a=%D",
    }


def test_a_connection_serves_several_requests(echo: Started) -> None:
    first = b"GET /data?a=\xe2 HTTP/1.1\r\nHost: userapi.com\r\n\r\n"
    answers = echo.send(first + get(b"/data?b"))
    assert answers.count(b"HTTP/1.1 200 OK") == 2


def test_a_client_that_stalls_inside_a_request_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "STALL_SECONDS", 0.05)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"GET /data?sid=")
        with pytest.raises(NoMoreData):
            next(_parser(ours))


def _parser(sock: socket.socket) -> Iterator[object]:
    parser = RequestParser(server._Server(lambda: lambda *_: [], {}).cfg, sock, ("127.0.0.1", 1))
    parser.mesg_class = server.OldClientRequest
    return iter(parser)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_is_quick_and_clean_with_connections_open(tmp_path: Path, number: int) -> None:
    with started([*ECHO, "2"], tmp_path) as running:
        workers = {int(running.echo(get(b"/process"))["process"]) for _ in range(30)}
        silent, stalled, kept = (socket.create_connection(running.address) for _ in range(3))
        with silent, stalled, kept:
            stalled.sendall(b"GET /data?act=")
            kept.sendall(b"GET /data HTTP/1.1\r\nHost: userapi.com\r\n\r\n")
            assert kept.recv(12) == b"HTTP/1.1 200"
            begin = time.monotonic()
            assert running.stop(number) == (0, "")
            assert time.monotonic() - begin < 4
    assert all(gone(worker) for worker in workers)


def test_the_server_leaves_no_files(tmp_path: Path) -> None:
    home = tmp_path / "home"
    temporary = tmp_path / "temporary"
    for folder in (home, temporary):
        folder.mkdir()
    with started([*ECHO, "1"], home, HOME=str(home), TMPDIR=str(temporary), XDG_RUNTIME_DIR=str(home)) as running:
        running.echo(get(b"/data"))
        assert (list(home.iterdir()), list(temporary.iterdir())) == ([], [])


def test_listening_on_a_taken_port_tells_so_in_one_line() -> None:
    with listen("127.0.0.1:0") as taken:
        bind = server.address_of(taken)
        with pytest.raises(SettingsError, match=f"^bind: cannot listen on {bind}: Address already in use$"):
            listen(bind)


def test_listening_on_somebody_elses_address_tells_so_in_one_line() -> None:
    with pytest.raises(
        SettingsError, match=r"^bind: cannot listen on 192\.0\.2\.1:0: Cannot assign requested address$"
    ):
        listen("192.0.2.1:0")


def test_listening_on_a_name_nobody_has_tells_so_in_one_line() -> None:
    with pytest.raises(SettingsError, match=r"^bind: cannot listen on no-such-name\.invalid:0: "):
        listen("no-such-name.invalid:0")


def test_an_ipv6_address_is_written_in_brackets() -> None:
    with listen("[::1]:0") as listener:
        assert server.address_of(listener) == f"[::1]:{listener.getsockname()[1]}"


def test_a_rehearsal_happens_in_a_process_of_its_own(tmp_path: Path) -> None:
    note = tmp_path / "note"
    rehearse(partial(_note_process, note))
    assert int(note.read_text()) not in {0, os.getpid()}


def test_a_host_name_that_cannot_be_one_tells_so_in_one_line() -> None:
    bind = "x" * 64 + ".org:0"
    with pytest.raises(SettingsError, match=f"^bind: cannot listen on {bind}: not a host name$"):
        listen(bind)


def _note_process(note: Path) -> object:
    return note.write_text(str(os.getpid()))


def _fail_with(error: Exception) -> object:
    raise error


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (SettingsError("data_dir: no"), "data_dir: no"),
        (ValueError("first\nsecond"), "cannot start: ValueError: first"),
        (KeyError(), "cannot start: KeyError"),
        (ImportError("PostgreSQL needs its driver"), "cannot start: PostgreSQL needs its driver"),
    ],
)
def test_a_rehearsal_that_fails_is_told_in_one_line(error: Exception, line: str) -> None:
    with pytest.raises(SettingsError) as caught:
        rehearse(partial(_fail_with, error))
    assert str(caught.value) == line


def test_a_rehearsal_that_dies_is_told_in_one_line() -> None:
    with pytest.raises(SettingsError, match=r"^the trial start ended with status 7$"):
        rehearse(partial(os._exit, 7))


def test_explaining_a_failed_statement_leaves_out_its_values() -> None:
    error = OperationalError("INSERT INTO grants VALUES (?)", {"token": SECRET}, OSError("database is locked"))
    assert explain(error) == "OperationalError: database is locked"


def test_nobody_waits_for_a_program_that_does_not_hang_up(monkeypatch: pytest.MonkeyPatch) -> None:
    hung_up, closed = threading.Event(), threading.Event()

    def wait(sock: socket.socket, timeout: float) -> None:
        assert hung_up.wait(5)
        sock.close()
        closed.set()

    monkeypatch.setattr(server.util, "close_graceful", wait)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        server.OldClientConnection(Config(), ours, ("127.0.0.1", 1), ("127.0.0.1", 2)).close(graceful=True)
        assert ours.fileno() > 0
        hung_up.set()
        assert closed.wait(5)
        assert ours.fileno() == -1
