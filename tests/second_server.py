"""The embedded backend as a server on a port of its own, with methods that answer otherwise."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from userapi_gw.embedded import create_backend

POSTS = {"response": {"items": [{"type": "post", "source_id": 3, "id": 1, "date": 1795178692}], "next_from": "1"}}
"""What OpenVK's newsfeed answers whatever is asked for."""


def refused(code: int) -> dict[str, Any]:
    """The envelope of a VK error."""
    return {"error": {"error_code": code, "error_msg": "on purpose", "request_params": []}}


Answer = dict[str, Any] | Callable[[dict[str, str]], dict[str, Any] | None]


@dataclass
class Second:
    """A server: its address, what it answers otherwise by method, and the calls it got.

    An answer may be a function of the parameters, which returns None to let the embedded backend answer. There is no
    `execute`, in which nothing would be answered otherwise.
    """

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=lambda: {"execute": refused(3)})
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def called(self, method: str) -> list[dict[str, str]]:
        """The parameters of the calls of one method."""
        return [parameters for name, parameters in self.calls if name == method]


class _Silent(WSGIRequestHandler):
    """Keeps what it was asked to itself."""

    def log(self, *_: object, **__: object) -> None:
        pass


@contextmanager
def served(application: Any) -> Iterator[str]:
    """Serve an application on a port of the system's choice for the time of a block; its address."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving_world(database: Path) -> Iterator[Second]:
    """Serve the world in `database` for the time of a block."""
    second, backend = Second(), create_backend(database)

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        method, parameters = environ["PATH_INFO"].rpartition("/")[2], dict(parse_qsl(body.decode()))
        second.calls.append((method, parameters))
        answer = second.answers.get(method)
        answer = answer(parameters) if callable(answer) else answer
        if answer is not None:
            return Response(json.dumps(answer), content_type="application/json")(environ, start_response)
        return backend({**environ, "wsgi.input": BytesIO(body)}, start_response)

    with served(application) as second.url:
        yield second
