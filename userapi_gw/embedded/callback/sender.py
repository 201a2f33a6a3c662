"""Sends queued events: one after the other to each server, again and again until it answers `ok`.

A server belongs to one process at a time, by a lease in the database; an event is taken out of the queue after its
answer. So a killed process loses none, and one event may come twice.
"""

import logging
import time
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Any

import requests
from sqlalchemy import Row, delete, exists, select, update
from sqlalchemy.exc import SQLAlchemyError

from userapi_gw.embedded.callback.queue import CONFIRMATION, body_of
from userapi_gw.embedded.callback.tables import FAILED, OK, queue, servers
from userapi_gw.embedded.database import Database
from userapi_gw.embedded.groups import groups

log = logging.getLogger(__name__)

LONGEST_WAIT = 3600.0
"""Seconds after which a server is asked again, whatever its Retry-After says."""

LONGEST_ANSWER = 256
"""Bytes of an answer that are read: `ok` and confirmation codes are short."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a server is treated that does not answer `ok`. Seconds, but for numbers of tries.

    Pauses double from `first_pause` to `longest_pause`; after `patience` errors in a row nothing is sent for `rest`.
    A confirmation is given up after `confirmation_tries`.
    """

    first_pause: float = 1.0
    longest_pause: float = 60.0
    patience: int = 10
    rest: float = 300.0
    confirmation_tries: int = 3
    timeout: float = 10.0
    look_every: float = 2.0
    start_after: float = 0.5

    def pause(self, errors: int) -> float:
        """Return how long to wait after so many errors in a row."""
        return self.rest if errors >= self.patience else min(self.first_pause * 2 ** (errors - 1), self.longest_pause)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    text: str
    wait: float  # what Retry-After of a 503 asks for


class Sender:
    """The thread that sends what is queued. It begins with the first event, or soon when servers are there already."""

    def __init__(self, database: Database, pace: Pace) -> None:
        self._database, self._pace = database, pace
        self._wake, self._closed, self._lock = Event(), Event(), Lock()
        self._thread: Thread | None = None
        self._http = requests.Session()
        self._http.trust_env = False

    def begin(self) -> None:
        """Start if there is a server that something may be queued for."""
        with self._database.read() as db:
            if db.scalar(select(servers.c.id).limit(1)) is not None:
                self._start(self._pace.start_after)  # a trial start of the program is over by then

    def rouse(self) -> None:
        """Send now: something was queued."""
        self._start(0)
        self._wake.set()

    def close(self) -> None:
        """Stop after what is just being sent."""
        self._closed.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(self._pace.timeout)
        self._http.close()

    def _start(self, after: float) -> None:
        with self._lock:
            if self._thread is None and not self._closed.is_set():
                self._thread = Thread(target=self._run, args=(after,), name="callback-sender", daemon=True)
                self._thread.start()

    def _run(self, after: float) -> None:
        self._closed.wait(after)
        while not self._closed.is_set():
            self._wake.clear()
            try:
                pause = self._turn()
            except SQLAlchemyError as error:  # the queue is kept, and looked at again
                log.warning("the callback queue cannot be read: %s", type(error).__name__)
                pause = self._pace.look_every
            self._wake.wait(min(pause, self._pace.look_every))

    def _turn(self) -> float:
        """Send what is due; return after how long to look again. Each server gets one event in a turn."""
        sent = [self._send_next(server_id) for server_id in self._due()]
        if any(sent):
            return 0.0
        with self._database.read() as db:
            waiting = select(servers.c.due_at).where(_has_events()).order_by(servers.c.due_at).limit(1)
            due_at = db.scalar(waiting)
        return self._pace.look_every if due_at is None else max(0.05, due_at - time.time())

    def _due(self) -> list[int]:
        with self._database.read() as db:
            return list(db.scalars(select(servers.c.id).where(_has_events(), *_free(time.time()))))

    def _send_next(self, server_id: int) -> bool:
        """Send the oldest event of a server; tell whether it was taken."""
        taken = self._claim(server_id)
        if taken is None:
            return False
        server, event, code = taken
        answer = self._post(server, event)
        is_taken = answer.status == 200 and answer.text == (code if event.type == CONFIRMATION else "ok")
        self._settle(server, event, answer, is_taken)
        return is_taken

    def _claim(self, server_id: int) -> tuple[Row[Any], Row[Any], str] | None:
        now = time.time()
        lease = {"claimed_until": now + 2 * self._pace.timeout}
        with self._database.write() as db:
            free = update(servers).where(servers.c.id == server_id, *_free(now)).values(lease).returning(servers)
            server = db.execute(free).one_or_none()
            oldest = select(queue).where(queue.c.server_id == server_id).order_by(queue.c.id).limit(1)
            event = db.execute(oldest).one_or_none()
            if server is None or event is None:
                return None
            code = db.scalar(select(groups.c.confirmation).where(groups.c.id == server.group_id)) or ""
            return server, event, code

    def _post(self, server: Row[Any], event: Row[Any]) -> _Answer:
        headers = {"Content-Type": "application/json", "User-Agent": "CallbackAPI"}
        if server.errors:
            headers["X-Retry-Counter"] = str(server.errors)
        given: dict[str, Any] = {"data": body_of(server, event), "headers": headers, "timeout": self._pace.timeout}
        try:
            with self._http.post(server.url, stream=True, allow_redirects=False, **given) as response:
                text = next(response.iter_content(LONGEST_ANSWER), b"").decode("utf-8", "replace").strip()
                wait = response.headers.get("Retry-After", "") if response.status_code == 503 else ""
                seconds = float(wait) if wait.isascii() and wait.isdigit() else 0.0
                return _Answer(response.status_code, text, min(seconds, LONGEST_WAIT))
        except (requests.RequestException, ValueError):  # ValueError: an address that is none
            return _Answer(0, "", 0.0)

    def _settle(self, server: Row[Any], event: Row[Any], answer: _Answer, is_taken: bool) -> None:
        errors = 0 if is_taken else server.errors + 1
        is_over = is_taken or (event.type == CONFIRMATION and errors >= self._pace.confirmation_tries)
        facts: dict[str, Any] = {"errors": 0 if is_over else errors, "claimed_until": 0.0}
        facts["due_at"] = 0.0 if is_over else time.time() + max(self._pace.pause(errors), answer.wait)
        if event.type == CONFIRMATION and is_over:
            facts["status"] = OK if is_taken else FAILED
        with self._database.write() as db:
            if is_over:
                db.execute(delete(queue).where(queue.c.id == event.id))
            elif db.scalar(select(queue.c.id).where(queue.c.id == event.id)) is None:
                facts |= {"errors": 0, "due_at": 0.0}  # the server was changed meanwhile
                facts.pop("status", None)
            db.execute(update(servers).where(servers.c.id == server.id).values(facts))


def _has_events() -> Any:
    return exists().where(queue.c.server_id == servers.c.id)


def _free(now: float) -> tuple[Any, Any]:
    return servers.c.due_at <= now, servers.c.claimed_until <= now
