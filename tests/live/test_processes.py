"""Started gateways that share a data folder: one is killed, one is stopped while it listens."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from tests.live.stub import Stub, until
from tests.program import PASSWORD
from tests.server_process import Started, started
from userapi_gw.state import Lease, State, open_state

PAVEL, NIKOLAY = 1, 6
SECRET_KEY = "0" * 32


class Remote:
    """A program at a started gateway."""

    def __init__(self, server: Started, sid: str = "") -> None:
        self.address = "http://{}:{}".format(*server.address)
        self.sid = sid or self._log_in()
        self.version = int(self.get("inbox", **{"from": 0, "to": 0})["h"])

    def get(self, act: str, **parameters: Any) -> Any:
        query = urlencode({"act": act, "sid": self.sid, **parameters})
        return requests.get(f"{self.address}/data?{query}", timeout=20).json()

    def _log_in(self) -> str:
        query = urlencode({"login": "force", "site": 2, "email": "test@test.com", "pass": PASSWORD})
        reply = requests.get(f"{self.address}/auth?{query}", timeout=20, allow_redirects=False)
        return reply.headers["Location"].rpartition("sid=")[2]

    def poll(self) -> list[Any]:
        new: list[Any] = self.get("history", message=self.version)["message"]["h"]
        if new:
            self.version = new[-1][0] + 1
        return [row[2][0] for _, _, row in new]


@pytest.fixture
def start(tmp_path: Path, stub: Stub) -> Iterator[Any]:
    """Start gateways on one data folder; with a long period, so that only who listens can bring anything."""
    settings = {
        "BACKEND": "vk",
        "BACKEND_URL": stub.url,
        "SITES": '{"2": {"url": "http://durov.ru"}}',
        "CALLS_PER_SECOND": "0",
        "BIND": "127.0.0.1:0",
        "SECRET_KEY": SECRET_KEY,
        "REFRESH_SECONDS": "60",
    }
    variables = {f"USERAPI_GW_{name}": value for name, value in settings.items()}
    with ExitStack() as stack:

        def start(lease: str = "0.6") -> Started:
            command = ["-m", "userapi_gw", "serve", "--live-lease-seconds", lease]
            return stack.enter_context(started(command, tmp_path, **variables))

        yield start


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """The state of those gateways."""
    (tmp_path / "userapi-gw-data").mkdir(mode=0o700)
    state = open_state(f"sqlite:///{tmp_path}/userapi-gw-data/gateway.sqlite3", SECRET_KEY)
    yield state
    state.close()


def lease(state: State) -> Lease | None:
    """Who listens for Pavel, once all is well there."""
    found = state.pollers.standing().get(PAVEL)
    return found if found and found.healthy else None


def test_another_process_takes_over_from_one_that_is_killed(start: Any, state: State, stub: Stub) -> None:
    stub.longest = 25
    first, second = start(), start()
    one = Remote(first)
    assert one.poll() == []
    until(lambda: lease(state))
    other = Remote(second, one.sid)
    assert other.poll() == []
    owner = lease(state)
    assert owner is not None
    stub.send(NIKOLAY, PAVEL, "before")
    assert _comes(other) == ["before"]

    first.process.kill()
    until(lambda: (now := lease(state)) is not None and now.owner != owner.owner)
    stub.send(NIKOLAY, PAVEL, "after")
    assert _comes(other) == ["after"]
    assert other.poll() == []


def test_what_came_while_all_were_stopped_is_told_by_the_next_one(start: Any, state: State, stub: Stub) -> None:
    one = Remote(first := start(lease="100"))
    assert one.poll() == []
    until(lambda: lease(state))
    assert first.stop() == (0, "")
    assert state.pollers.standing() == {}
    stub.send(NIKOLAY, PAVEL, "meanwhile")
    later = Remote(start(), one.sid)
    later.version = one.version
    assert _comes(later) == ["meanwhile"]
    assert later.poll() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_does_not_wait_for_who_listens(start: Any, state: State, stub: Stub, number: int) -> None:
    stub.longest = 25
    server = start(lease="100")
    Remote(server).poll()
    until(lambda: lease(state) and stub.waiting[PAVEL] == 1)
    assert server.stop(number) == (0, "")
    assert stub.waiting[PAVEL] == 1  # it was not answered before the end
    assert state.pollers.standing() == {}


def _comes(program: Remote) -> list[Any]:
    """Poll until something is new."""
    found: list[Any] = []
    until(lambda: found.extend(program.poll()) or found)
    return found
