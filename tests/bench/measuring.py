"""What a row of the table is, and the load by which most rows are measured."""

import statistics
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from typing import Any

from tests.bench import load
from tests.bench.load import Load
from tests.bench.processes import Server

KIBIBYTE = 1024


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` is what `wanted` speaks about; `facts` are the numbers behind it."""

    work: str
    compared: str
    ratio: float
    wanted: str
    met: bool
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The row as it is written to the file."""
        return asdict(self)


@dataclass(frozen=True)
class Bench:
    """How long and how often is measured, and the process the load comes from."""

    seconds: float
    rounds: int
    connections: int
    sessions: int
    pool: ProcessPoolExecutor

    def press(self, server: Server, request: bytes, connections: int | None = None) -> tuple[Load, float]:
        """Load a server for a round; returns what came of it and the processor time of one answer, in seconds."""
        before = server.cpu()
        number = connections or self.connections
        done = self.pool.submit(load.press, server.address, request, self.seconds, number).result()
        return done, (server.cpu() - before) / done.answers

    def against(
        self, ours: tuple[Server, bytes], other: tuple[Server, bytes], connections: int | None = None
    ) -> dict[str, Any]:
        """Measure two servers in turn; medians of the rounds, after one that does not count."""
        rounds = [(self.press(*ours, connections), self.press(*other, connections)) for _ in range(self.rounds + 1)][1:]
        facts: dict[str, Any] = {}
        for name, place in (("ours", 0), ("compared", 1)):
            facts[f"{name}_per_second"] = round(statistics.median(one[place][0].rate for one in rounds), 1)
            facts[f"{name}_milliseconds"] = round(statistics.median(one[place][0].median for one in rounds) * 1e3, 3)
            facts[f"{name}_cpu_milliseconds"] = round(statistics.median(one[place][1] for one in rounds) * 1e3, 4)
        facts["rate_ratio"] = statistics.median(one[0][0].rate / one[1][0].rate for one in rounds)
        facts["time_ratio"] = statistics.median(one[0][0].median / one[1][0].median for one in rounds)
        return facts


@contextmanager
def bench(seconds: float, rounds: int, connections: int, sessions: int) -> Iterator[Bench]:
    """Start the process the load comes from."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield Bench(seconds, rounds, connections, sessions, pool)
