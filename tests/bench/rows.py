"""The rows of the table: what is measured, what it is compared with, and what is wanted."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import comparing, live, load, outage, replaying
from tests.bench.measuring import KIBIBYTE, Bench, Row
from tests.bench.processes import Server, gateway, gunicorn, log_in, stub

STREAMS = ("wall", "activity", "message", "updates_photos", "updates_friends")
DELAY = 0.05
QUIET = {"refresh_seconds": "3600"}
"""Between two looks of the gateway at the backend's lists."""


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="userapi-gw-bench-") as name:
        yield Path(name)


def friends_cached(bench: Bench) -> Row:
    """`act=friends` asked again and again."""
    with stub() as backend, _folder() as folder, gateway(backend, folder / "data", cache_seconds="3600") as ours:
        target = f"/data?act=friends&id=1&sid={log_in(ours)}"
        return _against_bare(bench, backend, ours, target, folder, "act=friends, answer cached", 0.70)


def friends_cold(bench: Bench) -> Row:
    """`act=friends` without a cache, against a view that makes the same call."""
    with stub() as backend, _folder() as folder, gateway(backend, folder, cache_seconds="0") as ours:
        request = load.get(f"/data?act=friends&id=1&sid={log_in(ours)}")
        with gunicorn("tests.bench.compared:handwritten()", BENCH_BACKEND=backend.url) as other:
            facts = bench.against((ours, request), (other, request))
            facts["backend_calls_of_one_answer"] = _calls(backend, ours, request)
    ratio, calls = facts["rate_ratio"], facts["backend_calls_of_one_answer"]
    return Row("act=friends, cold", "handwritten view", ratio, ">= 0.85", ratio >= 0.85 and calls == 1, facts)


def history(bench: Bench) -> Row:
    """`act=history` with five streams in which nothing is new."""
    with stub() as backend, _folder() as folder, gateway(backend, folder / "data", **QUIET) as ours:
        target = _history(ours, log_in(ours))
        return _against_bare(bench, backend, ours, target, folder, "act=history, nothing new, 5 streams", 0.60)


def profile_alone(bench: Bench) -> Row:
    """`act=profile` over a backend that is slow and has no `execute`."""
    return _profile(bench, "act=profile, calls of 50 ms, no execute", 1.5, executes=False)


def profile_execute(bench: Bench) -> Row:
    """`act=profile` over a backend that is slow and has `execute`."""
    return _profile(bench, "act=profile, calls of 50 ms, execute", 1.3, executes=True)


def _profile(bench: Bench, work: str, most: float, *, executes: bool) -> Row:
    """One program that asks for a profile, and one call to the backend, each alone."""
    with stub(DELAY, executes=executes) as backend, _folder() as folder, gateway(backend, folder) as ours:
        request = load.get(f"/data?act=profile&id=1&sid={log_in(ours)}")
        facts = bench.against((ours, request), (backend, load.get("/method/friends.get")), connections=1)
        facts["backend_calls_of_one_answer"] = _calls(backend, ours, request)
    ratio = facts["time_ratio"]
    return Row(work, "one call of 50 ms", ratio, f"<= {most}", ratio <= most, facts)


def sessions(bench: Bench) -> Row:
    """Many sessions that poll every ten seconds on one worker."""
    period, rounds = 10.0, 3
    with stub() as backend, _folder() as folder, gateway(backend, folder) as ours:
        # Threads, connections to the database and the like are there before the first session that counts.
        warm = [_poll(ours, number) for number in range(1, 41)]
        bench.press(ours, warm[0], 32)
        bench.pool.submit(load.poll, ours.address, warm, 0.5, 8).result()
        before = ours.memory()
        requests = [_poll(ours, 100 + number) for number in range(bench.sessions)]
        bench.pool.submit(load.poll, ours.address, requests, period, 1).result()  # the first brings what is done once
        cpu, calls = ours.cpu(), backend.calls()
        done = bench.pool.submit(load.poll, ours.address, requests, period, rounds).result()
        busy = (ours.cpu() - cpu) / done.seconds
        grown = (ours.memory() - before) / bench.sessions / KIBIBYTE
        facts = {
            "cpu_percent": round(busy * 100, 1),
            "grown_kibibytes_per_session": round(grown, 2),
            "backend_calls_per_poll": round((backend.calls() - calls) / done.answers, 2),
            "ours_milliseconds": round(done.median * 1e3, 3),
            "ours_cpu_milliseconds": round(busy * done.seconds / done.answers * 1e3, 4),
        }
    work = f"{bench.sessions} sessions polling every 10 s"
    return Row(work, "one processor core", busy, "<= 0.40 and < 8 KiB each", busy < 0.40 and grown < 8, facts)


def _against_bare(
    bench: Bench, backend: Server, ours: Server, target: str, folder: Path, work: str, least: float
) -> Row:
    """Compare with a route that answers the same bytes."""
    body, request = folder / "body", load.get(target)
    body.write_bytes(_ask(ours, request))
    calls = backend.calls()
    with gunicorn("tests.bench.compared:bare()", BENCH_BODY=str(body)) as other:
        facts = bench.against((ours, request), (other, request))
        assert _ask(ours, request) == _ask(other, request), "not the same answer"
    facts["backend_calls"] = backend.calls() - calls
    facts["bytes"] = body.stat().st_size
    ratio = facts["rate_ratio"]
    return Row(work, "bare Flask route", ratio, f">= {least:.2f}", ratio >= least and not facts["backend_calls"], facts)


def _history(server: Server, sid: str) -> str:
    """The address that polls five streams at the versions they have."""
    versions = {name: json.loads(server.get(f"/data?act={name}&from=0&to=0&sid={sid}")[1])["h"] for name in STREAMS}
    return f"/data?act=history&sid={sid}&" + "&".join(f"{name}={version}" for name, version in versions.items())


def _ask(server: Server, request: bytes) -> bytes:
    connection = load.Connection(server.address)
    try:
        return connection.ask(request)
    finally:
        connection.close()


def _poll(server: Server, number: int) -> bytes:
    """A poll of one more session, over a connection for itself alone, as most programs of the time had it."""
    return load.get(_history(server, log_in(server, number)), keep=False)


def _calls(backend: Server, ours: Server, request: bytes) -> int:
    """How many backend calls one answer takes."""
    before = backend.calls()
    _ask(ours, request)
    return backend.calls() - before


ROWS: dict[str, Callable[[Bench], Row]] = {
    "friends-cached": friends_cached,
    "friends-cold": friends_cold,
    "history": history,
    "profile": profile_alone,
    "profile-execute": profile_execute,
    "sessions": sessions,
    "live-vk": live.vk,
    "live-openvk": live.openvk,
    "replay": replaying.replay,
    "outage": outage.killed,
    "outage-silent": outage.silent,
    "compare": comparing.compare,
}
"""The rows by the name that chooses them on the command line."""
