"""A second gateway gets the same requests, its own sids in them; what it answers is compared and never given."""

import gzip
import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeGateway
from tests.playback.tapes import asked
from tests.program import PASSWORD, Program, answer_of, sid_of
from tests.server_process import started
from tests.servers import serving
from tests.shadow.twins import Patient, counts, shadow_of, shadowed_by, twins
from userapi_gw.replay.running.target import Address, NoAnswerError, Target
from userapi_gw.shadow import comparing
from userapi_gw.shadow import shadow as module


def live(program: Patient, other: Patient) -> None:
    """Read, poll, write, come back by cookie, log out."""
    program.log_in()
    program.raw(f"act=wall&id=1&from=0&to=5&sid={program.sid}&back=f.g[1]")
    program.client.post("/data", data={"act": "friends", "id": 1, "sid": program.sid}, base_url="http://userapi.com")
    program.get(friends="0-3", wall="0-2")
    program.get("profile", id=6)
    since = program.version("inbox")
    assert program.get("history", message=since)["message"]["h"] == []
    other.log_in("nikolay@test.com")
    other.get("add_message", id=1, message="привет")
    ((number, _, row),) = program.get("history", message=since)["message"]["h"]
    assert number > since
    program.get("del_message", wid=f"1_{row[0]}")
    program.sid = sid_of(program.auth(login="auto", site=2))
    program.get("inbox", to=3)
    program.auth(login="logout", site=2, sid=program.sid)
    assert program.get("inbox") == {"ok": -1}
    assert sid_of(program.auth(login="force", site=2, email="test@test.com", **{"pass": "wrong"})) == "-1"


def test_twins_answer_the_same(make_gateway: MakeGateway, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with twins(make_gateway, tmp_path, shadow_writes=True) as (gateway, second):
        live(Patient(gateway), Patient(gateway))
        assert (counts(gateway), caplog.messages) == ({"matched": 16}, [])
        assert gateway.test_client().get("/shadow").json["differences"] == {}
        assert Program(second).log_in("nikolay@test.com").get("outbox")["d"][0][2] == ["привет"]


def test_differences_are_told_by_act_and_position(
    make_gateway: MakeGateway, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with twins(make_gateway, tmp_path) as (gateway, second):
        first_answers = second.wsgi_app

        def changed(environ: Any, start_response: Any) -> list[bytes]:
            return [b"".join(first_answers(environ, lambda *told: start_response(*told))).replace(b"Durov", b"Vorud")]

        second.wsgi_app = changed  # type: ignore[method-assign]
        program = Patient(gateway).log_in()
        answers = [program.get("wall", id=1) for _ in range(2)]
        program.get("friends", id=6, to=1)
        assert "Pavel Durov" in str(answers)
        assert "Vorud" not in str(answers)
        told = "wall: value at d[*].sender.name"
        report = shadow_of(gateway).report()
        assert (counts(gateway), report.differences) == ({"matched": 2, "divergent": 2}, {told: 2})
        assert caplog.record_tuples == [
            ("userapi_gw.shadow.comparing", logging.WARNING, f"the shadow differs: {told}"),
        ]


def test_what_a_shadow_does_not_get(make_gateway: MakeGateway) -> None:
    with serving() as server:
        gateway = shadowed_by(make_gateway, server.url)
        program = Program(gateway, {"Referer": "http://durov.ru/", "Authorization": "secret", "User-Agent": "qutIM"})
        program.log_in()
        shadow_of(gateway)
        cookie = next(one.value for one in program.client._cookies.values() if one.key == "remixpassword")
        program.get("wall", id=1)  # the shadow did not let it in, so there is no twin
        program.get("add_wall", id=1, message="x")
        program.get("history", message=5, read="1_2")
        program.raw("act=captcha&csid=5")
        program.auth(login="confirm", cid="5" * 32, site=2)
        program.auth(login="auto", site=2)
        program.client.post("/data", data=b"act=inbox&x=" + b"1" * 300_000)
        program.client.post(f"/upload.php?act=lphotos&sid={program.sid}", base_url="http://userapi.com")
        program.client.put("/data?act=cities")
        program.client.get("/data?act=cities", headers={"X-Userapi-Gw-Shadow": "1"})
        program.client.get("/healthz")
        assert answer_of(program.raw("act=cities&parent=1"))["n"] > 0
        assert counts(gateway) == {"divergent": 2, "no twin": 2}
        assert server.seen == [
            "/auth?login=force&site=2&email=test%40test.com&pass=7777777",
            "/data?act=cities&parent=1",
        ]
        told = json.dumps([server.seen, server.headers, [body.decode() for body in server.bodies]])
        assert program.sid not in told
        assert cookie not in told
        assert [sorted(headers) for headers in server.headers] == [["Host", "User-Agent", "X-Userapi-Gw-Shadow"]] * 2


def test_a_login_by_post_stays_one(make_gateway: MakeGateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving() as server:
        gateway = shadowed_by(make_gateway, server.url)
        form = {"login": "force", "site": 2, "email": "test@test.com", "pass": PASSWORD}
        Program(gateway).client.post("/auth", data=form)
        shadow_of(gateway)
        assert (server.seen, server.bodies) == (["/auth"], [b"login=force&site=2&email=test@test.com&pass=7777777"])
    assert PASSWORD not in caplog.text


@contextmanager
def raw_server(answers: list[bytes]) -> Iterator[str]:
    """Say the first of `answers` to everybody, whatever they want, and hang up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    try:
                        connection.sendall(answers[0])
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers])
    return head.encode() + b"\r\n\r\n" + body


HOSTILE = {
    "nothing": (b"", "no answer"),
    "garbage": (b"\0\xff" * 5000, "no answer"),
    "cut off": (http(b'{"n":0}')[:-3], "no answer"),
    "too long": (http(b"[" + b"1," * 10_000), "no answer"),
    "zipped a thousandfold": (http(gzip.compress(b"\0" * 5_000_000), "Content-Encoding: gzip"), "divergent"),
    "an endless head": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000, "no answer"),
    "deep": (http(b"[" * 4000 + b"]" * 4000), "divergent"),
    "deep in objects": (http(b'{"d":' * 900 + b"1" + b"}" * 900), "divergent"),
    "a name with a line": (http(b'{"n":5,"d":[],"a\\nb 7777777":1}'), "divergent"),
    "many names": (
        http(json.dumps(dict.fromkeys(map("".join, product("abcdefghij", repeat=3)), 1)).encode()),
        "divergent",
    ),
    "elsewhere": (http(b"", "Location: http://127.0.0.1:1/data", status="302 Found"), "divergent"),
    "an unknown act": (http(b'{"ok":0}'), "unserved"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_shadow_harms_nothing(
    make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 15_000)
    answer, verdict = HOSTILE[name]
    with raw_server([answer]) as url:
        gateway = shadowed_by(make_gateway, url)
        program = Program(gateway)
        for _ in range(2):
            assert answer_of(program.raw("act=cities&parent=1"))["n"] > 0
        assert counts(gateway) == {verdict: 2}
    assert all("\n" not in message and "7777777" not in message for message in caplog.messages)
    assert len(caplog.messages) <= comparing.MOST_KINDS


def test_a_shadow_that_is_away_is_told_once(make_gateway: MakeGateway, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    gateway = shadowed_by(make_gateway, f"http://127.0.0.1:{port}")
    program = Patient(gateway).log_in()
    assert program.get("wall", id=1)["n"] > 0
    program.raw("act=cities&parent=1")
    assert counts(gateway) == {"no answer": 2, "no twin": 1}
    assert caplog.messages == ["the shadow does not answer: Connection refused"]


def test_a_shadow_that_answers_again(make_gateway: MakeGateway, caplog: pytest.LogCaptureFixture) -> None:
    with raw_server(answers := [b""]) as url:
        program = Patient(shadowed_by(make_gateway, url))
        for _ in range(2):
            program.raw("act=cities&parent=1")
        answers[0] = http(b"{}")
        program.raw("act=cities&parent=1")
    assert caplog.messages[:2] == [
        "the shadow does not answer: RemoteDisconnected",
        "the shadow answers again",
    ]


def test_a_silent_shadow_has_no_answer(
    make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.1)
    with serving() as server:
        server.hold.clear()
        gateway = shadowed_by(make_gateway, server.url)
        Program(gateway).raw("act=cities&parent=1")
        assert counts(gateway) == {"no answer": 1}
        assert caplog.messages == ["the shadow does not answer: TimeoutError"]
        server.hold.set()


def test_an_answer_that_comes_in_drops_is_none() -> None:
    with raw_server([http(b"x" * 100)]) as url:
        target = Target(Address.parse(url))
        target._timeout = 0  # which is over when the first drop comes
        with closing(target), pytest.raises(NoAnswerError, match="it comes too slowly"):
            target.send(asked(act="wall"))


def test_a_slow_shadow_delays_nobody(make_gateway: MakeGateway, caplog: pytest.LogCaptureFixture) -> None:
    with serving() as server:
        server.hold.clear()
        gateway = shadowed_by(make_gateway, server.url)
        program = Program(gateway)
        lanes = gateway.extensions["userapi_gw"].shadow._lanes
        for queue in lanes._queues:
            queue.maxsize = 2
        for _ in range(4):  # one under way, two wait, the last finds no room
            assert answer_of(program.raw("act=cities&parent=1"))["n"] > 0
            assert server.arrived.wait(5)
        server.hold.set()
        assert counts(gateway)["dropped"] >= 1
    assert "exchanges were not sent to the shadow, which is too slow" in caplog.text


def test_a_share_of_the_sessions(make_gateway: MakeGateway) -> None:
    with serving() as server:
        gateway = shadowed_by(make_gateway, server.url, sample=0)
        program = Program(gateway).log_in()
        program.get("wall", id=1)
        assert (counts(gateway), server.seen) == ({}, [])


def test_without_a_shadow_there_is_no_page(make_gateway: MakeGateway) -> None:
    assert make_gateway().test_client().get("/shadow").status_code == 404


def test_a_file_that_cannot_be_used_is_told(make_gateway: MakeGateway, caplog: pytest.LogCaptureFixture) -> None:
    gateway = shadowed_by(make_gateway, "http://127.0.0.1:9")
    gateway.extensions["userapi_gw"].shadow._book.close()
    assert gateway.test_client().get("/shadow").status_code == 503
    assert answer_of(Program(gateway).raw("act=cities&parent=1"))["n"] > 0
    gateway.extensions["userapi_gw"].shadow.settle()
    assert caplog.messages[-1] == "an exchange could not be compared: ProgrammingError"


def test_servers_with_a_shadow(tmp_path: Path) -> None:
    """Whichever worker took the login, the other one knows its twin."""
    serve = ["-m", "userapi_gw", "serve", "--bind", "127.0.0.1:0"]
    with started([*serve, "--data-dir", "second"], tmp_path) as second:
        url = "http://{}:{}".format(*second.address)
        with started([*serve, "--workers", "2", "--shadow", url], tmp_path) as first:
            ask = f"GET /auth?login=force&site=2&email=test@test.com&pass={PASSWORD} HTTP/1.0\r\n\r\n"
            sid = first.send(ask.encode()).partition(b";sid=")[2][:32].decode()
            wait_for(first, "matched", 1)
            for _ in range(10):
                first.send(f"GET /data?act=wall&id=1&sid={sid} HTTP/1.0\r\n\r\n".encode())
            wait_for(first, "matched", 11)
            status, errors = first.stop()
    assert status == 0
    last = "The shadow: matched 11, divergent 0, unserved 0, no answer 0, no twin 0, dropped 0."
    assert errors.splitlines()[-1] == last


def wait_for(server: Any, name: str, count: int) -> None:
    for _ in range(200):
        report = json.loads(server.send(b"GET /shadow HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")[2])
        if report["counts"][name] >= count:
            return
        threading.Event().wait(0.02)
    raise AssertionError(report)
