"""A small server as document 002 describes Devino: its limits and error codes, and ways to fail."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

KEY = "devino-key-do-not-show"
SERVICE, TEMPLATE = "Group_name", 4
FIRST_ID = 3_690_837_110_063_289_472  # above 2^53


class DevinoServer:
    """Takes messages into `accepted`, in the order they came; `broken` names the documented limits it saw broken.

    `says` is an error code for all messages, or those of some phones by `says_to`. `fault` is what goes wrong after the
    messages were accepted: `silence`, `500`, `cut`, `garbage`, `short`. `spells` writes ids as number, text or array.
    """

    def __init__(self) -> None:
        self.accepted: list[dict[str, Any]] = []
        self.requests: list[int] = []
        self.broken: list[str] = []
        self.balance = True
        self.fault = self.says = ""
        self.says_to: dict[str, str] = {}
        self.spells = "number"
        self.status = 200
        self.released = Event()
        self._moments: list[float] = []
        self._today: Counter[str] = Counter()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        devino = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = devino.answer(self.path, self.headers.get("Authorization", ""), body)
                if devino.fault == "silence":
                    devino.released.wait(20)
                    return
                status = 500 if devino.fault == "500" else devino.status
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer) + 100 * (devino.fault == "cut")))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def answer(self, path: str, authorization: str, body: bytes) -> bytes:
        assert path == "/vk/messages"
        messages = json.loads(body)
        self.requests.append(len(messages))
        if authorization != f"Key {KEY}":
            results = [_rejected("login.must.be.not.null")]
        elif len(messages) > 1000:
            self.broken.append("more than 1000 in a request")
            results = [_rejected("too.many.messages")]
        else:
            results = [self._result(message) for message in messages]
        if self.fault == "garbage":
            return b"<html>Bad gateway</html>"
        if self.fault == "short":
            results = results[:1]
        return json.dumps({"result": results}).encode().replace(b"}]}", b"},]}")  # the comma of the document's example

    def _result(self, message: dict[str, Any]) -> dict[str, Any]:
        phone = message["phone"]
        fault = self.says_to.get(phone) or self.says or self._fault(message)
        if fault:
            return _rejected(fault)
        self._count(phone)
        self.accepted.append(message)
        number = FIRST_ID + len(self.accepted)
        ways: dict[str, dict[str, Any]] = {
            "number": {"messageId": number},
            "text": {"messageId": str(number)},
            "array": {"messageId": [number]},
            "id": {"id": number},
        }
        return {"code": "OK", **ways[self.spells]}

    def _fault(self, message: dict[str, Any]) -> str:
        assert set(message) <= {
            *("callbackData", "delivery_policy", "phone", "routes", "service", "status_url"),
            *("templateId", "tmpl", "tmpl_data", "ttl"),
        }
        assert re.fullmatch(r"[1-9][0-9]{9,14}", message["phone"])
        assert message["ttl"] >= 60
        assert set(message["routes"]) <= {"VK", "OK"}
        if message["service"] != SERVICE:
            return "service.not.found"
        if message["templateId"] != TEMPLATE:
            return "message.contains.invalid.templateId"
        return "" if self.balance else "billing.error"

    def _count(self, phone: str) -> None:
        now = time.monotonic()
        self._moments = [moment for moment in self._moments if moment > now - 1] + [now]
        self._today[phone] += 1
        if len(self._moments) > 50:
            self.broken.append("more than 50 in a second")
        if self._today[phone] > 5:
            self.broken.append("more than 5 a day to one user")


def _rejected(key: str) -> dict[str, Any]:
    return {"code": "REJECTED", "reasons": [{"key": key}]}


@contextmanager
def devino_server() -> Iterator[DevinoServer]:
    """A server that runs until the test leaves it."""
    devino = DevinoServer()
    thread = Thread(target=devino.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield devino
    finally:
        devino.released.set()
        devino.server.shutdown()
        thread.join()
        devino.server.server_close()
