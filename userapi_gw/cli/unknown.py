"""`userapi-gw unknown`."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from userapi_gw.cli.options import open_state_of, setting_options


@click.command()
@setting_options("data_dir")
def unknown(config: Path | None, **given: str | None) -> None:
    """List the acts that programs asked for and nobody serves: how often, when last (UTC), which."""
    from userapi_gw.acts import ACTS

    with closing(open_state_of(config, given)) as state:
        rows = [row for row in state.unknown.rows() if row[0] not in ACTS]  # some may be served by now
    for name, count, last_seen in rows:
        click.echo(f"{count:8}  {datetime.fromtimestamp(last_seen, UTC):%Y-%m-%d %H:%M:%S}  {name}")
    if not rows:
        click.echo("No unknown acts so far.")
