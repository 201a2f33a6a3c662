"""`userapi-gw replay`: what is said, and the exit status."""

import io
import json
import socket
from pathlib import Path

import pytest
from flask import Flask

from tests.cli.test_cli import outcome
from tests.program import PASSWORD, Program
from tests.replay.captures import SID, read
from tests.replay.recorded import record
from tests.second_server import served

WALL = f"http://userapi.com/data?act=wall&id=1&from=0&to=1&sid={SID}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def say(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_recording_is_replayed(
    gateway: Flask, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record(gateway, folder / "a.jsonl")  # and so is the replay, which must not go on forever
    Program(gateway).log_in().get("wall", id=1)
    say(monkeypatch, f"{PASSWORD}\n")
    with served(gateway) as url:
        command = ("replay", "a.jsonl", "--to", url, "--as", "test@test.com", "--out", "b.warc", "--rate", "1000")
        assert outcome(capsys, *command) == (0, "Requests sent: 2.\n", "")
    found, fault = read(folder / "b.warc")
    assert (fault, [one.act for one in found]) == ("", ["auth", "wall"])
    assert json.loads(found[1].body)["n"] > 0
    assert PASSWORD not in (folder / "b.warc").read_text()
    assert sorted(path.name for path in folder.iterdir()) == ["a.jsonl", "b.warc"]


def test_the_password_may_come_from_the_environment_and_a_sid_from_the_command_line(
    gateway: Flask, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "list").write_text(WALL + WALL.replace(SID, "f" * 32))
    monkeypatch.setenv("REPLAY_PASSWORD", PASSWORD)
    mine = f"{SID}={Program(gateway).log_in().sid}"
    with served(gateway) as url:
        command = ("replay", "list", "--to", url, "--map-sid", mine)
        status, printed, errors = outcome(capsys, *command, "--as", f"{'f' * 32}=nikolay@test.com")
        assert (status, printed, errors) == (0, "Requests sent: 2.\n", "")
        status, printed, errors = outcome(capsys, *command)
    assert (status, errors) == (1, "")
    assert "Not replayed as recorded: 1 - no session" in printed


def test_a_capture_that_breaks_off(gateway: Flask, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "list").write_text("http://userapi.com/data?act=cities&parent=1\n???\nhttp://userapi.com/data?act=wall\n")
    with served(gateway) as url:
        status, printed, errors = outcome(capsys, "replay", "list", "--to", url)
    assert (status, printed.splitlines()[0]) == (1, "Requests sent: 2.")
    assert errors == "userapi-gw: list: line 2: not an address\n"


def test_a_wrong_password(
    gateway: Flask, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "list").write_text(WALL)
    say(monkeypatch, "wrong\n")
    with served(gateway) as url:
        status, printed, errors = outcome(capsys, "replay", "list", "--to", url, "--as", "test@test.com")
    assert (status, printed) == (3, "Requests sent: 0.\n")
    assert errors == "userapi-gw: the login of test@test.com for site 1 ended with -1\n"


def test_a_server_that_is_away(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "list").write_text("http://userapi.com/data?act=cities&parent=1\n")
    command = ("replay", "list", "--to", closed_port(), "--out", "b.jsonl")
    away = "userapi-gw: the server does not answer: Connection refused; --resume goes on from here\n"
    assert outcome(capsys, *command) == (3, "Requests sent: 0.\n", away)
    assert outcome(capsys, *command, "--resume") == (3, "Requests sent: 0.\n", away)
    other = "b.jsonl.journal belongs to another capture, or to another server"
    (folder / "list").write_text("http://userapi.com/data?act=cities&parent=2\n")
    assert outcome(capsys, *command, "--resume") == (2, "", f"userapi-gw: {other}. See userapi-gw replay --help.\n")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, "FileNotFoundError: missing"),
        ("", "list: the file is empty"),
        ("\x00", "list: no capture: neither WARC, HAR, JSON lines, an access log nor a list of addresses"),
        ("http://example.org/\n", "list: there is no request of UserAPI in it"),
    ],
)
def test_what_cannot_be_read(folder: Path, capsys: pytest.CaptureFixture[str], content: str | None, error: str) -> None:
    if content is not None:
        (folder / "list").write_text(content)
    status, _, errors = outcome(capsys, "replay", "list" if content is not None else "missing", "--to", closed_port())
    assert (status, errors.startswith("userapi-gw: "), error.partition(": ")[2] in errors) == (3, True, True)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--resume"], "--resume goes on with the replay that wrote --out FILE; name it."),
        (["--speed", "fast"], "Invalid value for --speed: a number above 0, or max."),
        (["--speed", "0"], "Invalid value for --speed: a number above 0, or max."),
        (["--rate", "0"], "Invalid value for '--rate': 0.0 is not in the range x>0."),
        (["--map-sid", "abc"], "Invalid value for --map-sid: OLD=NEW."),
        (
            ["--as", "a@b", "--as", "c@d"],
            "--as EMAIL stands for everybody; say OLD=EMAIL for each when there are several.",
        ),
        (["--as", "a@b"], "no password for a@b: the standard input has too few lines."),
        (["--out", "b.txt"], "b.txt does not end with .jsonl, .har, .warc, .warc.gz; name a format (--format)."),
        (["--out", "b.jsonl", "--resume"], "b.jsonl is whole: there is no b.jsonl.journal beside it."),
        (["--out", "b.jsonl"], "b.jsonl exists already; --resume goes on with it."),
    ],
)
def test_commands_that_make_no_sense(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: list[str], error: str
) -> None:
    (folder / "list").write_text(WALL)
    (folder / "b.jsonl").write_text("mine")
    say(monkeypatch, "")
    status, printed, errors = outcome(capsys, "replay", "list", "--to", "http://127.0.0.1:1", *options)
    assert (status, printed, errors) == (2, "", f"userapi-gw: {error} See userapi-gw replay --help.\n")
    assert (folder / "b.jsonl").read_text() == "mine"
