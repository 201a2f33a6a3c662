"""`userapi-gw callback setup` and `userapi-gw callback status`."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from userapi_gw.cli.options import setting_options
from userapi_gw.settings import Settings, SettingsError
from userapi_gw.settings.checks import web_url
from userapi_gw.settings.sources import load_settings

if TYPE_CHECKING:
    from userapi_gw.gateway import Gateway
    from userapi_gw.state.callbacks import CallbackSite

_SETTINGS = ("backend", "backend_url", "data_dir", "public_url", "bind")


@click.group()
def callback() -> None:
    """Events that communities push (Callback API)."""


@callback.command()
@click.option("--site", required=True, type=int, metavar="N", help="The site whose community it is.")
@click.option("--url", metavar="PUBLIC", help="Where the backend reaches the gateway; public_url unless given.")
@setting_options(*_SETTINGS)
def setup(config: Path | None, site: int, url: str | None, **given: str | None) -> None:
    """Have the events of a site's community sent to the gateway, which has to run. May be repeated."""
    from userapi_gw.app import create_app

    settings = load_settings(given, config).settings
    if site not in settings.sites or settings.sites[site].community is None:
        raise click.ClickException(f"site {site} has no community (sites.{site}.community)")
    gateway: Gateway = create_app(settings).extensions["userapi_gw"]
    with closing(gateway):
        _set_up(gateway, site, f"{_public(url) or settings.public_url.rstrip('/')}/callback/{site}")


@callback.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@setting_options("data_dir")
def status(config: Path | None, as_json: bool, **given: str | None) -> None:
    """Tell for each site with a community what came last, and what went wrong."""
    from userapi_gw.state import open_state

    settings = load_settings(given, config).settings
    settings.prepare_data_dir()
    with closing(open_state(settings.database_url, settings.load_secret_key())) as state:
        known = {
            number: (state.callbacks.site(number), state.callbacks.waiting(number)) for number in _numbers(settings)
        }
    if as_json:
        click.echo(json.dumps({number: _facts(settings, number, *found) for number, found in known.items()}))
    elif not known:
        click.echo("No site has a community (sites.N.community).")
    for number, found in () if as_json else known.items():
        click.echo("\n".join(_lines(_facts(settings, number, *found), number)))


def _set_up(gateway: "Gateway", site: int, url: str) -> None:
    from userapi_gw.errors import Failure
    from userapi_gw.inbound.callback_setup import NotSetUpError, explain_refusal, set_up

    community, calls = gateway.settings.sites[site].community, gateway.in_its_name(site)
    if community is None or calls is None:
        raise click.ClickException(f"sites.{site}.community.token: the community's access key is needed")
    try:
        set_up(calls, gateway.state.callbacks, site, community, url, tell=click.echo)
    except NotSetUpError as error:
        raise click.ClickException(str(error)) from None
    except Failure as failure:
        raise click.ClickException(explain_refusal(failure, community.group)) from None


def _public(url: str | None) -> str:
    try:
        return web_url(url) if url else ""
    except ValueError as error:
        raise SettingsError(f"--url: {error}") from None


def _numbers(settings: Settings) -> list[int]:
    return sorted(number for number, site in settings.sites.items() if site.community)


def _facts(settings: Settings, number: int, found: "CallbackSite", waiting: int) -> dict[str, Any]:
    """What may be shown: whether there is a confirmation and a secret, never which secret."""
    community = settings.sites[number].community
    facts = {name: value for name, value in asdict(found).items() if name not in ("confirmation", "secret")}
    own = (community.group, community.confirmation, community.callback_secret) if community else (0, "", None)
    return {
        "group": own[0],
        "has_confirmation": bool(own[1] or found.confirmation),
        "has_secret": bool(own[2] or found.secret),
        **facts,
        "waiting": waiting,
    }


def _lines(facts: dict[str, Any], number: int) -> Iterator[str]:
    yield f"Site {number}, community {facts['group']}, /callback/{number}:"
    lacking = [name for name in ("confirmation", "secret") if not facts[f"has_{name}"]]
    if lacking:
        yield f"  there is no {' and no '.join(lacking)} yet: nothing is taken (userapi-gw callback setup)"
    yield f"  events: {facts['received']}, waiting: {facts['waiting']}"
    yield f"  last event: {_when(facts['last_event_at'])} {facts['last_event']}".rstrip() + _tries(facts["retries"])
    yield f"  last success: {_when(facts['last_success_at'])}"
    yield f"  last fault: {_when(facts['last_fault_at'])} {facts['last_fault']}".rstrip()


def _tries(retries: int) -> str:
    return f" (sent for the {retries + 1}th time)" if retries else ""


def _when(moment: float | None) -> str:
    return datetime.fromtimestamp(moment).astimezone().isoformat(" ", "seconds") if moment else "never"
