"""`userapi-gw record`."""

from pathlib import Path

import click

from userapi_gw.cli.options import OPTIONS, setting_options
from userapi_gw.cli.recording import FORMATS, recorder
from userapi_gw.cli.serve import serve_gateway
from userapi_gw.settings.sources import load_settings


@click.command()
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", required=True, help="A new file.")
@click.option("--format", "named", type=click.Choice(FORMATS), help="Its format, when its name does not end so.")
@setting_options(*OPTIONS)
def record(out: Path, named: str | None, config: Path | None, **given: str | None) -> None:
    """Serve the gateway as `serve` does, and write every exchange into a capture.

    Secrets (sids, passwords, cookies, e-mail addresses ...) are replaced before they are written, each by the same
    stand-in everywhere, so that the capture can be shown to others and still be replayed. All workers write into the
    one file, each exchange when it has been answered.
    """
    serve_gateway(load_settings(given, config).settings, lambda: recorder(out, named))
