"""A whole comparison: two sides are paired, judged exchange by exchange, and summed up."""

import sqlite3
import tempfile
from collections.abc import Container, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from userapi_gw.compare.answers import Judged, judge
from userapi_gw.compare.judge import Knowledge
from userapi_gw.compare.mapping import Mapping
from userapi_gw.compare.noise import Noise
from userapi_gw.compare.pairing import Spool
from userapi_gw.compare.results import Results
from userapi_gw.compare.rules import Rules
from userapi_gw.replay.exchange import Exchange

OLD, NEW, AGAIN = 0, 1, 2
"""The sides: `AGAIN` is a second run of the old one."""

CACHE_KIBIBYTES = 16 * 1024


@dataclass
class Options:
    """How to compare: rules of the user's, `exact` without knowledge of what varies, `across_dialects` with more."""

    rules: Rules = field(default_factory=Rules)
    exact: bool = False
    across_dialects: bool = False


class Comparison:
    """Two sides on the disk. Use it inside `comparing`, fill it, and run it once."""

    def __init__(self, database: sqlite3.Connection, options: Options) -> None:
        self._database, self._options = database, options
        self.spool = Spool(database)
        self.results = Results(database)
        self._began = {OLD: 0.0, NEW: 0.0, AGAIN: 0.0}

    def fill(self, side: int, exchanges: Iterable[Exchange], left_out: Container[int] = ()) -> int:
        """Take the exchanges of a side, those of UserAPI but the numbers `left_out`; returns how many.

        Raises as reading them does.
        """
        return self.spool.fill(side, self._taken(side, exchanges, left_out))

    def learn_noise(self) -> None:
        """Take for volatile what differs between the old side and its second run."""
        noise = Noise()
        for old, again, judged in self._judged(OLD, AGAIN):
            if old and again:
                noise.take(old.act, judged.findings.differences)
        self._options.rules.add(noise.rules())

    def run(self) -> Results:
        """Compare, and return what came of it."""
        knowledge = self._knowledge()
        for old, new, judged in self._judged(OLD, NEW, knowledge):
            one = old or new
            self.results.add(one.act if one else "", old, new, judged)
        self.results.excuse(knowledge.excused())
        return self.results

    def exchanges(self, old: int | None, new: int | None) -> tuple[Exchange | None, Exchange | None]:
        """Return both sides of a result."""
        return self.spool.exchange(OLD, old), self.spool.exchange(NEW, new)

    def _taken(self, side: int, exchanges: Iterable[Exchange], left_out: Container[int]) -> Iterator[Exchange]:
        for exchange in exchanges:
            if not exchange.is_userapi:
                self.results.totals.skipped += 1
                continue
            if exchange.number in left_out:
                self.results.totals.left_out += 1
                continue
            self._began[side] = self._began[side] or exchange.began or 0.0
            yield exchange

    def _judged(
        self, left: int, right: int, knowledge: Knowledge | None = None
    ) -> Iterator[tuple[Exchange | None, Exchange | None, Judged]]:
        knowledge = knowledge or self._knowledge()
        since = (self._began[left], self._began[right])
        for old, new in self.spool.pairs(left, right):
            if old is None or new is None:
                missing = "old" if old is None else "new"
                yield old, new, Judged("unserved", reason=f"nothing on the {missing} side")
            else:
                yield old, new, judge(old, new, knowledge, since)

    def _knowledge(self) -> Knowledge:
        """Return what is known at the beginning; each run has a mapping of its own."""
        mapping = Mapping(self._database)
        return Knowledge(self._options.rules, mapping, self._options.exact, self._options.across_dialects)


@contextmanager
def comparing(options: Options) -> Iterator[Comparison]:
    """Give a comparison a temporary file, which holds what people wrote: only its owner may read it."""
    with (
        tempfile.TemporaryDirectory(prefix="userapi-gw-compare-") as folder,
        closing(sqlite3.connect(Path(folder) / "compare.sqlite3", isolation_level=None)) as database,
    ):
        database.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{CACHE_KIBIBYTES}; BEGIN;"
        )
        yield Comparison(database, options)
