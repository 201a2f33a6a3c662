"""The promise of streams: a program that follows the entries ends with what the backend shows, whatever happened."""

import itertools
import multiprocessing
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.databases import TestDatabase
from userapi_gw.state import Change, Entry, Seen, StreamKey, open_state
from userapi_gw.state.streams import Streams

PAGE = 4
Rows = dict[int, bool]  # object id -> is read


class Backend(Protocol):
    """A list on the modern shore."""

    def rows(self) -> Rows: ...
    def add(self) -> int: ...
    def hide(self, i: int) -> None: ...
    def show(self, i: int) -> None: ...
    def mark_read(self, i: int) -> None: ...


@dataclass
class MemoryBackend:
    shown: Rows = field(default_factory=dict)
    hidden: Rows = field(default_factory=dict)
    last: int = 0

    def rows(self) -> Rows:
        return dict(self.shown)

    def add(self) -> int:
        self.last += 1
        self.shown[self.last] = False
        return self.last

    def hide(self, i: int) -> None:
        if i in self.shown:
            self.hidden[i] = self.shown.pop(i)

    def show(self, i: int) -> None:
        if i in self.hidden:
            self.shown[i] = self.hidden.pop(i)

    def mark_read(self, i: int) -> None:
        if i in self.shown:
            self.shown[i] = True


class FileBackend:
    """The same list for several processes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, isolation_level=None, timeout=10)) as connection:
            yield connection

    def prepare(self) -> None:
        with self._open() as connection:
            connection.execute("CREATE TABLE objects (id INTEGER PRIMARY KEY, shown INT, read INT)")

    def rows(self) -> Rows:
        with self._open() as connection:
            return {i: bool(read) for i, read in connection.execute("SELECT id, read FROM objects WHERE shown")}

    def add(self) -> int:
        with self._open() as connection:
            return int(connection.execute("INSERT INTO objects (shown, read) VALUES (1, 0) RETURNING id").fetchone()[0])

    def hide(self, i: int) -> None:
        with self._open() as connection:
            connection.execute("UPDATE objects SET shown = 0 WHERE id = ?", (i,))

    def show(self, i: int) -> None:
        with self._open() as connection:
            connection.execute("UPDATE objects SET shown = 1 WHERE id = ?", (i,))

    def mark_read(self, i: int) -> None:
        with self._open() as connection:
            connection.execute("UPDATE objects SET read = 1 WHERE id = ? AND shown", (i,))


def _payload(i: int, read: bool) -> dict[str, Any]:
    return {"id": i, "read": read}


@dataclass
class Gateway:
    """Does what the acts do: asks the backend and keeps the stream in step."""

    streams: Streams
    key: StreamKey
    backend: Backend
    page: int = PAGE

    def newest(self) -> tuple[list[Seen], bool]:
        rows = self.backend.rows()
        ids = sorted(rows, reverse=True)[: self.page]
        return [Seen(i, _payload(i, rows[i]), rows[i]) for i in ids], len(rows) <= self.page

    def refresh(self, meanwhile: Callable[[], object] = lambda: None) -> list[Entry]:
        claim = self.streams.claim(self.key, 0)
        assert claim is not None
        page, complete = self.newest()
        meanwhile()
        return self.streams.apply(claim, page, complete)

    def write(self, action: str, i: int, before_record: Callable[[], object] = lambda: None) -> None:
        """An own write: on the backend first, then into the stream; others may come in between."""
        if action == "add":
            i = self.backend.add()
        else:
            {"del": self.backend.hide, "undel": self.backend.show, "read": self.backend.mark_read}[action](i)
        before_record()
        change = Change(action, i, _payload(i, action == "read"), read=False)  # type: ignore[arg-type]
        self.streams.record(self.key, [change])


@dataclass
class Follower:
    """An old program: loads the newest page of the list, then keeps it up to date by entries alone."""

    gateway: Gateway
    send_odd: bool
    ts: int | None = None
    rows: Rows = field(default_factory=dict)
    from_id: int = 0

    def load(self) -> None:
        self.ts = self.gateway.streams.answer(self.gateway.key, None).version
        page, complete = self.gateway.newest()
        self.rows = {seen.object_id: seen.read for seen in page}
        streams, key = self.gateway.streams, self.gateway.key
        if streams.misses(key, self.rows, complete=complete) or not streams.knows(key, self.rows):
            self.gateway.refresh()  # as the acts do that show a list
        self.from_id = 0 if complete else min(self.rows)

    def poll(self) -> None:
        since = self.gateway.streams.answer(self.gateway.key, self.ts)
        if not since.known or self.ts is None:
            self.load()
            return
        self.take(since.entries)
        self.ts = since.entries[-1].number if since.entries and self.send_odd else since.version

    def take(self, entries: list[Entry]) -> None:
        for entry in entries:
            if entry.action == "del":
                self.rows.pop(entry.object_id, None)
            elif entry.action != "read":
                self.rows[entry.object_id] = entry.payload["read"]
            elif entry.object_id in self.rows:
                self.rows[entry.object_id] = True


def check(gateway: Gateway, followers: list[Follower]) -> None:
    """Refresh once more, let everybody poll and compare with the backend, as far as both look."""
    gateway.refresh()
    page, complete = gateway.newest()
    lowest = 0 if complete else min(seen.object_id for seen in page)
    for follower in followers:
        follower.poll()
        from_id = max(lowest, follower.from_id)
        expected = {i: read for i, read in gateway.backend.rows().items() if i >= from_id}
        assert {i: read for i, read in follower.rows.items() if i >= from_id} == expected
    check_history(gateway)


def check_history(gateway: Gateway) -> None:
    """Numbers follow each other without holes; nothing comes twice without going in between."""
    version = gateway.streams.answer(gateway.key, None).version
    kept = gateway.streams.answer(gateway.key, version // 1_000_000 * 1_000_000 + 2)
    assert [entry.number for entry in kept.entries] == list(range(version // 1_000_000 * 1_000_000 + 3, version, 2))
    for _, entries in itertools.groupby(sorted(kept.entries, key=_object_id), _object_id):
        actions = [entry.action for entry in entries]
        assert all(pair != ("add", "add") for pair in itertools.pairwise(a for a in actions if a != "read"))
        assert all(pair != ("del", "del") for pair in itertools.pairwise(actions))


def _object_id(entry: Entry) -> int:
    return entry.object_id


ACTIONS = ["add", "del", "undel", "read"]
STEPS = st.tuples(
    st.sampled_from(
        [*ACTIONS, *(f"own {action}" for action in ACTIONS), *(f"seen first {action}" for action in ACTIONS)]
        + [f"stale {action}" for action in ACTIONS]
        + ["burst", "refresh", "poll", "join"]
    ),
    st.integers(0, 7),  # how far from the newest object the step happens
)


@pytest.fixture
def streams(database: TestDatabase) -> Iterator[Streams]:
    with closing(open_state(database.url, "key")) as state:
        yield state.streams


OWNERS = itertools.count(1)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(start=st.lists(st.booleans(), max_size=6), steps=st.lists(STEPS, max_size=30), send_odd=st.booleans())
def test_a_follower_ends_with_what_the_backend_shows(
    streams: Streams, start: list[bool], steps: list[tuple[str, int]], send_odd: bool
) -> None:
    gateway = Gateway(streams, StreamKey(1, "wall", next(OWNERS)), MemoryBackend())
    for is_shown in start:
        i = gateway.backend.add()
        if not is_shown:
            gateway.backend.hide(i)
    gateway.refresh()
    followers = [Follower(gateway, send_odd)]
    followers[0].load()
    for step, distance in steps:
        play(gateway, followers, step, distance)
    check(gateway, followers)
    gateway.page = 1000  # now what happened below the newest page must come to light too
    check(gateway, followers)


def play(gateway: Gateway, followers: list[Follower], step: str, distance: int) -> None:
    """Let one thing happen, by others ("del"), through the gateway ("own"), or with a refresh in the middle of it."""
    how, _, action = step.rpartition(" ")
    backend = gateway.backend
    assert isinstance(backend, MemoryBackend)
    i = max(1, backend.last - distance)
    if action == "refresh":
        gateway.refresh()
    elif action == "poll":
        followers[0].poll()
    elif action == "burst":
        for _ in range(distance):
            backend.add()
    elif action == "join":
        followers.append(Follower(gateway, not followers[0].send_odd))
        followers[-1].load()
    elif action == "add" or i in (backend.hidden if action == "undel" else backend.shown):
        change(gateway, how, action, i)


def change(gateway: Gateway, how: str, action: str, i: int) -> None:
    if how == "own":
        gateway.write(action, i)
    elif how == "seen first":
        gateway.write(action, i, before_record=gateway.refresh)
    elif how == "stale":
        assert gateway.refresh(meanwhile=lambda: gateway.write(action, i)) == []
    elif action == "add":
        gateway.backend.add()
    else:
        {"del": gateway.backend.hide, "undel": gateway.backend.show, "read": gateway.backend.mark_read}[action](i)


KEY = StreamKey(1, "wall", 1)
SECONDS = 1.5


def work(seed: int, url: str, backend_path: Path, start: Any, results: Any) -> None:
    """One gateway process: writes, refreshes and polls at random, while another one does the same."""
    chance = random.Random(seed)
    with closing(open_state(url, "key", keep_entries=100_000)) as state:
        gateway = Gateway(state.streams, KEY, FileBackend(backend_path), page=100)
        follower = Follower(gateway, send_odd=bool(seed % 2))
        start.wait(30)
        end, done, numbers = time.monotonic() + SECONDS, 0, []
        follower.load()
        while time.monotonic() < end:
            step_at_random(chance, gateway)
            before = follower.ts
            follower.poll()
            numbers.append((before, follower.ts))
            done += 1
        results.put((seed, done, numbers, follower.ts, follower.rows, follower.from_id))


def step_at_random(chance: random.Random, gateway: Gateway) -> None:
    i = chance.choice(list(gateway.backend.rows()) or [1])
    action = chance.choice(["add", "del", "undel", "read"])
    kind = chance.choice(["refresh", "own", "other"])
    if kind == "refresh":
        gateway.refresh()
    elif kind == "own":
        gateway.write(action, i)
    else:
        change(gateway, "", action, i)


def test_two_processes_keep_one_stream_together(database: TestDatabase, tmp_path: Path) -> None:
    url, backend = database.url, FileBackend(tmp_path / "backend.sqlite3")
    backend.prepare()
    with closing(open_state(url, "key", keep_entries=100_000)) as state:
        gateway = Gateway(state.streams, KEY, backend, page=100)
        gateway.refresh()
        finished = run_two(url, tmp_path / "backend.sqlite3")
        followers = [
            Follower(gateway, send_odd=bool(seed % 2), ts=ts, rows=rows, from_id=from_id)
            for seed, _, _, ts, rows, from_id in finished
        ]
        assert all(done > 20 for _, done, *_ in finished)
        for _, _, numbers, *_ in finished:
            assert all(before <= after for before, after in numbers)
        check(gateway, followers)


def run_two(url: str, backend_path: Path) -> list[Any]:
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(2), context.Queue()
    processes = [context.Process(target=work, args=(seed, url, backend_path, start, results)) for seed in (1, 2)]
    for process in processes:
        process.start()
    finished = [results.get(timeout=20) for _ in processes]
    for process in processes:
        process.join(30)
        process.close()
    results.close()
    results.join_thread()
    return finished
