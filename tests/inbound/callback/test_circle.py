"""The whole circle with real processes: a post on a community's wall, its event, and `act=history` of an old program.

The gateways look at nothing without cause (`refresh_seconds`), so what is told has come by events.
"""

import json
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from sqlalchemy import text

from tests.databases import TestDatabase
from tests.program import PASSWORD
from tests.real_backend import RealBackend, free_port, real_backend
from tests.server_process import PATIENCE, Started, run, started
from userapi_gw.embedded import make_community_key
from userapi_gw.state.database import Database

GROUP, NIKOLAY, EVENTS = 5, 6, 60
SECRET = "s3cret-word"
BLINK = 0.02


class Gateway:
    """A gateway of two processes in front of a backend, which knows the community's key, always at one address."""

    def __init__(self, backend: RealBackend, key: str, folder: Path, database_url: str) -> None:
        community = {"group": GROUP, "token": key, "callback_secret": SECRET}
        settings = {
            "BACKEND": "vk",
            "BACKEND_URL": backend.url,
            "CALLS_PER_SECOND": "0",
            "REFRESH_SECONDS": "3600",
            "LIVE_POLLERS": "0",
            "DATABASE_URL": database_url,
            "SITES": json.dumps({"2": {"url": "http://durov.ru", "community": community}}),
        }
        self.variables = {f"USERAPI_GW_{name}": value for name, value in settings.items()}
        self.folder, self._port, self._stack = folder, free_port(), ExitStack()
        self._started: Started | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        command = ["-m", "userapi_gw", "serve", "--bind", f"127.0.0.1:{self._port}", "--workers", "2"]
        self._started = self._stack.enter_context(started(command, self.folder, **self.variables))

    def kill(self) -> None:
        """End master and workers without a warning."""
        assert self._started is not None
        self._started.signal_all(signal.SIGKILL)
        self._stack.close()

    def command(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command with the same settings."""
        return run(["-m", "userapi_gw", *arguments], self.folder, **self.variables)

    def post(self, event: dict[str, Any]) -> str:
        """Send an event and return the answer."""
        body = {"group_id": GROUP, "secret": SECRET, **event}
        return requests.post(f"{self.url}/callback/2", json=body, timeout=PATIENCE).text


class Poller:
    """An old program that polls the wall of the community."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        query = {"login": "force", "site": 2, "email": "test@test.com", "pass": PASSWORD}
        reply = requests.get(f"{gateway.url}/auth", params=query, timeout=PATIENCE, allow_redirects=False)
        self._sid = reply.headers["Location"].rpartition("sid=")[2]
        self._version = self._get(act="wall", id=-GROUP, to=0)["h"]

    def told(self) -> list[tuple[str, int]]:
        """Everything that has happened since this program began."""
        h = self._get(act="history", wall=self._version, id=-GROUP)["wall"]["h"]
        return [(action, row[0]) for _, action, row in h]

    def until(self, wanted: list[tuple[str, int]]) -> float:
        """Poll until so much is told, and return the seconds that took."""
        began = time.monotonic()
        wait_until(lambda: self.told() == wanted)
        return time.monotonic() - began

    def _get(self, **parameters: Any) -> Any:
        query = urlencode({"sid": self._sid, **parameters})
        return requests.get(f"{self._gateway.url}/data?{query}", timeout=PATIENCE).json()


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for what may take a while on a slow machine."""
    deadline = time.monotonic() + PATIENCE
    while not happened() and time.monotonic() < deadline:
        time.sleep(BLINK)
    assert happened()


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[RealBackend]:
    (tmp_path / "behind").mkdir()
    with real_backend(tmp_path / "behind") as backend:
        yield backend


@pytest.fixture
def gateway(backend: RealBackend, tmp_path: Path, database: TestDatabase) -> Iterator[Gateway]:
    key = make_community_key(tmp_path / "behind" / "userapi-gw-data" / "embedded.sqlite3", GROUP)
    gateway = Gateway(backend, key or "", tmp_path, database.url)
    gateway.start()
    yield gateway
    gateway.kill()


def states(database: TestDatabase) -> list[tuple[str, str]]:
    """State and body of all events that were kept."""
    with closing(Database(database.url)) as opened, opened.read() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT state, body FROM callback_events ORDER BY id"))]


@pytest.mark.sqlite_only  # the test of a kill has both
def test_a_post_of_somebody_else_is_told_at_once(backend: RealBackend, gateway: Gateway) -> None:
    status, said, errors = gateway.command("callback", "setup", "--site", "2", "--url", gateway.url)
    assert (status, errors) == (0, "")
    assert f"events of community 5 come to {gateway.url}/callback/2" in said
    program = Poller(gateway)
    first = backend.call("wall.post", NIKOLAY, owner_id=-GROUP, message="hello")["post_id"]
    seconds = program.until([("add", first)])
    assert seconds < 5, "it takes a tenth of a second on a machine that has nothing else to do"
    backend.call("wall.delete", NIKOLAY, owner_id=-GROUP, post_id=first)
    second = backend.call("wall.post", NIKOLAY, owner_id=-GROUP, message="again")["post_id"]
    program.until([("add", first), ("del", first), ("add", second)])

    status, said, _ = gateway.command("callback", "setup", "--site", "2", "--url", gateway.url)
    assert (status, "is there already" in said) == (0, True)
    assert backend.call("groups.getCallbackServers", 1, group_id=GROUP)["count"] == 1
    shown = json.loads(gateway.command("callback", "status", "--json")[1])["2"]
    assert (shown["received"], shown["waiting"], shown["last_event"]) == (2, 0, "wall_post_new")
    assert SECRET not in gateway.command("callback", "status")[1] + json.dumps(shown)


@pytest.mark.sqlite_only
def test_an_event_waits_for_the_gateway_also_over_a_kill_of_the_backend(backend: RealBackend, gateway: Gateway) -> None:
    assert gateway.command("callback", "setup", "--site", "2", "--url", gateway.url)[0] == 0
    program = Poller(gateway)
    gateway.kill()
    posts = [backend.call("wall.post", NIKOLAY, owner_id=-GROUP, message=text)["post_id"] for text in "ab"]
    backend.kill()
    backend.start()
    gateway.start()
    program.until([("add", post_id) for post_id in posts])


def test_what_was_answered_ok_is_done_after_a_kill(
    backend: RealBackend, gateway: Gateway, database: TestDatabase
) -> None:
    """Many events at once, each twice, to two processes, which are killed while the backend lets them wait."""
    program = Poller(gateway)
    post_id = backend.call("wall.post", NIKOLAY, owner_id=-GROUP, message="hello")["post_id"]

    def send(number: int) -> bool:
        about = {"user_id": 1 + number % 20}  # the backend is asked about each
        try:
            return gateway.post({"type": "message_allow", "object": about, "event_id": str(number // 2)}) == "ok"
        except requests.exceptions.ConnectionError:
            return False

    backend.silence()
    posted = gateway.post({"type": "wall_post_new", "object": {"id": post_id, "owner_id": -GROUP}, "event_id": "post"})
    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(send, range(2 * EVENTS)))
    gateway.kill()
    backend.wake()
    assert (posted, set(answers)) == ("ok", {True})
    assert len(states(database)) == 1 + EVENTS
    assert "waiting" in {state for state, _ in states(database)}
    gateway.start()
    program.until([("add", post_id)])
    wait_until(lambda: set(states(database)) == {("done", "")})
    assert len(states(database)) == 1 + EVENTS
    assert program.told() == [("add", post_id)]
