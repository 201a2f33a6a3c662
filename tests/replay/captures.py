"""Captures for the tests, as other programs write them."""

import json
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from userapi_gw.replay import captures
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.faults import CaptureError
from userapi_gw.replay.writing import ENCODERS

SID = "0123456789abcdef0123456789abcdef"

HOST = (("Host", "userapi.com"),)
EXCHANGES = [
    Exchange(
        1,
        1230768000.5,
        "GET",
        f"http://userapi.com/data?act=wall&id=1&sid={SID}",
        (("Host", "userapi.com"), ("User-Agent", "pyvk-t"), ("X-Odd-CAPITALS", "\xd0\xbf")),
        b"",
        200,
        (("Content-Type", "application/json; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
        '{"n":1,"d":[[1,2,["привет"]]]}'.encode(),
    ),
    Exchange(
        2,
        1230768001.25,
        "POST",
        "http://login.userapi.com/auth",
        (("Host", "login.userapi.com"), ("Content-Type", "application/x-www-form-urlencoded")),
        b"login=force&site=2&email=a%40b.example&pass=%EF%F0",
        302,
        (("Location", "http://durov.ru/index.html#0;sid=-1"),),
        b"",
    ),
    Exchange(
        3, 1230768002.0, "GET", "http://userapi.com/data?act=captcha&csid=7", HOST, b"", 200, (), b"\x89PNG\r\n\0\xff"
    ),
    Exchange(4, 1230768003.0, "GET", "http://userapi.com/data?act=wall", HOST, b""),
]
"""A text, a form of bytes that are no UTF-8 with a redirect, a picture, and a request nobody answered."""


def encoded(exchanges: list[Exchange], name: str) -> bytes:
    """Return a capture of ours in the format `name`."""
    encoder = ENCODERS[name]()
    parts = [encoder.encode(exchange, is_first=place == 0) for place, exchange in enumerate(exchanges)]
    return encoder.head + b"".join(parts) + encoder.tail


def read(path: Path, content: bytes | None = None) -> tuple[list[Exchange], str]:
    """Return what can be read of a file, with `content` if told, and what is wrong with it."""
    if content is not None:
        path.write_bytes(content)
    found: list[Exchange] = []
    try:
        for exchange in captures.read(path):
            found.append(exchange)
    except CaptureError as error:
        return found, str(error)
    return found, ""


def wget_warc(*, zipped: bool) -> bytes:
    """A WARC 1.0 as wget writes it: warcinfo, request, and an answer which names the request, chunked and gzipped."""
    import gzip

    out = BytesIO()
    writer = WARCWriter(out, gzip=zipped)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "Wget/1.21"}))
    for name in ("wall", "inbox"):
        uri = f"http://userapi.com/data?act={name}&sid={SID}"
        asked = StatusAndHeaders(f"GET {uri[18:]} HTTP/1.1", [("Host", "userapi.com")], is_http_request=True)
        request = writer.create_warc_record(f"<{uri}>", "request", http_headers=asked)
        body = gzip.compress(json.dumps({"n": 0, "d": [name]}).encode())
        chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (7, body[:7], len(body) - 7, body[7:])
        coded = [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"), ("X-Kept", "yes")]
        answer = writer.create_warc_record(
            f"<{uri}>",
            "response",
            payload=BytesIO(chunks),
            length=len(chunks),
            http_headers=StatusAndHeaders("200 OK", coded, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Concurrent-To": request.rec_headers.get_header("WARC-Record-ID")},
        )
        writer.write_record(request)
        writer.write_record(answer)
    writer.write_record(
        writer.create_warc_record("metadata://gnu.org/x", "metadata", payload=BytesIO(b"a: b"), length=4)
    )
    return out.getvalue()
