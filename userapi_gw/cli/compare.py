"""`userapi-gw compare`: do two servers answer the same?"""

import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from userapi_gw.compare.comparison import Comparison
    from userapi_gw.compare.reports import Report
    from userapi_gw.compare.rules import Rules
    from userapi_gw.compare.sides import Recorded

DIVERGENT, NOT_RUN = 1, 3
"""Exit statuses, beside 0 when everything matched, 2 for a command that makes no sense, 130 for Ctrl-C."""

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--rules", type=FILE, metavar="FILE", help="TOML file with what may differ where.")
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
    rules: Path | None,
    noise: str | None,
    show: int,
    *,
    across_dialects: bool,
    exact: bool,
    **reports: Path | None,
) -> None:
    """Compare two captures, exchange by exchange: A is what is expected, B what came.

    Ids, times, versions and the like may differ as long as the same old value always stands for the same new one. The
    exit status is 0 when everything matched, 1 when something differs or was not served, 3 when a side could not be
    read.
    """
    from userapi_gw.compare.comparison import AGAIN, NEW, OLD, Options, comparing
    from userapi_gw.compare.reports import Report, print_tables
    from userapi_gw.compare.sides import Recorded

    options = Options(_rules(rules), exact=exact, across_dialects=across_dialects)
    sides = {OLD: Recorded(Path(old)), NEW: Recorded(Path(new))} | ({AGAIN: Recorded(Path(noise))} if noise else {})
    with comparing(options) as comparison:
        for side, recorded in sides.items():
            _fill(comparison, side, recorded)
        if noise:
            comparison.learn_noise()
        comparison.run()
        report = Report(comparison, old, new)
        print_tables(report, sys.stdout, show)
        _write(report, **reports)
        is_clean = report.is_clean
    faults = [one.fault for one in sides.values() if one.fault]
    sys.exit(NOT_RUN if faults else 0 if is_clean else DIVERGENT)


def _rules(path: Path | None) -> "Rules":
    from userapi_gw.compare.rules import Rules, RulesError, load

    try:
        return load(path) if path else Rules()
    except RulesError as error:
        raise click.BadParameter(str(error), param_hint="--rules") from None


def _fill(comparison: "Comparison", side: int, recorded: "Recorded") -> None:
    """Take a side; what cannot be read of it is told at once, and nothing to compare is the end."""
    count = comparison.fill(side, recorded)
    if recorded.fault:
        click.echo(f"userapi-gw: {recorded.fault}", err=True)
    if count < 1:
        if not recorded.fault:
            click.echo(f"userapi-gw: {recorded.path}: there is no request of UserAPI in it", err=True)
        sys.exit(NOT_RUN)


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
