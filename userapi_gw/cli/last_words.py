"""What `userapi-gw serve` says of playback and shadow, the last of it when the server has ended."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from userapi_gw.settings import Settings


@contextmanager
def playing_back(settings: Settings) -> Iterator[None]:
    """Begin at the beginning of the capture, if there is one, and tell in the end how often it had an answer."""
    if not settings.playback:
        yield
        return
    from userapi_gw import playback

    contents = playback.begin(settings)
    fault = f" It is not whole: {contents.fault}." if contents.fault else ""
    click.echo(f"{contents.answers} answers are played back from {settings.playback}.{fault}")

    def tally() -> str:
        hits, misses, _ = playback.tally(settings)
        return f"Answered from the capture: {hits}. Not in the capture: {misses}."

    with _told_at_the_end(tally):
        yield


@contextmanager
def shadowing(settings: Settings) -> Iterator[None]:
    """Begin to count what the shadow answers, if there is one, and tell it in the end."""
    if not settings.shadow:
        yield
        return
    from userapi_gw import shadow

    shadow.begin(settings)

    def report() -> str:
        counts, differences = shadow.report(settings)
        counted = ", ".join(f"{name} {count}" for name, count in counts.items())
        return "\n".join([f"The shadow: {counted}.", *(f"  {count} {told}" for told, count in differences.items())])

    with _told_at_the_end(report):
        yield


@contextmanager
def _told_at_the_end(words: Callable[[], str]) -> Iterator[None]:
    """Say something when the server leaves, in the process that began; workers leave by the same way."""
    process = os.getpid()
    try:
        yield
    except SystemExit:
        if os.getpid() == process:
            click.echo(words(), err=True)
        raise
