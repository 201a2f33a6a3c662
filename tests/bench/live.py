"""How soon programs are told what somebody else did at the backend, over a server of its own."""

import json
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from tests.bench.measuring import Bench, Row
from tests.bench.processes import Server, gateway
from tests.real_backend import RealBackend, real_backend
from userapi_gw.embedded.schema import friendships, people

PERIOD = 3.0
"""The gateway's `refresh_seconds`, in seconds; as by default."""
POLL = 0.2
"""Seconds between two polls of the program that waits for news."""
MESSAGES_WITHIN, LISTS_WITHIN = 2.0, PERIOD + 1.0
GIVEN_UP = 30.0
PAVEL, FRIEND, NIKOLAY, PHOTO = 1, 3, 6, 79435064

STREAMS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "message": ("inbox", {}),
    "wall": ("wall", {"id": NIKOLAY}),
    "activity": ("activity", {"id": NIKOLAY}),
    "photos_comments": ("photos_comments", {"parent": f"{PAVEL}_{PHOTO}"}),
    "updates_friends": ("updates_friends", {}),
}
"""By the parameter of `act=history`: the act that tells the version, and its parameters."""

KINDS = list(STREAMS)


class Others:
    """People at another program, who change things."""

    def __init__(self, backend: RealBackend) -> None:
        self._call = backend.call
        with backend.database.read() as db:
            lonely = people.c.id.not_in(select(friendships.c.user_id)), people.c.id > 0, people.c.deactivated == ""
            self._strangers = iter(db.scalars(select(people.c.id).where(*lonely)).all())

    def change(self, kind: str, text: str) -> str:
        """Change something; returns what the entry about it holds."""
        if kind == "message":
            self._call("messages.send", NIKOLAY, user_id=PAVEL, message=text)
        elif kind == "wall":
            self._call("wall.post", NIKOLAY, owner_id=NIKOLAY, message=text)
        elif kind == "activity":
            self._call("status.set", NIKOLAY, text=text)
        elif kind == "photos_comments":
            self._call("photos.createComment", NIKOLAY, owner_id=PAVEL, photo_id=PHOTO, message=text)
        else:
            return self._befriend(next(self._strangers))
        return text

    def _befriend(self, stranger: int) -> str:
        self._call("friends.add", FRIEND, user_id=stranger)
        self._call("friends.add", stranger, user_id=FRIEND)
        return f"[{stranger},"


class Follower(threading.Thread):
    """A program that polls and notes when it was told what."""

    def __init__(self, server: Server, sid: str, kinds: list[str]) -> None:
        super().__init__(daemon=True)
        self._server, self._sid, self._over = server, sid, threading.Event()
        self._versions = {kind: self._get(STREAMS[kind][0], to=0, **STREAMS[kind][1])["h"] for kind in kinds}
        self.told: list[tuple[float, str, str]] = []
        """When, by which stream, and the entry as JSON."""

    def run(self) -> None:
        while not self._over.wait(POLL):
            parent = {"parent": STREAMS["photos_comments"][1]["parent"]}
            answer = self._get("history", id=NIKOLAY, **parent, **self._versions)
            for kind in self._versions:
                for number, _, row in answer[kind]["h"]:
                    self._versions[kind] = number + 1
                    self.told.append((time.monotonic(), kind, json.dumps(row, separators=(",", ":"))))

    def told_at(self, kind: str, marker: str) -> list[float]:
        """When entries of a stream were told that hold a text."""
        return [at for at, told_kind, row in self.told if told_kind == kind and marker in row]

    def stop(self) -> None:
        self._over.set()
        self.join()

    def _get(self, act: str, **parameters: Any) -> Any:
        query = urlencode({"act": act, "sid": self._sid, **parameters})
        return json.loads(self._server.get(f"/data?{query}")[1])


def vk(bench: Bench) -> Row:
    """The embedded server as VK, whose feed has friends' news."""
    return _measured(bench, "vk", "", KINDS)


def openvk(bench: Bench) -> Row:
    """The embedded server as OpenVK, whose long poll loses events and which has no feed of friends' news."""
    return _measured(bench, "openvk", "openvk", [kind for kind in KINDS if kind != "updates_friends"])


def _measured(bench: Bench, name: str, emulate: str, kinds: list[str]) -> Row:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="userapi-gw-bench-")))
        (folder / "behind").mkdir()
        backend = stack.enter_context(real_backend(folder / "behind", emulate))
        settings = {"backend": name, "calls_per_second": "0", "refresh_seconds": str(PERIOD)}
        server = stack.enter_context(gateway(backend, folder / "data", **settings))
        follower = Follower(server, _log_in(server), kinds)
        follower.start()
        stack.callback(follower.stop)
        time.sleep(PERIOD)  # until somebody listens
        others, told = Others(backend), [News(kind) for kind in kinds]
        for number in range(2 * bench.rounds):
            _round(others, follower, number, told)
        follower.stop()
        return _row(name, told, follower)


@dataclass
class News:
    """The changes of one kind, by what their entries hold, and how many seconds each took to be told."""

    kind: str
    markers: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The longest of the times as a share of what is allowed."""
        return max(self.seconds) / (MESSAGES_WITHIN if self.kind == "message" else LISTS_WITHIN)


def _round(others: Others, follower: Follower, number: int, told: list[News]) -> None:
    """Change something of every kind at odd moments, and wait until all is told."""
    began = {}
    for news in random.sample(told, len(told)):
        time.sleep(random.uniform(0, PERIOD / len(told)))
        began[news.kind] = time.monotonic()
        news.markers.append(others.change(news.kind, f"news of {news.kind} number {number}."))
    for news in told:
        end = began[news.kind] + GIVEN_UP
        while not (at := follower.told_at(news.kind, news.markers[-1])) and time.monotonic() < end:
            time.sleep(POLL / 4)
        news.seconds.append((at[0] if at else end) - began[news.kind])


def _row(name: str, told: list[News], follower: Follower) -> Row:
    facts: dict[str, Any] = {}
    for news in told:
        facts[f"{news.kind}_median"], facts[f"{news.kind}_worst"] = statistics.median(news.seconds), max(news.seconds)
    times_told = [len(follower.told_at(news.kind, marker)) for news in told for marker in news.markers]
    facts["lost"], facts["doubled"] = times_told.count(0), sum(count > 1 for count in times_told)
    ratio = max(news.share for news in told)
    met = ratio <= 1 and not facts["lost"] and not facts["doubled"]
    wanted = f"<= 1: mail {MESSAGES_WITHIN:g} s, rest {LISTS_WITHIN:g} s"
    return Row(f"news over {name}, the worst of {len(times_told)}", "seconds allowed", ratio, wanted, met, facts)


def _log_in(server: Server) -> str:
    headers, _ = server.get("/auth?login=force&site=1&email=test@test.com&pass=7777777")
    return headers["Location"].rpartition("sid=")[2]
