"""`python -m tests.bench`: measures, shows a table, writes the numbers to a JSON file."""

import json
import os
import platform
from pathlib import Path

import click

from tests.bench.measuring import Row, bench
from tests.bench.rows import ROWS


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*ROWS]))
@click.option("--output", type=click.Path(path_type=Path), default="bench.json", show_default=True)
@click.option("--rounds", default=7, show_default=True, help="Rounds whose median counts.")
@click.option("--seconds", default=1.5, show_default=True, help="Length of a round.")
@click.option("--connections", default=4, show_default=True, help="Programs that ask at the same time.")
@click.option("--sessions", default=1000, show_default=True, help="Sessions that poll.")
def main(names: tuple[str, ...], output: Path, rounds: int, seconds: float, connections: int, sessions: int) -> None:
    """Measure all rows, or those named."""
    rows: list[Row] = []
    click.echo(f"{'work':41}{'compared with':20}{'ratio':>6}  {'wanted':25}")
    with bench(seconds, rounds, connections, sessions) as measuring:
        for name in names or ROWS:
            rows.append(ROWS[name](measuring))
            click.echo(_line(rows[-1]))
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()}
    output.write_text(json.dumps({"machine": machine, "rows": [row.as_json() for row in rows]}, indent=1) + "\n")


def _line(row: Row) -> str:
    facts = "  ".join(f"{name}={_short(value)}" for name, value in row.facts.items() if not name.endswith("_ratio"))
    verdict = "met" if row.met else "NOT MET"
    return f"{row.work:41}{row.compared:20}{row.ratio:6.2f}  {row.wanted:25}{verdict}\n    {facts}"


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, int | float) else str(value)


if __name__ == "__main__":
    main()
