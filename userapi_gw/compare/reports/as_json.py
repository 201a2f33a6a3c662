"""A comparison as JSON, for programs. `version` changes when something that is there now is named or meant otherwise.

    {"format": "userapi-gw comparison", "version": 1, "old": "a.jsonl", "new": "b.jsonl",
     "verdicts": {"matched": 7, "divergent": 1, "unserved": 0}, "whole": 5, "skipped": 0, "left_out": 0,
     "acts": [{"act": "wall", "matched": 3, "divergent": 1, "unserved": 0}],
     "fields": [{"act": "wall", "position": "d[*].sender.name", "what": "value", "count": 1}],
     "ignored": {"time": 12},
     "unmatched": [{"verdict": "divergent", "act": "wall", "old": 4, "new": 4, "request": "GET /data?act=wall&id=1",
                    "reason": "", "differences": [{"position": "d[3].sender.name", "what": "value",
                                                   "left": "'Pavel'", "right": "'Pawel'", "note": ""}]}]}

`whole` exchanges have the same bytes on both sides, `skipped` ones are none of UserAPI's, `left_out` ones a live side
was not asked for: they write, or need what it does not offer. `old` and `new` inside `unmatched` are numbers in the
captures, null where there is none.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import IO, Any

from userapi_gw.compare.reports.report import VERDICTS, Report
from userapi_gw.compare.results import Result

FORMAT = "userapi-gw comparison"
VERSION = 1


def write_json(report: Report, file: IO[str]) -> None:
    """Write a comparison, one unmatched exchange after the other."""
    head = json.dumps(_head(report), indent=1).removesuffix("\n}")
    file.write(f'{head},\n "unmatched": [')
    file.writelines(chain.from_iterable(_entries(report)))
    file.write("\n ]\n}\n")


def _head(report: Report) -> dict[str, Any]:
    totals, verdicts = report.totals, report.totals.verdicts()
    return {
        "format": FORMAT,
        "version": VERSION,
        "old": report.old,
        "new": report.new,
        "verdicts": {verdict: verdicts[verdict] for verdict in VERDICTS},
        "whole": totals.whole,
        "skipped": totals.skipped,
        "left_out": totals.left_out,
        "acts": [{"act": act, **dict(zip(VERDICTS, counts, strict=True))} for act, counts in report.acts()],
        "fields": [dict(zip(("act", "position", "what", "count"), row, strict=True)) for row in report.fields()],
        "ignored": dict(report.ignored()),
    }


def _entries(report: Report) -> Iterator[tuple[str, str]]:
    for number, (result, request) in enumerate(report.unmatched()):
        yield ",\n  " if number else "\n  ", json.dumps(_entry(result, request))


def _entry(result: Result, request: str) -> dict[str, Any]:
    named = {"verdict": result.verdict, "act": result.act, "old": result.old, "new": result.new, "request": request}
    return {**named, "reason": result.reason, "differences": [asdict(one) for one in result.differences]}
