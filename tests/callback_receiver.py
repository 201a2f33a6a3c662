"""A server that callback events are sent to, which answers as a test wants and remembers what it got."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, str, dict[str, str]]
"""Status, text and headers."""


def taken(_event: dict[str, Any]) -> Answer:
    """What a server answers to everything it understood."""
    return 200, "ok", {}


@dataclass
class Receiver:
    """The server's address, how it answers, and what it got: the events, and the header X-Retry-Counter of each."""

    url: str = ""
    answer: Callable[[dict[str, Any]], Answer] = taken
    events: list[dict[str, Any]] = field(default_factory=list)
    counters: list[str | None] = field(default_factory=list)

    def wait_for(self, count: int, seconds: float = 30) -> list[dict[str, Any]]:
        """Return the events once there are so many."""
        deadline = time.monotonic() + seconds
        while len(self.events) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return list(self.events)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver for the time of a block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, text, headers = receiver.answer(event)
            receiver.counters.append(self.headers.get("X-Retry-Counter"))
            receiver.events.append(event)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/callback"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()
