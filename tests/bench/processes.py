"""Starts the servers that are measured, each in a process of its own, and reads what they used from `/proc`."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.bench.world import MEDIA_HOST
from tests.real_backend import RealBackend
from tests.server_process import ROOT, environment
from userapi_gw.server import CONFIG

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
PATIENCE = 30.0


@dataclass(frozen=True)
class Server:
    """A server that runs: where it listens and the process that answers."""

    address: tuple[str, int]
    worker: int

    @property
    def url(self) -> str:
        return "http://{}:{}".format(*self.address)

    def cpu(self) -> float:
        """Seconds of processor time used so far."""
        fields = Path(f"/proc/{self.worker}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> int:
        """Resident memory in bytes."""
        return int(Path(f"/proc/{self.worker}/statm").read_text().split()[1]) * PAGE

    def threads(self) -> int:
        """How many threads run."""
        return len(os.listdir(f"/proc/{self.worker}/task"))

    def get(self, target: str) -> tuple[Mapping[str, str], bytes]:
        """Ask once; returns headers and body."""
        connection = HTTPConnection(*self.address, timeout=PATIENCE)
        try:
            connection.request("GET", target)
            reply = connection.getresponse()
            return dict(reply.getheaders()), reply.read()
        finally:
            connection.close()

    def calls(self) -> int:
        """How many calls a stub backend has answered."""
        return sum(json.loads(self.get("/calls")[1]).values())


@contextmanager
def stub(delay: float = 0.0, *, executes: bool = False) -> Iterator[Server]:
    """Run a stub backend that answers each call after `delay` seconds."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        command = ["-m", "tests.bench.stub", str(listener.fileno()), str(delay), str(int(executes))]
        with _process(command, listener) as process:
            server = Server(listener.getsockname(), process.pid)
            server.get("/calls")
            yield server


@contextmanager
def gunicorn(application: str, **variables: str) -> Iterator[Server]:
    """Run an application on one worker, set up by the configuration that is shipped."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        command = ["-m", "gunicorn", "-c", str(CONFIG), "-w", "1", "-b", f"fd://{listener.fileno()}", application]
        with _process(command, listener, **variables) as process:
            address = listener.getsockname()
            Server(address, process.pid).get("/")
            yield Server(address, _child(process.pid))


@contextmanager
def gateway(backend: Server | RealBackend, folder: Path, /, **settings: str) -> Iterator[Server]:
    """Run the gateway over a backend, as `gunicorn -c userapi_gw/gunicorn.conf.py wsgi` does."""
    fixed = {
        "backend": "openvk",
        "backend_url": backend.url,
        "data_dir": str(folder),
        "media_hosts": json.dumps([MEDIA_HOST]),
        "sites": '{"1": {"url": "self"}}',
    }
    variables = {f"USERAPI_GW_{name.upper()}": value for name, value in {**fixed, **settings}.items()}
    with gunicorn("wsgi", **variables) as server:
        yield server


def log_in(server: Server, number: int = 1) -> str:
    """Return a sid of user `number` of the stub backend."""
    headers, _ = server.get(f"/auth?login=force&site=1&email=user{number}@example.org&pass=secret")
    return headers["Location"].rpartition("sid=")[2]


@contextmanager
def _process(command: list[str], listener: socket.socket, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment(**variables), pass_fds=[listener.fileno()]
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _child(parent: int) -> int:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.02)
    raise RuntimeError("gunicorn has no worker")
