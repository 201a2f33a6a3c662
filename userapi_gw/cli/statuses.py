"""Exit statuses of the commands that look at something, beside 0, 2 for what makes no sense, and 130 for Ctrl-C."""

import sys
from typing import NoReturn

import click

AMISS = 1
"""It ran, and not all is as it should be: answers differ, a request could not be replayed, something is missing."""

NOT_RUN = 3
"""It could not be run, or not to its end: a capture cannot be read, a server does not answer."""


def leave(status: int, reason: str) -> NoReturn:
    """Leave with one line on stderr."""
    click.echo(f"userapi-gw: {reason}", err=True)
    sys.exit(status)
