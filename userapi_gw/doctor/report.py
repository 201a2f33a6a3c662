"""The outcome of an examination, for people and for programs."""

import json
from collections.abc import Iterable, Sequence

from userapi_gw.doctor.examination import Examination, Finding
from userapi_gw.doctor.facts import LACKS
from userapi_gw.doctor.ways import Served, Way, ways

CLOCK_SECONDS = 5
"""A clock that differs by more is worth a line."""

_CALLS = {
    Finding.LACKING: "The server does not have",
    Finding.DENIED: "Denied to this account or program",
    Finding.BROKEN: "Answered without sense",
    Finding.UNSURE: "Without an answer (too many calls, or too slow)",
    Finding.LOGIN: "There, but only for those who are logged in",
    Finding.UNTRIED: "Not tried, because a try might change something",
}


def as_text(found: Examination) -> str:
    """Return tables for a terminal."""
    rows = [(name, one.way.value, one.note) for name, one in found.acts.items()]
    methods = [(text, _called(found, finding)) for finding, text in _CALLS.items()]
    lines = [
        *_head(found),
        "",
        *aligned([("act", "served by", ""), *rows]),
        "",
        *(f"{text}: {', '.join(names)}" for text, names in methods if names),
        "",
        f"The gateway cannot do without: {', '.join(found.missing)}" if found.missing else "The gateway can be used.",
    ]
    return "\n".join(lines)


def as_json(found: Examination) -> str:
    """Return the same as JSON."""
    acts = {name: {"way": one.way.value, "note": one.note} for name, one in found.acts.items()}
    methods = {method: finding.value for method, finding in found.methods.items()}
    facts = {"backend": found.url, "kind": found.kind, "version": found.version, "viewer": found.viewer}
    more = {"clock_seconds": found.clock, "execute": found.execute.value, "missing": found.missing}
    return json.dumps({**facts, **more, "acts": acts, "methods": methods}, ensure_ascii=False, indent=2)


def readme_rows() -> list[str]:
    """Return the table of the README: every act on every known kind of server."""
    known = [ways(lambda method, lacks=lacks: method not in lacks) for lacks in LACKS.values()]  # type: ignore[misc]
    head = ["| act | embedded | OpenVK | VK |", "|---|---|---|---|"]
    return head + [f"| `{name}` | {' | '.join(_cell(one[name]) for one in known)} |" for name in known[0]]


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    """Return rows as lines, each column as wide as its longest text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def _cell(served: Served) -> str:
    way = f"**{served.way.value}**" if served.way is Way.NONE else served.way.value
    return f"{way}: {served.note}" if served.note else way


def _head(found: Examination) -> Iterable[str]:
    yield f"{found.url}: {found.kind}" + (f", {found.version}" if found.version else "")
    if found.token_refused:
        yield "The server does not take the token."
    elif found.viewer:
        yield f"Logged in as user {found.viewer}."
    else:
        yield "Not logged in: what an account may do was not seen. Say --login EMAIL or --token-file FILE."
    yield f"Several calls in one (execute): {found.execute.value}"
    if found.clock is not None and abs(found.clock) > CLOCK_SECONDS:
        yield f"Its clock differs from ours by {found.clock} seconds."


def _called(found: Examination, finding: Finding) -> list[str]:
    return [method for method, one in found.methods.items() if one is finding]
