"""WARC of warcio, of crawlers, and odd ones."""

import gzip
import http.client
import tracemalloc
from pathlib import Path

import pytest
from flask import Flask
from warcio.capture_http import capture_http

from tests.replay.captures import SID, read
from tests.second_server import served
from userapi_gw.replay import captures

URL = f"http://userapi.com/data?act=wall&sid={SID}"


def record(kind: str, block: bytes, url: str = URL, **headers: str) -> bytes:
    """One record, as the standard writes it."""
    named = {"WARC_Type": kind, "WARC_Target_URI": url, "WARC_Date": "2009-01-01T00:00:00Z", **headers}
    lines = ["WARC/1.0", *(f"{name.replace('_', '-')}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(block)}", "", ""]).encode() + block + b"\r\n\r\n"


def asked(target: str = f"/data?act=wall&sid={SID}") -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: userapi.com\r\n\r\n".encode()


def told(body: bytes, *headers: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *headers, "", ""]).encode() + body


def test_what_warcio_captures(gateway: Flask, tmp_path: Path) -> None:
    with served(gateway) as url, capture_http(str(tmp_path / "capture.warc.gz"), warc_version="1.1"):
        connection = http.client.HTTPConnection(url.removeprefix("http://"))
        for query in ("act=cities&parent=1", "act=wall"):
            connection.request("GET", f"/data?{query}", headers={"Accept-Encoding": "gzip", "X-Odd": "1"})
            connection.getresponse().read()
        connection.request("POST", "/auth", b"login=force&site=1&email=a@b.example&pass=x")
        connection.getresponse().read()
        connection.close()
    found, fault = read(tmp_path / "capture.warc.gz")
    assert fault == ""
    assert [(one.method, one.url.removeprefix(url), one.act, one.status) for one in found] == [
        ("GET", "/data?act=cities&parent=1", "cities", 200),
        ("GET", "/data?act=wall", "wall", 200),
        ("POST", "/auth", "auth", 302),
    ]
    assert found[0].body.startswith(b'{"n":')
    assert found[1].body == b'{"ok":-1}'
    assert found[2].parameters["email"] == "a@b.example"
    assert all(one.began and one.request_header("x-odd") == "1" for one in found[:2])


@pytest.mark.parametrize("order", ["asked first", "told first", "all asked first"])
def test_records_that_do_not_name_each_other(tmp_path: Path, order: str) -> None:
    requests = [record("request", asked()) for _ in range(3)]
    answers = [record("response", told(b"%d" % n)) for n in range(3)]
    content = {
        "asked first": b"".join(a + b for a, b in zip(requests, answers, strict=True)),
        "told first": b"".join(b + a for a, b in zip(requests, answers, strict=True)),
        "all asked first": b"".join(requests + answers),
    }[order]
    found, fault = read(tmp_path / "capture", content)
    assert (fault, [(one.url, one.body) for one in found]) == ("", [(URL, b"0"), (URL, b"1"), (URL, b"2")])


def test_names_count_more_than_order(tmp_path: Path) -> None:
    content = b"".join(
        [
            record("response", told(b"one"), WARC_Record_ID="<urn:1>"),
            record("response", told(b"two"), WARC_Record_ID="<urn:2>"),
            record("request", asked("/data?act=wall&second"), WARC_Record_ID="<urn:3>", WARC_Concurrent_To="<urn:2>"),
            record("request", asked("/data?act=wall&first"), WARC_Record_ID="<urn:4>", WARC_Concurrent_To="<urn:1>"),
        ]
    )
    found, _ = read(tmp_path / "capture", content)
    assert [(one.query, one.body) for one in found] == [("act=wall&second", b"two"), ("act=wall&first", b"one")]


def test_halves_and_other_records(tmp_path: Path) -> None:
    """An answer nobody asked for, a resource, revisits of something and of nothing, DNS, a request without answer."""
    content = b"".join(
        [
            record("warcinfo", b"software: x\r\n"),
            record("response", told(b"body"), WARC_Payload_Digest="sha1:A"),
            record("resource", b"picture", "http://userapi.com/data?act=inbox", Content_Type="image/png"),
            record("revisit", told(b""), "http://userapi.com/data?act=fave", WARC_Payload_Digest="sha1:A"),
            record("revisit", told(b""), "http://userapi.com/data?act=friends", WARC_Payload_Digest="sha1:B"),
            record("response", b"20090101\nuserapi.com. 1 IN A 127.0.0.1", "dns:userapi.com"),
            record("metadata", b"a: b"),
            record("request", asked("/data?act=outbox"), "http://userapi.com/data?act=outbox"),
        ]
    )
    found, fault = read(tmp_path / "capture", content)
    assert fault == ""
    assert [(one.act, one.method, one.status, one.body) for one in found] == [
        ("wall", "GET", 200, b"body"),
        ("inbox", "GET", 200, b"picture"),
        ("fave", "GET", 200, b"body"),
        ("friends", "GET", None, b""),
        ("outbox", "GET", None, b""),
    ]


def test_codings_of_bodies(tmp_path: Path) -> None:
    zipped = gzip.compress(b"text" * 100)
    blocks = {
        told(b"text" * 100, "Transfer-Encoding: chunked"): b"text" * 100,  # a crawler has undone it and kept the header
        told(b"%x\r\n%b\r\n0\r\n\r\n" % (len(zipped), zipped), "transfer-encoding: chunked", "Content-Encoding: gzip"):
            b"text" * 100,
        told(zipped[:-8], "Content-Encoding: gzip"): b"text" * 100,
        told(b"plain", "Content-Encoding: gzip"): b"plain",
        told(b"plain", "Content-Encoding: br"): b"plain",
        b"HTTP/1.1 200 OK\nX-Old: yes\n\nbody": b"body",
        b"HTTP/1.1 200 OK": b"",
    }  # fmt: skip
    found, fault = read(tmp_path / "capture", b"".join(record("response", block) for block in blocks))
    assert (fault, [one.status for one in found]) == ("", [200] * len(blocks))
    assert [one.body for one in found] == [*blocks.values()]
    assert [one.header("Content-Encoding") for one in found] == ["", "", "", "gzip", "br", "", ""]


def test_a_wrong_length_is_told_with_its_record(tmp_path: Path) -> None:
    good, bad = record("response", told(b"1")), record("response", told(b"2")).replace(b"\r\n\r\n\r\n\r\n", b"\r\n\r\n")
    lying = bad.replace(b"Content-Length: 20", b"Content-Length: 900000")
    assert lying != bad
    found, fault = read(tmp_path / "capture", good + good + lying)
    assert (len(found), fault) == (2, "record 3: cut off")


def test_a_long_capture_takes_little_memory(tmp_path: Path) -> None:
    path, count = tmp_path / "capture", 3000
    with path.open("wb") as file:
        for n in range(count):
            file.write(record("request", asked(), f"{URL}&{n}") + record("response", told(b"x" * 10_000), f"{URL}&{n}"))
    tracemalloc.start()
    found = sum(len(one.body) for one in captures.read(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found, peak < 5_000_000) == (count * 10_000, True)
