"""`userapi-gw fixtures` against a served gateway: add, list, verify, update."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.test_cli import outcome
from tests.compare.gateways import observe
from tests.conftest import MakeGateway
from tests.program import PASSWORD, Program
from tests.second_server import served

Run = Callable[..., tuple[object, str, str]]


@pytest.fixture
def url(make_gateway: MakeGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A served gateway, and the capture `capture.jsonl` of what a program asked it."""
    monkeypatch.chdir(tmp_path)
    gateway = make_gateway()
    observe(gateway, Path("capture.jsonl"))
    program = Program(gateway).log_in()
    program.get("friends", id=1, **{"from": 0, "to": 3})
    program.get("wall", id=1, to=2)
    program.get("set_activity", text="at home")
    with served(make_gateway(data_dir=tmp_path / "other")) as address:
        yield address


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def fixtures(*arguments: str, password: str = PASSWORD) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return outcome(capsys, "fixtures", *arguments)

    return fixtures


def test_fixtures_from_capture_to_ci(run: Run, url: str) -> None:
    server = ("--to", url, "--as", "test@test.com")
    added = "kept/0002-friends.json\nkept/0003-wall.json\nkept/0004-set_activity.json\nFixtures added: 3.\n"
    assert run("add", "capture.jsonl", "kept", "--source", "the gateway", "--date", "2026-11-29") == (0, added, "")
    assert run("list", "kept")[1].splitlines()[0] == "0002-friends  friends  2009  2026-11-29  the gateway, exchange 2"
    status, printed, errors = run("verify", "kept", *server)
    assert (status, errors) == (0, "")
    assert printed.splitlines() == [
        "left out  0004-set_activity: it writes (--allow-writes)",
        "2 matched, 0 divergent, 0 unserved, 1 left out.",
    ]
    assert run("verify", "kept", *server, "--allow-writes")[1] == "3 matched, 0 divergent, 0 unserved, 0 left out.\n"

    path = Path("kept/0002-friends.json")
    path.write_text(path.read_text(encoding="utf-8").replace("Alexey Kobylyansky", "Alexey K"), encoding="utf-8")
    assert run("list", "kept")[1].splitlines()[0].endswith("CHANGED BY HAND")
    status, printed, _ = run("verify", "kept", *server)
    assert status == 1
    assert "divergent  0002-friends\n  [1].name: value: 'Alexey K' | 'Alexey Kobylyansky'\n  digest: body" in printed
    assert run("update", "kept", *server)[:2] == (0, "kept/0002-friends.json\nFixtures updated: 1.\n")
    assert run("verify", "kept", *server)[0] == 0


def test_what_cannot_be_run_ends_with_status_3(run: Run, url: str) -> None:
    run("add", "capture.jsonl", "kept")
    told = {
        ("verify", "kept", "--to", "http://127.0.0.1:1", "--as", "test@test.com"): "does not answer",
        ("verify", "nowhere", "--to", url): "nowhere is no folder",
        ("verify", "kept", "--to", url): "no fixture was run",
        ("update", "nowhere", "--to", url): "nowhere is no folder",
        ("list", "nowhere"): "nowhere is no folder",
        ("add", "nowhere", "kept"): "cannot read nowhere",
    }
    for arguments, reason in told.items():
        status, _, errors = run(*arguments)
        assert (status, errors.count("\n")) == (3, 1), arguments
        assert reason in errors
    status, _, errors = run("verify", "kept", "--to", url, "--as", "test@test.com", password="not-the-one")
    assert status == 3
    assert "the login of test@test.com" in errors
    assert "not-the-one" not in errors
    assert run("verify", "kept", "--to", "ftp://x")[0] == 2
    assert run("verify", "kept")[0] == 2
    told = (2, "", "userapi-gw: Invalid value for --date: yesterday is none such as 2008-10-25.")
    status, printed, errors = run("add", "capture.jsonl", "more", "--date", "yesterday")
    assert (status, printed, errors.partition(" See ")[0]) == told


def test_live_sides_are_compared(url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def compare(*arguments: str) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        return outcome(capsys, "compare", *arguments)

    login = ("--as", "test@test.com", "--site", "2")
    status, printed, errors = compare("capture.jsonl", url, *login)
    assert (status, errors) == (0, "")
    assert "3 exchanges: 3 matched, 0 divergent, 0 unserved" in printed
    assert "1 were not asked for" in printed
    assert compare(url, "capture.jsonl", *login)[0] == 0
    assert compare(url, url, "--requests", "capture.jsonl", *login, "--allow-writes")[0] == 0
    outcome(capsys, "fixtures", "add", "capture.jsonl", "kept")
    assert compare("kept", url, *login)[0] == 0
    renamed = Path("capture.jsonl").read_text(encoding="utf-8").replace("Alexey Kobylyansky", "Alexey K")
    Path("renamed.jsonl").write_text(renamed, encoding="utf-8")
    status, printed, _ = compare("renamed.jsonl", url, *login)
    assert status == 1
    assert "divergent 2 | 2  GET /data?act=friends&id=1&from=0&to=3&sid=***\n  [1].name: value: 'Alexey K'" in printed
    assert compare(url, url)[0] == 2
    Path("kept/0002-friends.json").write_text("{}", encoding="utf-8")
    status, _, errors = compare(url, url, "--requests", "kept", *login)
    assert (status, "kept/0002-friends.json: format: Field required" in errors) == (3, True)
    assert compare("capture.jsonl", "capture.jsonl", *login)[0] == 2
    status, printed, errors = compare("capture.jsonl", "http://127.0.0.1:1", *login)
    assert (status, printed) == (3, "")
    assert "http://127.0.0.1:1 does not answer" in errors
