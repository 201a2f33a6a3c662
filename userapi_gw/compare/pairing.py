"""Finds for each request of one side the same one of the other side, however long the two captures are.

Both are kept in a temporary SQLite file, so that memory holds few exchanges at a time.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import NamedTuple

from userapi_gw.compare.scene import learned
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.formats import jsonl
from userapi_gw.replay.request_key import request_key, telling

ACCOUNT = frozenset({"email"})
"""Whoever replays a capture logs in as somebody of the new side."""

_TABLES = (
    "CREATE TABLE exchanges (side INTEGER, number INTEGER, exact BLOB, loose BLOB, content BLOB)",
    "CREATE UNIQUE INDEX exchanges_number ON exchanges (side, number)",
    "CREATE TABLE paired (old_side INTEGER, new_side INTEGER, old INTEGER, new INTEGER)",
)


class _Asked(NamedTuple):
    """A request without its content."""

    loose: bytes
    side: int
    number: int
    exact: bytes


class Spool:
    """The exchanges of several sides, called by numbers, on the disk."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database, self._encoder = database, jsonl.Encoder()
        for statement in _TABLES:
            database.execute(statement)

    def fill(self, side: int, exchanges: Iterable[Exchange]) -> int:
        """Keep the exchanges of a side; returns how many. Raises whatever reading them raises."""
        rows = (
            (side, exchange.number, *_keys(exchange), self._encoder.encode(exchange, is_first=False))
            for exchange in exchanges
        )
        return self._database.executemany("INSERT INTO exchanges VALUES (?, ?, ?, ?, ?)", rows).rowcount

    def pairs(self, old_side: int, new_side: int) -> Iterator[tuple[Exchange | None, Exchange | None]]:
        """Yield the pairs in the order of the old side, then what only the new side has."""
        self._pair(old_side, new_side)
        found = self._database.execute(
            "SELECT old, new FROM paired WHERE old_side = ? AND new_side = ? ORDER BY old IS NULL, old, new",
            (old_side, new_side),
        )
        for old, new in found:
            yield self.exchange(old_side, old), self.exchange(new_side, new)

    def _pair(self, old_side: int, new_side: int) -> None:
        asked = self._database.execute(
            "SELECT loose, side, number, exact FROM exchanges WHERE side IN (?, ?) ORDER BY loose, side = ?, number",
            (old_side, new_side, new_side),
        )
        rows = (
            (old_side, new_side, *pair)
            for _, group in groupby(map(_Asked._make, asked), itemgetter(0))
            for pair in _paired(old_side, [*group])
        )
        self._database.executemany("INSERT INTO paired VALUES (?, ?, ?, ?)", rows)

    def exchange(self, side: int, number: int | None) -> Exchange | None:
        """Return an exchange by its number in the capture, None for none."""
        if number is None:
            return None
        query = "SELECT content FROM exchanges WHERE side = ? AND number = ?"
        (content,) = self._database.execute(query, (side, number)).fetchone()
        return replace(next(jsonl.read(BytesIO(content))), number=number)


def _paired(old_side: int, group: list[_Asked]) -> Iterator[tuple[int | None, int | None]]:
    """Pair requests that are the same but for what programs learn from answers (`ts`, `wid`).

    When both sides have the same ones, those are pairs; else, when there are as many, the k-th belongs to the k-th.
    What is left over after those that are the same goes by order, too.
    """
    old = [one for one in group if one.side == old_side]
    new = [one for one in group if one.side != old_side]
    same = _same(old, new)
    if len(same) < len(old) == len(new):
        same = []
    yield from same
    yield from zip_longest(_left(old, {pair[0] for pair in same}), _left(new, {pair[1] for pair in same}))


def _left(side: list[_Asked], taken: set[int]) -> list[int]:
    return [one.number for one in side if one.number not in taken]


def _same(old: list[_Asked], new: list[_Asked]) -> list[tuple[int, int]]:
    waiting: dict[bytes, list[int]] = {}
    for one in reversed(new):
        waiting.setdefault(one.exact, []).append(one.number)
    return [(one.number, waiting[one.exact].pop()) for one in old if waiting.get(one.exact)]


def _keys(exchange: Exchange) -> tuple[bytes, bytes]:
    """Return two digests of a request: of all that tells which one it is, and without what was learned from answers."""
    sent, varying = telling(exchange), learned(exchange.act) | ACCOUNT
    loose = {name: "" if name in varying else value for name, value in sent.items()}
    return request_key(exchange.path, sent), request_key(exchange.path, loose)
