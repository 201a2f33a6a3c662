"""A comparison as one HTML page that needs nothing else: totals, and what did not match side by side."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from typing import IO, Any

from jinja2 import Environment, PackageLoader

from userapi_gw.compare.body import read
from userapi_gw.compare.difference import HIDDEN
from userapi_gw.compare.reports.report import SECRET, VERDICTS, Report
from userapi_gw.compare.results import Result
from userapi_gw.replay.exchange import Exchange

MOST_SHOWN = 300
"""So many exchanges stand on the page; the JSON report has all."""

MOST_LINES = 400
LONGEST_LINE = 500

HEADERS = ("location", "content-type")
"""Headers that are shown; cookies hold secrets."""


@dataclass(frozen=True)
class Line:
    """One line of both answers side by side."""

    old: str
    new: str
    same: bool


@dataclass(frozen=True)
class Shown:
    """One exchange that did not match."""

    result: Result
    request: str
    lines: list[Line]


def write_page(report: Report, file: IO[str]) -> None:
    """Write the page. Answers are hostile input: everything is escaped, and the page has no scripts."""
    environment = Environment(loader=PackageLoader("userapi_gw.compare"), autoescape=True, trim_blocks=True)
    verdicts = report.totals.verdicts()
    stream = environment.get_template("comparison.html").stream(
        report=report,
        verdicts=[(verdict, verdicts[verdict]) for verdict in VERDICTS],
        total=verdicts.total(),
        shown=_shown(report),
        left_out=max(0, verdicts["divergent"] + verdicts["unserved"] - MOST_SHOWN),
    )
    file.writelines(stream)


def _shown(report: Report) -> Iterator[Shown]:
    for result, request in islice(report.unmatched(), MOST_SHOWN):
        old, new = (_lines(one) for one in report.comparison.exchanges(result.old, result.new))
        yield Shown(result, request, [*_side_by_side(old, new)])


def _lines(exchange: Exchange | None) -> list[str]:
    """Return an answer as lines: status, headers, and the body, JSON with a line for each value."""
    if exchange is None or exchange.status is None:
        return []
    named = [f"{name}: {_without_sid(value)}" for name, value in exchange.headers if name.lower() in HEADERS]
    body = read(exchange.body)
    if body.form == "bytes":
        text = repr(exchange.body[: MOST_LINES * LONGEST_LINE].decode("latin-1"))
        lines = [text[start : start + LONGEST_LINE] for start in range(0, min(len(text), 20_000), LONGEST_LINE)]
    else:
        lines = [*_pretty(body.value)]
    callback = [f"{body.callback}( ... );"] if body.callback else []
    return [_short(line) for line in [str(exchange.status), *named, *callback, *lines]]


def _pretty(value: Any, indent: str = "", name: str = "", end: str = "") -> Iterator[str]:
    """Yield JSON with a line for each array or object that holds no other."""
    if isinstance(value, dict):
        value = {key: HIDDEN if key in SECRET else item for key, item in value.items()}
    inner = [*value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    if not any(isinstance(item, (list, dict)) for item in inner):
        yield f"{indent}{name}{json.dumps(value, ensure_ascii=False)}{end}"
        return
    names = (
        [f"{json.dumps(key, ensure_ascii=False)}: " for key in value] if isinstance(value, dict) else [""] * len(inner)
    )
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield f"{indent}{name}{opening}"
    for place, (item, called) in enumerate(zip(inner, names, strict=True), 1):
        yield from _pretty(item, f"{indent}  ", called, "," if place < len(inner) else "")
    yield f"{indent}{closing}{end}"


def _without_sid(value: str) -> str:
    before, found, sid = value.rpartition("sid=")
    return f"{before}{found}{HIDDEN}" if found and len(sid) > 2 else value


def _short(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}..."


def _side_by_side(old: list[str], new: list[str]) -> Iterator[Line]:
    """Yield both answers line by line, equal lines beside each other; of long answers the beginning."""
    left, right = old[:MOST_LINES], new[:MOST_LINES]
    for kind, first, last, start, stop in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for step in range(max(last - first, stop - start)):
            one = left[first + step] if first + step < last else ""
            other = right[start + step] if start + step < stop else ""
            yield Line(one, other, kind == "equal")
    if max(len(old), len(new)) > MOST_LINES:
        yield Line(f"... {len(old)} lines", f"... {len(new)} lines", same=True)
