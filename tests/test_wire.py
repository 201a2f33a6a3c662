"""The served gateway byte by byte, as programs of 2008 see it: through a proxy, without Host, with raw bytes."""

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server_process import Started, started

DATE = rb"Date: [^\r]+\r\n"
LOGIN = "login=force&site=2&email=test%40test.com&pass=7777777"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, world_file: Path) -> Iterator[Started]:
    """One served gateway for all tests of this file, which change nothing."""
    folder = tmp_path_factory.mktemp("wire")
    (folder / "userapi-gw-data").mkdir()
    shutil.copy(world_file, folder / "userapi-gw-data" / "embedded.sqlite3")
    # Own addresses of pictures would follow the Host header, and every way to write a request has another one.
    (folder / "userapi-gw.toml").write_text('[sites.2]\nurl = "http://durov.ru"\noptions = { own_pictures = false }')
    with started(["-m", "userapi_gw", "serve", "--bind", "127.0.0.1:0", "--workers", "2"], folder) as running:
        yield running


@pytest.fixture(scope="module")
def sid(served: Started) -> str:
    answer = served.send(f"GET /auth?{LOGIN} HTTP/1.0\r\nHost: login.userapi.com\r\n\r\n".encode())
    return re.search(rb"sid=([0-9a-f]{32})", answer)[1].decode()  # type: ignore[index]


def test_login_as_pyvk_t_sends_it(served: Started) -> None:
    """Raw bytes behind `id=0`, `Connection: close`; the program cuts the sid out of `Location`."""
    answer = served.send(
        b"GET /auth?fcsid=0&fccode=0&site=2&email=test%40test.com&pass=7777777&login=force&id=0\xe2\x80\x8b"
        b" HTTP/1.1\r\n"
        b"Host: login.userapi.com\r\nConnection: close\r\n\r\n"
    )
    expected = (
        rb"HTTP/1\.1 302 Found\r\nServer: gunicorn\r\n" + DATE + rb"Connection: close\r\n"
        rb"Location: http://durov\.ru/index\.html#0;sid=[0-9a-f]{32}\r\nCache-Control: no-store\r\n"
        rb"Set-Cookie: remixmid=1; expires=[^;\r]+ GMT; path=/; domain=login\.userapi\.com\r\n"
        rb"Set-Cookie: remixpassword=[0-9a-f]{56}; expires=[^;\r]+ GMT; path=/; domain=login\.userapi\.com\r\n"
        rb"Content-Length: 0\r\n\r\n"
    )
    assert re.fullmatch(expected, answer), answer


@pytest.mark.parametrize(
    "target",
    [
        "/data?{}",
        "http://userapi.com/data?{}",
        "http://userapi.com:80/data?&{}",
        "/data?{}&name=Pavel Durov",
        "/data?{}&message=100%%20%231",
        "/data?{}#1",
    ],
)
@pytest.mark.parametrize("host", ["Host: userapi.com\r\n", "Host: 127.0.0.1\r\n", ""])
def test_every_way_to_write_the_same_request(served: Started, sid: str, target: str, host: str) -> None:
    line = target.format(f"act=friends&id=1&from=10&to=12&sid={sid}&back=f")
    answer = served.send(f"GET {line} HTTP/1.0\r\n{host}\r\n".encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 200 OK\r\n"))
    assert b"\r\nContent-Type: text/javascript; charset=utf-8\r\n" in head
    assert body == (
        b'f([[42,"Sergey Markin","http://cs113.userapi.com/u00042/b_94ae6676.jpg",0],'
        b'[45,"Sergey Vinogradov","http://cs16.userapi.com/u00045/b_f9c7d9e.jpg",0]]);'
    )


def test_post_as_pycurl_sends_it(served: Started, sid: str) -> None:
    form = f"to=1&sid={sid}&from=0&act=friends".encode()
    head = f"POST /data HTTP/1.0\r\nHost: userapi.com\r\nContent-Length: {len(form)}\r\n"
    answer = served.send(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + form)
    assert answer.endswith(b'\r\n\r\n[[3,"Vyacheslav ","http://cs47.userapi.com/u00003/b_4fd0a4bc.jpg",0]]')


def test_gzip(served: Started, sid: str) -> None:
    request = f"GET /data?act=friends&sid={sid} HTTP/1.0\r\nAccept-Encoding: gzip, deflate\r\n\r\n"
    head, _, body = served.send(request.encode()).partition(b"\r\n\r\n")
    assert b"\r\nContent-Encoding: gzip\r\n" in head + b"\r\n"
    assert f"Content-Length: {len(body)}".encode() in head
    assert gzip.decompress(body).startswith(b'[[3,"Vyacheslav ",')


def test_a_megabyte_in_the_address(served: Started, sid: str) -> None:
    answer = served.send(f"GET /data?act=friends&sid={sid}&x={'x' * 1_000_000} HTTP/1.0\r\n\r\n".encode())
    assert answer.endswith(b'\r\n\r\n{"ok":0}')


def test_sids_are_good_in_every_worker(served: Started, sid: str) -> None:
    request = f"GET /data?act=history&us=-1&sid={sid} HTTP/1.0\r\n\r\n".encode()
    assert {served.send(request).rpartition(b'"us":')[2] for _ in range(12)} == {b"1}"}


@pytest.mark.parametrize("path", ["/auth?login=force&site=2", "/data?act=friends", "/upload.php?act=lprofile"])
@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_in_broken_chunks(served: Started, path: str, content_type: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: userapi.com\r\nConnection: close\r\nContent-Type: {content_type}\r\n"
    answer = served.send(f"{head}Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nzz\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\n", b"HTTP/1.1 404 NOT FOUND\r\n")), answer
