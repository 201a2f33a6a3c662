"""The row of `userapi-gw compare`: how much memory a long comparison takes."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measuring import Bench, Row
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.formats import jsonl

EXCHANGES = 100_000
MOST_MEGABYTES = 300
JSON = (("Content-Type", "application/json; charset=utf-8"),)


def compare(bench: Bench) -> Row:
    """Two captures of 100,000 exchanges: lists of friends, walls and polls of 500 people, with other ids and times."""
    del bench  # nothing is served
    with tempfile.TemporaryDirectory(prefix="userapi-gw-bench-") as name:
        sides = [_capture(Path(name) / f"{side}.jsonl", side) for side in (0, 1)]
        began = time.monotonic()
        command = [sys.executable, "-c", _MEASURED, "compare", *map(str, sides)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds = time.monotonic() - began
        size = sum(side.stat().st_size for side in sides)
    megabytes = int(done.stderr) / 1024
    facts = {"megabytes": megabytes, "megabytes_of_captures": size / 1e6, "exchanges_per_second": EXCHANGES / seconds}
    ratio = megabytes / MOST_MEGABYTES
    return Row(f"compare, {EXCHANGES} exchanges", f"{MOST_MEGABYTES} MB", ratio, "<= 1.00", ratio <= 1, facts)


_MEASURED = """
import resource, sys
from userapi_gw.cli import main
try:
    main(sys.argv[1:])
except SystemExit as left:
    assert left.code == 0, left.code
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def _capture(path: Path, side: int) -> Path:
    encoder = jsonl.Encoder()
    with path.open("wb") as file:
        file.write(encoder.head)
        file.writelines(encoder.encode(exchange, is_first=False) for exchange in _exchanges(side))
    return path


def _exchanges(side: int) -> Iterator[Exchange]:
    moved = side * 1_000_000
    people = [[10_000 + n + moved, f"name {n}", "http://cs1.userapi.com/b.jpg", n % 2] for n in range(1, 31)]
    for number in range(1, EXCHANGES + 1):
        user, turn = number % 500 + 1, number // 500
        post = [number + moved, 1224745160 + turn + moved, [f"text {number}"], [user, "name", "0", "0", 1, 0], [user]]
        answers = (
            ("friends", people),
            ("wall", {"n": turn, "d": [post] * 5, "h": 2 * turn + 2 + moved}),
            ("history", {"wall": {"h": []}, "nm": 0, "nf": 0, "nph": 0}),
        )
        act, answer = answers[number % 3]
        url = f"http://userapi.com/data?act={act}&id={user}&sid={side:032x}"
        yield Exchange(number, None, "GET", url, (), b"", 200, JSON, json.dumps(answer).encode())
