"""`userapi-gw notify run`."""

import signal
from pathlib import Path

import click

from userapi_gw.cli.options import gateway_of, setting_options


@click.group()
def notify() -> None:
    """Tell people outside of UserAPI what is new."""


@notify.command()
@setting_options("data_dir", "log_level")
def run(config: Path | None, **given: str | None) -> None:
    """Send what waits in the outbox until Ctrl-C, as the server processes do unless notify_worker is false.

    Any number of such processes share the work, also on other machines, if they have one database.
    """
    from userapi_gw.gateway import SENDER
    from userapi_gw.worker import Worker

    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # also for all threads begun from here on: sigwait gets them
    with gateway_of(config, given) as gateway:
        worker = Worker(SENDER, gateway.sender().do)
        worker.start()
        click.echo("Sends what waits in the outbox. Ctrl-C stops it.")
        signal.sigwait(signals)
        worker.close()
