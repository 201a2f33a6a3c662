"""Exchanges made up for tests of the comparison."""

import json
import sqlite3
from typing import Any
from urllib.parse import urlencode

from userapi_gw.compare.answers import Judged, judge
from userapi_gw.compare.judge import Knowledge
from userapi_gw.compare.mapping import Mapping
from userapi_gw.compare.rules import Rule, Rules
from userapi_gw.replay.exchange import Exchange

JSON = "application/json; charset=utf-8"


def exchange(
    act: str, answer: Any, number: int = 1, headers: tuple[tuple[str, str], ...] = (), **sent: Any
) -> Exchange:
    """One request for an act, answered with a value as JSON, or with bytes."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    named = {"act": act} if act else {}
    url = "http://userapi.com/data?" + urlencode({**named, "sid": "5" * 32, **sent})
    kind = (("Content-Type", JSON),)
    return Exchange(number, None, "GET", url, status=200, headers=kind + headers, body=body)


def knowledge(*rules: Rule, exact: bool = False, across_dialects: bool = False) -> Knowledge:
    """What a comparison knows at its beginning."""
    return Knowledge(Rules(rules), Mapping(sqlite3.connect("")), exact=exact, across_dialects=across_dialects)


def compared(act: str, old: Any, new: Any, known: Knowledge | None = None, number: int = 1, **sent: Any) -> Judged:
    """Compare two answers to one request."""
    return judge(exchange(act, old, number, **sent), exchange(act, new, number, **sent), known or knowledge())


def told(judged: Judged) -> list[tuple[str, str]]:
    """The differences as position and kind."""
    return [(one.position, one.what) for one in judged.findings.differences]
