"""Flood limits of writing acts, lifted by captchas. UserAPI documentation, "CAPTCHA handling (flood control)"."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.program import Program
from userapi_gw.acts import ACTS, LIMITED
from userapi_gw.acts import captcha as drawing
from userapi_gw.settings import SettingsError

CSID = "0.615638748369059"
FLOOD = {"ok": -2}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a person reads on the pictures."""
    codes: list[str] = []
    draw: Callable[[str], bytes] = drawing.draw
    monkeypatch.setattr(drawing, "draw", lambda code: codes.append(code) or draw(code))
    return codes


@pytest.fixture
def flooded(make_gateway: MakeGateway) -> Program:
    """User 1, who has written on the wall as often as allowed."""
    program = Program(make_gateway(limits={"add_wall": "2/60"})).log_in()
    assert [program.get("add_wall", id=1, message="tst")["ok"] for _ in range(2)] == [1, 1]
    return program


def posts(program: Program) -> int:
    return int(program.get("wall", id=1, to=0)["n"])


def test_over_the_limit_nothing_is_done(flooded: Program) -> None:
    before = posts(flooded)
    response = flooded.raw(f"act=add_wall&id=1&message=tst&sid={flooded.sid}&back=posted")
    assert response.get_data() == b'posted({"ok":-2});'
    assert posts(flooded) == before


def test_a_right_captcha_lets_one_request_pass(flooded: Program, drawn: list[str]) -> None:
    before = posts(flooded)
    assert flooded.raw(f"act=captcha&csid={CSID}").content_type == "image/png"
    answer = flooded.get("add_wall", id=1, message="tst", fcsid=CSID, fccode=drawn[0])
    assert (answer["ok"], answer["h"][-1][2][2], posts(flooded)) == (1, ["tst"], before + 1)
    assert flooded.get("add_wall", id=1, message="tst", fcsid=CSID, fccode=drawn[0]) == FLOOD
    assert flooded.get("add_wall", id=1, message="tst") == FLOOD
    assert posts(flooded) == before + 1


@pytest.mark.parametrize("code", ["wrong", "", "0", "%00", "я" * 5000, "' or 1=1 --"])
def test_a_wrong_captcha_does_not(flooded: Program, drawn: list[str], code: str) -> None:
    flooded.raw(f"act=captcha&csid={CSID}")
    before = posts(flooded)
    assert flooded.get("add_wall", id=1, message="tst", fcsid=CSID, fccode=code) == FLOOD
    assert posts(flooded) == before
    right_now = flooded.get("add_wall", id=1, message="tst", fcsid=CSID, fccode=drawn[0])
    assert (right_now == FLOOD) is (code not in ("", "0"))  # a try uses the picture up, no try does not


@pytest.mark.parametrize("csid", ["", "0", "never asked for", "x" * 65, "%00", "я" * 5000, "<b>"])
def test_hostile_csids(flooded: Program, csid: str) -> None:
    assert flooded.get("add_wall", id=1, message="tst", fcsid=csid, fccode="abcde") == FLOOD


def test_below_the_limit_no_captcha_is_used_up(gateway: Flask, drawn: list[str]) -> None:
    program = Program(gateway).log_in()
    program.raw(f"act=captcha&csid={CSID}")
    assert program.get("add_wall", id=1, message="tst", fcsid=CSID, fccode="wrong")["ok"] == 1
    assert gateway.extensions["userapi_gw"].state.captchas.redeem(CSID, drawn[0])


def test_of_two_requests_with_one_captcha_one_wins(flooded: Program, drawn: list[str]) -> None:
    flooded.raw(f"act=captcha&csid={CSID}")
    query = f"act=add_wall&id=1&message=tst&fcsid={CSID}&fccode={drawn[0]}&sid={flooded.sid}"
    before = posts(flooded)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: flooded.gateway.test_client().get("/data?" + query).get_data(), range(4)))
    assert answers.count(b'{"ok":-2}') == 3
    assert posts(flooded) == before + 1


def test_each_act_and_each_account_has_its_own_limit(flooded: Program) -> None:
    assert flooded.get("add_message", id=6, message="tst")["ok"] == 1
    nikolay = Program(flooded.gateway).log_in("nikolay@test.com")
    assert nikolay.get("add_wall", id=6, message="tst")["ok"] == 1


def test_an_account_is_limited_wherever_it_writes_from(flooded: Program) -> None:
    query = f"act=add_wall&id=1&message=tst&sid={flooded.sid}"
    elsewhere = flooded.client.get(f"/data?{query}", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.get_data() == b'{"ok":-2}'


def test_an_address_may_do_ten_times_as_much(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(limits={"set_activity": "1/60"})
    gate = gateway.extensions["userapi_gw"].gate
    passed = [gate(viewer, "127.0.0.1").admits("set_activity") for viewer in range(101, 111)]
    assert passed == [True] * 10
    assert Program(gateway).log_in().get("set_activity", text="tst") == FLOOD


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("", "", True),
    ],
)
def test_where_somebody_is(make_gateway: MakeGateway, first: str, second: str, same: bool) -> None:
    """One household has many addresses of IPv6: they count as one. What a header says does not count."""
    client = make_gateway(limits={"captcha": "1/60"}).test_client()
    headers = {"X-Forwarded-For": "192.0.2.99", "Forwarded": "for=192.0.2.99", "X-Real-IP": "192.0.2.99"}
    asked = [
        client.get("/data?act=captcha&csid=1", headers=sent, environ_overrides={"REMOTE_ADDR": address})
        for address, sent in ((first, None), (second, headers))
    ]
    assert [answer.content_type == "image/png" for answer in asked] == [True, not same]


@pytest.mark.parametrize(
    "query",
    ["act=ADD_WALL", "act=add_wall%00", "act=friends&act=add_wall", "act=add_wall&act=add_wall", "add_wall=0-2"],
)
def test_no_other_way_to_write_leads_past_a_limit(flooded: Program, query: str) -> None:
    before = posts(flooded)
    flooded.raw(f"{query}&id=1&message=tst&sid={flooded.sid}")
    assert posts(flooded) == before


def test_reading_is_not_limited(make_gateway: MakeGateway) -> None:
    program = Program(make_gateway(limits={"default": "1/60"})).log_in()
    assert [program.get("friends", id=1, to=1)[0][0] for _ in range(5)] == [3] * 5


@pytest.mark.parametrize("act", sorted(name for name, act in ACTS.items() if act.writes and act.login))
def test_every_writing_act_has_a_limit(make_gateway: MakeGateway, act: str) -> None:
    program = Program(make_gateway(limits=dict.fromkeys(LIMITED, "1/60"))).log_in()
    assert program.get(act, id=6) != FLOOD
    assert program.get(act, id=6) == FLOOD


def test_a_limit_can_be_turned_off(make_gateway: MakeGateway) -> None:
    program = Program(make_gateway(limits={"add_wall": "off", "default": "1/60"})).log_in()
    assert [program.get("add_wall", id=1, message="tst")["ok"] for _ in range(3)] == [1, 1, 1]


def test_a_limit_for_what_has_none_is_refused(make_gateway: MakeGateway) -> None:
    with pytest.raises(SettingsError, match=r"^limits: there is no writing act 'friends'$"):
        make_gateway(limits={"friends": "1/60"})


def write(arguments: tuple[Path, str]) -> int:
    """Write twelve times in a process of its own, and return how often that was allowed."""
    from userapi_gw.app import create_app
    from userapi_gw.settings import Settings

    data_dir, sid = arguments
    app = create_app(Settings(data_dir=data_dir, secret_key="0" * 32, limits={"set_activity": "15/60"}))  # type: ignore[arg-type]
    program = Program(app)
    program.sid = sid
    try:
        return [program.get("set_activity", text=f"{n}")["ok"] for n in range(12)].count(1)
    finally:
        app.extensions["userapi_gw"].close()


def test_limits_hold_across_processes(make_gateway: MakeGateway, tmp_path: Path) -> None:
    program = Program(make_gateway()).log_in()
    program.gateway.extensions["userapi_gw"].close()
    arguments: list[Any] = [(tmp_path / "data", program.sid)] * 2
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert sum(pool.map(write, arguments, chunksize=1)) == 15
