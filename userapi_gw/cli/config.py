"""`userapi-gw config`."""

from pathlib import Path

import click

from userapi_gw.cli.options import OPTIONS, setting_options
from userapi_gw.settings import Settings
from userapi_gw.settings.sources import load_settings


@click.command(name="config")
@setting_options(*OPTIONS)
def show_config(config: Path | None, **given: str | None) -> None:
    """Print every setting, its value and where the value came from."""
    loaded = load_settings(given, config)
    for name, value in loaded.settings.shown().items():
        click.echo(f"# {Settings.model_fields[name].description}")
        click.echo(f"{name} = {value}  ({loaded.sources[name]})")
