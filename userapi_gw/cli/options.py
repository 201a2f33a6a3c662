"""What several commands share: an option for each setting, and the gateway's own data."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from userapi_gw.settings import Settings
from userapi_gw.settings.sources import load_settings, option

if TYPE_CHECKING:
    from userapi_gw.gateway import Gateway
    from userapi_gw.state import State

# Tables and lists do not fit a command line, and everybody on the machine can read passwords there.
_NOT_ON_COMMAND_LINE = {
    *("sites", "clients", "limits", "banned_emails", "media_hosts", "frame_ancestors", "notify_channels", "devino"),
    *("database_url", "secret_key", "smtp_url", "vk_client_secret"),
}
OPTIONS = [name for name in Settings.model_fields if name not in _NOT_ON_COMMAND_LINE]
"""The settings that may be given on the command line."""

Command = Callable[..., None]


def setting_options(*names: str) -> Callable[[Command], Command]:
    """Give a command `--config` and an option for each setting; checking the values is the settings' business."""

    def decorate(command: Command) -> Command:
        for name in reversed(names):
            field = Settings.model_fields[name]
            default = f" [default: {field.default}]" if field.default != "" else ""
            command = click.option(option(name), name, metavar="VALUE", help=f"{field.description}{default}")(command)
        path = click.Path(path_type=Path)
        return click.option("--config", type=path, metavar="FILE", help="TOML file with settings.")(command)

    return decorate


def begin_log(settings: Settings) -> None:
    """Log on stderr, as much as the settings say."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("userapi_gw").setLevel(settings.log_level.upper())
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # our own log tells once what urllib3 tells at every try


@contextmanager
def gateway_of(config: Path | None, given: Mapping[str, str | None]) -> Iterator["Gateway"]:
    """Open everything the settings say, for a command that does what servers do. Raises SettingsError."""
    from userapi_gw.app import create_app

    settings = load_settings(given, config).settings
    begin_log(settings)
    gateway: Gateway = create_app(settings).extensions["userapi_gw"]
    with closing(gateway):
        yield gateway


def open_state_of(config: Path | None, given: Mapping[str, str | None]) -> "State":
    """Open the gateway's own data as the settings say. Raises SettingsError."""
    from userapi_gw.state import open_state

    settings = load_settings(given, config).settings
    settings.prepare_data_dir()
    return open_state(settings.database_url, settings.load_secret_key())
