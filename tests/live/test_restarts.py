"""Nothing is lost or doubled: a gateway and a backend that are killed and started again, and one that falls silent."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from tests.program import PASSWORD
from tests.real_backend import RealBackend, free_port, real_backend
from tests.server_process import PATIENCE, Started, started

PAVEL, NIKOLAY = 1, 6
BLINK = 0.05


class Gateway:
    """A started gateway in front of a backend, always at the same address."""

    def __init__(self, backend: RealBackend, kind: str, folder: Path) -> None:
        settings = {"BACKEND": kind, "BACKEND_URL": backend.url, "SITES": '{"2": {"url": "http://durov.ru"}}'}
        quick = {"CALLS_PER_SECOND": "0", "REFRESH_SECONDS": "0.3", "LIVE_LEASE_SECONDS": "0.6"}
        self._variables = {f"USERAPI_GW_{name}": value for name, value in {**settings, **quick}.items()}
        self._folder, self._port, self._stack = folder, free_port(), ExitStack()
        self._started: Started | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        command = ["-m", "userapi_gw", "serve", "--bind", f"127.0.0.1:{self._port}", "--workers", "1"]
        self._started = self._stack.enter_context(started(command, self._folder, **self._variables))

    def kill(self) -> None:
        """End master and worker without a warning."""
        assert self._started is not None
        self._started.signal_all(signal.SIGKILL)
        self._stack.close()


class Follower:
    """An old program that goes on polling whatever happens, and keeps all it is told."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway, self._over = gateway, Event()
        query = {"login": "force", "site": 2, "email": "test@test.com", "pass": PASSWORD}
        reply = requests.get(f"{gateway.url}/auth", params=query, timeout=PATIENCE, allow_redirects=False)
        self._sid = reply.headers["Location"].rpartition("sid=")[2]
        lists = {"message": {"act": "inbox"}, "wall": {"act": "wall", "id": NIKOLAY}}
        self._versions = {name: self._get(**asked, to=0)["h"] for name, asked in lists.items()}
        self.told: dict[str, list[str]] = {name: [] for name in lists}
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Follower":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _get(self, **parameters: Any) -> Any:
        query = urlencode({"sid": self._sid, **parameters})
        return requests.get(f"{self._gateway.url}/data?{query}", timeout=PATIENCE).json()

    def _run(self) -> None:
        while not self._over.wait(BLINK):
            try:
                answer = self._get(act="history", id=NIKOLAY, **self._versions)
            except requests.exceptions.ConnectionError:
                continue  # the gateway is being started
            for name in self._versions if "message" in answer else ():
                for number, _, row in answer[name]["h"]:
                    self._versions[name] = number + 1
                    self.told[name].append(row[2][0])


@pytest.fixture(params=["vk", "openvk"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def backend(kind: str, tmp_path: Path) -> Iterator[RealBackend]:
    (tmp_path / "behind").mkdir()
    with real_backend(tmp_path / "behind", kind if kind == "openvk" else "") as backend:
        yield backend


@pytest.fixture
def gateway(backend: RealBackend, kind: str, tmp_path: Path) -> Iterator[Gateway]:
    gateway = Gateway(backend, kind, tmp_path)
    gateway.start()
    yield gateway
    gateway.kill()


def test_nothing_is_lost_or_doubled(backend: RealBackend, gateway: Gateway) -> None:
    written: list[str] = []

    def write(text: str) -> None:
        backend.call("messages.send", NIKOLAY, user_id=PAVEL, message=text)
        backend.call("wall.post", NIKOLAY, owner_id=NIKOLAY, message=text)
        written.append(text)

    with Follower(gateway) as follower:
        everything = dict.fromkeys(follower.told, written)
        write("at first")
        _until(lambda: follower.told == everything)

        write("just before the gateway is killed")
        gateway.kill()
        write("while there is no gateway")
        gateway.start()
        write("after the gateway is back")
        _until(lambda: follower.told == everything)

        write("just before the backend is killed")
        backend.kill()
        time.sleep(20 * BLINK)
        backend.start()
        write("after the backend is back")
        _until(lambda: follower.told == everything)

        write("just before the backend falls silent")
        backend.silence()
        time.sleep(20 * BLINK)
        backend.wake()
        write("after the silence")
        _until(lambda: follower.told == everything)
        time.sleep(10 * BLINK)
    assert follower.told == everything


def _until(happened: Callable[[], bool]) -> None:
    """Wait for what may take a while on a slow machine."""
    deadline = time.monotonic() + PATIENCE
    while not happened() and time.monotonic() < deadline:
        time.sleep(BLINK)
    assert happened()
