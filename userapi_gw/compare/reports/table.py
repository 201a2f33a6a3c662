"""A comparison on the screen: tables on a terminal, plain lines elsewhere."""

from collections.abc import Sequence
from itertools import islice
from typing import IO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from userapi_gw.compare.reports.report import VERDICTS, Report, printable

MOST_FIELDS = 40

Rows = Sequence[Sequence[object]]


def print_tables(report: Report, file: IO[str], most: int) -> None:
    """Print totals, what was left out, and the first `most` exchanges that did not match."""
    screen = Console(file=file, highlight=False, markup=False, emoji=False, soft_wrap=True)
    show = _show_table if screen.is_terminal else _show_lines
    _sum_up(screen, report)
    show(screen, ("act", *VERDICTS), [(act, *counts) for act, counts in report.acts()])
    show(screen, ("left out, by rule", "times"), report.ignored())
    show(screen, ("act", "position", "difference", "times"), report.fields()[:MOST_FIELDS])
    _list_unmatched(screen, report, most)


def _sum_up(screen: Console, report: Report) -> None:
    totals, verdicts = report.totals, report.totals.verdicts()
    counts = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in VERDICTS)
    skipped = f"; {totals.skipped} requests that are none of UserAPI's were skipped" if totals.skipped else ""
    left_out = f"; {totals.left_out} were not asked for: they write, or are not possible" if totals.left_out else ""
    screen.print(f"{report.old} | {report.new}")
    screen.print(f"{verdicts.total()} exchanges: {counts}; {totals.whole} the same byte by byte{skipped}{left_out}")


def _list_unmatched(screen: Console, report: Report, most: int) -> None:
    for result, request in islice(report.unmatched(), most):
        screen.print(f"\n{result.verdict} {result.old or '-'} | {result.new or '-'}  {request}")
        for line in [result.reason] if result.reason else [one.told() for one in result.differences]:
            screen.print(f"  {printable(line)}")
    verdicts = report.totals.verdicts()
    left = verdicts["divergent"] + verdicts["unserved"] - most
    if left > 0:
        screen.print(f"\n{left} more; --json, --html and --junit tell all of them")


def _show_table(screen: Console, titles: Sequence[str], rows: Rows) -> None:
    if not rows:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title, value in zip(titles, rows[0], strict=True):
        table.add_column(title, justify="right" if isinstance(value, int) else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(value)) for value in row))
    screen.print(table, soft_wrap=False)


def _show_lines(screen: Console, titles: Sequence[str], rows: Rows) -> None:
    if not rows:
        return
    lines = [titles, *([str(value) for value in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(titles))]
    screen.print()
    for line in lines:
        screen.print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
