"""A gateway that answers from a capture: hits as they were recorded, misses explained, `/playback`."""

import json
import logging
import sqlite3
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import MakeGateway
from tests.files import jpeg
from tests.playback.tapes import answered, capture
from tests.program import Program, answer_of, sid_of
from tests.replay.captures import read
from tests.replay.recorded import record
from tests.server_process import run, started
from userapi_gw.playback.answers import NUMBER_HEADER
from userapi_gw.replay.exchange import Exchange

SID = "5" * 32
RECORDED = [
    answered(1, b'{"n": 5, "d": []}', act="wall", id=1, sid=SID),
    answered(2, b'f({"n": 6, "d": []});', act="wall", id=1, back="f", sid=SID),
    answered(3, b"[]", act="friends", id=1, to=5),
]


@pytest.fixture
def make_player(make_gateway: MakeGateway, tmp_path: Path) -> Any:
    """Make gateways that play back exchanges."""

    def make(*exchanges: Exchange, **settings: Any) -> Flask:
        recorded = capture(tmp_path / "capture.jsonl", *(exchanges or RECORDED))
        return make_gateway(playback=str(recorded), **settings)

    return make


def sent_again(gateway: Flask, exchange: Exchange) -> TestResponse:
    """Send a recorded request as it was sent."""
    headers = [pair for pair in exchange.request_headers if pair[0] not in ("Host", "Content-Length")]
    return gateway.test_client(use_cookies=False).open(
        exchange.path,
        method=exchange.method,
        query_string=exchange.query,
        headers=headers,
        data=exchange.request_body,
        base_url=f"http://{exchange.host}",
    )


def live(gateway: Flask) -> None:
    """Use a gateway as two programs do."""
    pavel, nikolay = Program(gateway).log_in(), Program(gateway).log_in("nikolay@test.com")
    for program in (pavel, nikolay):
        program.raw(f"act=inbox&sid={program.sid}&back=f.g[1]")
        program.get("friends", id=1)
    since = pavel.version("inbox")
    pavel.get("history", message=since)
    nikolay.get("add_message", id=1, message="привет")
    pavel.get("history", message=since)
    pavel.raw("act=captcha&csid=77")
    pavel.client.get(pavel.get("profile", id=1)["bp"], base_url="http://userapi.com")
    upload = {"act": "lprofile", "photo": (BytesIO(jpeg(60, 60)), "a.jpg")}
    pavel.client.post(f"/upload.php?sid={pavel.sid}", data=upload, base_url="http://userapi.com")
    pavel.auth(login="auto", site=2)
    pavel.auth(login="logout", site=2, sid=pavel.sid)
    pavel.get("inbox")


def test_what_was_recorded_is_played_back_byte_by_byte(make_gateway: MakeGateway, tmp_path: Path) -> None:
    original = make_gateway()
    record(original, tmp_path / "capture.warc.gz", "warc.gz")
    live(original)
    recorded, fault = read(tmp_path / "capture.warc.gz")
    assert (len(recorded), fault) == (17, "")
    player = make_gateway(data_dir=tmp_path / "other", playback=str(tmp_path / "capture.warc.gz"))
    for exchange in recorded:
        answer = sent_again(player, exchange)
        told = [pair for pair in answer.headers if pair[0] not in ("Content-Length", NUMBER_HEADER)]
        kept = [pair for pair in exchange.headers if pair[0] != "Date"]
        assert (answer.status_code, told) == (exchange.status, kept), exchange
        assert answer.data == exchange.body, exchange
        assert answer.status in ("200 OK", "302 Found")
    assert player.test_client().get("/playback").json == {"hits": 17, "misses": 0, "missed": {}}


def test_a_program_lives_on_a_recording_with_any_password(make_gateway: MakeGateway, tmp_path: Path) -> None:
    original = make_gateway()
    record(original, tmp_path / "capture.jsonl")
    live(original)
    recorded, _ = read(tmp_path / "capture.jsonl")
    email, expected = recorded[1].parameters["email"], recorded[4].body
    program = Program(make_gateway(data_dir=tmp_path / "other", playback=str(tmp_path / "capture.jsonl")))
    program.log_in(email, "some password")
    answer = program.raw(f"sid={program.sid}&back=mine&act=inbox")
    assert answer.data == b"mine" + expected.removeprefix(b"f.g[1]")
    assert [answer_of(answer)["n"], len(program.get("friends", id=1))] == [23, 349]
    assert sid_of(program.auth(login="force", site=2, email="nobody@test.com")) == "-1"


def test_a_miss_is_explained(make_player: Any, caplog: pytest.LogCaptureFixture) -> None:
    player = Program(make_player())
    answer = player.raw(f"act=wall&id=2&sid={SID}&back=g")
    assert (answer.status, answer.data) == ("200 OK", b'g({"ok":0});')
    nearest = "wall: not recorded; the nearest is exchange 1, which differs in id"
    assert answer.headers["X-Userapi-Gw-Miss"] == f"{nearest} ('1'; asked: '2')"
    assert caplog.record_tuples == [("userapi_gw.surface.playback", logging.WARNING, nearest)]
    assert player.get("wall", id=1)["n"] == 5
    assert player.get("outbox") == {"ok": 0}
    tally = {"hits": 1, "misses": 2, "missed": {"outbox: no such act was recorded": 1, nearest: 1}}
    assert player.client.get("/playback").json == tally
    assert player.client.post("/playback").json == {"hits": 0, "misses": 0, "missed": {}}
    assert [player.get("wall", id=1)["n"] for _ in range(3)] == [5, 6, 6]


def test_a_miss_of_a_login_and_of_an_upload(make_player: Any) -> None:
    player = Program(make_player())
    answer = player.auth(login="force", site=2, email="a@b.example", **{"pass": "secret"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://durov.ru/index.html#;sid=-1")
    assert answer.headers["X-Userapi-Gw-Miss"] == "auth: no such act was recorded"
    answer = player.client.post("/upload.php?act=lphotos&sid=1", base_url="http://userapi.com")
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://userapi.com/index.html")


def test_stubs(make_player: Any) -> None:
    player = Program(make_player(on_miss="stub", dialect="2008"))
    answer = player.raw("act=wall&id=2&back=g")
    assert answer.data == b'g({"n": 0, "d": [], "h": 2});'
    assert "asked: '2'" in answer.headers["X-Userapi-Gw-Miss"]
    assert player.get("friends", id=7) == []
    assert player.get("add_wall", id=1, message="x") == {"ok": 0}
    assert sid_of(player.auth(login="force", site=2, email="test@test.com")) == "-1"


def test_the_backend_answers_what_is_missing(make_player: Any, caplog: pytest.LogCaptureFixture) -> None:
    program = Program(make_player(on_miss="backend")).log_in()
    assert program.get("wall", id=1)["n"] == 5
    assert len(program.get("friends", id=1)) == 349
    posted = program.client.post("/data", data={"act": "fave", "sid": program.sid}, base_url="http://userapi.com")
    assert answer_of(posted)["n"] > 0
    assert program.client.get("/playback").json["misses"] == 3
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("method", "path", "options", "expected"),
    [
        ("GET", "/data", {"query_string": f"act=wall&id=1&sid={SID}&x=%ff%zz&back=<x>"}, b'{"ok":0}'),
        ("POST", "/data", {"data": b"act=wall&id=" + b"1" * 300_000}, b'{"ok":0}'),
        ("POST", "/data", {"data": b"\0\xff", "query_string": "act=wall"}, b'{"ok":0}'),
        ("GET", "/data", {}, b'{"ok":0}'),
        ("GET", "/healthz", {}, b"ok\n"),
        ("HEAD", "/data", {"query_string": "act=wall&id=1"}, b""),
        ("GET", "/%ff/\u043f", {"query_string": "\xff"}, None),
    ],
)
def test_odd_requests(make_player: Any, method: str, path: str, options: dict[str, Any], expected: bytes) -> None:
    answer = make_player().test_client().open(path, method=method, **options)
    assert answer.status_code == (200 if expected is not None else 404)
    assert expected in (None, answer.data)


def test_hostile_captures_are_played_back_without_harm(make_player: Any) -> None:
    headers = (("Content-Type", "text/html\r\nX: y"), ("X-A", "\xff"), ("X-Z", "я"))
    odd = [
        Exchange(1, None, "GET", "/data?act=wall", (), b"", 999, headers, b"no"),
        Exchange(2, None, "GET", "/data?act=wall", (), b"", 599, headers, b"yes"),
        Exchange(3, None, "GET", "/data?act=inbox&back=f", (), b"", 200, (), b"f" * 10 + b"("),
    ]
    client = make_player(*odd).test_client()
    answer = client.get("/data?act=wall&back=g")
    assert (answer.status_code, answer.data) == (599, b"yes")
    assert [*answer.headers] == [("X-A", "\xff"), ("X-Userapi-Gw-Record", "2"), ("Content-Length", "3")]
    assert client.get("/data?act=inbox&back=g").data == b"ffffffffff("


def test_an_index_that_cannot_be_used_ends_in_the_protocols_error(
    make_player: Any, caplog: pytest.LogCaptureFixture
) -> None:
    player = make_player()
    with sqlite3.connect(player.extensions["userapi_gw"].settings.data_dir / "playback.sqlite3") as database:
        database.execute("DROP TABLE answers")
    database.close()
    answer = Program(player).raw("act=wall&id=1")
    assert answer.data == b'{"ok":0}'
    assert answer.headers["X-Userapi-Gw-Miss"] == "the index of the capture cannot be used"
    assert caplog.messages == ["the index of the capture cannot be used: no such table: answers"]
    assert player.test_client().get("/healthz").data == b"ok\n"
    assert player.test_client().get("/playback").json["hits"] == 0
    with sqlite3.connect(player.extensions["userapi_gw"].settings.data_dir / "playback.sqlite3") as database:
        database.execute("DROP TABLE given")
    database.close()
    assert player.test_client().post("/playback").status_code == 503


def test_without_a_capture_there_is_no_page(gateway: Flask) -> None:
    assert gateway.test_client().get("/playback").status_code == 404


SERVE = ["-m", "userapi_gw", "serve", "--bind", "127.0.0.1:0", "--playback", "capture.jsonl"]


def test_workers_play_one_tape(tmp_path: Path) -> None:
    recorded = [answered(place, b"[%d]" % place, act="friends", id=1) for place in range(1, 31)]
    capture(tmp_path / "capture.jsonl", *recorded)
    with (tmp_path / "capture.jsonl").open("ab") as file:
        file.write(b"{cut off")
    with started([*SERVE, "--workers", "2"], tmp_path) as server:
        assert "30 answers are played back from capture.jsonl. It is not whole: line 32: " in server.banner
        answers = [server.send(b"GET /data?id=1&act=friends HTTP/1.0\r\n\r\n") for _ in range(30)]
        missed = server.send(b"GET /data?id=2&act=friends HTTP/1.0\r\n\r\n")
        status, errors = server.stop()
    assert [json.loads(answer.partition(b"\r\n\r\n")[2]) for answer in answers] == [[place] for place in range(1, 31)]
    assert b"\r\nX-Userapi-Gw-Miss: friends: not recorded; the nearest is exchange 1, which" in missed
    assert status == 0
    assert errors.count("WARNING userapi_gw.surface.playback: friends: not recorded") == 1
    assert errors.splitlines()[-1] == "Answered from the capture: 30. Not in the capture: 1."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot read capture.jsonl: No such file or directory"),
        (b"\0\0", "capture.jsonl: no capture: neither WARC, HAR, JSON lines, an access log nor a list of addresses"),
        (b"http://userapi.com/data?act=wall\n", "capture.jsonl: there is no answer in it to play back"),
    ],
)
def test_a_capture_that_cannot_be_played_back_is_told_in_one_line(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / "capture.jsonl").write_bytes(content)
    assert run(SERVE, tmp_path) == (2, "", f"userapi-gw: playback: {reason}\n")
