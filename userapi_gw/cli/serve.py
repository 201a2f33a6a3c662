"""`userapi-gw serve` and `userapi-gw backend`."""

import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

import click

from userapi_gw import server
from userapi_gw.cli.banners import backend_banner, emulation_banner, gateway_banner
from userapi_gw.cli.last_words import playing_back, shadowing
from userapi_gw.cli.options import OPTIONS, begin_log, setting_options
from userapi_gw.cli.recording import recorder
from userapi_gw.settings import Settings
from userapi_gw.settings.sources import load_settings

if TYPE_CHECKING:
    from userapi_gw.embedded.openvk import Emulation

BACKEND_BIND = "127.0.0.1:8081"
EMULATIONS = ("openvk", "openvk-2023")  # the keys of VARIANTS, which would be slow to import here


Around = Callable[[WSGIApplication], WSGIApplication]


@click.command()
@click.option("--record", type=click.Path(path_type=Path), metavar="FILE", help="Record, see userapi-gw record.")
@setting_options(*OPTIONS)
def serve(record: Path | None, config: Path | None, **given: str | None) -> None:
    """Serve the gateway until Ctrl-C.

    Settings that are not options here (tables, lists, secrets) come from the TOML file or from USERAPI_GW_...
    variables; `userapi-gw config` lists them all.
    """
    serve_gateway(load_settings(given, config).settings, (lambda: recorder(record)) if record else None)


def serve_gateway(settings: Settings, make_around: Callable[[], Around] | None = None) -> None:
    """Serve the gateway; `make_around` makes what is put around it, when it is sure that it can be served."""
    from userapi_gw.app import create_app

    settings.prepare_data_dir()
    settings.load_secret_key()
    with playing_back(settings), shadowing(settings):
        _serve(partial(create_app, settings), settings, gateway_banner, make_around)


@click.command()
@click.option("--bind", metavar="VALUE", default=BACKEND_BIND, show_default=True, help="Address to listen on.")
@click.option("--emulate", type=click.Choice(EMULATIONS), help="Answer as such a server does.")
@click.option(
    "--write-limit",
    metavar="COUNT/SECONDS",
    default="5/20",
    show_default=True,
    help="Writes an emulated server takes from an address, or off.",
)
@setting_options("data_dir", "workers", "threads", "log_level")
def backend(config: Path | None, emulate: str | None, write_limit: str, **given: str | None) -> None:
    """Serve the embedded VK-style backend alone, for other VK clients, until Ctrl-C."""
    from userapi_gw.embedded import create_backend

    settings = load_settings(given, config).settings
    settings.prepare_data_dir()
    emulation = _emulation(emulate, write_limit) if emulate else None
    banner = emulation_banner if emulate else backend_banner
    _serve(partial(create_backend, settings.embedded_database, emulation), settings, banner)


def _emulation(name: str, write_limit: str) -> "Emulation":
    from userapi_gw.embedded.openvk import VARIANTS, Limit

    try:
        return replace(VARIANTS[name], writes=Limit.read(write_limit))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--write-limit") from error


def _serve(
    factory: server.Factory,
    settings: Settings,
    banner: Callable[[str, Settings], str],
    make_around: Callable[[], Around] | None = None,
) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # until gunicorn has handlers of its own
        signal.signal(number, lambda *_: sys.exit(0))
    begin_log(settings)
    with server.listen(settings.bind) as listener:
        server.rehearse(factory)
        around = make_around() if make_around else None
        click.echo(banner(server.address_of(listener), settings))
        server.run((lambda: around(factory())) if around else factory, listener, settings.workers, settings.threads)
