"""A backend with a long poll, on a real port: the embedded server, and events for whoever gets or sends a message."""

import json
import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import make_server
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from userapi_gw.embedded import create_backend
from userapi_gw.embedded.accounts import issue_token
from userapi_gw.embedded.database import Database

PATIENCE = 10.0  # seconds; a slow machine gets its time, what hangs ends the test


def until(happened: Callable[[], object]) -> None:
    """Wait for something that comes soon."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


@dataclass
class Stub:
    """A VK-like server keeps all events, an OpenVK-like one tells only those who connected `deaf` seconds before.

    `longest` limits how long anybody waits, `down` drops every connection, `status` is how waits are answered, `failed`
    what the next ones are answered with, `refused` are viewers whose tokens are not taken. `calls` counts calls by
    method, `polls` waits by viewer, `waiting` those of now.
    """

    database: Path
    kind: Literal["vk", "openvk"] = "vk"
    longest: float = 25.0
    deaf: float = 0.0
    down: bool = False
    status: int = 200
    refused: set[int] = field(default_factory=set)
    failed: list[dict[str, int]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    polls: Counter[int] = field(default_factory=Counter)
    waiting: Counter[int] = field(default_factory=Counter)
    port: int = 0

    def __post_init__(self) -> None:
        self._app: WSGIApplication = create_backend(self.database)
        self._changed = threading.Condition()
        self._keys: dict[str, int] = {}
        self._events: dict[int, list[tuple[float, list[Any]]]] = {}
        self._first = 1
        self._tokens: dict[str, int] = {}
        self._closed = False

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def keys(self) -> set[str]:
        """All keys given out."""
        return set(self._keys)

    def call(self, method: str, who: int, **parameters: Any) -> Any:
        """Call a method as somebody at another program, whom no fault of the network concerns."""
        with Database(self.database).write() as db:
            token = issue_token(db, who)
        answer = Client(self._app).post(f"/method/{method}", data={"access_token": token, **parameters}).get_json()
        return answer["response"]

    def send(self, sender: int, recipient: int, text: str) -> int:
        """Write a message."""
        message_id = int(self.call("messages.send", sender, user_id=recipient, message=text))
        self._tell(sender, recipient, message_id)
        return message_id

    def restart(self, first: int = 1) -> None:
        """Forget keys and events, as a server that was started anew."""
        with self._changed:
            self._keys.clear()
            self._events.clear()
            self._first = first
            self._changed.notify_all()

    def emit(self, viewer: int, event: list[Any]) -> None:
        """Let something happen to a viewer."""
        with self._changed:
            self._events.setdefault(viewer, []).append((time.monotonic(), event))
            self._changed.notify_all()

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        if self.down:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionError("down")
        environ["wsgi.input"] = BytesIO(request.get_data())  # for the second reader
        method = request.path.removeprefix("/method/")
        self.calls[method] += 1
        if request.path == "/nim":
            answer = self._wait(request)
        elif method == "messages.getLongPollServer" or self._viewer(request) in self.refused:
            answer = self._method(request)
        else:
            answer = Response.from_app(self._app, environ)
            self._follow(method, request, answer)
        return answer(environ, start_response)

    def _viewer(self, request: Request) -> int:
        token = request.form.get("access_token", "")
        if token and token not in self._tokens:
            found = Client(self._app).post("/method/users.get", data={"access_token": token}).get_json()
            self._tokens[token] = int(found["response"][0]["id"]) if found.get("response") else 0
        return self._tokens.get(token, 0)

    def _method(self, request: Request) -> Response:
        viewer = self._viewer(request)
        if viewer in self.refused or not viewer:
            return _json({"error": {"error_code": 5, "error_msg": "User authorization failed."}})
        key = token_hex(16)
        with self._changed:
            self._keys[key] = viewer
            ts = self._first + len(self._events.get(viewer, []))
        pts = ts if self.kind == "vk" else -1
        return _json({"response": {"key": key, "server": f"127.0.0.1:{self.port}/nim", "ts": ts, "pts": pts}})

    def _follow(self, method: str, request: Request, answer: Response) -> None:
        sent = method == "messages.send" and answer.get_json().get("response")
        if sent:
            self._tell(self._viewer(request), int(request.form["user_id"]), sent)

    def _tell(self, sender: int, recipient: int, message_id: int) -> None:
        self.emit(recipient, [4, message_id, 1, sender])
        self.emit(sender, [4, message_id, 2, recipient])

    def _wait(self, request: Request) -> Response:
        asked, began = request.args, time.monotonic()
        if self.status != 200:
            return Response(status=self.status)
        if self.failed:
            return _json(self.failed.pop(0))
        viewer = self._keys.get(asked["key"])
        if viewer is None:
            return _json({"failed": 3})
        with self._changed:
            self.polls[viewer] += 1
            self.waiting[viewer] += 1
            self._changed.notify_all()
            seconds = min(float(asked["wait"]), self.longest)
            self._changed.wait_for(lambda: self._closed or self._news(viewer, int(asked["ts"]), began), seconds)
            self.waiting[viewer] -= 1
            news = self._news(viewer, int(asked["ts"]), began)
            ts = self._first + len(self._events.get(viewer, []))
        return _json({"ts": ts, "updates": news} | ({"pts": ts} if self.kind == "vk" else {}))

    def _news(self, viewer: int, ts: int, began: float) -> list[list[Any]]:
        events = self._events.get(viewer, [])
        if self.kind == "vk":
            return [event for _, event in events[max(0, ts - self._first) :]]
        return [event for at, event in events if at > began + self.deaf]


def _json(answer: Any) -> Response:
    return Response(json.dumps(answer), content_type="application/json")


@contextmanager
def serving(stub: Stub) -> Iterator[Stub]:
    """Serve a stub on a port the system chose, for the time of a block."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = make_server("127.0.0.1", 0, stub, threaded=True)
    stub.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stub
    finally:
        stub.close()
        server.shutdown()
        thread.join()
        server.server_close()
