"""Old clients that poll through a minute without the backend: what they are told, what they cost, how it ends."""

import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests.bench.measuring import KIBIBYTE, Bench, Row
from tests.bench.processes import Server, gateway
from tests.real_backend import RealBackend, real_backend
from userapi_gw.embedded.schema import people
from userapi_gw.state import open_state

CLIENTS = 200
PERIOD = 5.0
"""Seconds between two polls of a client."""
KEEN = 0.5
"""The same of the one that waits for the first message after the outage, so that its period hardly counts."""
AWAY = 60.0
RECOVERED_WITHIN = 5.0
PATIENCE = 30.0
"""Seconds after which a client of 2008 would have hung up."""
SECRET_KEY = "0" * 32
SENDER = 6


@dataclass
class Client:
    """An old program: what it polls with, and the texts of messages it was told."""

    sid: str
    version: int = 0
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """When a client was answered, after how many seconds, and with what: `ok`, `refused` or what is wrong with it."""

    at: float
    seconds: float
    what: str


class Crowd:
    """Clients that poll, each over a new connection as programs of the time did."""

    def __init__(self, server: Server, clients: Sequence[Client]) -> None:
        self._server, self._clients, self._over = server, clients, threading.Event()
        self.answers: list[Answer] = []
        self._threads = [threading.Thread(target=self._follow, args=place, daemon=True) for place in enumerate(clients)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wrong(self, since: float) -> list[Answer]:
        """Answers since a moment that told of no history."""
        return [answer for answer in self.answers if answer.at >= since and answer.what != "ok"]

    def _follow(self, place: int, client: Client) -> None:
        due = time.monotonic() + PERIOD * place / len(self._clients)
        while not self._over.wait(max(0.0, due - time.monotonic())):
            began = time.monotonic()
            what = self._poll(client)
            ended = time.monotonic()
            self.answers.append(Answer(ended, ended - began, what))
            due = max(due + (PERIOD if place else KEEN), ended)

    def _poll(self, client: Client) -> str:
        connection = HTTPConnection(*self._server.address, timeout=PATIENCE)
        try:
            connection.request("GET", f"/data?act=history&message={client.version}&wall=2&sid={client.sid}")
            reply = connection.getresponse()
            answer = json.loads(reply.read())
        except (OSError, HTTPException, ValueError) as error:
            return type(error).__name__
        finally:
            connection.close()
        if reply.status != 200:
            return f"HTTP {reply.status}"
        if "message" not in answer:
            return "refused"
        for number, _, row in answer["message"]["h"] or []:
            client.version = number + 1
            client.told.append(row[2][0])
        return "ok"


class Watcher(threading.Thread):
    """Notes how many threads and how much memory a process has at most."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        self._server, self._over = server, threading.Event()
        self.threads, self.memory = 0, 0

    def run(self) -> None:
        while not self._over.wait(0.2):
            self.threads = max(self.threads, self._server.threads())
            self.memory = max(self.memory, self._server.memory())

    def stop(self) -> tuple[int, int]:
        """Return the most threads, and the most bytes."""
        self._over.set()
        self.join()
        return self.threads, self.memory


def killed(bench: Bench) -> Row:
    """A backend that is killed: its connections are refused."""
    return _measured("killed", RealBackend.kill, RealBackend.start)


def silent(bench: Bench) -> Row:
    """A backend that says nothing: its connections are taken, and calls hang."""
    return _measured("silent", RealBackend.silence, RealBackend.wake)


def _measured(how: str, stop: Callable[[RealBackend], None], start: Callable[[RealBackend], None]) -> Row:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="userapi-gw-bench-")))
        (folder / "behind").mkdir()
        backend = stack.enter_context(real_backend(folder / "behind"))
        settings = {"backend": "vk", "calls_per_second": "0", "secret_key": SECRET_KEY}
        server = stack.enter_context(gateway(backend, folder / "data", **settings))
        receivers, clients = _clients(server, backend, folder / "data")
        with Crowd(server, clients) as crowd:
            time.sleep(4 * PERIOD)
            usual, began = _watched(server, 2 * PERIOD), time.monotonic()
            stop(backend)
            meanwhile = _watched(server, AWAY)
            start(backend)
            back = time.monotonic()
            backend.call("messages.send", SENDER, user_id=receivers[0], message="back")
            while "back" not in clients[0].told and time.monotonic() < back + PATIENCE:
                time.sleep(0.05)
            told = time.monotonic()
            time.sleep(max(0.0, back + 4 * PERIOD - told))
        return _row(how, crowd, began, back, told, usual, meanwhile)


def _watched(server: Server, seconds: float) -> tuple[int, int]:
    watcher = Watcher(server)
    watcher.start()
    time.sleep(seconds)
    return watcher.stop()


def _clients(server: Server, backend: RealBackend, folder: Path) -> tuple[list[int], list[Client]]:
    """Log in as many people; not through the door, which would take a password of each."""
    with backend.database.read() as db:
        healthy = select(people.c.id).where(people.c.deactivated == "", people.c.id > 0, people.c.id != SENDER)
        viewers = list(db.scalars(healthy.order_by(people.c.id).limit(CLIENTS)))
    state = open_state(f"sqlite:///{folder}/gateway.sqlite3", SECRET_KEY)
    clients = [Client(state.sessions.open(viewer, backend.token(viewer), 1).sid) for viewer in viewers]
    state.close()
    for client in clients:
        client.version = json.loads(server.get(f"/data?act=inbox&from=0&to=0&sid={client.sid}")[1])["h"]
    return viewers, clients


def _row(
    how: str, crowd: Crowd, began: float, back: float, told: float, usual: tuple[int, int], meanwhile: tuple[int, int]
) -> Row:
    away = [answer for answer in crowd.answers if began <= answer.at < back]
    last_wrong = max((answer.at for answer in crowd.wrong(back)), default=back)
    recovered = max(last_wrong, told) - back
    wrong = Counter(answer.what for answer in crowd.answers if answer.what not in ("ok", "refused"))
    facts: dict[str, Any] = {
        "answers_while_away": len(away),
        "refused_while_away": sum(answer.what == "refused" for answer in away),
        "longest_answer_seconds": max(answer.seconds for answer in crowd.answers if answer.at >= began),
        "wrong": dict(wrong),
        "threads_before": usual[0],
        "threads_away": meanwhile[0],
        "grown_mebibytes": (meanwhile[1] - usual[1]) / KIBIBYTE**2,
        "last_refusal_seconds": last_wrong - back,
        "news_told_seconds": told - back,
    }
    met = recovered <= RECOVERED_WITHIN and not wrong and meanwhile[0] <= usual[0] + 8 and facts["grown_mebibytes"] < 16
    work = f"{CLIENTS} clients, backend {how} for {AWAY:g} s"
    return Row(work, "seconds to recover", recovered, f"<= {RECOVERED_WITHIN:g}, no HTTP 500", met, facts)
