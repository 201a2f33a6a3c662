"""`userapi-gw community-key`."""

from pathlib import Path

import click

from userapi_gw.cli.options import setting_options
from userapi_gw.settings.sources import load_settings


@click.command("community-key")
@click.argument("group", type=click.IntRange(min=1))
@setting_options("data_dir")
def community_key(config: Path | None, group: int, **given: str | None) -> None:
    """Make an access key for community GROUP of the embedded backend, as a community's settings page does at VK."""
    from userapi_gw.embedded import make_community_key

    settings = load_settings(given, config).settings
    settings.prepare_data_dir()
    key = make_community_key(settings.embedded_database, group)
    if key is None:
        raise click.ClickException(f"the embedded backend has no community {group}")
    click.echo(key)
