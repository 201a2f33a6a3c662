"""`python -m tests.bench`: measures, shows a table, writes the numbers to a JSON file."""

import json
import os
import platform
from pathlib import Path

import click

from tests.bench.rows import ROWS, Row, bench


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
    with bench(seconds, rounds, connections, sessions) as measuring:
        for name in names or ROWS:
            rows.append(ROWS[name](measuring))
            click.echo(_line(rows[-1]))
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()}
    output.write_text(json.dumps({"machine": machine, "rows": [row.as_json() for row in rows]}, indent=1) + "\n")


def _line(row: Row) -> str:
    facts = "  ".join(f"{name}={value:.3g}" for name, value in row.facts.items() if not name.endswith("_ratio"))
    verdict = "met" if row.met else "NOT MET"
    return f"{row.work:38} {row.ratio:5.2f} of {row.compared}  wanted {row.wanted}: {verdict}\n    {facts}"


if __name__ == "__main__":
    main()
