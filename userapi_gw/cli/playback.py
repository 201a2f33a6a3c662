"""What `userapi-gw serve` says of playback."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from userapi_gw.settings import Settings


@contextmanager
def playing_back(settings: Settings) -> Iterator[None]:
    """Begin at the beginning of the capture, if there is one, and tell what was counted when the server has ended."""
    if not settings.playback:
        yield
        return
    from userapi_gw import playback

    contents, process = playback.begin(settings), os.getpid()
    fault = f" It is not whole: {contents.fault}." if contents.fault else ""
    click.echo(f"{contents.answers} answers are played back from {settings.playback}.{fault}")
    try:
        yield
    except SystemExit:
        if os.getpid() == process:  # workers leave by this way, too
            hits, misses, _ = playback.tally(settings)
            click.echo(f"Answered from the capture: {hits}. Not in the capture: {misses}.", err=True)
        raise
