"""`userapi-gw doctor` on really served backends."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_cli import outcome
from tests.server_process import started
from userapi_gw.cli.statuses import NOT_RUN
from userapi_gw.doctor.facts import LACKS
from userapi_gw.doctor.ways import ways

GATEWAY = ["-m", "userapi_gw"]


@pytest.fixture(scope="module")
def folder(world_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a world of its own."""
    made = tmp_path_factory.mktemp("doctor")
    (made / "userapi-gw-data").mkdir()
    shutil.copy(world_file, made / "userapi-gw-data" / "embedded.sqlite3")
    return made


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """A served OpenVK."""
    with started([*GATEWAY, "backend", "--emulate", "openvk", "--bind", "127.0.0.1:0"], folder) as server:
        yield f"http://{server.address[0]}:{server.address[1]}"


def test_a_usable_server(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("7777777\n"))
    status, printed, errors = outcome(capsys, "doctor", "--backend", f"{url}/", "--login", "test@test.com", "--json")
    told = json.loads(printed)
    assert (status, errors) == (0, "")
    assert (told["backend"], told["kind"], told["viewer"]) == (url, "openvk", 1)
    known = ways(lambda method: method not in LACKS["openvk"])
    assert told["acts"] == {name: {"way": one.way.value, "note": one.note} for name, one in known.items()}
    token = tmp_path / "token"
    token.write_text("nonsense\n")
    status, printed, errors = outcome(capsys, "doctor", "--backend", url, "--token-file", str(token))
    assert (status, errors) == (1, "")
    assert printed.endswith("\nThe gateway cannot do without: a valid token\n")


def test_a_wrong_password_is_shown_nowhere(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("not-the-one\n"))
    assert outcome(capsys, "doctor", "--backend", url, "--login", "test@test.com") == (
        1,
        "",
        "userapi-gw: the login failed (wrong_password); a token of the account may do, see --token-file\n",
    )


def test_nothing_listens(capsys: pytest.CaptureFixture[str]) -> None:
    status, printed, errors = outcome(capsys, "doctor", "--backend", "http://127.0.0.1:1")
    assert (status, printed) == (NOT_RUN, "")
    assert errors == "userapi-gw: http://127.0.0.1:1 cannot be reached, or is no VK-style server\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing option '--backend'."),
        (("--backend", "ftp://ovk.example"), "Invalid value for --backend: URL scheme should be 'http' or 'https'"),
        (("--backend", "http://u:p@ovk.example"), "Invalid value for --backend: an address without user name"),
        (("--backend", "http://ovk.example", "--kind", "other"), "Invalid value for '--kind': 'other' is not one of"),
        (("--backend", "http://ovk.example", "--login", "a", "--token-file", "b"), "Say --login or --token-file"),
    ],
)
def test_commands_that_make_no_sense(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    status, printed, errors = outcome(capsys, "doctor", *arguments)
    assert (status, printed) == (2, "")
    assert errors.startswith(f"userapi-gw: {message}")
    assert errors.count("\n") == 1
