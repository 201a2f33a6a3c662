"""Compares what gateway and shadow answered; logs and counts differences by act and position, never a value."""

import logging
import re
import sqlite3
import time
from itertools import islice
from threading import Lock

from userapi_gw.compare.answers import Judged, judge
from userapi_gw.compare.judge import Knowledge
from userapi_gw.compare.mapping import Mapping
from userapi_gw.compare.rules import Rules
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.log_names import act_name, plain_name
from userapi_gw.shadow.book import Book

log = logging.getLogger(__name__)

RENEWED = 20_000
"""After so many comparisons, what stands for what is learned anew: it takes room."""
MOST_KINDS = 50
"""So many kinds of differences of one answer are told."""
LONGEST = 120
"""A position is told up to so many characters."""

_PART = re.compile(r"[^.\[\]*]+")


class Comparing:
    """What one process knows of the two sides."""

    def __init__(self, book: Book) -> None:
        self._book, self._lock = book, Lock()
        self._since = time.time()
        self._learn_anew()

    def compare(self, old: Exchange, new: Exchange) -> None:
        """Compare, log and count. Raises sqlite3.Error."""
        with self._lock:
            self._left -= 1
            if not self._left:
                self._database.close()
                self._learn_anew()
            judged = judge(old, new, self._knowledge, (self._since, self._since))
        self._book.count(judged.verdict)
        for told in _differences(old, judged):
            level = logging.WARNING if self._book.count_difference(told) else logging.INFO
            log.log(level, "the shadow differs: %s", told)

    def close(self) -> None:
        """Forget what was learned."""
        with self._lock:
            self._database.close()

    def _learn_anew(self) -> None:
        self._left = RENEWED
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)  # a temporary file
        self._knowledge = Knowledge(Rules(), Mapping(self._database))


def _differences(old: Exchange, judged: Judged) -> list[str]:
    """Return what to tell, each kind of difference once; keys of a hostile answer are no names."""
    act = act_name(old)
    if judged.verdict == "unserved":
        return [f"{act}: {judged.reason}"]
    kinds = dict.fromkeys((one.what, one.pattern) for one in judged.findings.differences)
    told = dict.fromkeys(f"{act}: {what} at {_told(pattern)}" for what, pattern in kinds)
    return [*islice(told, MOST_KINDS)]


def _told(pattern: str) -> str:
    return _PART.sub(lambda found: plain_name(found[0]), pattern)[:LONGEST] or "answer"
