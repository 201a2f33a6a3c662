"""The command line: what it prints, its status, and one line for everything that goes wrong."""

import re
import shutil
import signal
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from importlib import metadata
from pathlib import Path
from typing import Literal
from unittest.mock import Mock

import pytest

from tests.mail_server import mail_server
from tests.server_process import ROOT, Started, run, started
from userapi_gw import cli
from userapi_gw.cli import config
from userapi_gw.cli.banners import gateway_banner
from userapi_gw.cli.serve import EMULATIONS
from userapi_gw.embedded import DEMO_ACCOUNTS
from userapi_gw.embedded.openvk import VARIANTS
from userapi_gw.notify.letters import activation
from userapi_gw.settings import Settings
from userapi_gw.state import State, open_state

GATEWAY = ["-m", "userapi_gw"]
SECRET = "do-not-show-this-value"
ACCOUNTS = "".join(f"  {email}  password {password}  ({name})\n" for email, password, name in DEMO_ACCOUNTS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own to stand in, without settings around."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def with_world(folder: Path, world_file: Path) -> Path:
    """A folder whose embedded backend has been filled before, which saves the time."""
    data_dir = folder / "userapi-gw-data"
    data_dir.mkdir()
    shutil.copy(world_file, data_dir / "embedded.sqlite3")
    return folder


@pytest.fixture
def gateway_server(with_world: Path) -> Iterator[Started]:
    """A served gateway."""
    with started([*GATEWAY, "serve", "--bind", "127.0.0.1:0"], with_world) as running:
        yield running


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    """Run a command in this process and return status, stdout and stderr."""
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    printed = capsys.readouterr()
    return left.value.code, printed.out, printed.err


def test_version(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, printed, errors = outcome(capsys, "--version")
    assert (status, printed, errors) == (0, f"userapi-gw {cli._version()}\n", "")
    monkeypatch.setattr(metadata, "version", lambda name: f"1.2.3 of {name}")
    assert cli._version() == "1.2.3 of userapi-gw"


def test_help_tells_every_option_with_its_default(capsys: pytest.CaptureFixture[str]) -> None:
    status, printed, errors = outcome(capsys, "serve", "--help")
    text = " ".join(printed.split())
    assert (status, errors) == (0, "")
    assert "--bind VALUE Address to listen on, host:port; port 0 lets the system choose. [default:" in text
    assert set(re.findall(r"--([a-z-]+) (?:VALUE|FILE)", text)) == {
        "config",
        "record",
        *(name.replace("_", "-") for name in Settings.model_fields),
    } - {
        "sites",
        "clients",
        "limits",
        "frame-ancestors",
        "banned-emails",
        "media-hosts",
        "database-url",
        "secret-key",
        "smtp-url",
        "vk-client-secret",
        "notify-channels",
        "devino",
    }


def test_config_tells_value_and_source_and_hides_secrets(folder: Path) -> None:
    (folder / "userapi-gw.toml").write_text("threads = 3\nworkers = 3")
    variables = {
        "USERAPI_GW_SECRET_KEY": SECRET,
        "USERAPI_GW_DATABASE_URL": f"postgresql://me:{SECRET}@host/name",
        "USERAPI_GW_WORKERS": "4",
    }
    status, printed, errors = run([*GATEWAY, "config", "--bind", "[::1]:80"], folder, **variables)
    lines = printed.splitlines()
    assert (status, errors) == (0, "")
    assert SECRET not in printed
    assert lines[0::2] == [f"# {field.description}" for field in Settings.model_fields.values()]
    assert [line for line in lines[1::2] if "(default)" not in line] == [
        "database_url = postgresql://me:***@host/name  (environment USERAPI_GW_DATABASE_URL)",
        "secret_key = ********  (environment USERAPI_GW_SECRET_KEY)",
        "bind = [::1]:80  (command line --bind)",
        "workers = 4  (environment USERAPI_GW_WORKERS)",
        "threads = 3  (file userapi-gw.toml)",
    ]
    assert "data_dir = userapi-gw-data  (default)" in lines
    assert [path.name for path in folder.iterdir()] == ["userapi-gw.toml"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "Missing command. See userapi-gw --help."),
        (["zzz"], "No such command 'zzz'. See userapi-gw --help."),
        (["serve", "--zzz", "x"], "No such option '--zzz'. See userapi-gw serve --help."),
        (
            ["import", "no.jsonl"],
            "Invalid value for 'FILE': 'no.jsonl': No such file or directory. See userapi-gw import --help.",
        ),
        (["serve", "--workers", "0"], "workers (command line --workers): Input should be greater than or equal to 1"),
        (["serve", "--backend", "openvk"], "backend_url (default): needed when the backend is openvk"),
        (["config", "--config", "no.toml"], "config: cannot read no.toml: No such file or directory"),
        (["serve", "--data-dir", "file"], "data_dir: cannot write in file: File exists"),
        (["backend", "--data-dir", "file"], "data_dir: cannot write in file: File exists"),
        (["unknown", "--data-dir", "file/in"], "data_dir: cannot write in file/in: Not a directory"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_is_wrong_is_told_in_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], line: str) -> None:
    Path("file").write_text("")
    status, printed, errors = outcome(capsys, *arguments)
    assert (status, printed, errors) == (2, "", f"userapi-gw: {line}\n")


def test_an_interrupted_command_leaves_as_shells_expect(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "load_settings", Mock(side_effect=KeyboardInterrupt))
    assert outcome(capsys, "config")[0] == 130


@pytest.mark.parametrize("command", ["serve", "backend"])
def test_a_busy_port_is_told_in_one_line(folder: Path, command: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        assert run([*GATEWAY, command, "--bind", bind], folder) == (
            2,
            "",
            f"userapi-gw: bind: cannot listen on {bind}: Address already in use\n",
        )


@pytest.mark.parametrize("command", ["serve", "backend"])
def test_a_damaged_database_is_told_in_one_line(folder: Path, command: str) -> None:
    data_dir = folder / "userapi-gw-data"
    data_dir.mkdir()
    (data_dir / "embedded.sqlite3").write_bytes(b"this is no database " * 100)
    assert run([*GATEWAY, command, "--bind", "127.0.0.1:0"], folder) == (
        2,
        "",
        "userapi-gw: cannot start: DatabaseError: file is not a database\n",
    )


def test_a_damaged_database_of_our_own_is_told_in_one_line(folder: Path) -> None:
    (folder / "damaged.sqlite3").write_bytes(b"this is no database " * 100)
    variables = {"USERAPI_GW_DATABASE_URL": "sqlite:///damaged.sqlite3"}
    line = "DatabaseError: file is not a database\n"
    assert run([*GATEWAY, "unknown"], folder, **variables) == (2, "", f"userapi-gw: {line}")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (PermissionError(13, "Permission denied"), "PermissionError: [Errno 13] Permission denied"),
        (ModuleNotFoundError("No module named 'psycopg2'"), "No module named 'psycopg2'"),
    ],
)
def test_other_failures_are_told_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: Exception, line: str
) -> None:
    monkeypatch.setattr(config, "load_settings", Mock(side_effect=error))
    assert outcome(capsys, "config") == (2, "", f"userapi-gw: {line}\n")


def test_a_secret_key_that_others_may_read_is_told_in_one_line(folder: Path) -> None:
    key = Path("userapi-gw-data/secret_key")
    key.parent.mkdir()
    key.write_text("0" * 64)
    key.chmod(0o644)
    line = f"secret_key: others may read {key} (mode 0644); run: chmod 600 {key}"
    assert run([*GATEWAY, "serve", "--bind", "127.0.0.1:0"], folder) == (2, "", f"userapi-gw: {line}\n")


@pytest.mark.parametrize(("on_miss", "told"), [("fail", False), ("stub", False), ("backend", True)])
def test_accounts_that_a_playback_would_not_let_in_are_not_told(
    on_miss: Literal["fail", "stub", "backend"], told: bool
) -> None:
    banner = gateway_banner("127.0.0.1:80", Settings(playback="capture.jsonl", on_miss=on_miss))
    assert ("Accounts to try:" in banner) is told


def test_the_banner_says_where_who_and_how(gateway_server: Started) -> None:
    host, port = gateway_server.address
    assert gateway_server.banner == (
        f"The gateway answers at http://{host}:{port}/ (backend: embedded)\n"
        f"Accounts to try:\n{ACCOUNTS}"
        f"To bring an old program here, name {host}:{port} as its HTTP proxy,\n"
        "or add this line to the hosts file of its machine and serve\n"
        "on port 80 (--bind 127.0.0.1:80), the only one old programs know:\n"
        "  127.0.0.1 userapi.com login.userapi.com durov.ru\n"
        "Ctrl-C stops it.\n"
    )


@pytest.mark.parametrize(
    ("address", "named", "hosts"),
    [
        ("0.0.0.0:80", "127.0.0.1:80", "its machine:\n  127.0.0.1 userapi.com "),
        ("[::]:80", "[::1]:80", "its machine:\n  ::1 userapi.com "),
        ("192.0.2.7:81", "192.0.2.7:81", "know:\n  192.0.2.7 userapi.com "),
    ],
)
def test_the_banner_names_an_address_that_can_be_reached(address: str, named: str, hosts: str) -> None:
    banner = gateway_banner(address, Settings(backend="vk"))
    assert banner.startswith(f"The gateway answers at http://{named}/ (backend: vk)\nTo bring")
    assert hosts in banner


def test_the_gateway_answers_and_keeps_its_files_private(gateway_server: Started, with_world: Path) -> None:
    answer = gateway_server.send(b"GET /healthz HTTP/1.0\r\n\r\n")
    key = with_world / "userapi-gw-data" / "secret_key"
    assert answer.startswith(b"HTTP/1.0 200 OK\r\n")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [path.name for path in with_world.iterdir()] == ["userapi-gw-data"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_is_quick_and_clean(gateway_server: Started, number: int) -> None:
    with socket.create_connection(gateway_server.address) as kept:
        kept.sendall(b"GET /healthz HTTP/1.1\r\nHost: userapi.com\r\n\r\n")
        assert kept.recv(12) == b"HTTP/1.1 200"
        begin = time.monotonic()
        assert gateway_server.stop(number) == (0, "")
        assert time.monotonic() - begin < 4


def test_the_backend_can_be_served_alone(with_world: Path) -> None:
    with started([*GATEWAY, "backend", "--bind", "127.0.0.1:0"], with_world) as running:
        host, port = running.address
        assert running.banner == (
            f"The embedded backend answers at http://{host}:{port}/\nAccounts to try:\n{ACCOUNTS}Ctrl-C stops it.\n"
        )
        answer = running.send(b"GET /method/utils.getServerTime HTTP/1.0\r\n\r\n")
        assert re.fullmatch(rb'HTTP/1\.0 200 OK\r\n.*\r\n\r\n\{"response":\s*[0-9]+\}\s*', answer, re.DOTALL), answer
        assert running.stop() == (0, "")


def test_the_backend_can_play_an_openvk(with_world: Path) -> None:
    emulating = [*GATEWAY, "backend", "--bind", "127.0.0.1:0", "--emulate", "openvk"]
    with started(emulating, with_world) as running:
        host, port = running.address
        assert running.banner == (
            f"The embedded backend answers at http://{host}:{port}/\nAccounts to try:\n{ACCOUNTS}"
            "  guarded@test.com  password 7777777  code 426396\nIt answers as an OpenVK does.\nCtrl-C stops it.\n"
        )
        answer = running.send(b"GET /method/fave.get HTTP/1.0\r\n\r\n")
        assert answer.startswith(b"HTTP/1.0 400 Bad API Call\r\n"), answer
        assert running.stop() == (0, "")


def test_the_emulations_are_those_there_are() -> None:
    assert tuple(VARIANTS) == EMULATIONS


def test_a_limit_of_writes_has_to_be_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, error = outcome(capsys, "backend", "--emulate", "openvk", "--write-limit", "many")
    assert (status, "a limit is count/seconds or off" in error) == (2, True)


def test_unknown_acts_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(capsys, "unknown") == (0, "No unknown acts so far.\n", "")
    settings = Settings()
    with closing(open_state(settings.database_url, settings.load_secret_key(), clock=lambda: 1262304000.0)) as state:
        for name in ("gifts", "audio", "gifts"):
            state.unknown.add(name)
    assert outcome(capsys, "unknown") == (
        0,
        "       2  2010-01-01 00:00:00  gifts\n       1  2010-01-01 00:00:00  audio\n",
        "",
    )


def kept(*names: str) -> None:
    """Put letters into the outbox, as registrations do."""
    settings = Settings()
    with closing(open_state(settings.database_url, settings.load_secret_key())) as state:
        for name in names:
            state.notifications.post("activation", letter(name).as_string(), name)


def test_the_outbox_is_listed_and_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(capsys, "outbox") == (0, "The outbox is empty.\n", "")
    kept("ann", "bob")
    assert outcome(capsys, "outbox") == (
        0,
        "1  waiting  activation  ann@example.org\n2  waiting  activation  bob@example.org\n",
        "",
    )
    status, printed, errors = outcome(capsys, "outbox", "2")
    assert (status, errors) == (0, "")
    assert printed.startswith("State: waiting\nKind: activation\nAdded: ")
    subject = "Подтверждение регистрации / Confirm your registration"
    assert f"\nTo: bob@example.org\nSubject: {subject}\nDate: " in printed
    assert "\n\nhttp://durov.ru/#;confirm=bob\n\n" in printed
    assert outcome(capsys, "outbox", "9") == (2, "", "userapi-gw: there is no 9 in the outbox\n")


def test_the_outbox_is_sent(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept("ann", "bob", "eve")
    with mail_server() as post_office:
        Path("userapi-gw.toml").write_text(f'smtp_url = "{post_office.url}"')
        post_office.refuse_to = "bob@example.org"
        line = "not sent: 1 (email: SMTPDataError); see userapi-gw outbox"
        assert outcome(capsys, "outbox", "--send") == (2, "Sent: 2.\n", f"userapi-gw: {line}\n")
        left = "2  failed  activation  bob@example.org  email  email: SMTPDataError\n"
        assert outcome(capsys, "outbox") == (0, left, "")
        post_office.refuse_to = ""
        assert outcome(capsys, "outbox", "--send", "2") == (0, "Sent: 1.\n", "")
        assert outcome(capsys, "outbox", "--send") == (0, "Sent: 0.\n", "")
        error = "userapi-gw: there is no 2 in the outbox that can be sent\n"
        assert outcome(capsys, "outbox", "--send", "2") == (2, "", error)
    assert [recipients for _, recipients, _ in post_office.letters] == [
        [f"{name}@example.org"] for name in ("ann", "eve", "bob")
    ]
    assert outcome(capsys, "outbox") == (0, "The outbox is empty.\n", "")
    status, printed, _ = outcome(capsys, "outbox", "2")
    assert (status, "confirm=bob" in printed) == (0, False)


def test_the_outbox_cannot_be_sent_without_a_mail_server(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept("ann")
    line = "userapi-gw: not sent: 1 (email: no mail server (smtp_url)); see userapi-gw outbox\n"
    assert outcome(capsys, "outbox", "--send") == (2, "Sent: 0.\n", line)
    status, printed, _ = outcome(capsys, "outbox", "1")
    assert (status, "confirm=ann" in printed) == (0, True)


def letter(name: str) -> EmailMessage:
    return activation("network@example.org", f"{name}@example.org", f"http://durov.ru/#;confirm={name}", 3)


def test_other_servers_find_the_application_in_wsgi(with_world: Path) -> None:
    script = (
        "import wsgi; from werkzeug.test import Client; "
        "print(__import__('pathlib').Path('userapi-gw-data/secret_key').exists(), end=' '); "
        "print(Client(wsgi.application).get('/healthz').status_code)"
    )
    assert run(["-c", script], with_world) == (0, "False 200\n", "")


def test_gunicorn_can_be_called_by_hand(with_world: Path) -> None:
    command = ["-m", "gunicorn", "--check-config", "-c", str(ROOT / "userapi_gw" / "gunicorn.conf.py"), "wsgi"]
    assert run(command, with_world) == (0, "", "")


def test_overlays_written_and_taken_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(_state(folder / "one")) as state:
        state.overlays.bookmarks.add(1, 6)
        state.overlays.statuses.add(1, "один", 0)
    assert outcome(capsys, "export", "--data-dir", "one", "--out", "kept.jsonl") == (0, "", "")
    assert stat.S_IMODE((folder / "kept.jsonl").stat().st_mode) == 0o600
    status, printed, errors = outcome(capsys, "export", "--data-dir", "one")
    written = (folder / "kept.jsonl").read_text(encoding="utf-8")
    assert (status, printed.splitlines()[1:], errors) == (0, written.splitlines()[1:], "")  # but for the date
    assert outcome(capsys, "import", "--data-dir", "two", "kept.jsonl") == (0, "Rows added: 2.\n", "")
    assert outcome(capsys, "import", "--data-dir", "two", "kept.jsonl") == (0, "Rows added: 0.\n", "")
    with closing(_state(folder / "two")) as state:
        assert state.overlays.bookmarks.of(1) == [6]
        assert [row.text for row in state.overlays.statuses.page(1, 0, 9)[1]] == ["один"]


def test_an_import_that_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cut.jsonl").write_text('{"format": "userapi-gw overlays", "version": 1}\n')
    status, printed, errors = outcome(capsys, "import", "cut.jsonl")
    assert (status, printed) == (2, "")
    assert errors == "userapi-gw: cut.jsonl: line 1: the file is not whole; nothing was taken over\n"
    status, printed, errors = outcome(capsys, "import", "missing.jsonl")
    assert (status, printed) == (2, "")
    assert errors.startswith("userapi-gw: Invalid value for 'FILE': 'missing.jsonl': No such file")


def test_an_export_that_cannot_be_written_leaves_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "there").mkdir()
    status, printed, errors = outcome(capsys, "export", "--out", "there")
    assert (status, printed, errors.startswith("userapi-gw: IsADirectoryError: ")) == (2, "", True)
    assert sorted(path.name for path in folder.iterdir()) == ["there", "userapi-gw-data"]


def _state(data_dir: Path) -> State:
    settings = Settings(data_dir=data_dir)
    settings.prepare_data_dir()
    return open_state(settings.database_url, settings.load_secret_key())
