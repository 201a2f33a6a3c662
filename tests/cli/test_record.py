"""`userapi-gw record`: what is refused. That it records is tested where the recorder is."""

from pathlib import Path

import pytest

from tests.cli.test_cli import outcome


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["record"], "Missing option '--out'. See userapi-gw record --help."),
        (["record", "--out", "mine.har"], "mine.har exists already. See userapi-gw record --help."),
        (["serve", "--record", "mine.har"], "mine.har exists already. See userapi-gw serve --help."),
        (["record", "--out", "missing/new.har"], "FileNotFoundError: "),
        (
            ["record", "--out", "new.txt"],
            "new.txt does not end with .jsonl, .har, .warc, .warc.gz; name a format (--format). "
            "See userapi-gw record --help.",
        ),
    ],
)
def test_files_that_cannot_be_made(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    error: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("userapi_gw.server.rehearse", lambda _: None)
    (tmp_path / "mine.har").write_text("mine")
    status, printed, errors = outcome(capsys, *options, *(["--bind", "127.0.0.1:0"] * (len(options) > 1)))
    assert (status, printed) == (2, "")
    assert errors.startswith(f"userapi-gw: {error}")
    assert (tmp_path / "mine.har").read_text() == "mine"
