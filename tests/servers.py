"""A small web server on a port the system chose, for files and redirects."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Served:
    """What the server has, and what it was asked for. While `hold` is not set it lets everybody wait."""

    place: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://{self.place}"


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Served]:
    """Run a server for the time of a block."""
    served = Served()
    served.hold.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.seen.append(self.path)
            served.headers.append(dict(self.headers))
            served.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            served.arrived.set()
            served.hold.wait(5)
            body = served.files.get(self.path)
            self.send_response(302 if self.path in served.redirects else 404 if body is None else 200)
            if self.path in served.redirects:
                self.send_header("Location", served.redirects[self.path])
            self.send_header("Set-Cookie", "spy=1")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            try:
                self.wfile.write(body or b"")
            except OSError:
                self.close_connection = True  # the one who asked has heard enough

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer((host, 0), Handler) as server:
        served.place = f"{host}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield served
        server.shutdown()
        thread.join()
