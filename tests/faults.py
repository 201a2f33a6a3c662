"""A server with faults: the embedded backend behind a real socket that may fail in every way seen on networks.

Logins (`/token`) are never hit. `hit` says what happens from now on, `heal` ends it.
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from flask import Flask

LONGEST = 5.0  # seconds that a hanging answer takes when nobody gives up before
DROP = 0.02  # seconds between the bytes of a slow answer

Answer = tuple[int, str, bytes]
Fault = Callable[["Handler", Callable[[], Answer]], None]


@dataclass
class Seen:
    """A call: the method, its parameters, and whether the backend got it."""

    method: str
    parameters: dict[str, str]
    forwarded: bool = False


@dataclass
class Faulty:
    """The server's address, what it does now, and what it was asked."""

    url: str = ""
    fault: Fault | None = None
    methods: tuple[str, ...] = ()
    times: int = 0
    seen: list[Seen] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    healed: threading.Event = field(default_factory=threading.Event)

    def hit(self, fault: Fault, *methods: str, times: int = 1_000_000) -> None:
        """Let the next `times` calls of `methods` (none: all) fail."""
        self.healed.clear()
        self.fault, self.methods, self.times, self.most_at_once = fault, methods, times, 0
        self.seen.clear()

    def heal(self) -> None:
        """Let all calls through again, those that hang included."""
        self.fault = None
        self.healed.set()

    def forwarded(self, *methods: str) -> list[str]:
        """Which of `methods` the backend got, in order."""
        return [call.method for call in self.seen if call.forwarded and call.method in methods]

    def begin(self, call: Seen) -> None:
        """Note a call, and how many there are at once."""
        with self.lock:
            self.seen.append(call)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)

    def end(self) -> None:
        """Count one call less."""
        with self.lock:
            self.at_once -= 1

    def next_fault(self, method: str) -> Fault | None:
        """What happens to this call."""
        with self.lock:
            if self.fault is None or not self.times or (self.methods and method not in self.methods):
                return None
            self.times -= 1
            return self.fault


class Handler(BaseHTTPRequestHandler):
    """One connection to the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out one by one
    backend: Flask
    faulty: Faulty

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        method = self.path.removeprefix("/method/")
        call = Seen(method, {name: values[-1] for name, values in parse_qs(body.decode()).items()})
        fault = self.faulty.next_fault(method) if self.path.startswith("/method/") else None

        def forward() -> Answer:
            call.forwarded = True
            reply = self.backend.test_client().post(
                self.path, data=body, content_type="application/x-www-form-urlencoded"
            )
            return reply.status_code, reply.content_type, reply.get_data()

        self.faulty.begin(call)
        self.under_way = True
        try:
            fault(self, forward) if fault else self.answer(*forward())
        except OSError:
            self.close_connection = True  # the one who asked has gone

    def ends(self) -> None:
        """Count a call as over before the one who asked can see that it is, and asks for the next thing."""
        if self.under_way:
            self.under_way = False
            self.faulty.end()

    def answer(self, status: int, content_type: str, body: bytes, *, length: int | None = None) -> None:
        """Send an answer, which may claim another length than it has."""
        self.ends()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        """Break the connection off without a goodbye."""
        self.ends()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


def reset_before(handler: Handler, _: Callable[[], Answer]) -> None:
    """The connection breaks off, the backend never got the call."""
    handler.reset()


def reset_after(handler: Handler, forward: Callable[[], Answer]) -> None:
    """The backend did what was asked, its answer is lost."""
    forward()
    handler.reset()


def hang_before(handler: Handler, forward: Callable[[], Answer]) -> None:
    """Nothing happens for far longer than anybody waits; then the call is dropped."""
    handler.faulty.healed.wait(LONGEST)
    handler.reset()


def hang_after(handler: Handler, forward: Callable[[], Answer]) -> None:
    """The backend did what was asked, its answer takes far too long."""
    answer = forward()
    handler.faulty.healed.wait(LONGEST)
    handler.answer(*answer)


def late(handler: Handler, forward: Callable[[], Answer]) -> None:
    """Every answer takes a moment longer, as on a bad line."""
    time.sleep(DROP)
    handler.answer(*forward())


def drip(handler: Handler, forward: Callable[[], Answer]) -> None:
    """The answer comes a byte at a time."""
    status, content_type, body = forward()
    handler.answer(status, content_type, b"", length=len(body))
    for byte in body:
        if handler.faulty.healed.wait(DROP):
            break
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
    handler.close_connection = True


def truncated(handler: Handler, forward: Callable[[], Answer]) -> None:
    """Half of the answer, which says that it is whole."""
    status, content_type, body = forward()
    handler.answer(status, content_type, body[: len(body) // 2])


def cut_off(handler: Handler, forward: Callable[[], Answer]) -> None:
    """Half of the answer, and then the connection breaks off."""
    status, content_type, body = forward()
    handler.answer(status, content_type, body[: len(body) // 2], length=len(body))
    handler.close_connection = True


def html_500(handler: Handler, forward: Callable[[], Answer]) -> None:
    """The page of a server that fell over before it did anything."""
    handler.answer(500, "text/html", b"<h1>Whoops</h1>")


def html_500_after(handler: Handler, forward: Callable[[], Answer]) -> None:
    """The page of a server that fell over after it did what was asked."""
    forward()
    handler.answer(500, "text/html", b"<h1>Whoops</h1>")


def bad_gateway(handler: Handler, _: Callable[[], Answer]) -> None:
    """What nginx says while PHP is being restarted."""
    handler.answer(502, "text/html", b"<h1>502 Bad Gateway</h1>")


def wrong_type(handler: Handler, forward: Callable[[], Answer]) -> None:
    """A good answer that says it is a page."""
    status, _, body = forward()
    handler.answer(status, "text/html", body)


def vk_error(code: int) -> Fault:
    """VK refuses the call."""

    def refuse(handler: Handler, _: Callable[[], Answer]) -> None:
        error = {"error_code": code, "error_msg": "no", "captcha_sid": "1", "captcha_img": "http://vk.example/1.jpg"}
        handler.answer(200, "application/json", json.dumps({"error": error}).encode())

    refuse.__name__ = f"vk_error_{code}"
    return refuse


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


@contextmanager
def faulty_backend(backend: Flask) -> Iterator[Faulty]:
    """Serve `backend` on a port the system chose, without faults at first."""
    faulty = Faulty()
    handler = type("BoundHandler", (Handler,), {"backend": backend, "faulty": faulty})
    with _Server(("127.0.0.1", 0), handler) as server:
        faulty.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield faulty
        finally:
            faulty.heal()
            server.shutdown()
            thread.join()
