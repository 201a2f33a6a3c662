"""Calls made at the same time: one `execute` where the server has it, each with the outcome it would have alone."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import responses

from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.in_process import InProcessAdapter
from userapi_gw.backend.model import Window
from userapi_gw.backend.together import together
from userapi_gw.embedded import create_backend
from userapi_gw.errors import Failure, Kind

URL = "http://backend.example"
LIST = Window(0, 5)


class Counting(InProcessAdapter):
    """Notes which methods were called."""

    def __init__(self, application: Any) -> None:
        super().__init__(application)
        self.seen: list[str] = []

    def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.seen.append(str(request.url).rpartition("/")[2])
        return super().send(request, *args, **kwargs)


@pytest.fixture
def server(world_file: Path, tmp_path: Path) -> Counting:
    return Counting(create_backend(shutil.copy(world_file, tmp_path / "world.sqlite3")))


@pytest.fixture
def backend(server: Counting) -> Iterator[Backend]:
    client = Client(URL, Transports(server, server), timeout=5)
    grant = client.grant("test@test.com", "7777777")
    server.seen.clear()
    yield Backend(client, grant.user_id, grant.token)
    client.close()


def outcome(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Failure as failure:
        return failure.kind


def questions(backend: Backend) -> list[Callable[[], Any]]:
    """Reads of many kinds, some of which fail: nobody has the id, the method is unknown, a parameter is wrong."""
    reads: list[Callable[[], Any]] = [
        partial(backend.friends, 1, LIST),
        partial(backend.profile, 10**9),
        partial(backend.read, "no.such", str),
        partial(backend.statuses, 6, LIST),
        partial(backend.read, "wall.get", str, owner_id="x"),
        partial(backend.read, "users.get", list, user_ids=1, fields='"quotes", \\ and кириллица'),
        partial(backend.friends_mutual, 6),
        partial(backend.newest_messages, LIST),
    ]
    return [partial(outcome, read) for read in reads]


def test_together_equals_alone_and_is_one_call_at_a_time(backend: Backend, server: Counting) -> None:
    found = together(*questions(backend))
    assert set(server.seen) == {"execute", "users.get"}
    assert server.seen.count("execute") == 1
    assert found == [read() for read in questions(backend)]
    assert [one for one in found if isinstance(one, Kind)] == [Kind.NOT_FOUND, Kind.UNSUPPORTED, Kind.BAD_INPUT]


def test_equal_calls_are_one(backend: Backend, server: Counting) -> None:
    with recorded_scripts(server) as scripts:
        first, second, _ = together(*[partial(backend.friends, 1, LIST)] * 2, backend.counters)
    assert first == second
    assert len(scripts) == 1
    assert scripts[0].count("API.friends.get(") == 1


@contextmanager
def recorded_scripts(server: Counting) -> Iterator[list[str]]:
    scripts: list[str] = []
    send = server.send

    def noted(request: Any, *args: Any, **kwargs: Any) -> Any:
        scripts.append(parse_qs(request.body)["code"][0])
        return send(request, *args, **kwargs)

    server.send = noted  # type: ignore[method-assign]
    yield scripts


def test_more_calls_than_a_script_takes(backend: Backend, server: Counting) -> None:
    together(*(partial(backend.profile, (1, 6)[number % 2]) for number in range(4)))
    assert server.seen == ["execute"]
    server.seen.clear()
    found = together(*(partial(backend.friends, 1, Window(0, number)) for number in range(1, 31)))
    assert [len(page.rows) for page in found] == [min(number, found[0].total) for number in range(1, 31)]
    assert set(server.seen) <= {"execute", "friends.get"}
    assert len(server.seen) < 30


def test_a_call_that_is_alone_is_no_script(backend: Backend, server: Counting) -> None:
    together(backend.counters, lambda: None)
    assert server.seen == ["account.getCounters"]


def test_writes_are_never_in_a_script(backend: Backend, server: Counting) -> None:
    together(partial(backend.set_status, "at work"), backend.counters, partial(backend.friends, 1, LIST))
    assert sorted(server.seen) == ["execute", "status.set"]


@responses.activate
def test_a_server_without_execute_is_asked_for_it_once() -> None:
    responses.post(f"{URL}/method/execute", status=400, json={"error_code": 3, "error_msg": "Unknown method passed."})
    responses.post(f"{URL}/method/account.getCounters", json={"response": {"messages": 5}})
    responses.post(f"{URL}/method/friends.get", json={"response": {"count": 0, "items": []}})
    client = Client(URL, Transports.over_http(), timeout=5)
    backend = Backend(client, 1, "token")
    for _ in range(2):
        counters, page = together(backend.counters, partial(backend.friends, 1, LIST))
        assert (counters.messages, page.total) == (5, 0)
    called = [str(call.request.url).rpartition("/")[2] for call in responses.calls]
    assert called[0] == "execute"
    assert sorted(called[1:]) == ["account.getCounters"] * 2 + ["friends.get"] * 2
    client.close()


ERROR = {"error_code": 15, "error_msg": "Access denied"}


@responses.activate
@pytest.mark.parametrize(
    "answer",
    [
        {"response": [False, {"count": 0, "items": []}]},  # no word about why
        {"response": [False, {}], "execute_errors": [{"method": "wall.get", **ERROR}]},  # about something else
        {"response": [{"count": 0, "items": []}]},  # one too few
        {"response": None},
        {"error": {"error_code": 13, "error_msg": "Runtime error: response size is too big"}},
    ],
)
def test_answers_nobody_can_tell_apart_are_asked_for_alone(answer: Any) -> None:
    responses.post(f"{URL}/method/execute", json=answer)
    responses.post(f"{URL}/method/account.getCounters", json={"response": {"messages": 5}})
    responses.post(f"{URL}/method/friends.get", json={"response": {"count": 7, "items": []}})
    client = Client(URL, Transports.over_http(), timeout=5)
    backend = Backend(client, 1, "token")
    counters, page = together(backend.counters, partial(backend.friends, 1, Window(0, 0)))
    assert (counters.messages, page.total) == (5, 7)
    client.close()


@responses.activate
def test_a_dead_token_and_a_server_that_is_away_end_all_calls() -> None:
    refused = {"error": {"error_code": 5, "error_msg": "User authorization failed"}}
    responses.post(f"{URL}/method/execute", json=refused)
    client = Client(URL, Transports.over_http(), timeout=5)
    backend = Backend(client, 1, "token")
    found = together(partial(outcome, backend.counters), partial(outcome, partial(backend.friends, 1, LIST)))
    assert found == [Kind.TOKEN_REFUSED] * 2
    assert len(responses.calls) == 1
    client.close()
