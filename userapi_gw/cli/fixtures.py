"""`userapi-gw fixtures`: files of one request and its answer each, added from captures and run against servers."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from userapi_gw.cli.asking import ask_password, could_not_run, rules_of, server_address
from userapi_gw.cli.statuses import AMISS

if TYPE_CHECKING:
    from userapi_gw.compare.fixtures import Fixture
    from userapi_gw.compare.fixtures.verify import Ran
    from userapi_gw.compare.rules import Rules

LEFT_OUT = "left out"

FOLDER = click.Path(path_type=Path, file_okay=False)
"""A folder that may not be there yet."""

Command = Callable[..., None]


@click.group()
def fixtures() -> None:
    """Keep requests with the answers they should get, and see whether a server gives them."""


def _on_a_server(command: Command) -> Command:
    """Give a command the options to reach a server."""
    for option in (
        click.option("--allow-writes", is_flag=True, help="Also run fixtures that change something on the server."),
        click.option("--site", default=1, show_default=True, help="Site to log in for."),
        click.option("--as", "email", metavar="EMAIL", help="Log in; the password is asked for, or read from stdin."),
        click.option("--to", "url", metavar="URL", required=True, help="Address of the server."),
        click.argument("folder", type=FOLDER),
    ):
        command = option(command)
    return command


@fixtures.command()
@click.argument("capture", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("folder", type=FOLDER)
@click.option("--act", default="*", metavar="PATTERN", help="Only acts such as updates_*.")
@click.option("--source", metavar="TEXT", help="Where the answers come from; the capture unless told.")
@click.option("--date", metavar="DATE", help="When they were given, as 2008-10-25; today unless told.")
@click.option("--dialect", type=click.Choice(("2008", "2009")), default="2009", show_default=True)
def add(capture: Path, folder: Path, act: str, source: str | None, date: str | None, dialect: str) -> None:
    """Make a fixture of each request of /data in CAPTURE that has an answer.

    Secrets are replaced. Logins and uploads are left out: they do not work twice.
    """
    from userapi_gw.compare.fixtures.adding import Origin, fixtures_of
    from userapi_gw.compare.fixtures.files import DATE
    from userapi_gw.compare.sides import Recorded

    if date and not re.fullmatch(DATE, date):
        raise click.BadParameter(f"{date} is none such as 2008-10-25", param_hint="--date")
    recorded = Recorded(capture)
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for fixture in fixtures_of(recorded, folder, Origin(source or capture.name, date or _today(), dialect), act):
        fixture.write()
        click.echo(fixture.path)
        count += 1
    if recorded.fault:
        could_not_run(recorded.fault)
    click.echo(f"Fixtures added: {count}.")


@fixtures.command(name="list")
@click.argument("folder", type=FOLDER)
def list_fixtures(folder: Path) -> None:
    """List the fixtures of FOLDER: act, dialect, date, source, and whether an answer was changed by hand."""
    from userapi_gw.compare.reports.report import printable

    for fixture in _load(folder):
        content = fixture.content
        changed = "" if fixture.is_whole else "  CHANGED BY HAND"
        act = fixture.exchange().act
        row = f"{fixture.name}  {act}  {content.dialect}  {content.date}  {content.source}{changed}"
        click.echo(printable(row))


@fixtures.command()
@_on_a_server
@click.option("--rules", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="What may differ where.")
@click.option("--exact", is_flag=True, help="Every byte counts, but at volatile positions.")
def verify(folder: Path, rules: Path | None, *, exact: bool, allow_writes: bool, **server: str | int | None) -> None:
    """Run the fixtures of FOLDER against a server.

    Fixtures that write are left out unless you allow it, as are those that need what this server does not offer. The
    exit status is 0 when all answers are as they should be, 1 when one is not, 3 when the server could not be asked.
    """
    counts: Counter[str] = Counter()
    for ran in _run(folder, server, rules_of(rules), exact=exact, allow_writes=allow_writes):
        counts[ran.judged.verdict if ran.judged else LEFT_OUT] += 1
        if ran.judged and ran.judged.verdict == "matched":
            continue
        for line in _told(ran):
            click.echo(line)
    click.echo(", ".join(f"{counts[name]} {name}" for name in ("matched", "divergent", "unserved", LEFT_OUT)) + ".")
    if counts.total() == counts[LEFT_OUT]:
        could_not_run(f"{folder}: no fixture was run")
    sys.exit(AMISS if counts["divergent"] or counts["unserved"] else 0)


@fixtures.command()
@_on_a_server
@click.option("--all", "everything", is_flag=True, help="Also those whose answer is as it should be.")
def update(folder: Path, *, everything: bool, allow_writes: bool, **server: str | int | None) -> None:
    """Put the answers a server gives now into the fixtures of FOLDER that are divergent, with today as their date.

    Look at what changed before you keep it.
    """
    from userapi_gw.compare.fixtures.adding import answer_of
    from userapi_gw.compare.rules import Rules

    count = 0
    for ran in _run(folder, server, Rules(), exact=False, allow_writes=allow_writes):
        if ran.judged is None or ran.answered is None or (ran.judged.verdict == "matched" and not everything):
            continue
        ran.fixture.with_answer(answer_of(ran.answered), _today()).write()
        click.echo(ran.fixture.path)
        count += 1
    click.echo(f"Fixtures updated: {count}.")


def _run(folder: Path, server: dict[str, str | int | None], rules: "Rules", **how: bool) -> Iterator["Ran"]:
    from userapi_gw.compare.fixtures import FixtureError
    from userapi_gw.compare.fixtures.verify import run_all
    from userapi_gw.compare.fixtures.web import Web
    from userapi_gw.replay.running.accounts import Account
    from userapi_gw.replay.running.runner import LoginRefusedError
    from userapi_gw.replay.running.target import NoAnswerError, Target, TargetAwayError

    found = _load(folder)
    with closing(Target(server_address(str(server["url"]), "--to"), keep_host=True)) as target:
        email = server["email"]
        account = Account(str(email), ask_password()) if email else None
        try:
            yield from run_all(found, Web(target, account, int(server["site"] or 1)), rules, **how)
        except (FixtureError, LoginRefusedError) as error:
            could_not_run(str(error))
        except (TargetAwayError, NoAnswerError) as error:
            could_not_run(f"{server['url']} does not answer: {error}")


def _load(folder: Path) -> list["Fixture"]:
    from userapi_gw.compare.fixtures import FixtureError, load

    try:
        return load(folder)
    except FixtureError as error:
        could_not_run(str(error))


def _told(ran: "Ran") -> list[str]:
    from userapi_gw.compare.reports.report import printable

    if ran.judged is None:
        return [f"{LEFT_OUT}  {ran.fixture.name}: {ran.left_out}"]
    reasons = [ran.judged.reason] if ran.judged.reason else [one.told() for one in ran.judged.findings.differences]
    return [f"{ran.judged.verdict}  {ran.fixture.name}", *(f"  {printable(reason)}" for reason in reasons)]


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"
