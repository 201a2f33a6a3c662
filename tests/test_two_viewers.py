"""Two people, several windows and processes on one gateway: everybody is told everything once, and nobody too much."""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.conftest import MakeGateway
from tests.databases import TestDatabase
from tests.program import Program
from userapi_gw.app import create_app
from userapi_gw.backend.client import Client
from userapi_gw.backend.facade import Backend
from userapi_gw.embedded.accounts import issue_token
from userapi_gw.embedded.database import Database
from userapi_gw.settings import Settings
from userapi_gw.state import StreamKey

pytestmark = pytest.mark.usefixtures("database")

PERIOD = 0.05
LONG = 3600.0
EMAILS = {1: "test@test.com", 6: "nikolay@test.com"}
SILENCE: dict[str, Any] = {"message": {"h": []}, "wall": {"h": []}}


def log_in(gateway: Flask) -> tuple[Program, Program]:
    pavel, nikolay = (Program(gateway).log_in(email) for email in EMAILS.values())
    return pavel, nikolay


def log_in_without_password(gateway: Flask, user_id: int) -> Program:
    """Give somebody a window who has no account to log in with."""
    rooms = gateway.extensions["userapi_gw"]
    with Database(rooms.settings.embedded_database).write() as db:
        token = issue_token(db, user_id)
    program = Program(gateway)
    program.sid = rooms.state.sessions.open(user_id, token, 2).sid
    return program


def versions(program: Program, owner: int = 1) -> dict[str, int]:
    return {"message": program.version("message"), "wall": program.version("wall", id=owner)}


def poll(program: Program, stamps: dict[str, int], owner: int = 1) -> dict[str, Any]:
    """The histories of an answer to a poll, without counters."""
    answer = program.get("history", id=owner, **stamps)
    return {name: answer[name] for name in stamps}


def texts(h: list[Any]) -> list[str]:
    """The texts of entries, all of which must say that something was added."""
    assert {action for _, action, _ in h} <= {"add"}
    return [row[2][0] for _, _, row in h]


def follow(program: Program, stamps: dict[str, int]) -> list[str]:
    """Poll, move the stamps on as programs do, and return the texts that were told."""
    told = []
    for name, part in poll(program, stamps).items():
        told += texts(part["h"])
        stamps[name] = part["h"][-1][0] if part["h"] else stamps[name]
    return told


def test_each_sees_what_the_other_writes_within_a_period_and_only_once(make_gateway: MakeGateway) -> None:
    pavel, nikolay = log_in(make_gateway(refresh_seconds=PERIOD))
    windows = {pavel: versions(pavel), nikolay: versions(nikolay)}
    told = {program: Counter(follow(program, stamps)) for program, stamps in windows.items()}
    for number in range(2):
        pavel.get("add_message", id=6, message=f"to Nikolay {number}")
        nikolay.get("add_message", id=1, message=f"to Pavel {number}")
        nikolay.get("add_wall", id=1, message=f"on the wall of Pavel {number}")
        for _ in range(2):
            time.sleep(PERIOD)
            for program, stamps in windows.items():
                told[program].update(follow(program, stamps))
        written = ("to Nikolay", "to Pavel", "on the wall of Pavel")
        assert told[pavel] == told[nikolay] == Counter(f"{text} {n}" for text in written for n in range(number + 1))


def test_a_list_read_within_a_period_and_the_polls_after_it_tell_nothing_twice(make_gateway: MakeGateway) -> None:
    pavel, nikolay = log_in(make_gateway(refresh_seconds=LONG))
    before = versions(pavel)
    nikolay.get("add_wall", id=1, message="news")
    assert poll(pavel, before) == SILENCE, "the next look is an hour away"
    page = pavel.get("wall", to=1)
    assert page["d"][0][2] == ["news"]
    assert poll(pavel, before | {"wall": page["h"]}) == SILENCE, "it was on the page"
    assert texts(poll(pavel, before)["wall"]["h"]) == ["news"], "another window has not seen it"


def test_nothing_leaks_to_a_third_viewer(gateway: Flask) -> None:
    pavel, nikolay = log_in(gateway)
    ilya = log_in_without_password(gateway, 5)
    closed = 308
    mail, wall = ilya.get("inbox")["d"] + ilya.get("outbox")["d"], versions(ilya, closed)
    pavel.get("add_message", id=6, message="between us")
    nikolay.get("add_message", id=1, message="between us")
    pavel.get("add_wall", id=closed, message="among friends")
    assert pavel.get("wall", id=closed, to=1)["d"][0][2] == ["among friends"]
    assert poll(ilya, wall, closed) == SILENCE
    assert ilya.get("history") == {"nm": 0, "nf": 0, "nph": 0}
    assert ilya.get("inbox")["d"] + ilya.get("outbox")["d"] == mail
    assert ilya.get("wall", id=closed) == {"n": 0, "d": [], "h": wall["wall"]}
    for program in (pavel, nikolay):
        stolen = versions(program, closed)
        assert poll(ilya, stolen | {"wall": wall["wall"]}, closed) == SILENCE | {"message": {"h": False}}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the calls to the backend by method."""
    counted: Counter[str] = Counter()
    call = Client.call

    def counting_call(self: Client, method: str, token: str, **parameters: Any) -> Any:
        counted[method] += 1
        return call(self, method, token, **parameters)

    monkeypatch.setattr(Client, "call", counting_call)
    return counted


def test_an_idle_poll_costs_no_backend_call(make_gateway: MakeGateway, calls: Counter[str]) -> None:
    pavel, _ = log_in(make_gateway(refresh_seconds=LONG))
    stamps = versions(pavel) | {"activity": pavel.version("activity")}
    waiting = pavel.get("history")
    calls.clear()
    for _ in range(5):
        assert pavel.get("history", **stamps) == SILENCE | {"activity": {"h": []}} | waiting
    assert calls == Counter()
    answer = pavel.get("add_wall", message="own", ts=stamps["wall"])
    calls.clear()
    told = pavel.get("history", **stamps)
    assert told == SILENCE | {"activity": {"h": []}, "wall": {"h": answer["h"]}} | waiting
    assert calls == {"account.getCounters": 1}, "own writes are known without asking, what they did to counters is not"


def test_windows_that_poll_at_once_share_one_look(make_gateway: MakeGateway, calls: Counter[str]) -> None:
    gateways = [make_gateway(refresh_seconds=LONG) for _ in range(2)]
    windows = [Program(gateway).log_in() for gateway in gateways for _ in range(3)]
    nikolay = Program(gateways[0]).log_in(EMAILS[6])
    streams = gateways[0].extensions["userapi_gw"].state.streams
    stamps = [streams.answer(StreamKey(viewer, "wall", 1), None).version for viewer in (1, 6)]
    calls.clear()
    with ThreadPoolExecutor(len(windows)) as pool:
        answers = list(pool.map(lambda window: window.get("history", wall=stamps[0]), windows * 3))
    assert answers == [{"wall": {"h": []}, "nf": 300, "nm": 0, "nph": 2}] * len(answers)
    assert calls == {"wall.get": 1, "account.getCounters": 2}, "counters are remembered by each process"
    nikolay.get("history", id=1, wall=stamps[1])
    assert calls == {"wall.get": 2, "account.getCounters": 3}, "what another viewer sees is another list"


def test_a_look_is_taken_again_after_the_period(make_gateway: MakeGateway, calls: Counter[str]) -> None:
    pavel, _ = log_in(make_gateway(refresh_seconds=PERIOD))
    stamps = {"wall": pavel.version("wall")}
    time.sleep(PERIOD)
    calls.clear()
    poll(pavel, stamps)
    assert calls == {"wall.get": 1, "account.getCounters": 1}


def test_numbers_go_on_after_a_restart(make_gateway: MakeGateway) -> None:
    first = make_gateway()
    pavel, nikolay = log_in(first)
    before = versions(pavel)
    nikolay.get("add_message", id=1, message="before")
    assert texts(poll(pavel, before)["message"]["h"]) == ["before"]
    first.extensions["userapi_gw"].close()
    second = make_gateway()
    for program in (pavel, nikolay):
        program.client = second.test_client()
    assert versions(pavel) == before | {"message": before["message"] + 2}
    nikolay.get("add_message", id=1, message="after")
    nikolay.get("add_wall", id=1, message="after")
    told = poll(pavel, before)
    assert texts(told["message"]["h"]) == ["before", "after"]
    assert [number for number, _, _ in told["message"]["h"]] == [before["message"] + 1, before["message"] + 3]
    assert [(number, row[2]) for number, _, row in told["wall"]["h"]] == [(before["wall"] + 1, ["after"])]


Step = tuple[int, str]
"""Who (1 or 6) does what: "message" to the other, "wall" on Pavel's, "poll"."""

RACES = settings(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],  # a race does not repeat, so there is nothing to make smaller
)
STEPS = st.lists(
    st.tuples(st.sampled_from([1, 6]), st.sampled_from(["message", "wall", "poll"])), min_size=2, max_size=7
)


def hesitating(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let the other process in between a call to the backend and what follows from it."""

    def call(*arguments: Any) -> Any:
        result = method(*arguments)
        time.sleep(random.choice((0, 0.03)))
        return result

    return call


def serve_steps(data_dir: Path, database_url: str, pipe: Connection) -> None:
    """A gateway process: plays the steps that come through the pipe, and answers what its windows were told."""
    for method in ("send_message", "add_wall_post", "mailbox", "wall"):
        setattr(Backend, method, hesitating(getattr(Backend, method)))
    secret_key = SecretStr("0" * 32)
    gateway = create_app(
        Settings(
            data_dir=data_dir, database_url=database_url, refresh_seconds=0.0, live_pollers=0, secret_key=secret_key
        )
    )
    windows = dict(zip(EMAILS, log_in(gateway), strict=True))
    pipe.send("ready")
    for name, steps, stamps in iter(pipe.recv, None):
        pipe.send(play(windows, name, steps, stamps))
    gateway.extensions["userapi_gw"].close()


def play(windows: dict[int, Program], name: str, steps: list[Step], stamps: dict[int, dict[str, int]]) -> Any:
    """Do the steps; return the texts written by list, and what each window was told by list while it followed."""
    written: dict[str, list[str]] = {"message": [], "wall": []}
    told: dict[int, dict[str, list[Any]]] = {viewer: {"message": [], "wall": []} for viewer in windows}
    for place, (viewer, what) in enumerate(steps):
        if what == "poll":
            answers = {kind: part["h"] for kind, part in poll(windows[viewer], stamps[viewer]).items()}
        else:
            text, to = f"{name} {place}", 7 - viewer if what == "message" else 1
            answer = windows[viewer].get(f"add_{what}", id=to, message=text, ts=stamps[viewer][what])
            assert (answer["ok"], texts(answer["h"]).count(text)) == (1, 1), answer
            written[what].append(text)
            answers = {what: answer["h"]}
        for kind, h in answers.items():
            told[viewer][kind] += h
            stamps[viewer][kind] = h[-1][0] if h else stamps[viewer][kind]
    return written, told


@contextmanager
def two_processes(data_dir: Path, database_url: str) -> Iterator[list[Connection]]:
    """Start two gateways on one data folder and one database, with a pipe to each."""
    spawn = multiprocessing.get_context("spawn")
    pairs = [spawn.Pipe() for _ in range(2)]
    arguments = [(data_dir, database_url, theirs) for _, theirs in pairs]
    workers = [spawn.Process(target=serve_steps, args=args, daemon=True) for args in arguments]
    for worker in workers:
        worker.start()
    for _, theirs in pairs:
        theirs.close()
    pipes = [ours for ours, _ in pairs]
    try:
        assert [pipe.recv() for pipe in pipes] == ["ready"] * 2
        yield pipes
        for pipe, worker in zip(pipes, workers, strict=True):
            pipe.send(None)
            worker.join(timeout=30)
            assert worker.exitcode == 0
    finally:
        for pipe, worker in zip(pipes, workers, strict=True):
            pipe.close()
            worker.kill()
            worker.join()
            worker.close()


def test_processes_that_write_at_once_tell_every_message_once(
    make_gateway: MakeGateway, database: TestDatabase, tmp_path: Path
) -> None:
    windows = dict(zip(EMAILS, log_in(make_gateway()), strict=True))
    with two_processes(tmp_path / "data", database.url) as pipes:

        def check(scripts: tuple[list[Step], list[Step]]) -> None:
            before = {viewer: versions(window) for viewer, window in windows.items()}
            for name, pipe, steps in zip("ab", pipes, scripts, strict=True):
                pipe.send((name, steps, before))
            played = [pipe.recv() for pipe in pipes]
            for viewer, window in windows.items():
                for kind, part in poll(window, before[viewer]).items():
                    h, version = part["h"], before[viewer][kind]
                    assert sorted(texts(h)) == sorted(text for written, _ in played for text in written[kind])
                    assert [number for number, _, _ in h] == [version + 2 * place + 1 for place in range(len(h))]
                    for _, told in played:
                        assert told[viewer][kind] == h[: len(told[viewer][kind])], "windows follow the same history"

        given(st.tuples(STEPS, STEPS))(RACES(check))()
