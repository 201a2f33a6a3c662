"""The command line, `userapi-gw`. A command is a function below `console`; what goes wrong is one line and status 2."""

import logging
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from userapi_gw import server
from userapi_gw.cli_doctor import doctor
from userapi_gw.errors import explain
from userapi_gw.private_file import write_private
from userapi_gw.settings import Settings, SettingsError
from userapi_gw.settings.sources import load_settings, option

if TYPE_CHECKING:
    from userapi_gw.embedded.openvk import Emulation
    from userapi_gw.state import State

PROGRAM = "userapi-gw"
BACKEND_BIND = "127.0.0.1:8081"
EMULATIONS = ("openvk", "openvk-2023")  # the keys of VARIANTS, which would be slow to import here
# Tables and lists do not fit a command line, and everybody on the machine can read passwords there.
_NOT_ON_COMMAND_LINE = {
    *("sites", "clients", "limits", "banned_emails", "media_hosts"),
    *("database_url", "secret_key", "smtp_url", "vk_client_secret"),
}
_OPTIONS = [name for name in Settings.model_fields if name not in _NOT_ON_COMMAND_LINE]

Command = Callable[..., None]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with status 0, or 2 after one line on stderr that says what is wrong."""
    try:
        console.main(args=arguments, prog_name=PROGRAM, standalone_mode=False)
    except click.UsageError as error:
        _fail(f"{error.format_message()} See {error.ctx.command_path if error.ctx else PROGRAM} --help.")
    except click.ClickException as error:
        _fail(error.format_message())
    except SettingsError as error:
        _fail(str(error))
    except (OSError, ImportError, SQLAlchemyError) as error:  # ImportError: the database's driver
        _fail(explain(error))
    except click.Abort:
        sys.exit(130)  # interrupted, as shells count it
    sys.exit(0)


def _fail(reason: str) -> NoReturn:
    click.echo(f"{PROGRAM}: {reason}", err=True)
    sys.exit(2)


def _version() -> str:
    try:
        return metadata.version(PROGRAM)
    except metadata.PackageNotFoundError:
        return "(not installed)"


def _setting_options(*names: str) -> Callable[[Command], Command]:
    """Give a command `--config` and an option for each setting; checking the values is the settings' business."""

    def decorate(command: Command) -> Command:
        for name in reversed(names):
            field = Settings.model_fields[name]
            default = f" [default: {field.default}]" if field.default != "" else ""
            command = click.option(option(name), name, metavar="VALUE", help=f"{field.description}{default}")(command)
        path = click.Path(path_type=Path)
        return click.option("--config", type=path, metavar="FILE", help="TOML file with settings.")(command)

    return decorate


@click.group(no_args_is_help=False)
@click.version_option(_version(), message="%(prog)s %(version)s")
def console() -> None:
    """Answers programs written for Vkontakte's UserAPI of 2008 on data kept by a modern VK-style server."""


console.add_command(doctor)


@console.command()
@_setting_options(*_OPTIONS)
def serve(config: Path | None, **given: str | None) -> None:
    """Serve the gateway until Ctrl-C.

    Settings that are not options here (tables, lists, secrets) come from the TOML file or from USERAPI_GW_...
    variables; `userapi-gw config` lists them all.
    """
    from userapi_gw.app import create_app

    settings = load_settings(given, config).settings
    settings.prepare_data_dir()
    settings.load_secret_key()
    _serve(partial(create_app, settings), settings, _gateway_banner)


@console.command()
@click.option("--bind", metavar="VALUE", default=BACKEND_BIND, show_default=True, help="Address to listen on.")
@click.option("--emulate", type=click.Choice(EMULATIONS), help="Answer as such a server does.")
@click.option(
    "--write-limit",
    metavar="COUNT/SECONDS",
    default="5/20",
    show_default=True,
    help="Writes an emulated server takes from an address, or off.",
)
@_setting_options("data_dir", "workers", "threads", "log_level")
def backend(config: Path | None, emulate: str | None, write_limit: str, **given: str | None) -> None:
    """Serve the embedded VK-style backend alone, for other VK clients, until Ctrl-C."""
    from userapi_gw.embedded import create_backend

    settings = load_settings(given, config).settings
    settings.prepare_data_dir()
    emulation = _emulation(emulate, write_limit) if emulate else None
    banner = _emulation_banner if emulate else _backend_banner
    _serve(partial(create_backend, settings.embedded_database, emulation), settings, banner)


def _emulation(name: str, write_limit: str) -> "Emulation":
    from userapi_gw.embedded.openvk import VARIANTS, Limit

    try:
        return replace(VARIANTS[name], writes=Limit.read(write_limit))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--write-limit") from error


@console.command(name="config")
@_setting_options(*_OPTIONS)
def show_config(config: Path | None, **given: str | None) -> None:
    """Print every setting, its value and where the value came from."""
    loaded = load_settings(given, config)
    for name, value in loaded.settings.shown().items():
        click.echo(f"# {Settings.model_fields[name].description}")
        click.echo(f"{name} = {value}  ({loaded.sources[name]})")


@console.command()
@_setting_options("data_dir")
def unknown(config: Path | None, **given: str | None) -> None:
    """List the acts that programs asked for and nobody serves: how often, when last (UTC), which."""
    from userapi_gw.acts import ACTS

    with closing(_state(config, given)) as state:
        rows = [row for row in state.unknown.rows() if row[0] not in ACTS]  # some may be served by now
    for name, count, last_seen in rows:
        click.echo(f"{count:8}  {datetime.fromtimestamp(last_seen, UTC):%Y-%m-%d %H:%M:%S}  {name}")
    if not rows:
        click.echo("No unknown acts so far.")


@console.command(name="export")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file, not to the screen.")
@_setting_options("data_dir")
def export_overlays(config: Path | None, out: Path | None, **given: str | None) -> None:
    """Write what is kept for backends that lack it (bookmarks, tags, statuses ...) as JSON lines."""
    with closing(_state(config, given)) as state:
        lines = (f"{line}\n" for line in state.overlays.transfer.lines())
        if out:
            write_private(out, lines)
        else:
            sys.stdout.writelines(lines)


@console.command(name="import")
@click.argument("file", type=click.File("rb"))
@_setting_options("data_dir")
def import_overlays(config: Path | None, file: IO[bytes], **given: str | None) -> None:
    """Add what `userapi-gw export` wrote to what is kept here, all of FILE or nothing of it.

    What is here already stays as it is. Stop the gateway before.
    """
    from userapi_gw.state.overlays import TransferError

    with closing(_state(config, given)) as state:
        try:
            added = state.overlays.transfer.take(file)
        except TransferError as error:
            _fail(f"{file.name}: {error}; nothing was taken over")
    click.echo(f"Rows added: {added}.")


def _state(config: Path | None, given: Mapping[str, str | None]) -> "State":
    from userapi_gw.state import open_state

    settings = load_settings(given, config).settings
    settings.prepare_data_dir()
    return open_state(settings.database_url, settings.load_secret_key())


@console.command()
@click.argument("name", required=False)
@click.option("--send", is_flag=True, help="Send all of them again, by the mail server of the settings (smtp_url).")
@_setting_options("data_dir")
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
        _fail(f"there is no mail called {name!r} in the outbox")


def _send_again(settings: Settings, name: str | None) -> None:
    from userapi_gw.notify import Mailer, Outbox
    from userapi_gw.notify.mailer import MailServer

    if name is not None:
        raise click.UsageError("--send sends all mails and takes no NAME.")
    if settings.smtp_url is None:
        _fail("smtp_url: needed to send mails")
    outbox = Outbox(settings.outbox_dir)
    mailer = Mailer(MailServer.parse(settings.smtp_url.get_secret_value()), outbox)
    sent, faults = outbox.send_again(mailer.deliver)
    click.echo(f"Mails sent: {sent}.")
    if faults:
        _fail(f"mails the mail server did not take: {len(faults)} ({', '.join(sorted(set(faults)))}); they are kept")


def _serve(factory: server.Factory, settings: Settings, banner: Callable[[str, Settings], str]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # until gunicorn has handlers of its own
        signal.signal(number, lambda *_: sys.exit(0))
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("userapi_gw").setLevel(settings.log_level.upper())
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # our own log tells once what urllib3 tells at every try
    with server.listen(settings.bind) as listener:
        server.rehearse(factory)
        click.echo(banner(server.address_of(listener), settings))
        server.run(factory, listener, settings.workers, settings.threads)


def _gateway_banner(address: str, settings: Settings) -> str:
    host, _, port = _reachable(address).rpartition(":")
    port_80 = "" if port == "80" else " and serve\non port 80 (--bind 127.0.0.1:80), the only one old programs know"
    accounts = f"{_accounts()}\n" if settings.backend == "embedded" else ""
    return f"""\
The gateway answers at http://{_reachable(address)}/ (backend: {settings.backend})
{accounts}To bring an old program here, name {_reachable(address)} as its HTTP proxy,
or add this line to the hosts file of its machine{port_80}:
  {host.strip("[]")} userapi.com login.userapi.com durov.ru
Ctrl-C stops it."""


def _backend_banner(address: str, _settings: Settings) -> str:
    return f"The embedded backend answers at http://{_reachable(address)}/\n{_accounts()}\nCtrl-C stops it."


def _emulation_banner(address: str, settings: Settings) -> str:
    from userapi_gw.embedded.openvk import GUARDED

    guarded = [f"  {email}  password {one.password}  code {one.code}" for email, one in GUARDED.items()]
    plain, _, last = _backend_banner(address, settings).rpartition("\n")
    return "\n".join([plain, *guarded, "It answers as an OpenVK does.", last])


def _reachable(address: str) -> str:
    host, _, port = address.rpartition(":")
    every_address = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104
    return f"{every_address.get(host, host)}:{port}"


def _accounts() -> str:
    from userapi_gw.embedded import DEMO_ACCOUNTS

    rows = [f"  {email}  password {password}  ({name})" for email, password, name in DEMO_ACCOUNTS]
    return "\n".join(["Accounts to try:", *rows])
