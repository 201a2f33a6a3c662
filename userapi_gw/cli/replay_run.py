"""Runs a replay: shows how far it is, and says in the end what became of it."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from userapi_gw.cli.statuses import AMISS, NOT_RUN
from userapi_gw.errors import explain
from userapi_gw.replay import captures
from userapi_gw.replay.faults import CaptureError
from userapi_gw.replay.running.outcome import Outcome
from userapi_gw.replay.running.output import Output
from userapi_gw.replay.running.runner import LoginRefusedError, Runner
from userapi_gw.replay.running.target import TargetAwayError

LINE_SECONDS = 10.0
"""Between two lines that tell how far it is, where there is no terminal."""


def run(runner: Runner, capture: Path, output: Output | None) -> int:
    """Replay a capture, print what became of it, and return the exit status. Raises click.Abort on Ctrl-C."""
    if output:
        _go_on(runner, output)
    is_whole, fault = False, ""
    try:
        with _shown(capture) as runner.tell:
            fault = _run(runner, capture)
        is_whole = True
    except TargetAwayError as error:
        fault = f"the server does not answer: {error}"
    except LoginRefusedError as error:
        fault = str(error)
    except OSError as error:
        fault = explain(error)
    except KeyboardInterrupt:
        raise click.Abort from None
    finally:
        runner.target.close()
        if output:
            output.close(is_whole=is_whole)
        click.echo("\n".join(runner.outcome.lines()))
    return _status(runner.outcome, fault, is_whole=is_whole, can_go_on=output is not None)


def _go_on(runner: Runner, output: Output) -> None:
    progress = output.progress
    runner.out, runner.cleaner, runner.journal = output.file, output.cleaner, output.journal
    runner.done, runner.unsure = progress.done, progress.under_way
    runner.bindings.take(progress.learned)


def _run(runner: Runner, capture: Path) -> str:
    """Replay what can be read; returns what is wrong with the rest."""
    try:
        runner.run(captures.read(capture))
    except CaptureError as error:
        return f"{capture}: {error}"
    return "" if runner.outcome.has_any else f"{capture}: there is no request of UserAPI in it"


def _status(outcome: Outcome, fault: str, *, is_whole: bool, can_go_on: bool) -> int:
    if fault:
        hint = "; --resume goes on from here" if can_go_on and not is_whole else ""
        click.echo(f"userapi-gw: {fault}{hint}", err=True)
    if not is_whole or (fault and not outcome.has_any):
        return NOT_RUN
    return AMISS if fault or outcome.troubles else 0


@contextmanager
def _shown(capture: Path) -> Iterator[Callable[[Outcome], None]]:
    """Show how far a replay is: a bar on a terminal, else a line now and then."""
    if not sys.stderr.isatty():
        yield _Lines().tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("requests", total=_count(capture))
        yield lambda outcome: progress.update(task, completed=outcome.seen)


def _count(capture: Path) -> int:
    count = 0
    with suppress(CaptureError, OSError):
        for exchange in captures.read(capture):
            count = exchange.number
    return count


class _Lines:
    """A line every `LINE_SECONDS`."""

    def __init__(self) -> None:
        self._next = time.monotonic() + LINE_SECONDS

    def tell(self, outcome: Outcome) -> None:
        if time.monotonic() >= self._next:
            click.echo(f"requests sent: {outcome.sent}", err=True)
            self._next = time.monotonic() + LINE_SECONDS
