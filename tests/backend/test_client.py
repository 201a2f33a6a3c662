"""The client of the modern shore: envelopes of VK and OpenVK as recorded, and servers that fail on a real socket."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
import responses

from userapi_gw.backend import deadline
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.in_process import InProcessAdapter
from userapi_gw.backend.model import Grant, Window
from userapi_gw.errors import Failure, Kind, NoAnswer

URL = "http://backend.example"
SECRET = "token-nobody-may-see"


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client(URL, Transports.over_http(), timeout=5)
    yield client
    client.close()


@responses.activate
def test_a_call_is_a_post_with_the_token_in_the_body(client: Client) -> None:
    responses.post(f"{URL}/method/users.get", json={"response": [{"id": 1}]})
    assert client.call("users.get", SECRET, user_ids=1, fields=None) == [{"id": 1}]
    request = responses.calls[0].request
    assert request.url == f"{URL}/method/users.get"
    assert request.body == f"user_ids=1&v=5.131&access_token={SECRET}"


VK_ERROR = {
    "error": {"error_code": 15, "error_msg": "Access denied", "request_params": [{"key": "v", "value": "5.131"}]}
}
OPENVK_ERROR = {
    "error_code": 5,
    "error_msg": "User authorization failed: no access_token passed.",
    "request_params": [],
}


@responses.activate
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, VK_ERROR, Kind.FORBIDDEN),
        (400, OPENVK_ERROR, Kind.TOKEN_REFUSED),
        (400, {"error_code": 3, "error_msg": "Unknown method passed."}, Kind.UNSUPPORTED),
        (200, {"error": {"error_code": 987654}}, Kind.BACKEND_BROKEN),
        (200, {"error": "what"}, Kind.BACKEND_BROKEN),
        (200, [], Kind.BACKEND_BROKEN),
        (200, {}, Kind.BACKEND_BROKEN),
    ],
)
def test_error_envelopes(client: Client, status: int, body: Any, kind: Kind) -> None:
    responses.post(f"{URL}/method/wall.get", status=status, json=body)
    with pytest.raises(Failure) as raised:
        client.call("wall.get", SECRET)
    assert raised.value.kind is kind
    assert SECRET not in str(raised.value)


@responses.activate
def test_pages_of_html_are_a_broken_backend(client: Client) -> None:
    responses.post(f"{URL}/method/wall.get", status=500, body="<h1>Whoops</h1>", content_type="text/html")
    with pytest.raises(Failure) as raised:
        client.call("wall.get", SECRET)
    assert raised.value.kind is Kind.BACKEND_BROKEN


@responses.activate
def test_password_for_a_token(client: Client) -> None:
    openvk = {"access_token": SECRET, "expires_in": 0, "user_id": 2, "is_stale": False, "secret": "super_secret_value"}
    responses.post(f"{URL}/token", json=openvk)
    grant = client.grant("anna@example.org", "secret")
    assert grant == Grant(2, SECRET)
    assert SECRET not in repr(grant)
    assert responses.calls[0].request.url == f"{URL}/token"


@responses.activate
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"error": "invalid_client", "error_description": "Username or password is incorrect"}),
        (400, {"error_code": 28, "error_msg": "Invalid username or password", "request_params": []}),
    ],
)
def test_wrong_passwords_of_vk_and_openvk(client: Client, status: int, body: Any) -> None:
    responses.post(f"{URL}/token", status=status, json=body)
    with pytest.raises(Failure) as raised:
        client.grant("anna@example.org", "zzz")
    assert raised.value.kind is Kind.WRONG_PASSWORD


def test_no_server_at_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = Client(f"http://127.0.0.1:{port}", Transports.over_http(), timeout=1)
    with pytest.raises(Failure) as raised:
        client.call("users.get", SECRET)
    assert raised.value.kind is Kind.BACKEND_AWAY
    assert SECRET not in str(raised.value)
    assert not client.is_reachable()
    client.close()


@contextmanager
def flaky_server(failures: int) -> Iterator[tuple[str, list[str]]]:
    """A server that takes the first `failures` requests and hangs up without an answer."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(self.path)
            if len(seen) <= failures:
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            body = json.dumps({"response": 1}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", seen
        server.shutdown()
        thread.join()


def test_reads_are_repeated_and_writes_never() -> None:
    with flaky_server(1) as (url, seen):
        client = Client(url, Transports.over_http(), timeout=2)
        with pytest.raises(Failure) as raised:
            client.call("messages.send", SECRET, write=True)
        assert raised.value.kind is Kind.BACKEND_AWAY
        assert seen == ["/method/messages.send"]
        client.close()
    with flaky_server(1) as (url, seen):
        client = Client(url, Transports.over_http(), timeout=2)
        assert client.call("users.get", SECRET) == 1
        assert seen == ["/method/users.get"] * 2
        client.close()


def test_environment_proxies_are_not_used(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with flaky_server(0) as (url, seen):
        direct = Client(url, Transports.over_http(), timeout=2)
        assert direct.call("users.get", SECRET) == 1
        direct.close()
    assert seen == ["/method/users.get"]


def test_the_in_process_transport_is_a_transport_like_any_other() -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start_response("200 OK", [("Content-Type", "application/json"), ("X-Path", environ["PATH_INFO"])])
        return [json.dumps({"response": body.decode()}).encode()]

    session = requests.Session()
    session.mount("http://", InProcessAdapter(application))
    reply = session.post("http://x.invalid/method/users.get?a=1", data={"text": "привет &"})
    assert reply.status_code == 200
    assert reply.headers["x-path"] == "/method/users.get"
    assert reply.json() == {"response": "text=%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82+%26"}


def test_tokens_do_not_show_in_the_viewers_calls(client: Client) -> None:
    assert SECRET not in repr(Calls(client, 1, SECRET))


@responses.activate
@pytest.mark.parametrize(
    "answer", [{}, [], 5, "x", None, {"count": 5}, {"count": 1, "items": [{}]}, {"count": "x", "items": [1]}]
)
@pytest.mark.parametrize(
    "read",
    [
        lambda backend: backend.friends(1, Window(0, 5)),
        lambda backend: backend.wall(1, Window(0, 5)),
        lambda backend: backend.wall_post(1, 2),
        lambda backend: backend.message(2),
        lambda backend: backend.new_photos(Window(0, 5)),
        lambda backend: backend.add_wall_post(1, "x"),
    ],
)
def test_answers_made_otherwise_than_vk_makes_them(client: Client, answer: Any, read: Any) -> None:
    responses.add(responses.POST, re.compile(f"{URL}/method/.*"), json={"response": answer})
    with pytest.raises(Failure) as raised:
        read(Backend(client, 1, SECRET))
    assert raised.value.kind in (Kind.BACKEND_BROKEN, Kind.NOT_FOUND)


def test_nobody_waits_for_a_silent_server_twice() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = Client(f"http://127.0.0.1:{listener.getsockname()[1]}", Transports.over_http(), timeout=0.05)
        with pytest.raises(Failure) as raised:
            client.call("users.get", SECRET)
        assert raised.value.kind is Kind.BACKEND_AWAY
        listener.setblocking(False)
        with suppress(BlockingIOError):
            tries = 0
            while True:
                listener.accept()[0].close()
                tries += 1
        assert tries == 1
        client.close()


@responses.activate
@pytest.mark.parametrize("body", ["[" * 100_000, '{"response": 1', b"\xff\xfe{", ""])
def test_what_cannot_be_read_is_a_broken_backend(client: Client, body: Any) -> None:
    responses.post(f"{URL}/method/wall.get", body=body)
    with pytest.raises(Failure) as raised:
        client.call("wall.get", SECRET)
    assert (raised.value.kind, raised.value.uncertain) == (Kind.BACKEND_BROKEN, True)


@responses.activate
def test_a_web_server_whose_backend_is_away_is_asked_again(client: Client) -> None:
    responses.post(f"{URL}/method/wall.get", status=502, body="<h1>Bad Gateway</h1>")
    responses.post(f"{URL}/method/wall.get", json={"response": 1})
    assert client.call("wall.get", SECRET) == 1
    responses.post(f"{URL}/method/wall.post", status=502, body="<h1>Bad Gateway</h1>")
    with pytest.raises(Failure) as raised:
        client.call("wall.post", SECRET, write=True)
    assert (raised.value.kind, raised.value.uncertain) == (Kind.BACKEND_AWAY, True)
    assert len(responses.calls) == 3


def test_connections_are_used_again() -> None:
    places = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            places.add(self.client_address)
            body = json.dumps({"response": "x" * 200_000}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        client = Client(f"http://127.0.0.1:{server.server_port}", Transports.over_http(), timeout=5)
        assert [len(client.call("users.get", SECRET)) for _ in range(3)] == [200_000] * 3
        client.close()
        server.shutdown()
        thread.join()
    assert len(places) == 1


@pytest.mark.parametrize(("write", "kept"), [(True, 2 / 3), (False, 1.0)])
def test_a_write_that_is_looked_for_leaves_time_to_look(
    client: Client, monkeypatch: pytest.MonkeyPatch, write: bool, kept: float
) -> None:
    seen: list[float] = []
    monkeypatch.setattr(Client, "call", lambda *_, **__: seen.append(deadline.left()) or 1)
    with deadline.within(300):
        Calls(client, 1, SECRET).write("wall.post", int, took_effect=(lambda: None) if write else None)
    assert seen[0] == pytest.approx(300 * kept, rel=0.1)


@responses.activate
def test_a_question_asked_too_late_has_no_answer(client: Client) -> None:
    responses.post(f"{URL}/method/wall.get", json={"response": 1})
    with deadline.within(-1):
        with pytest.raises(NoAnswer, match="no time left") as raised:
            client.call("wall.get", SECRET, write=True)
        assert client.is_reachable() in (True, False)
    assert not raised.value.uncertain
    assert client.call("wall.get", SECRET) == 1
