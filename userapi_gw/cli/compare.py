"""`userapi-gw compare`: do two servers answer the same?"""

import sys
from collections.abc import Callable, Iterator, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import click

from userapi_gw.cli.asking import ask_password, could_not_run, rules_of, server_address
from userapi_gw.cli.statuses import AMISS, NOT_RUN

if TYPE_CHECKING:
    from userapi_gw.compare.comparison import Comparison
    from userapi_gw.compare.reports import Report
    from userapi_gw.compare.sides import Side
    from userapi_gw.replay.exchange import Exchange
    from userapi_gw.replay.running.accounts import Account

SHOWN_EVERY = 100
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--requests", metavar="CAPTURE", help="What to ask two servers; fixtures, too.")
@click.option("--as", "email", metavar="EMAIL", help="Log in; the password is asked for, or read from stdin.")
@click.option("--site", default=1, show_default=True, help="Site to log in for.")
@click.option("--allow-writes", is_flag=True, help="Also ask servers for what changes something.")
@click.option("--rules", "rules_file", type=FILE, metavar="FILE", help="TOML file with what may differ where.")
@click.option("--noise", metavar="CAPTURE", help="A second run of A: what differs between the two counts nothing.")
@click.option("--across-dialects", is_flag=True, help="The sides speak different dialects: one may leave out more.")
@click.option("--exact", is_flag=True, help="Ids, times, versions and the like may not differ either.")
@click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write all of it as JSON.")
@click.option("--junit", "junit_file", type=FILE, metavar="FILE", help="Write JUnit XML.")
@click.option("--html", "html_file", type=FILE, metavar="FILE", help="Write a page to read side by side.")
@click.option("--show", type=click.IntRange(0), default=20, show_default=True, help="List so many that did not match.")
def compare(
    old: str,
    new: str,
    requests: str | None,
    rules_file: Path | None,
    noise: str | None,
    show: int,
    *,
    across_dialects: bool,
    exact: bool,
    json_file: Path | None,
    junit_file: Path | None,
    html_file: Path | None,
    email: str | None,
    site: int,
    allow_writes: bool,
) -> None:
    """Compare two sides, exchange by exchange: A is what is expected, B what came.

    A side is a capture (JSON lines, HAR, WARC), a folder of fixtures, or the address of a server, which is asked the
    requests of the other side. Ids, times, versions and the like may differ as long as the same old value always stands
    for the same new one.

    The exit status is 0 when everything matched, 1 when something differs or was not served, 3 when a side could not be
    read or asked.
    """
    from userapi_gw.compare.comparison import AGAIN, NEW, OLD, Options, comparing
    from userapi_gw.compare.reports import Report, print_tables

    rules = rules_of(rules_file)
    named = {OLD: old, NEW: new} | ({AGAIN: noise} if noise else {})
    sides = _sides(named, requests, email, site, allow_writes=allow_writes)
    for side in sides.values():
        rules.add(side.rules())
    with comparing(Options(rules, exact=exact, across_dialects=across_dialects)) as comparison:
        _fill(comparison, sides)
        if noise:
            comparison.learn_noise()
        comparison.run()
        report = Report(comparison, old, new)
        print_tables(report, sys.stdout, show)
        _write(report, json_file, junit_file, html_file)
        is_clean = report.is_clean
    sys.exit(NOT_RUN if any(side.fault for side in sides.values()) else 0 if is_clean else AMISS)


def _sides(
    named: Mapping[int, str], requests: str | None, email: str | None, site: int, *, allow_writes: bool
) -> dict[int, "Side"]:
    """Return the sides by their numbers, servers first: they tell what they were not asked for."""
    from userapi_gw.compare.sides import Live, Recorded

    captures = {side: Path(text) for side, text in named.items() if not _is_server(text)}
    servers = {side: server_address(text, "A, B or --noise") for side, text in named.items() if side not in captures}
    if not servers and (requests or email):
        raise click.UsageError("--requests and --as are for servers, and no side is one.")
    if not captures and not requests:
        raise click.UsageError("Two servers need --requests: what are they to be asked?")
    source = Path(requests) if requests else next(iter(captures.values()))
    account = _account(email) if servers else None
    live = {side: Live(one, Recorded(source), account, site, allow_writes) for side, one in servers.items()}
    return {**live, **{side: Recorded(path) for side, path in captures.items()}}


def _is_server(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def _account(email: str | None) -> "Account | None":
    from userapi_gw.replay.running.accounts import Account

    return Account(email, ask_password()) if email else None


def _fill(comparison: "Comparison", sides: Mapping[int, "Side"]) -> None:
    """Take all sides; what is wrong with one is told at once, and nothing to compare is the end."""
    left_out: set[int] = set()
    for number, side in sides.items():
        count = comparison.fill(number, _shown(side), left_out)
        left_out |= side.left_out
        if count < 1 and (side.fault or not left_out):
            could_not_run(side.fault or f"{side.name}: there is no request of UserAPI in it")
        if side.fault:
            click.echo(f"userapi-gw: {side.fault}", err=True)


def _shown(side: "Side") -> Iterator["Exchange"]:
    """Yield the exchanges of a side, and show on a terminal how far it is."""
    if not sys.stderr.isatty():
        yield from side
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{side.name}: beginning") as status:
        for count, exchange in enumerate(side, 1):
            if count % SHOWN_EVERY == 0:
                status.update(f"{side.name}: {count} requests")
            yield exchange


def _write(report: "Report", json_file: Path | None, junit_file: Path | None, html_file: Path | None) -> None:
    from userapi_gw.compare.reports import write_json, write_junit, write_page

    writers: tuple[tuple[Path | None, Callable[[Report, TextIOWrapper], None]], ...] = (
        (json_file, write_json),
        (junit_file, write_junit),
        (html_file, write_page),
    )
    for path, write in writers:
        if path:
            with path.open("w", encoding="utf-8", errors="backslashreplace") as file:  # answers may hold half a letter
                write(report, file)
