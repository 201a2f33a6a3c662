"""What came of a comparison: totals, and every exchange that did not match, kept on the disk until it is reported."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from userapi_gw.compare.answers import Judged, Verdict
from userapi_gw.compare.difference import Difference
from userapi_gw.compare.kinds import EXCUSED
from userapi_gw.replay.exchange import Exchange

MOST_KEPT = 200
"""So many differences of one exchange are kept; all are counted."""

MOST_FIELDS = 5000
"""Positions whose differences are counted apart; answers can hold any number of names."""

MOST_ACTS = 500
"""Acts that are counted apart; programs may ask for anything."""

OTHER = "(other)"
OTHER_FIELDS = (OTHER, OTHER, OTHER)

PAGE = 500

_TABLES = (
    "CREATE TABLE results (place INTEGER PRIMARY KEY, verdict TEXT, act TEXT, old INTEGER, new INTEGER, reason TEXT,"
    " differences TEXT)",
    "CREATE INDEX results_verdict ON results (verdict, place)",
)


@dataclass(frozen=True)
class Result:
    """One exchange: its numbers on both sides (None where it is missing), and what differs."""

    verdict: Verdict
    act: str
    old: int | None
    new: int | None
    reason: str
    differences: tuple[Difference, ...]


@dataclass
class Totals:
    """Counts of a whole comparison."""

    acts: dict[str, Counter[Verdict]] = field(default_factory=dict)
    fields: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Differences by act, position (`d[*].sender.name`) and kind."""
    ignored: Counter[str] = field(default_factory=Counter)
    """What was left out, by rule."""
    whole: int = 0
    """Exchanges whose answers are the same bytes."""
    skipped: int = 0
    """Exchanges of the captures that are none of UserAPI's."""
    left_out: int = 0
    """Exchanges that a live side was not asked for: they write, or need what it does not offer."""

    def verdicts(self) -> Counter[Verdict]:
        """Return how many exchanges of all acts got which verdict."""
        return sum(self.acts.values(), Counter())


class Results:
    """Takes results one by one; `totals` count them."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        for statement in _TABLES:
            database.execute(statement)
        self.totals = Totals()

    def add(self, act: str, old: Exchange | None, new: Exchange | None, judged: Judged) -> None:
        """Take what came of one exchange."""
        self._count(act, judged.verdict, 1)
        self.totals.whole += judged.whole
        self.totals.ignored += judged.findings.ignored
        self._count_fields(act, judged.findings.differences)
        numbers = (old and old.number, new and new.number)
        row = (judged.verdict, act, *numbers, judged.reason, _kept(judged.findings.differences))
        self._database.execute("INSERT INTO results VALUES (NULL, ?, ?, ?, ?, ?, ?)", row)

    def excuse(self, kinds: frozenset[str]) -> None:
        """Leave out differences of these kinds: the sides turned out to have different data."""
        if not kinds:
            return
        for key in [key for key in self.totals.fields if key[2] in kinds]:
            self.totals.ignored[f"{key[2]} of other data"] += self.totals.fields.pop(key)
        query = "SELECT place, act, differences FROM results WHERE verdict = 'divergent' AND place > ? LIMIT ?"
        last = 0
        while rows := self._database.execute(query, (last, PAGE)).fetchall():
            for place, act, kept in rows:
                self._excuse(place, act, [one for one in _differences(kept) if one.what not in kinds])
            last = rows[-1][0]

    def _excuse(self, place: int, act: str, left: list[Difference]) -> None:
        verdict: Verdict = "divergent" if left else "matched"
        self._count(act, "divergent", -1)
        self._count(act, verdict, 1)
        row = (verdict, _kept(left), place)
        self._database.execute("UPDATE results SET verdict = ?, differences = ? WHERE place = ?", row)

    def __iter__(self) -> Iterator[Result]:
        """Yield all results in order."""
        return self._select("1 = 1")

    def unmatched(self) -> Iterator[Result]:
        """Yield what did not match, in order."""
        return self._select("verdict != 'matched'")

    def _select(self, condition: str) -> Iterator[Result]:
        columns = "verdict, act, old, new, reason, differences"
        rows = self._database.execute(f"SELECT {columns} FROM results WHERE {condition} ORDER BY place")  # noqa: S608
        for verdict, act, old, new, reason, kept in rows:
            yield Result(verdict, act, old, new, reason, _differences(kept))

    def _count(self, act: str, verdict: Verdict, by: int) -> None:
        known = act in self.totals.acts or len(self.totals.acts) < MOST_ACTS
        self.totals.acts.setdefault(act if known else OTHER, Counter())[verdict] += by

    def _count_fields(self, act: str, differences: list[Difference]) -> None:
        for one in differences:
            key = (act, one.pattern, one.what)
            known = key in self.totals.fields or len(self.totals.fields) < MOST_FIELDS
            self.totals.fields[key if known else OTHER_FIELDS] += 1


def _kept(differences: list[Difference]) -> str:
    """Return what is kept of differences, those that count in any case first."""
    ordered = sorted(differences, key=lambda one: one.what in EXCUSED)
    return json.dumps([asdict(one) for one in ordered[:MOST_KEPT]])


def _differences(kept: str) -> tuple[Difference, ...]:
    return tuple(Difference(**one) for one in json.loads(kept))
