"""The same gateway in its two dialects: what they may differ in is known, and nothing else differs."""

from dataclasses import replace
from pathlib import Path

from tests.compare.gateways import exchanges_of, observe
from tests.compare.test_comparison import outcome
from tests.conftest import MakeGateway
from tests.program import Program
from userapi_gw.replay.exchange import Exchange

ASKED = (
    "act=friends&id=1&from=0&to=9", "act=fave&from=0&to=3", "act=wall&id=1&from=0&to=3", "act=inbox&from=0&to=3",
    "act=friends_new&from=0&to=3", "act=updates_friends&from=0&to=3", "act=updates_activity&from=0&to=3",
    "act=profile&id=1", "act=profile&id=10&back=f", "act=history", "act=history&fave=3&wall=5&us=-1",
    "act=get_school_num&s=1", "act=photos_comments&parent=1_79435064&id=1", "act=photos&id=1&from=0&to=2",
    "friends=0-2&photos=0-2&wall=0-2&fave=0-1&id=1", "act=add_wall&id=1&message=hi", "act=outbox&from=0&to=2",
    "act=put_tag&id=1&x1=31&y1=5&x2=81&y2=34&parent=1_3637189&name=Pavel", "act=captcha&csid=1", "act=nonsense",
)  # fmt: skip


def asked(make_gateway: MakeGateway, folder: Path, dialect: str) -> list[Exchange]:
    gateway = make_gateway(dialect=dialect, data_dir=folder / dialect)
    capture = observe(gateway, folder / f"{dialect}.jsonl")
    program = Program(gateway).log_in()
    for query in ASKED:
        program.raw(f"{query}&sid={program.sid}")
    program.auth(login="auto", site=2)
    program.auth(login="logout", site=2, sid=program.sid)
    return exchanges_of(capture)


def test_two_dialects_differ_in_what_is_known_alone(make_gateway: MakeGateway, tmp_path: Path) -> None:
    old, new = (asked(make_gateway, tmp_path, dialect) for dialect in ("2008", "2009"))
    results, totals = outcome(old, new, across_dialects=True)
    assert [(one.act, one.reason, one.differences) for one in results if one.verdict != "matched"] == []
    assert {rule.partition(": ")[2] for rule in totals.ignored if rule.startswith(("spelling", "dialects"))} == {
        "blanks in JSON", "quoted ids", "privacy", "page before ;sid=", "cookie attributes", "cookies taken away",
        "stale_h", "long_cookies", "multi_has_h", "own_pictures", "counters_always", "school_num_has_n",
        "requests_have_online",
    }  # fmt: skip
    _, totals = outcome(old, new)
    left = {(act, position) for act, position, what in totals.fields if what in ("missing", "extra")}
    assert {("history", "nph"), ("get_school_num", "n"), ("data", "wall.h"), ("friends_new", "[*].online")} < left


def test_a_side_keeps_to_its_own_spelling(make_gateway: MakeGateway, tmp_path: Path) -> None:
    old, new = (asked(make_gateway, tmp_path, dialect) for dialect in ("2008", "2009"))
    place = next(number for number, one in enumerate(new) if one.act == "fave")
    spaced = replace(new[place], body=new[place].body.replace(b",", b", ").replace(b":", b": "))
    results, _ = outcome(old, [*new[:place], spaced, *new[place + 1 :]], across_dialects=True)
    told = [(one.act, each.position, each.what) for one in results for each in one.differences]
    assert ("fave", "body", "mapping") in told
