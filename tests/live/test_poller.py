"""One poller: what it looks at, when, and when it says that all is well."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.live.stub import Stub, serving, until
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.longpoll import LongPoll, LongPollHttp
from userapi_gw.embedded.accounts import issue_token
from userapi_gw.embedded.database import Database
from userapi_gw.errors import Failure, Kind
from userapi_gw.live.policy import LivePolicy
from userapi_gw.live.poller import Poller, Rooms
from userapi_gw.state import Session

PAVEL, NIKOLAY = 1, 6
QUICK = LivePolicy(
    most=1,
    wait=25,
    first_wait=1,
    second_look=0.1,
    spacing=0.01,
    first_pause=0.01,
    longest_pause=0.02,
    broken_pause=0.02,
)


@dataclass
class Watcher:
    """The rooms of a poller, who writes down what it does."""

    looks: int = 0
    told: list[tuple[int, bool, bool]] = field(default_factory=list)
    refused: list[Session] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    lives: bool = True

    def attend(self, session: Session) -> None:
        self.looks += 1
        if self.fails:
            raise self.fails.pop(0)

    @property
    def rooms(self) -> Rooms:
        return Rooms(self.attend, lambda _: self.lives, self.refused.append, lambda *told: self.told.append(told))


@pytest.fixture
def stub(tmp_path: Path, world_file: Path) -> Iterator[Stub]:
    """A server on which one really waits, apart from the first time."""
    path = tmp_path / "backend.sqlite3"
    shutil.copy(world_file, path)
    with serving(Stub(path, longest=0.05)) as stub:
        yield stub


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def poller(stub: Stub, watcher: Watcher) -> Iterator[Poller]:
    with Database(stub.database).write() as db:
        session = Session(PAVEL, issue_token(db, PAVEL), 2, 77)
    client = Client(stub.url, Transports.over_http(), timeout=5)
    with requests.Session() as http:
        longpoll = LongPoll(Calls(client, PAVEL, session.token), LongPollHttp(http, stub.url))
        poller = Poller(session, longpoll, watcher.rooms, QUICK)
        yield poller
        poller.stop()
        stub.close()
        until(lambda: poller.is_over)
    client.close()


def well(poller: Poller, stub: Stub) -> None:
    """Start, and wait until it listens for good."""
    poller.start()
    until(lambda: poller.is_well)
    stub.longest = 25
    until(lambda: stub.waiting[PAVEL] and stub.polls[PAVEL] > 1)


def test_it_looks_once_when_it_begins_and_once_for_what_happens(poller: Poller, stub: Stub, watcher: Watcher) -> None:
    well(poller, stub)
    assert (watcher.looks, watcher.told) == (1, [(PAVEL, True, True)])
    stub.send(NIKOLAY, PAVEL, "hello")
    until(lambda: len(watcher.told) == 2)
    stub.emit(PAVEL, [80, 3, 0])
    until(lambda: len(watcher.told) == 3)
    stub.emit(PAVEL, [8, -NIKOLAY, 0, 1])
    polls = stub.polls[PAVEL]
    until(lambda: stub.polls[PAVEL] > polls and stub.waiting[PAVEL])
    assert (watcher.looks, watcher.told) == (3, [(PAVEL, True, True)] * 3)


def test_on_a_server_that_forgets_it_looks_a_second_time(poller: Poller, stub: Stub, watcher: Watcher) -> None:
    stub.kind = "openvk"
    well(poller, stub)
    until(lambda: watcher.looks >= 2)
    assert set(watcher.told) == {(PAVEL, True, True)}


def test_a_second_look_that_fails_is_made_up_for(poller: Poller, stub: Stub, watcher: Watcher) -> None:
    stub.kind = "openvk"
    well(poller, stub)
    until(lambda: watcher.looks == 2)
    watcher.fails.append(Failure(Kind.BACKEND_AWAY))
    stub.emit(PAVEL, [61, NIKOLAY, 1])  # no reason to look, but it begins to wait again
    until(lambda: watcher.told[-1] == (PAVEL, False, False))
    stub.longest = 0.05
    stub.emit(PAVEL, [61, NIKOLAY, 1])
    until(lambda: poller.is_well)
    assert watcher.told == [(PAVEL, True, True), (PAVEL, False, False), (PAVEL, True, True)]


@pytest.mark.parametrize("error", [Failure(Kind.BACKEND_AWAY), Failure(Kind.FLOOD), RuntimeError("unforeseen")])
def test_a_look_that_fails_is_repeated_until_it_succeeds(
    poller: Poller, stub: Stub, watcher: Watcher, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    well(poller, stub)
    stub.longest = 0.05
    watcher.fails += [error, error]
    stub.emit(PAVEL, [4, 1, 1, NIKOLAY])
    until(lambda: len(watcher.told) > 2)
    assert watcher.told == [(PAVEL, True, True), (PAVEL, False, False), (PAVEL, True, True)]
    assert watcher.looks == 4


@pytest.mark.parametrize(
    ("kind", "refused"), [(Kind.TOKEN_REFUSED, 1), (Kind.FORBIDDEN, 0), (Kind.UNSUPPORTED, 0)], ids=str
)
def test_what_is_hopeless_ends_it(poller: Poller, stub: Stub, watcher: Watcher, kind: Kind, refused: int) -> None:
    watcher.fails.append(Failure(kind))
    poller.start()
    until(lambda: poller.is_over)
    assert (poller.is_hopeless, watcher.refused, watcher.told) == (True, [poller.session] * refused, [])


def test_the_end_of_the_session_ends_it(poller: Poller, stub: Stub, watcher: Watcher) -> None:
    well(poller, stub)
    watcher.lives = False
    stub.emit(PAVEL, [61, NIKOLAY, 1])
    until(lambda: poller.is_over)
    assert not poller.is_hopeless


def test_once_stopped_it_does_nothing_with_what_it_hears(poller: Poller, stub: Stub, watcher: Watcher) -> None:
    well(poller, stub)
    poller.stop()
    before: tuple[int, list[Any]] = (watcher.looks, [*watcher.told])
    stub.emit(PAVEL, [4, 1, 1, NIKOLAY])
    until(lambda: poller.is_over)
    assert (watcher.looks, watcher.told) == before
