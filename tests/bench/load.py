"""The load: old programs that ask again and again, in a process of their own."""

import socket
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

Address = tuple[str, int]


@dataclass(frozen=True)
class Load:
    """What came of it: answers, and the time one took, in seconds."""

    answers: int
    seconds: float
    median: float

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds


class Connection:
    """A connection that is kept alive, and made anew when the server has closed it."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> bytes:
        """Send a request and return the answer's body. Raises RuntimeError unless its status is 200."""
        if b"Connection: close" in request:
            self.close()
        try:
            head, body = self._exchange(request)
        except ConnectionError:
            self.close()
            head, body = self._exchange(request)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.partition(b"\r\n")[0].decode())
        return body

    def close(self) -> None:
        """Hang up."""
        if self._socket:
            self._socket.close()
            self._socket = None

    def _exchange(self, request: bytes) -> tuple[bytes, bytes]:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=30)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        received = b""
        while True:
            part = self._socket.recv(1 << 18)
            if not part:
                raise ConnectionResetError
            received += part
            head, separator, body = received.partition(b"\r\n\r\n")
            if separator and len(body) >= _length(head):
                return head, body


def get(target: str, *, keep: bool = True) -> bytes:
    """Return a request as an old program sends it; without `keep`, over a connection for this request alone."""
    head = "Host: userapi.com\r\nUser-Agent: bench\r\nAccept: */*\r\n" + ("" if keep else "Connection: close\r\n")
    return f"GET {target} HTTP/1.1\r\n{head}\r\n".encode()


def press(address: Address, request: bytes, seconds: float, connections: int) -> Load:
    """Send the same request over several connections as fast as answers come."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    def one() -> None:
        connection, mine = Connection(address), list[float]()
        while (before := time.perf_counter()) < end:
            connection.ask(request)
            mine.append(time.perf_counter() - before)
        connection.close()
        times.extend(mine)

    _together([one] * connections)
    return Load(len(times), seconds, statistics.median(times))


def poll(address: Address, requests: Sequence[bytes], period: float, rounds: int, threads: int = 20) -> Load:
    """Send each request once every `period` seconds, spread evenly. No two share a connection."""
    start, times = time.perf_counter(), list[float]()

    def some(first: int) -> None:
        connections = {place: Connection(address) for place in range(first, len(requests), threads)}
        for turn in range(rounds):
            for place, connection in connections.items():
                due = start + period * (turn + place / len(requests))
                time.sleep(max(0.0, due - time.perf_counter()))
                before = time.perf_counter()
                connection.ask(requests[place])
                times.append(time.perf_counter() - before)
        for connection in connections.values():
            connection.close()

    _together([lambda first=first: some(first) for first in range(threads)])  # type: ignore[misc]
    return Load(len(times), time.perf_counter() - start, statistics.median(times))


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def _together(functions: Sequence[object]) -> None:
    failures: list[Exception] = []

    def run(function: object) -> None:
        try:
            function()  # type: ignore[operator]
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
