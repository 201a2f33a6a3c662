"""The embedded backend as a server of its own that can be killed, silenced and started again at the same address."""

import json
import random
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.server_process import Started, started
from userapi_gw.embedded.accounts import issue_token
from userapi_gw.embedded.database import Database

NOT_HANDED_OUT = range(20_000, 32_000)
"""Ports the system gives to nobody who does not name them: one of them is still free after a restart."""

THREADS = 256
"""As many as it may have: each that listens to its long poll takes one."""


class RealBackend:
    """A backend process; with `emulate` it plays an OpenVK, which takes any number of writes here."""

    def __init__(self, folder: Path, emulate: str = "") -> None:
        self._folder, self._stack = folder, ExitStack()
        self._emulation = ["--emulate", emulate, "--write-limit", "off"] if emulate else []
        self._tokens: dict[int, str] = {}
        self._process: Started | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Database:
        """What the server keeps."""
        return Database(self._folder / "userapi-gw-data" / "embedded.sqlite3")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = ["-m", "userapi_gw", "backend", "--bind", f"127.0.0.1:{self.port}", "--threads", str(THREADS)]
        self._process = self._stack.enter_context(started([*command, *self._emulation], self._folder))

    def kill(self) -> None:
        """End the server without a warning, as kill -9 and a power failure do."""
        self._signal(signal.SIGKILL)
        self._stack.close()

    def silence(self) -> None:
        """Let the server say nothing more: connections are taken, calls hang."""
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let a silent server go on."""
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        """End the server for good."""
        if self._process is not None and self._process.process.poll() is None:
            self.kill()

    def token(self, user_id: int) -> str:
        """An access token of somebody."""
        if user_id not in self._tokens:
            with self.database.write() as db:
                self._tokens[user_id] = issue_token(db, user_id)
        return self._tokens[user_id]

    def call(self, method: str, who: int, **parameters: Any) -> Any:
        """Call a method as somebody at another program and return its `response`."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            body = urlencode({"access_token": self.token(who), "v": "5.131", **parameters})
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", f"/method/{method}", body, headers)
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        assert "response" in answer, (method, answer)
        return answer["response"]

    def _signal(self, number: int) -> None:
        assert self._process is not None
        self._process.signal_all(number)


@contextmanager
def real_backend(folder: Path, emulate: str = "") -> Iterator[RealBackend]:
    """Run a backend with the documentation's world in a folder, for the time of a block."""
    backend = RealBackend(folder, emulate)
    try:
        backend.start()
        yield backend
    finally:
        backend.close()


def free_port() -> int:
    """Return a port that nobody listens at, now and after a restart of whoever takes it."""
    while True:
        port = random.choice(NOT_HANDED_OUT)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
