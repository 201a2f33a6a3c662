"""A backend that answers at once, or each call after the same delay, and counts its calls.

Run as `python -m tests.bench.stub` with the number of a listening socket, the delay in seconds, and 1 if it shall know
`execute`, else 0.
"""

import asyncio
import json
import socket
import sys
from collections import Counter
from typing import Any, ClassVar
from urllib.parse import parse_qs

from tests.bench.world import ANSWERS, SHORT, SPELLED, user
from userapi_gw.embedded.execute import calls_of

UNKNOWN_METHOD = {"error": {"error_code": 3, "error_msg": "Unknown method passed"}}


class Stub(asyncio.Protocol):
    """One connection. Answers in order, so a client has to wait for each answer, as HTTP clients do."""

    delay = 0.0
    executes = False
    seen: ClassVar[Counter[str]] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._received = transport, b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if separator and len(body) >= _length(head):
            self._received = b""
            path = head.split(b" ", 2)[1].decode()
            wait = self.delay if path.startswith("/method/") else 0.0
            asyncio.get_running_loop().call_later(wait, self._answer, path, body.decode())

    def _answer(self, path: str, body: str) -> None:
        answer = self._bytes(path, body)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n"
        self._transport.write(head.encode() + answer)

    def _bytes(self, path: str, body: str) -> bytes:
        if path == "/calls":
            return json.dumps(self.seen).encode()
        method = path.removeprefix("/method/")
        self.seen[method] += 1
        spelled = SHORT if "&count=1&" in f"&{body}&" else SPELLED  # what is asked for the total alone
        return spelled.get(method) or json.dumps(self._made(method, parse_qs(body))).encode()

    def _made(self, method: str, form: dict[str, list[str]]) -> dict[str, Any]:
        if method == "/token":
            number = int(form["username"][0].removeprefix("user").partition("@")[0])
            return {"access_token": f"token-{number}", "user_id": number}
        if method == "execute" and self.executes:
            return {"response": [answer(name, parameters) for name, parameters in calls_of(form["code"][0])]}
        if method == "users.get":
            own = form.get("access_token", [""])[0].removeprefix("token-")
            return {"response": answer(method, {"user_ids": form.get("user_ids", [own])[0]})}
        return UNKNOWN_METHOD


def answer(method: str, parameters: dict[str, str]) -> Any:
    """Return the `response` of a method."""
    if method == "users.get":
        return [user(int(number)) for number in parameters["user_ids"].split(",")]
    return ANSWERS[method]


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


async def _serve(listener: socket.socket) -> None:
    server = await asyncio.get_running_loop().create_server(Stub, sock=listener)
    await server.serve_forever()


if __name__ == "__main__":
    Stub.delay, Stub.executes = float(sys.argv[2]), sys.argv[3] == "1"
    asyncio.run(_serve(socket.socket(fileno=int(sys.argv[1]))))
