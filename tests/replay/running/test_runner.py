"""Whole replays: sessions of the recorded programs, on a gateway that never saw them."""

from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.clients.replay import FOLDER, Replay
from tests.clients.test_clients import SITES
from tests.conftest import MakeGateway
from tests.files import jpeg
from tests.program import PASSWORD, Program
from tests.replay.recorded import record
from tests.second_server import served
from userapi_gw.compare.comparison import NEW, OLD, Options, comparing
from userapi_gw.replay import captures
from userapi_gw.replay.cleaning import Cleaner
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.running.accounts import Account, Accounts
from userapi_gw.replay.running.minted import value_of
from userapi_gw.replay.running.outcome import Outcome
from userapi_gw.replay.running.runner import Runner
from userapi_gw.replay.running.target import Address, Target
from userapi_gw.replay.stand_ins import StandIns
from userapi_gw.replay.writing import ENCODERS, CaptureFile

PAVEL, NIKOLAY = Account("test@test.com", PASSWORD), Account("nikolay@test.com", PASSWORD)
PROGRAMS = sorted(path.stem for path in FOLDER.glob("*.jsonl"))


def replayed(gateway: Flask, capture: Path, out: Path, **options: Any) -> tuple[Outcome, list[Exchange]]:
    """Replay a capture to a gateway; returns what became of it and what was written."""
    file = CaptureFile(out, ENCODERS["jsonl"]())
    with served(gateway) as url:
        target = Target(Address.parse(url), keep_host=True)
        options = {"accounts": Accounts(everybody=PAVEL), "allow_writes": True} | options
        runner = Runner(target, out=file, cleaner=Cleaner(StandIns()), **options)
        outcome = runner.run(captures.read(capture))
        target.close()
    return outcome, [*captures.read(out)]


def unmatched(old: Path, new: Path) -> list[str]:
    """What is not the same in two captures, but for ids, times and versions."""
    with comparing(Options()) as comparison:
        counts = [comparison.fill(side, captures.read(path)) for side, path in ((OLD, old), (NEW, new))]
        comparison.run()
        assert counts[0] == counts[1] > 0
        return [str(one) for one in comparison.results.unmatched()]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_session_is_the_same_on_a_fresh_gateway(make_gateway: MakeGateway, tmp_path: Path, program: str) -> None:
    first = make_gateway(sites=SITES)
    record(first, tmp_path / "capture.warc.gz", "warc.gz")
    Replay(first).run(program)
    fresh = make_gateway(sites=SITES, data_dir=tmp_path / "fresh")
    outcome, found = replayed(fresh, tmp_path / "capture.warc.gz", tmp_path / "out.jsonl")
    assert (outcome.troubles, outcome.sent) == ({}, len(found))
    assert unmatched(tmp_path / "capture.warc.gz", tmp_path / "out.jsonl") == []


def test_two_people_in_one_capture(make_gateway: MakeGateway, tmp_path: Path) -> None:
    """What the first writes the other one deletes, on another server with other ids and versions."""
    first = make_gateway()
    record(first, tmp_path / "capture.har", "har")
    pavel, nikolay = Program(first).log_in(), Program(first).log_in("nikolay@test.com")
    version = nikolay.version("inbox")
    pavel.get("add_message", id=6, message="for you")
    news = nikolay.get("history", message=version)["message"]["h"]
    assert nikolay.get("del_inbox", wid=f"6_{news[0][2][0]}")["ok"] == 1
    old = [*captures.read(tmp_path / "capture.har")]
    fresh = make_gateway(data_dir=tmp_path / "fresh")
    Program(fresh).log_in().get("add_message", id=6, message="earlier")
    accounts = Accounts({one.parameters["email"]: who for one, who in zip(old, (PAVEL, NIKOLAY), strict=False)})
    outcome, found = replayed(fresh, tmp_path / "capture.har", tmp_path / "out.jsonl", accounts=accounts)
    assert (outcome.troubles, outcome.sent) == ({}, 6)
    told = [value_of(one) for one in found]
    assert [entry[1:2] + entry[2][2:3] for entry in told[4]["message"]["h"]] == [["add", ["for you"]]]
    assert told[5]["h"][-1][1:] == ["del", [told[4]["message"]["h"][0][2][0], *told[5]["h"][-1][2][1:]]]
    assert "for you" not in str(Program(fresh).log_in("nikolay@test.com").get("inbox", **{"from": 0, "to": 1}))


def test_sids_whose_login_is_not_in_the_capture(gateway: Flask, tmp_path: Path) -> None:
    """An access log: `--as` logs in for each of them, and what nobody knows is told."""
    sids = ["1" * 31 + "a", "2" * 31 + "b"]
    lines = [f"http://userapi.com/data?act=inbox&from=0&to=1&sid={sid}" for sid in (*sids, "-1", sids[0])]
    (tmp_path / "list").write_text(
        "\n".join([*lines, "http://userapi.com/data?act=add_wall&message=x&id=1", "/", "x.org/"])
    )
    options = {"accounts": Accounts({sids[1]: NIKOLAY}, PAVEL), "allow_writes": False}
    outcome, found = replayed(gateway, tmp_path / "list", tmp_path / "out.jsonl", **options)
    totals = [value_of(one).get("n") for one in found]
    assert totals == [110, 23, None, 110]
    assert len({one.parameters["sid"] for one in found}) == 3
    assert outcome.lines() == [
        "Requests sent: 4.",
        "Left out because they write (--allow-writes): 1 (add_wall 1).",
        "Left out because they are no requests of UserAPI: 2.",
        "Not replayed as recorded: 1 - no session: nobody said whose sid it is (--as, --map-sid), or it ended "
        "(exchange 3).",
    ]


def test_what_is_made_on_the_way(make_gateway: MakeGateway, tmp_path: Path) -> None:
    """An upload with the old server's hashes; a comment, a tag and the end of a photo that has another id now."""
    first = make_gateway()
    record(first, tmp_path / "capture.warc", "warc")
    photo = live(Program(first).log_in())
    fresh = make_gateway(data_dir=tmp_path / "fresh", secret_key="1" * 32)
    pavel = Program(fresh).log_in()
    upload(pavel)
    before = pavel.get("photos", id=1)
    outcome, found = replayed(fresh, tmp_path / "capture.warc", tmp_path / "out.jsonl")
    assert (outcome.troubles, [one.act for one in found][-2:]) == ({}, ["delete_tag", "delete_photo"])
    assert [value_of(one)["ok"] for one in found if one.act in ("add_photos_comments", "delete_photo")] == [1, 1]
    assert value_of(next(one for one in found if one.act == "delete_tag")) == []
    assert found[-1].parameters["photo"] != photo
    assert pavel.get("photos", id=1) == before


def live(program: Program) -> str:
    """Upload a photo and do everything with it; returns its id."""
    upload(program)
    photo = program.get("photos", id=1)[0][0]
    program.get("add_photos_comments", parent=photo, message="mine")
    (tag,) = program.get("put_tag", parent=photo, id=0, name="a cat", x1=1, y1=1, x2=50, y2=50)
    program.get("delete_tag", parent=photo, tid=tag["tid"])
    assert program.get("delete_photo", photo=photo) == {"ok": 1}
    return str(photo)


def upload(program: Program) -> None:
    form = program.get("profile")["ph"]
    sent = {"hash": form["hash"], "rhash": form["rhash"], "file1": (BytesIO(jpeg(60, 60)), "a.jpg")}
    query = urlencode({"act": "lphotos", "aid": form["aid"], "id": 1, "oid": 1, "sid": program.sid})
    program.client.post(f"/upload.php?{query}", data=sent, base_url="http://userapi.com")
