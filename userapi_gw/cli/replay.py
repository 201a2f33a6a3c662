"""`userapi-gw replay`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from userapi_gw.cli.recording import FORMATS
from userapi_gw.cli.statuses import NOT_RUN, leave

if TYPE_CHECKING:
    from userapi_gw.replay.running.accounts import Accounts
    from userapi_gw.replay.running.output import Output
    from userapi_gw.replay.running.runner import Runner

PASSWORD_VARIABLE = "REPLAY_PASSWORD"  # noqa: S105 - a name


@click.command()
@click.argument("capture", type=click.Path(path_type=Path))
@click.option("--to", "url", metavar="URL", required=True, help="Address of the gateway.")
@click.option("--as", "people", metavar="[OLD=]EMAIL", multiple=True, help="Who people of the capture are now.")
@click.option("--map-sid", "sids", metavar="OLD=NEW", multiple=True, help="A sid (or cid) you have already.")
@click.option("--site", default=1, show_default=True, help="Site to log in for where the capture shows no login.")
@click.option("--speed", metavar="N|max", default="max", show_default=True, help="1: the recorded pace, 10: faster.")
@click.option("--rate", type=click.FloatRange(0, min_open=True), metavar="N", help="At most N requests per second.")
@click.option("--allow-writes", is_flag=True, help="Also send what changes something.")
@click.option("--keep-host", is_flag=True, help="Tell the gateway the host names of the capture.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write what was sent and answered.")
@click.option("--format", "named", type=click.Choice(FORMATS), help="Format of FILE, when its name does not end so.")
@click.option("--resume", is_flag=True, help="Go on where the replay that wrote FILE was stopped.")
def replay(capture: Path, url: str, out: Path | None, named: str | None, *, resume: bool, **given: Any) -> None:
    """Send the requests of UserAPI in CAPTURE to a gateway, and tell what could not be replayed as it was recorded.

    CAPTURE is WARC, HAR, JSON lines, an access log or a list of addresses. Passwords are asked for, or read from the
    standard input, a line for each account; or the variable REPLAY_PASSWORD has the one of all accounts.

    The exit status is 0, 1 when something could not be replayed, 3 when the replay could not be run to its end.
    """
    from userapi_gw.cli.replay_run import run

    if resume and out is None:
        raise click.UsageError("--resume goes on with the replay that wrote --out FILE; name it.")
    runner = _runner(url, **given)
    output = _output(out, named or "", capture, url, resume=resume) if out else None
    sys.exit(run(runner, capture, output))


def _runner(
    url: str,
    people: tuple[str, ...],
    sids: tuple[str, ...],
    site: int,
    speed: str,
    rate: float | None,
    *,
    allow_writes: bool,
    keep_host: bool,
) -> "Runner":
    from userapi_gw.replay.running.bindings import SID, Bindings
    from userapi_gw.replay.running.pace import Pace
    from userapi_gw.replay.running.runner import Runner
    from userapi_gw.replay.running.target import Address, Target

    bindings = Bindings()
    bindings.take((SID, "", *_split(text, "--map-sid")) for text in sids)
    return Runner(
        Target(Address.parse(_web_url(url)), keep_host=keep_host),
        _accounts(people),
        bindings,
        Pace(_speed(speed), rate or 0.0),
        allow_writes=allow_writes,
        site=site,
    )


def _web_url(url: str) -> str:
    from userapi_gw.settings.checks import web_url

    try:
        return web_url(url)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--to") from None


def _speed(text: str) -> float:
    """0.0 for `max`."""
    if text == "max":
        return 0.0
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise click.BadParameter("a number above 0, or max", param_hint="--speed")
    return speed


def _split(text: str, option: str) -> tuple[str, str]:
    old, separator, new = text.partition("=")
    if not (old and separator and new):
        raise click.BadParameter("OLD=NEW", param_hint=option)
    return old, new


def _accounts(people: tuple[str, ...]) -> "Accounts":
    from userapi_gw.replay.running.accounts import Account, Accounts

    named = dict(_split(text, "--as") for text in people if "=" in text)
    everybody = [text for text in people if "=" not in text]
    if len(everybody) > 1:
        raise click.UsageError("--as EMAIL stands for everybody; say OLD=EMAIL for each when there are several.")
    passwords = {email: _password(email) for email in dict.fromkeys([*everybody, *named.values()])}
    by_name = {old: Account(email, passwords[email]) for old, email in named.items()}
    return Accounts(by_name, Account(everybody[0], passwords[everybody[0]]) if everybody else None)


def _password(email: str) -> str:
    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE]
    if sys.stdin.isatty():
        return str(click.prompt(f"Password of {email}", hide_input=True, err=True))
    line = sys.stdin.readline()
    if not line:
        raise click.UsageError(f"no password for {email}: the standard input has too few lines")
    return line.rstrip("\r\n")


def _output(path: Path, named: str, capture: Path, url: str, *, resume: bool) -> "Output":
    from userapi_gw.replay.running.journal import JournalError
    from userapi_gw.replay.running.output import begin, go_on

    try:
        return (go_on if resume else begin)(path, named, capture, url)
    except ValueError as error:
        raise click.UsageError(f"{error} (--format).") from None
    except FileExistsError as error:
        raise click.UsageError(f"{error.filename} exists already; --resume goes on with it.") from None
    except JournalError as error:
        raise click.UsageError(f"{error}.") from None
    except FileNotFoundError as error:
        leave(NOT_RUN, f"{error.filename}: no such file")
