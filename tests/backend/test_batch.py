"""Calls made at the same time: one `execute` where the server has it, each with the outcome it would have alone."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses

from userapi_gw.backend import deadline
from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.in_process import InProcessAdapter
from userapi_gw.backend.model import Window
from userapi_gw.backend.together import together
from userapi_gw.embedded import create_backend
from userapi_gw.errors import Failure, Kind

URL = "http://backend.example"
LIST = Window(0, 5)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls leave when all are there, however busy the machine is."""
    monkeypatch.setattr("userapi_gw.backend.batch.STRAGGLERS", 5.0)


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


def test_calls_with_less_time_leave_by_themselves(backend: Backend, server: Counting) -> None:
    """Those who lead make the call for all: nobody's may end sooner, or later, than their own would."""
    times: list[tuple[str, bool]] = []
    send = server.send

    def noted(request: Any, *args: Any, **kwargs: Any) -> Any:
        times.append((str(request.url).rpartition("/")[2], deadline.left() < 2))
        return send(request, *args, **kwargs)

    def hurried() -> Any:
        with deadline.within(1):
            return together(partial(backend.friends, 1, LIST), partial(backend.statuses, 6, LIST))

    server.send = noted  # type: ignore[method-assign]
    found = together(hurried, partial(backend.wall, 1, LIST), backend.counters)
    assert sorted(times) == [("execute", False), ("execute", True)]
    assert found == [hurried(), backend.wall(1, LIST), backend.counters()]


def test_without_execute_friends_are_asked_for_once(backend: Backend, server: Counting) -> None:
    backend.client._missing["execute"] = True
    alone = [backend.all_friends(1), backend.friends_online(1), backend.friends_mutual(1)]
    server.seen.clear()
    reads = [partial(backend.all_friends, 1), partial(backend.friends_online, 1), partial(backend.friends_mutual, 1)]
    assert together(*reads) == alone
    assert server.seen == ["friends.get"]


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


class Switch(Counting):
    """A server that can be away."""

    away = False

    def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self.away:
            raise requests.exceptions.ReadTimeout
        return super().send(request, *args, **kwargs)


def test_while_the_server_is_away_each_call_has_its_own_last_answer(world_file: Path, tmp_path: Path) -> None:
    server = Switch(create_backend(shutil.copy(world_file, tmp_path / "world.sqlite3")))
    client = Client(URL, Transports(server, server), timeout=5, stale_seconds=60)
    grant = client.grant("test@test.com", "7777777")
    backend = Backend(client, grant.user_id, grant.token)
    friends, counters = partial(backend.friends, 1, LIST), backend.counters
    before = together(friends, counters)
    server.away = True
    assert together(counters, friends, partial(outcome, partial(backend.statuses, 6, LIST))) == [
        *reversed(before),
        Kind.BACKEND_AWAY,
    ]
    assert friends() == before[0], "what came by a script is known to a call that is alone"
    fresh = backend.freshly()
    assert together(friends, partial(outcome, fresh.counters)) == [before[0], Kind.BACKEND_AWAY]
    client.forget(grant.user_id)
    assert outcome(friends) is Kind.BACKEND_AWAY
    client.close()


def failed(code: int) -> dict[str, Any]:
    errors = [{"method": "friends.get", "error_code": code, "error_msg": "no"}]
    return {"response": [{"messages": 5}, False], "execute_errors": errors}


@responses.activate
@pytest.mark.parametrize(
    ("code", "called"),
    [
        (6, ["execute", "account.getCounters", "friends.get"]),  # each again, alone
        (9, ["execute", "account.getCounters"]),  # the second time, for friends have to pause
    ],
)
def test_limits_hold_in_a_script_as_outside(code: int, called: list[str]) -> None:
    responses.post(f"{URL}/method/execute", json=failed(code))
    responses.post(f"{URL}/method/account.getCounters", json={"response": {"messages": 5}})
    responses.post(f"{URL}/method/friends.get", json={"response": {"count": 7, "items": []}})
    client = Client(URL, Transports.over_http(), timeout=5)
    backend = Backend(client, 1, "token")
    read = partial(outcome, lambda: backend.friends(1, Window(0, 0)).total)
    found = [together(lambda: backend.counters().messages, read) for _ in range(1 if code == 6 else 2)]
    assert found == ([[5, 7]] if code == 6 else [[5, Kind.FLOOD]] * 2)
    assert sorted(str(call.request.url).rpartition("/")[2] for call in responses.calls) == sorted(called)
    client.close()
