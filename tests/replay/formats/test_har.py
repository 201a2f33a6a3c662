"""HAR as Chromium, Firefox and mitmproxy write it, and odd ones."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from tests.replay.captures import SID, read
from userapi_gw.replay.exchange import Exchange

URL = f"http://userapi.com/data?act=wall&id=1&sid={SID}"
ANSWER = '{"n":1,"d":[[5,1,["привет"]]]}'


def pairs(**headers: str) -> list[dict[str, str]]:
    return [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]


def har(*entries: dict[str, Any], indent: int | None = None, **more: Any) -> bytes:
    log = {"version": "1.2", "creator": {"name": '"entries": [', "version": "1"}, **more, "entries": [*entries]}
    return json.dumps({"log": log}, indent=indent, ensure_ascii=False).encode()


CHROMIUM = {
    "_connectionId": "7", "_initiator": {"type": "other"}, "_resourceType": "xhr", "cache": {}, "connection": "80",
    "request": {
        "method": "POST", "url": "http://login.userapi.com/auth?site=2", "httpVersion": "http/1.1", "cookies": [],
        "headers": pairs(Content_Type="application/x-www-form-urlencoded", Content_Length="40"),
        "queryString": pairs(site="2"), "headersSize": 1, "bodySize": 40,
        "postData": {
            "mimeType": "application/x-www-form-urlencoded", "text": "login=force&email=a%40b.example&pass=%D0%BF",
            "params": pairs(login="force", email="a%40b.example", **{"pass": "%D0%BF"}),
        },
    },
    "response": {
        "status": 302, "statusText": "Found", "httpVersion": "http/1.1", "cookies": [],
        "headers": pairs(Location="http://durov.ru/index.html#0;sid=-1"), "headersSize": 1, "bodySize": 0,
        "content": {"size": 0, "mimeType": "x-unknown"}, "redirectURL": "http://durov.ru/index.html", "_error": None,
    },
    "serverIPAddress": "127.0.0.1", "startedDateTime": "2009-01-01T00:00:00.500Z", "time": 4.2, "timings": {},
}  # fmt: skip
FIREFOX = {
    "startedDateTime": "2009-01-01T03:00:00.500+03:00",
    "request": {
        "bodySize": 0, "method": "GET", "url": URL, "httpVersion": "HTTP/2", "cookies": [], "headersSize": 1,
        "headers": pairs(Host="userapi.com", Accept_Encoding="gzip"), "queryString": pairs(act="wall", id="1", sid=SID),
    },
    "response": {
        "status": 200, "headers": pairs(content_encoding="gzip", content_type="application/json; charset=utf-8"),
        "content": {"mimeType": "application/json", "size": 36, "text": ANSWER},
    },
    "cache": {}, "timings": {"blocked": 0}, "time": 1, "_securityState": "insecure",
}  # fmt: skip
MITMPROXY = {
    "startedDateTime": "2009-01-01T00:00:00.500000+00:00",
    "request": {
        "method": "GET", "url": "http://userapi.com/data?act=captcha&csid=7", "httpVersion": "HTTP/2.0", "cookies": [],
        "headers": [{"name": ":method", "value": "GET"}, *pairs(User_Agent="x")], "queryString": pairs(act="captcha"),
    },
    "response": {
        "status": 200, "headers": pairs(Transfer_Encoding="chunked", Content_Type="image/png"),
        "content": {"size": 5, "compression": 0, "mimeType": "image/png",
                    "text": b64encode(b"\x89PNG\r").decode(), "encoding": "base64"},
    },
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
def test_browsers_and_mitmproxy(tmp_path: Path, indent: int | None) -> None:
    content = har(CHROMIUM, FIREFOX, MITMPROXY, indent=indent)
    assert read(tmp_path / "capture", b"\xef\xbb\xbf" * bool(indent) + content) == (
        [
            Exchange(
                1, 1230768000.5, "POST", "http://login.userapi.com/auth?site=2",
                (("Content-Type", "application/x-www-form-urlencoded"),),
                b"login=force&email=a%40b.example&pass=%D0%BF", 302, (("Location", "http://durov.ru/index.html#0;sid=-1"),),
            ),
            Exchange(
                2, 1230768000.5, "GET", URL, (("Host", "userapi.com"), ("Accept-Encoding", "gzip")), b"",
                200, (("content-type", "application/json; charset=utf-8"),), ANSWER.encode(),
            ),
            Exchange(
                3, 1230768000.5, "GET", "http://userapi.com/data?act=captcha&csid=7", (("User-Agent", "x"),), b"",
                200, (("Content-Type", "image/png"),), b"\x89PNG\r",
            ),
        ],
        "",
    )  # fmt: skip


def test_what_programs_leave_out(tmp_path: Path) -> None:
    """Queries and forms that stand in lists alone, aborted requests, no content, no time."""
    form = {"mimeType": "application/x-www-form-urlencoded", "params": pairs(act="wall", q="п 1")}
    files = {
        "mimeType": "multipart/form-data; boundary=b",
        "params": [*pairs(act="lphotos"), {"name": "file1", "fileName": "a.jpg", "value": "x"}],
    }
    kind = pairs(Content_Type="multipart/form-data; boundary=b")
    entries = [
        {"request": {"method": "GET", "url": "http://userapi.com/data", "queryString": pairs(act="wall", q="п")}},
        {"request": {"method": "POST", "url": "http://userapi.com/data", "postData": form}, "response": {"status": 0}},
        {
            "request": {"method": "POST", "url": "/upload.php", "headers": kind, "postData": files},
            "startedDateTime": "?",
        },
        {"request": {"method": "GET", "url": "http://userapi.com/data?q=п"}, "response": {"status": 200}},
    ]
    found, fault = read(tmp_path / "capture", har(*entries, pages=[]))
    assert fault == ""
    assert [(one.act, one.parameters) for one in found] == [
        ("wall", {"act": "wall", "q": "п"}),
        ("wall", {"act": "wall", "q": "п 1"}),
        ("upload", {"act": "lphotos"}),
        ("data", {"q": "п"}),
    ]
    assert [(one.status, one.began, one.body) for one in found] == [(None, None, b"")] * 3 + [(200, None, b"")]


def test_an_entry_that_is_none(tmp_path: Path) -> None:
    found, fault = read(tmp_path / "capture", har(FIREFOX, {"request": {"method": 5, "url": URL}}, FIREFOX))
    assert (len(found), fault) == (1, "entry 2: request.method: input should be a valid string")
    whole = har(FIREFOX, MITMPROXY)
    found, fault = read(tmp_path / "capture", whole[:-20])
    assert (len(found), fault) == (1, "entry 2: broken or cut off")
    deep = b'{"log": {"entries": [' + b"[" * 100_000
    assert read(tmp_path / "capture", deep)[1] in ("entry 1: nested too deeply", "entry 1: broken or cut off")
