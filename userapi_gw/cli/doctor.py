"""`userapi-gw doctor`: can the gateway be put in front of this server, and what will work there?"""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from userapi_gw.cli.asking import ask_password
from userapi_gw.cli.statuses import AMISS, NOT_RUN, leave

if TYPE_CHECKING:
    from userapi_gw.backend.client import Client

TIMEOUT = 10.0  # seconds for one call


@click.command()
@click.option("--backend", "url", metavar="URL", required=True, help="Address of the server.")
@click.option("--kind", type=click.Choice(("openvk", "vk", "embedded")), help="What it is, unless it tells by itself.")
@click.option("--login", metavar="EMAIL", help="Log in; the password is asked for, or read from the standard input.")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="File with a token of the server.")
@click.option("--json", "wants_json", is_flag=True, help="Print JSON.")
def doctor(url: str, kind: str | None, login: str | None, token_file: Path | None, *, wants_json: bool) -> None:
    """Look what works on a server, without changing anything there.

    The exit status is 0 when the gateway can be used with it, 1 when something it needs is missing, 3 when the server
    cannot be reached.
    """
    from userapi_gw.doctor import as_json, as_text, examine
    from userapi_gw.doctor.examination import viewer_of
    from userapi_gw.errors import NoAnswer

    if login and token_file:
        raise click.UsageError("Say --login or --token-file, not both.")
    url = _address(url)
    with closing(_client(url, "vk")) as first:
        kind = kind or _kind(first, url)
    try:
        with closing(_client(url, kind)) as client:
            token = _token(client, login, token_file)
            found = examine(client, url, kind, viewer_of(client, token) if token else 0, token)
    except NoAnswer as failure:
        leave(NOT_RUN, f"{url} does not answer: {failure}")
    click.echo((as_json if wants_json else as_text)(found))
    sys.exit(AMISS if found.missing else 0)


def _address(url: str) -> str:
    from userapi_gw.settings.checks import web_url

    try:
        return web_url(url)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--backend") from None


def _client(url: str, kind: str) -> "Client":
    from userapi_gw.backend.client import Client, Transports
    from userapi_gw.backend.dialects import DIALECTS
    from userapi_gw.settings import VK_CALLS_PER_SECOND

    pause = 1 / VK_CALLS_PER_SECOND if url.endswith((".vk.com", ".vk.ru")) else 0.0
    return Client(url, Transports.over_http(), TIMEOUT, DIALECTS[kind], reserve=lambda _token, _left: pause)


def _kind(client: "Client", url: str) -> str:
    from userapi_gw.doctor.examination import kind_of
    from userapi_gw.errors import Failure

    if not client.is_reachable():
        leave(NOT_RUN, f"{url} cannot be reached, or is no VK-style server")
    try:
        return kind_of(client)
    except Failure as failure:
        leave(NOT_RUN, f"{url} does not answer: {failure}")


def _token(client: "Client", login: str | None, token_file: Path | None) -> str:
    from userapi_gw.errors import Failure, Kind

    if token_file:
        return token_file.read_text(encoding="utf-8").strip()
    if not login:
        return ""
    try:
        return client.grant(login, ask_password()).token
    except Failure as failure:
        if failure.kind is Kind.BACKEND_AWAY:
            raise
        leave(AMISS, f"the login failed ({failure.kind.value}); a token of the account may do, see --token-file")
