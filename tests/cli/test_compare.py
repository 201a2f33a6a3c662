"""`userapi-gw compare` from the command line: exit statuses, files it writes, and what is wrong in one line."""

import json
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.cli.test_cli import outcome
from tests.compare.gateways import write
from tests.compare.sides import exchange
from userapi_gw.compare import comparison

Compare = Callable[..., tuple[object, str, str]]

OLD = [exchange("friends", [[3, "V", "0", 0]], 1, id=1), exchange("fave", {"n": 0, "d": []}, 2)]
RENAMED = [exchange("friends", [[3, "W", "0", 0]], 1, id=1), OLD[1]]


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Compare:
    """Run the command in a folder with the captures `old.jsonl`, `same.har`, and `renamed.warc.gz`."""
    monkeypatch.chdir(tmp_path)
    write(Path("old.jsonl"), OLD)
    write(Path("same.har"), OLD)
    write(Path("renamed.warc.gz"), RENAMED)
    return lambda *arguments: outcome(capsys, "compare", *arguments)


def test_the_same_in_another_format_matches(compare: Compare) -> None:
    status, printed, errors = compare("old.jsonl", "same.har")
    assert (status, errors) == (0, "")
    assert printed == (
        "old.jsonl | same.har\n"
        "2 exchanges: 2 matched, 0 divergent, 0 unserved; 2 the same byte by byte\n\n"
        "act      matched  divergent  unserved\n"
        "fave     1        0          0\n"
        "friends  1        0          0\n"
    )


def test_a_difference_is_told_everywhere_and_ends_with_status_1(compare: Compare) -> None:
    files = ["--json", "out.json", "--junit", "out.xml", "--html", "out.html"]
    status, printed, errors = compare("old.jsonl", "renamed.warc.gz", *files)
    assert (status, errors) == (1, "")
    assert "divergent 1 | 1  GET /data?act=friends&sid=***&id=1\n  [0].name: value: 'V' | 'W'\n" in printed
    assert json.loads(Path("out.json").read_text())["unmatched"][0]["differences"][0]["position"] == "[0].name"
    assert all("[0].name" in Path(name).read_text(encoding="utf-8") for name in ("out.xml", "out.html"))


def test_what_only_one_side_has_ends_with_status_1(compare: Compare) -> None:
    write(Path("half.jsonl"), OLD[:1])
    assert compare("old.jsonl", "half.jsonl")[0] == 1
    assert compare("half.jsonl", "old.jsonl")[0] == 1


def test_rules_and_noise_make_it_match(compare: Compare) -> None:
    Path("rules.toml").write_text(
        '[[rule]]\nact = "friends"\nposition = "[*].name"\ndo = "ignore"\nname = "nicknames"\n'
    )
    status, printed, _ = compare("old.jsonl", "renamed.warc.gz", "--rules", "rules.toml")
    assert (status, "nicknames          1" in printed) == (0, True)
    write(Path("again.jsonl"), [exchange("friends", [[3, "X", "0", 0]], 1, id=1)])
    assert compare("old.jsonl", "renamed.warc.gz", "--noise", "again.jsonl")[0] == 0


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("rule = 1", "rule: Input should be a valid list"),
        ("[[rule]]\nposition = 'x'\ndo = 'skip'", "rule.0.do: Input should be 'ignore'"),
        ("[[rule]]\nposition = 'x'\ndo = 'ignore'\nsize = 1", "rule.0.size: Extra inputs are not permitted"),
        ("[[rule]]\nposition = 'x'\ndo = 'tolerance'", "rule.0: `by` goes with tolerance"),
        ("[[rule", "rules.toml is not a TOML file"),
        ("\udcff", "rules.toml is not a TOML file"),
    ],
)
def test_wrong_rules_are_told_in_one_line(compare: Compare, rules: str, told: str) -> None:
    Path("rules.toml").write_text(rules, errors="surrogateescape")
    status, printed, errors = compare("old.jsonl", "same.har", "--rules", "rules.toml")
    assert (status, printed, errors.count("\n")) == (2, "", 1)
    assert told in errors


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "the file is empty"), (b"\x00\x01", "no capture"), (b"http://durov.ru/\n", "no request of UserAPI in it")],
)
def test_what_is_no_capture_ends_with_status_3(compare: Compare, content: bytes, told: str) -> None:
    Path("bad").write_bytes(content)
    for sides in (("old.jsonl", "bad"), ("bad", "old.jsonl")):
        status, printed, errors = compare(*sides)
        assert (status, printed, errors.count("\n")) == (3, "", 1)
        assert told in errors


def test_what_can_be_read_of_a_broken_capture_is_compared(compare: Compare) -> None:
    with Path("old.jsonl").open("ab") as file:
        file.write(b"{broken\n")
    status, printed, errors = compare("old.jsonl", "same.har")
    assert (status, "2 matched" in printed) == (3, True)
    assert errors.startswith("userapi-gw: old.jsonl: line 4")


def test_wrong_commands_end_with_status_2(compare: Compare) -> None:
    assert compare("old.jsonl")[0] == 2
    assert compare("old.jsonl", "same.har", "--json", "no/such/folder.json")[0] == 2
    assert compare("old.jsonl", "same.har", "--show", "-1")[0] == 2
    assert compare("old.jsonl", "nowhere")[0] == 3


def test_an_interrupted_comparison_ends_with_status_130(compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison.Comparison, "run", Mock(side_effect=KeyboardInterrupt))
    assert compare("old.jsonl", "same.har")[0] == 130
