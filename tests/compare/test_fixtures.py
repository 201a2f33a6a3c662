"""Fixtures: what is wrong with a file, what a run of one finds, and what is made of a capture."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.compare.sides import exchange
from tests.conftest import MakeGateway
from tests.fixtures import FOLDER, InProcess
from userapi_gw.compare.fixtures import Fixture, FixtureError, load, verify
from userapi_gw.compare.fixtures.adding import Origin, fixtures_of
from userapi_gw.compare.fixtures.files import made
from userapi_gw.compare.fixtures.verify import run_all
from userapi_gw.compare.rules import Rule, Rules
from userapi_gw.replay.exchange import Exchange

ORIGIN = Origin("a test", "2026-11-29", "2009")
SAMPLE = json.loads((FOLDER / "359-message.json").read_text(encoding="utf-8"))
SID = "0123456789abcdef" * 2
FORM = f"act=fave&sid={SID}&q=%FF".encode()


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Flask:
    return make_gateway(dialect="2008", refresh_seconds=3600.0)


def sample(**changed: Any) -> Fixture:
    content = {name: value for name, value in SAMPLE.items() if name not in ("format", "version", "digest")}
    return made({**content, **changed}, Path("sample.json"))


def found(fixture: Fixture, gateway: Flask, *rules: Rule, exact: bool = True) -> list[tuple[str, str]]:
    judged, _ = verify(fixture, InProcess(gateway), Rules(rules), exact=exact)
    return [(one.position, one.what) for one in judged.findings.differences]


def test_every_byte_counts_but_at_volatile_positions(gateway: Flask) -> None:
    headers, body = SAMPLE["answer"]["headers"], SAMPLE["answer"]["body"]
    planted = {
        body.replace("genius", "fool"): ("d[0].content.text", "value"),
        body.replace('"n": ', '"n":'): ("body", "value"),
        body.replace(', "h"', ',"h"'): ("body", "value"),
        body.replace("Well", r"\u0057ell"): ("body", "value"),
        body.replace("121444273", "121444274"): ("d[0].id", "value"),
        body.replace("1224583486", '"1224583486"'): ("d[1].time", "type"),
        body.replace('"h": ', '"h": "').replace("}", '"}'): ("h", "type"),
    }
    assert found(sample(), gateway) == []
    for changed, difference in planted.items():
        assert difference in found(sample(answer={"headers": headers, "body": changed}), gateway), difference
    assert found(sample(volatile=[]), gateway) == [("h", "value")]
    assert found(sample(answer={"headers": [], "body": body}), gateway) == [("Content-Type", "content type")]


def test_what_varies_is_left_out_unless_every_byte_counts(gateway: Flask) -> None:
    assert found(sample(volatile=[]), gateway, exact=False) == []
    wrong = sample(answer={**SAMPLE["answer"], "body": SAMPLE["answer"]["body"].replace("Alexandr", "Alexander")})
    assert found(wrong, gateway, exact=False) == [("d[1].sender.name", "value")]
    assert found(wrong, gateway, Rule(position="**.name", do="ignore")) == []


def test_an_answer_changed_by_hand_is_told(gateway: Flask, tmp_path: Path) -> None:
    path = tmp_path / "sample.json"
    path.write_text(json.dumps(SAMPLE).replace("Alexandr", "Alexander"), encoding="utf-8")
    fixture = Fixture.read(path)
    assert not fixture.is_whole
    assert ("digest", "body") in found(fixture, gateway)


def test_what_is_not_possible_or_not_allowed_is_left_out(gateway: Flask) -> None:
    asked = [sample(), sample(before=[{"request": "/data?act=add_wall&sid={sid}"}])]
    ran = [*run_all(asked, InProcess(gateway), Rules(), exact=True, allow_writes=False)]
    assert [one.left_out for one in ran] == ["", "it writes (--allow-writes)"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": "other"}, "format: Input should be 'userapi-gw fixture'"),
        ({"version": 2}, "version: Input should be less than or equal to 1"),
        ({"answer": {"body": "", "base64": ""}}, "answer: body or base64, not both"),
        ({"answer": {"base64": "%"}}, "answer: base64: not base64"),
        ({"date": "yesterday"}, "date: String should match"),
        ({"color": 1}, "color: Extra inputs are not permitted"),
        ({"before": [{"requests": ""}]}, "before.0.requests: Extra inputs"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps(SAMPLE | change), encoding="utf-8")
    with pytest.raises(FixtureError, match=told.replace("[", r"\[")) as error:
        load(tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_fixture_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(FixtureError, match=r"a\.json"):
        load(tmp_path)


def test_a_step_without_its_value_is_told(gateway: Flask) -> None:
    with pytest.raises(FixtureError, match="a value to bind is not there: 'nothing'"):
        verify(sample(rebind={"sid": "{nothing}"}), InProcess(gateway), Rules(), exact=True)
    with pytest.raises(FixtureError, match=r"sample\.json"):
        verify(
            sample(before=[{"request": "/data?act=wall", "keep": {"ts": "d[0]"}}]),
            InProcess(gateway),
            Rules(),
            exact=True,
        )


def test_fixtures_are_made_of_captures_without_secrets(tmp_path: Path) -> None:
    taken = [
        exchange("wall", {"n": 0, "d": [], "hash": SID}, 1, id=1),
        exchange("wall", {"n": 0, "d": []}, 2, id=2),
        Exchange(
            3, None, "POST", "/data", (), f"act=fave&sid={SID}&q=%FF".encode(), 200, (("Set-Cookie", "a=b"),), b"\xff"
        ),
        Exchange(4, None, "GET", "http://userapi.com/auth?login=force&pass=secret", status=302),
        exchange("../../etc/passwd", {"ok": 0}, 5),
        Exchange(6, None, "GET", "http://userapi.com/data?act=wall&id=3"),
    ]
    for fixture in fixtures_of(taken, tmp_path, ORIGIN):
        fixture.write()
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "0001-wall.json", "0002-wall.json", "0003-fave.json", "0005-______etc_passwd.json",
    ]  # fmt: skip
    assert [one.name for one in fixtures_of(taken[:1], tmp_path, ORIGIN)] == ["0001-wall-2"]
    text = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert SID not in text
    assert "Set-Cookie" not in text
    read = {fixture.name: fixture for fixture in load(tmp_path)}
    assert all(fixture.is_whole for fixture in read.values())
    assert read["0001-wall"].content.account == ""
    assert read["0003-fave"].content.answer.raw == b"\xff"
    bound = read["0003-fave"].bound({"sid": "new"})
    assert (bound.method, bound.parameters["sid"], bound.parameters["act"]) == ("POST", "new", "fave")


def test_all_fixtures_of_the_project_are_whole() -> None:
    fixtures = load(FOLDER)
    assert len(fixtures) > 70
    assert [fixture.name for fixture in fixtures if not fixture.is_whole] == []
