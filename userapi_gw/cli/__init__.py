"""The command line, `userapi-gw`. A module holds a command or two; what goes wrong is one line and status 2."""

import sys
from collections.abc import Sequence
from importlib import metadata
from typing import NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from userapi_gw.cli.callback import callback
from userapi_gw.cli.community_key import community_key
from userapi_gw.cli.compare import compare
from userapi_gw.cli.config import show_config
from userapi_gw.cli.doctor import doctor
from userapi_gw.cli.fixtures import fixtures
from userapi_gw.cli.notify import notify
from userapi_gw.cli.outbox import outbox
from userapi_gw.cli.record import record
from userapi_gw.cli.replay import replay
from userapi_gw.cli.serve import backend, serve
from userapi_gw.cli.transfer import export_overlays, import_overlays
from userapi_gw.cli.unknown import unknown
from userapi_gw.errors import explain
from userapi_gw.settings import SettingsError

PROGRAM = "userapi-gw"
COMMANDS = (
    serve,
    record,
    replay,
    compare,
    fixtures,
    backend,
    community_key,
    callback,
    show_config,
    doctor,
    unknown,
    export_overlays,
    import_overlays,
    outbox,
    notify,
)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with status 0, or 2 after one line on stderr that says what is wrong."""
    try:
        console.main(args=arguments, prog_name=PROGRAM, standalone_mode=False)
    except click.UsageError as error:
        _fail(f"{_sentence(error.format_message())} See {error.ctx.command_path if error.ctx else PROGRAM} --help.")
    except click.ClickException as error:
        _fail(error.format_message())
    except SettingsError as error:
        _fail(str(error))
    except (OSError, ImportError, SQLAlchemyError) as error:  # ImportError: the database's driver
        _fail(explain(error))
    except click.Abort:
        sys.exit(130)  # interrupted, as shells count it
    sys.exit(0)


def _sentence(message: str) -> str:
    return message if message.endswith((".", "?", "!")) else f"{message}."


def _fail(reason: str) -> NoReturn:
    click.echo(f"{PROGRAM}: {reason}", err=True)
    sys.exit(2)


def _version() -> str:
    try:
        return metadata.version(PROGRAM)
    except metadata.PackageNotFoundError:
        return "(not installed)"


@click.group(no_args_is_help=False)
@click.version_option(_version(), message="%(prog)s %(version)s")
def console() -> None:
    """Answers programs written for Vkontakte's UserAPI of 2008 on data kept by a modern VK-style server."""


for command in COMMANDS:
    console.add_command(command)
