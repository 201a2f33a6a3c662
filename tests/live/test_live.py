"""Gateways that listen: what a program sees, and who listens when."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.live.stub import Stub, until
from tests.program import Program
from userapi_gw.gateway import Gateway
from userapi_gw.state import Lease, StreamKey

PAVEL, NIKOLAY, OTHER = 1, 6, 5
LISTS = ["messages.get", "users.get", "account.getCounters"]


class Follower:
    """A program that polls its mailbox and keeps every entry it is told."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.version = program.version("inbox")
        self.entries: list[list[Any]] = []

    def poll(self) -> list[list[Any]]:
        """Ask once and return what is new."""
        new: list[list[Any]] = self.program.get("history", message=self.version)["message"]["h"]
        if new:
            self.version = new[-1][0] + 1
        self.entries += new
        return new

    @property
    def texts(self) -> list[str]:
        """What was told to have come, in order."""
        return [row[2][0] for _, action, row in self.entries if action == "add"]


def rooms(gateway: Flask) -> Gateway:
    found: Gateway = gateway.extensions["userapi_gw"]
    return found


def is_well(gateway: Flask, viewer: int = PAVEL) -> bool:
    return rooms(gateway).live.is_well(viewer)


def followed(gateway: Flask) -> Follower:
    """Log in, poll, and wait until somebody listens."""
    follower = Follower(Program(gateway).log_in())
    follower.poll()
    until(lambda: is_well(gateway))
    return follower


def leases(gateway: Flask) -> dict[int, Lease]:
    return rooms(gateway).state.pollers.standing()


EARLIER: set[threading.Thread] = set()
"""Threads of tests before: who listened ends with the wait that is under way."""


@pytest.fixture(autouse=True)
def _forget_earlier_threads() -> None:
    EARLIER.clear()
    EARLIER.update(threading.enumerate())


def live_threads() -> list[str]:
    own = (thread for thread in threading.enumerate() if thread not in EARLIER)
    return [thread.name for thread in own if thread.name.startswith("live")]


def calls(stub: Stub) -> dict[str, int]:
    """How often lists were read: waits and the sessions' own calls left out."""
    return {method: stub.calls[method] for method in LISTS}


def has_news(follower: Follower) -> bool:
    """Tell whether the gateway knows something the program was not told."""
    streams = rooms(follower.program.gateway).state.streams
    return bool(streams.answer(StreamKey(PAVEL, "message", 0), follower.version).entries)


def test_a_message_is_there_before_the_program_asks(make_live: MakeGateway, stub: Stub) -> None:
    follower = followed(make_live(refresh_seconds=60.0))
    before = follower.program.get("history")["nm"]
    counted = stub.calls["account.getCounters"]
    message_id = stub.send(NIKOLAY, PAVEL, "hello")
    until(lambda: has_news(follower) and stub.calls["account.getCounters"] > counted)
    known = calls(stub)
    until(lambda: follower.program.get("history")["nm"] == before + 1)
    ((_, action, row),) = follower.poll()
    assert (action, row[0], row[2], row[3][0], row[4][0]) == ("add", message_id, ["hello"], NIKOLAY, PAVEL)
    assert calls(stub) == known


def test_a_mailbox_is_not_looked_at_without_cause(make_live: MakeGateway, stub: Stub) -> None:
    follower = followed(make_live())
    before = stub.calls["messages.get"]
    assert [follower.poll() for _ in range(20)] == [[]] * 20
    assert follower.program.get("inbox", ts=follower.version)["h"] == []
    assert stub.calls["messages.get"] - before <= 1  # the list the program itself asked for


def test_nobody_listens_for_who_does_not_poll(make_live: MakeGateway, stub: Stub) -> None:
    gateway = make_live()
    program = Program(gateway).log_in()
    program.get("inbox")
    program.get("history")
    program.get("history", wall=program.version("wall"))
    assert (live_threads(), leases(gateway), stub.polls) == ([], {}, {})


def test_listening_ends_when_the_polls_do(make_live: MakeGateway, stub: Stub) -> None:
    gateway = make_live(live_idle_seconds=1.5)
    follower = followed(gateway)
    until(lambda: not leases(gateway) and live_threads() == ["live"])
    assert not is_well(gateway)
    stub.send(NIKOLAY, PAVEL, "meanwhile")
    follower.poll()
    assert follower.texts == ["meanwhile"]
    until(lambda: is_well(gateway))


def test_nobody_listens_where_that_is_switched_off(make_live: MakeGateway, stub: Stub) -> None:
    gateway = make_live(live_pollers=0)
    follower = Follower(Program(gateway).log_in())
    stub.send(NIKOLAY, PAVEL, "hello")
    assert len(follower.poll()) == 1
    assert (live_threads(), stub.polls) == ([], {})


def test_more_than_the_limit_are_looked_at_when_they_poll(make_live: MakeGateway, stub: Stub) -> None:
    gateway = make_live(live_pollers=1)
    followed(gateway)
    other = Follower(Program(gateway).log_in("nikolay@test.com"))
    stub.send(PAVEL, NIKOLAY, "hello")
    other.poll()
    assert other.texts == ["hello"]
    until(lambda: stub.polls[PAVEL] > 3)
    assert stub.polls[NIKOLAY] == 0


def test_one_process_listens_for_all_and_another_takes_over(make_live: MakeGateway, stub: Stub) -> None:
    first, second = make_live(), make_live()
    one, other = followed(first), followed(second)
    assert len(leases(first)) == 1
    stub.send(NIKOLAY, PAVEL, "to both")
    until(lambda: has_news(other))
    assert [follower.poll() and follower.texts for follower in (one, other)] == [["to both"]] * 2
    assert max(stub.waiting.values()) == 1

    owner = leases(first)[PAVEL].owner
    rooms(first).live.close()
    until(lambda: PAVEL in leases(second) and leases(second)[PAVEL].owner != owner and is_well(second))
    stub.send(NIKOLAY, PAVEL, "after")
    until(lambda: has_news(other))
    other.poll()
    assert other.texts == ["to both", "after"]


def test_counters_of_other_processes_follow(make_live: MakeGateway, stub: Stub) -> None:
    first, second = make_live(refresh_seconds=60.0), make_live(refresh_seconds=60.0)
    followed(first)
    program = followed(second).program
    before = program.get("history")["nm"]
    stub.send(NIKOLAY, PAVEL, "hello")
    until(lambda: program.get("history")["nm"] == before + 1)


def test_a_refused_token_ends_poller_and_sessions(make_live: MakeGateway, stub: Stub) -> None:
    gateway = make_live()
    follower = followed(gateway)
    stub.refused.add(PAVEL)
    stub.restart()
    until(lambda: not leases(gateway))
    assert follower.program.get("history", message=follower.version) == {"ok": -1}
    until(lambda: live_threads() == ["live"])


def test_a_logout_ends_listening(make_live: MakeGateway, stub: Stub) -> None:
    gateway = make_live()
    follower = followed(gateway)
    session = rooms(gateway).state.sessions.find(follower.program.sid)
    assert session is not None
    rooms(gateway).state.sessions.revoke(session.grant_id)
    until(lambda: not leases(gateway) and live_threads() == ["live"])


@pytest.mark.parametrize("fault", [{"failed": 4}, {"failed": 5}, {"ts": 1}], ids=str)
def test_where_listening_is_impossible_lists_are_looked_at(
    make_live: MakeGateway, stub: Stub, fault: dict[str, int]
) -> None:
    stub.failed += [fault] * 9
    gateway = make_live()
    follower = Follower(Program(gateway).log_in())
    follower.poll()
    until(lambda: len(stub.failed) < 9)
    stub.send(NIKOLAY, PAVEL, "hello")
    follower.poll()
    assert follower.texts == ["hello"]
    assert not is_well(gateway)


@pytest.mark.parametrize("status", [500, 502, 403])
def test_where_the_long_poll_is_broken_lists_are_looked_at(make_live: MakeGateway, stub: Stub, status: int) -> None:
    stub.status = status
    gateway = make_live()
    follower = Follower(Program(gateway).log_in())
    follower.poll()
    until(lambda: stub.calls["/nim"])
    stub.send(NIKOLAY, PAVEL, "hello")
    follower.poll()
    assert follower.texts == ["hello"]
    assert not is_well(gateway)


@pytest.mark.parametrize("kind", ["vk", "openvk"])
@pytest.mark.parametrize(
    "fault",
    [[{"failed": 1, "ts": 1}], [{"failed": 1, "ts": 99}], [{"failed": 2}], [{"failed": 3}], [{"failed": 2}] * 3],
)
def test_a_line_that_is_renewed_loses_nothing(
    make_live: MakeGateway, stub: Stub, kind: str, fault: list[dict[str, int]]
) -> None:
    stub.kind = kind  # type: ignore[assignment]
    gateway = make_live()
    follower = followed(gateway)
    stub.failed += fault
    sent = [f"message {i}" for i in range(5)]
    for text in sent:
        stub.send(NIKOLAY, PAVEL, text)
    until(lambda: not stub.failed)
    until(lambda: follower.poll() is not None and follower.texts == sent)


@pytest.mark.parametrize("kind", ["vk", "openvk"])
@pytest.mark.parametrize("first", [1, 1000])
def test_a_backend_that_was_away_and_forgot_all_loses_nothing(
    make_live: MakeGateway, stub: Stub, kind: str, first: int
) -> None:
    stub.kind = kind  # type: ignore[assignment]
    gateway = make_live(refresh_seconds=60.0)  # so that only the poller can bring it
    follower = followed(gateway)
    stub.send(NIKOLAY, PAVEL, "before")
    until(lambda: has_news(follower))
    stub.down = True
    until(lambda: not is_well(gateway))
    assert follower.poll()
    assert follower.poll() == []
    stub.send(NIKOLAY, PAVEL, "while it was away")
    stub.restart(first)
    stub.send(NIKOLAY, PAVEL, "after it came back")
    stub.down = False
    until(lambda: is_well(gateway))
    follower.poll()
    assert follower.texts == ["before", "while it was away", "after it came back"]


@pytest.mark.parametrize("kind", ["vk", "openvk"])
def test_nothing_is_lost_or_doubled_whoever_listens(make_live: MakeGateway, stub: Stub, kind: str) -> None:
    """Two processes, two writers, a backend that stumbles, a process that ends: each message once, in order."""
    stub.kind, stub.deaf = kind, 0.05  # type: ignore[assignment]
    first, second = make_live(), make_live()
    followers = [followed(first), followed(second)]

    def write(writer: int) -> list[int]:
        return [stub.send(writer, PAVEL, f"{writer}: {i}") for i in range(15)]

    with ThreadPoolExecutor(2) as pool:
        written = [pool.submit(write, writer) for writer in (NIKOLAY, OTHER)]
        stub.failed += [{"failed": 3}, {"failed": 2}]
        rooms(first).live.close()
        while not all(done.done() for done in written):
            for follower in followers:
                follower.poll()
        ids = sorted(message_id for done in written for message_id in done.result())
    stub.restart()
    for follower in followers:
        until(partial(lambda one: one.poll() is not None and len(one.entries) >= len(ids), follower))
        follower.poll()
        assert sorted(row[0] for _, _, row in follower.entries) == ids
        assert [number for number, _, _ in follower.entries] == sorted({number for number, _, _ in follower.entries})


def test_what_is_read_or_deleted_elsewhere_is_told(make_live: MakeGateway, stub: Stub) -> None:
    follower = followed(make_live(refresh_seconds=60.0))
    message_id = stub.send(NIKOLAY, PAVEL, "hello")
    until(follower.poll)
    stub.call("messages.markAsRead", PAVEL, message_ids=message_id)
    stub.emit(PAVEL, [6, NIKOLAY, message_id])
    until(follower.poll)
    stub.call("messages.delete", PAVEL, message_ids=message_id)
    stub.emit(PAVEL, [2, message_id, 128])
    until(follower.poll)
    assert [(action, row[0]) for _, action, row in follower.entries] == [
        ("add", message_id),
        ("read", message_id),
        ("del", message_id),
    ]


def test_logs_hold_neither_token_nor_key(make_live: MakeGateway, stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    gateway = make_live()
    follower = followed(gateway)
    stub.emit(PAVEL, [999, 1])
    stub.send(NIKOLAY, PAVEL, "hello")
    until(follower.poll)
    stub.down = True
    until(lambda: not is_well(gateway))
    stub.down, stub.status = False, 502
    until(lambda: "HTTP 502" in caplog.text)
    session = rooms(gateway).state.sessions.find(follower.program.sid)
    assert session is not None
    secrets = {session.token, follower.program.sid, *stub.keys}
    assert {secret for secret in secrets if secret in caplog.text} == set()
    assert "events of unknown kinds [999]" in caplog.text
