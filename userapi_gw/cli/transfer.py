"""`userapi-gw export` and `userapi-gw import`."""

import sys
from contextlib import closing
from pathlib import Path
from typing import IO

import click

from userapi_gw.cli.options import open_state_of, setting_options
from userapi_gw.private_file import write_private


@click.command(name="export")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file, not to the screen.")
@setting_options("data_dir")
def export_overlays(config: Path | None, out: Path | None, **given: str | None) -> None:
    """Write what is kept for backends that lack it (bookmarks, tags, statuses ...) as JSON lines."""
    with closing(open_state_of(config, given)) as state:
        lines = (f"{line}\n" for line in state.overlays.transfer.lines())
        if out:
            write_private(out, lines)
        else:
            sys.stdout.writelines(lines)


@click.command(name="import")
@click.argument("file", type=click.File("rb"))
@setting_options("data_dir")
def import_overlays(config: Path | None, file: IO[bytes], **given: str | None) -> None:
    """Add what `userapi-gw export` wrote to what is kept here, all of FILE or nothing of it.

    What is here already stays as it is. Stop the gateway before.
    """
    from userapi_gw.state.overlays import TransferError

    with closing(open_state_of(config, given)) as state:
        try:
            added = state.overlays.transfer.take(file)
        except TransferError as error:
            raise click.ClickException(f"{file.name}: {error}; nothing was taken over") from error
    click.echo(f"Rows added: {added}.")
