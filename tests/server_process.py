"""Really started servers for the tests: `python -m userapi_gw ...`, or an echo application on the same server code."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from userapi_gw import server

ROOT = Path(__file__).parent.parent
PATIENCE = 30.0  # seconds; a slow machine gets its time, a hang ends the test
ECHOED = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "SERVER_PROTOCOL", "HTTP_HOST")


@dataclass(frozen=True)
class Started:
    """A server that answers: its process, where it listens, and what it printed before."""

    process: subprocess.Popen[str]
    address: tuple[str, int]
    banner: str

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal, wait for the end, and return status and stderr."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors

    def signal_all(self, number: int) -> None:
        """Send a signal to the workers, too, which would outlive their master for a while."""
        workers = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for process_id in (self.process.pid, *map(int, workers)):
            os.kill(process_id, number)

    def send(self, request: bytes) -> bytes:
        """Send raw bytes and return everything that comes until the server closes."""
        with socket.create_connection(self.address, timeout=PATIENCE) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def echo(self, request: bytes) -> dict[str, str]:
        """Send raw bytes to the echo application and return what reached it."""
        head, _, body = self.send(request).partition(b"\r\n\r\n")
        assert head.startswith((b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 200 OK\r\n")), head
        reached: dict[str, str] = json.loads(body)
        return reached


def environment(**more: str) -> dict[str, str]:
    """The environment of a child: ours without settings, and with the project to import from."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("USERAPI_GW_")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | more


def popen(command: list[str], folder: Path, **variables: str) -> subprocess.Popen[str]:
    """Start a command in `folder`."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def started(command: list[str], folder: Path, **variables: str) -> Iterator[Started]:
    """Start a server in `folder` and wait for the last line of its banner; it is killed when the test leaves it."""
    process = popen(command, folder, **variables)
    with process:
        try:
            yield _read_banner(process)
        finally:
            process.kill()


def run(command: list[str], folder: Path, **variables: str) -> tuple[int, str, str]:
    """Run a command to its end and return status, stdout and stderr."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout, done.stderr


def gone(process_id: int) -> bool:
    """Say whether a process has ended, waiting a little for it."""
    for _ in range(100):
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def _read_banner(process: subprocess.Popen[str]) -> Started:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C"):
            break
    else:
        _, errors = process.communicate(timeout=PATIENCE)
        raise AssertionError(f"no banner, status {process.returncode}: {errors}")
    url = next(word for line in lines for word in line.split() if word.startswith("http://"))
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return Started(process, (parts.hostname, parts.port), "".join(lines))


def echo_application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer what reached the application: the variables of `ECHOED`, the body's length and the process."""
    if environ["PATH_INFO"] == "/raise":
        raise RuntimeError("on purpose")
    seen = {name: environ[name] for name in ECHOED if name in environ}
    if environ["PATH_INFO"] == "/post":
        seen["body"] = environ["wsgi.input"].read().decode("latin-1")
    if environ["PATH_INFO"] == "/process":
        seen["process"] = str(os.getpid())
    body = json.dumps(seen).encode()
    headers = [("remixMid", "Capitals"), ("X-lower-CASE", "kept"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]


def main() -> None:
    """Serve the echo application with as many workers as the first argument says."""
    with server.listen("127.0.0.1:0") as listener:
        print(f"http://{server.address_of(listener)}/\nCtrl-C stops it.")
        server.run(lambda: echo_application, listener, workers=int(sys.argv[1]), threads=4)


if __name__ == "__main__":
    main()
