"""`userapi-gw outbox`."""

from pathlib import Path

import click

from userapi_gw.cli.options import setting_options
from userapi_gw.settings import Settings
from userapi_gw.settings.sources import load_settings


@click.command()
@click.argument("name", required=False)
@click.option("--send", is_flag=True, help="Send all of them again, by the mail server of the settings (smtp_url).")
@setting_options("data_dir")
def outbox(config: Path | None, name: str | None, send: bool, **given: str | None) -> None:
    """List the mails no mail server took, or show the one called NAME. They hold activation links: tell nobody else.

    One whose name ends with .sending is under way; if it stays so, it may have been sent or not. Rename it to .eml to
    have it sent again.
    """
    from userapi_gw.notify import Outbox

    settings = load_settings(given, config).settings
    if send:
        _send_again(settings, name)
        return
    letters = Outbox(settings.outbox_dir).letters()
    for letter in letters:
        if name is None:
            click.echo(f"{letter.name}  {letter.recipient}  {letter.subject}")
        elif name == letter.name:
            click.echo(f"To: {letter.recipient}\nSubject: {letter.subject}\nDate: {letter.date}\n\n{letter.text}")
    if name is None and not letters:
        click.echo("The outbox is empty.")
    elif name is not None and name not in {letter.name for letter in letters}:
        raise click.ClickException(f"there is no mail called {name!r} in the outbox")


def _send_again(settings: Settings, name: str | None) -> None:
    from userapi_gw.notify import Mailer, Outbox
    from userapi_gw.notify.mailer import MailServer

    if name is not None:
        raise click.UsageError("--send sends all mails and takes no NAME.")
    if settings.smtp_url is None:
        raise click.ClickException("smtp_url: needed to send mails")
    outbox = Outbox(settings.outbox_dir)
    mailer = Mailer(MailServer.parse(settings.smtp_url.get_secret_value()), outbox)
    sent, faults = outbox.send_again(mailer.deliver)
    click.echo(f"Mails sent: {sent}.")
    if faults:
        reasons = ", ".join(sorted(set(faults)))
        raise click.ClickException(f"mails the mail server did not take: {len(faults)} ({reasons}); they are kept")
