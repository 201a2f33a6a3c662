"""How fast captures are replayed, beside a driver that only sends."""

import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench import load
from tests.bench.measuring import Bench, Row
from tests.bench.processes import Server, gateway, log_in, stub
from userapi_gw.replay import captures
from userapi_gw.replay.cleaning import Cleaner
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.running.runner import Runner
from userapi_gw.replay.running.target import Address, Target
from userapi_gw.replay.stand_ins import StandIns
from userapi_gw.replay.writing import ENCODERS, CaptureFile

LEAST = 0.5
EXCHANGES = 1000


def replay(bench: Bench) -> Row:
    """`replay --speed max`, with answers to learn from and an output to write, against as much without both."""
    with stub() as backend, tempfile.TemporaryDirectory(prefix="userapi-gw-bench-") as name:
        folder = Path(name)
        with gateway(backend, folder / "data", cache_seconds="3600", refresh_seconds="3600") as ours:
            targets = _targets(ours)
            _write(ours, targets, folder / "capture.jsonl")
            rounds = [_round(bench, ours, targets, folder, place) for place in range(bench.rounds)]
    facts = {
        "ours_per_second": statistics.median(ours for ours, _ in rounds),
        "compared_per_second": statistics.median(other for _, other in rounds),
    }
    ratio = statistics.median(ours / other for ours, other in rounds)
    return Row("replay --speed max, into a file", "a driver that sends", ratio, f">= {LEAST}", ratio >= LEAST, facts)


def _targets(server: Server) -> list[str]:
    sid = log_in(server)
    version = json.loads(server.get(f"/data?act=inbox&from=0&to=0&sid={sid}")[1])["h"]
    asked = ("act=friends&id=1", "act=wall&id=1&from=0&to=22", f"act=history&message={version}")
    return [f"/data?{query}&sid={sid}" for query in asked]


def _write(server: Server, targets: list[str], path: Path) -> None:
    file = CaptureFile(path, ENCODERS["jsonl"]())
    answers = {target: server.get(target) for target in targets}
    for place in range(EXCHANGES):
        target = targets[place % len(targets)]
        headers, body = answers[target]
        file.write(Exchange(place, None, "GET", server.url + target, (), b"", 200, tuple(headers.items()), body))
    file.close()


def _round(bench: Bench, server: Server, targets: list[str], folder: Path, place: int) -> tuple[float, float]:
    """Requests per second of the replay and of the driver, which asks the same in the same order."""
    ours = bench.pool.submit(_replayed, server.url, folder / "capture.jsonl", folder / f"{place}.jsonl").result()
    other = bench.pool.submit(_driven, server.address, targets).result()
    return EXCHANGES / ours, EXCHANGES / other


def _replayed(url: str, capture: Path, out: Path) -> float:
    start = time.perf_counter()
    target, file = Target(Address.parse(url)), CaptureFile(out, ENCODERS["jsonl"]())
    outcome = Runner(target, out=file, cleaner=Cleaner(StandIns())).run(captures.read(capture))
    target.close()
    if outcome.troubles or outcome.sent != EXCHANGES:
        raise RuntimeError("\n".join(outcome.lines()))
    return time.perf_counter() - start


def _driven(address: load.Address, targets: list[str]) -> float:
    start, connection = time.perf_counter(), load.Connection(address)
    requests = [load.get(target) for target in targets]
    for place in range(EXCHANGES):
        connection.ask(requests[place % len(requests)])
    connection.close()
    return time.perf_counter() - start
