"""What reaches the server, byte by byte, and what becomes of requests that get no answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.running.bindings import Binding
from userapi_gw.replay.running.outcome import Trouble
from userapi_gw.replay.running.runner import Runner
from userapi_gw.replay.running.target import Address, NoAnswerError, Target, TargetAwayError

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\nX-Odd-NAME: 1\r\n\r\n{"ok":1}'
PATIENCE = 10.0


@dataclass
class Script:
    """What is said to each request, connection by connection; `seen` is what was heard."""

    connections: list[list[bytes]]
    seen: list[bytes] = field(default_factory=list)
    place: str = ""


@contextmanager
def scripted(*connections: list[bytes]) -> Iterator[Script]:
    script = Script([*connections])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        script.place = f"127.0.0.1:{listener.getsockname()[1]}"

        def serve() -> None:
            for answers in script.connections:
                client, _ = listener.accept()
                with client:
                    client.settimeout(PATIENCE)
                    for answer in answers:
                        script.seen.append(heard(client))
                        client.sendall(answer)
            listener.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield script
        thread.join(PATIENCE)


def heard(client: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += client.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    while len(body) < length:
        body += client.recv(65536)
    return head + b"\r\n\r\n" + body


def target(script: Script, **options: Any) -> Target:
    return Target(Address.parse(f"http://{script.place}/gw/"), timeout=PATIENCE, **options)


def test_a_request_as_it_is_sent() -> None:
    headers = (
        ("Host", "userapi.com"), ("X-Odd-CAPITALS", "\xd0\xbf"), ("Accept-Encoding", "gzip, br"),
        ("Connection", "close"), ("Bad Name", "x"), ("X-Split", "a\r\nb"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    )  # fmt: skip
    url = "http://userapi.com/data?act=wall&id=0\xe2\x80\x8b&q=%d0%BF a+b\"'"
    with scripted([ANSWER], [ANSWER]) as script:
        ours, other = target(script), target(script, keep_host=True)
        found = ours.send(Exchange(7, 1.0, "POST", url, headers, b"a=\xff"))
        ours.close()
        other.send(Exchange(8, None, "GET", "/data?act=wall", (("host", "UserAPI.com"),)))
        other.close()
    sent = "/gw/data?act=wall&id=0%E2%80%8B&q=%d0%BF%20a+b\"'"
    assert script.seen == [
        f"POST {sent} HTTP/1.1\r\nHost: {script.place}\r\nX-Odd-CAPITALS: ".encode() + b"\xd0\xbf\r\n"
        b"Accept-Encoding: gzip\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=\xff",
        b"GET /gw/data?act=wall HTTP/1.1\r\nHost: userapi.com\r\n\r\n",
    ]
    assert (found.number, found.url) == (7, f"http://{script.place}{sent}")
    assert (found.status, found.headers, found.body) == (200, (("X-Odd-NAME", "1"),), b'{"ok":1}')


def test_a_connection_the_server_has_closed_costs_nothing() -> None:
    closing = ANSWER.replace(b"X-Odd", b"Connection: close\r\nX-Odd")
    with scripted([ANSWER], [closing], [ANSWER]) as script:
        ours = target(script)
        assert [ours.send(Exchange(n, None, "GET", f"/data?{n}")).status for n in (1, 2, 3)] == [200] * 3
        ours.close()
    assert [request.partition(b" HTTP")[0] for request in script.seen] == [b"GET /gw/data?%d" % n for n in (1, 2, 3)]


@pytest.mark.parametrize("answer", [b"", b"garbage\r\n\r\n", ANSWER[:-1], b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000])
def test_no_whole_answer(answer: bytes) -> None:
    with scripted([answer], [ANSWER]) as script:
        ours = target(script)
        with pytest.raises(NoAnswerError):
            ours.send(Exchange(1, None, "GET", "/data"))
        assert ours.send(Exchange(2, None, "GET", "/data")).status == 200
        ours.close()


class Noted:
    """A journal in memory."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int]] = []

    def under_way(self, number: int) -> None:
        self.rows.append(("under way", number))

    def not_sent(self, number: int) -> None:
        self.rows.append(("not sent", number))

    def done(self, number: int, end: int, learned: list[Binding]) -> None:
        self.rows.append(("done", number))


def test_reads_are_tried_twice_writes_once_and_a_server_that_is_away_ends_it() -> None:
    asked = [
        Exchange(number, None, "GET", f"http://userapi.com/data?act={act}")
        for number, act in enumerate(["wall", "add_wall", "inbox", "fave"], 1)
    ]
    with scripted([b""], [ANSWER, b""], [b""], [b""]) as script:
        runner = Runner(target(script), allow_writes=True, journal=(noted := Noted()))
        with pytest.raises(TargetAwayError, match="Connection refused"):
            runner.run(asked)
    acts = [request.partition(b"act=")[2].partition(b" ")[0] for request in script.seen]
    assert acts == [b"wall", b"wall", b"add_wall", b"inbox", b"inbox"]
    assert runner.outcome.troubles == {Trouble.NO_ANSWER: [2, 3]}
    assert noted.rows == [
        *(("under way", 1), ("done", 1), ("under way", 2), ("done", 2), ("under way", 3), ("done", 3)),
        *(("under way", 4), ("not sent", 4)),
    ]
