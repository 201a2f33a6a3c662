"""What commands that ask a server, or read captures, share."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from userapi_gw.cli.statuses import NOT_RUN, leave

if TYPE_CHECKING:
    from userapi_gw.compare.rules import Rules
    from userapi_gw.replay.running.target import Address


def could_not_run(reason: str) -> NoReturn:
    """Leave with one line on stderr."""
    leave(NOT_RUN, reason)


def ask_password() -> str:
    """Ask for a password on a terminal, else read a line of the standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def server_address(url: str, option: str) -> "Address":
    """Read the address of a server. Raises click.BadParameter."""
    from userapi_gw.replay.running.target import Address
    from userapi_gw.settings.checks import web_url

    try:
        return Address.parse(web_url(url))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from None


def rules_of(path: Path | None) -> "Rules":
    """Read a rules file, if one is given. Raises click.BadParameter."""
    from userapi_gw.compare.rules import Rules, RulesError, load

    try:
        return load(path) if path else Rules()
    except RulesError as error:
        raise click.BadParameter(str(error), param_hint="--rules") from None
