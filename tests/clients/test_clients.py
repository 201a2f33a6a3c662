"""Original programs, as recorded, against the embedded backend in dialect 2009: all they read by position is there."""

import re

import pytest
from flask import Flask

from tests.clients.positions import ANSWERS, FRIEND, MESSAGE, counted, keys, whole
from tests.clients.replay import FOLDER, Exchange, Replay
from tests.conftest import MakeGateway, OnBackend
from userapi_gw.acts import ACTS

PROGRAMS = tuple(sorted(path.stem for path in FOLDER.glob("*.jsonl")))
SESSIONLESS = ("null", "-1", "deadbeef")
SITES = {1: {"url": "self"}, 2: {"url": "http://durov.ru"}, 1768: {"url": "http://2ndworld.example"}}


@pytest.fixture(params=PROGRAMS)
def exchanges(request: pytest.FixtureRequest, make_gateway: MakeGateway) -> list[Exchange]:
    return Replay(make_gateway(sites=SITES)).run(request.param)


def test_every_answer_has_its_positions(exchanges: list[Exchange]) -> None:
    for exchange in exchanges:
        if exchange.path == "/data":
            check(exchange)


def check(exchange: Exchange) -> None:
    told = (exchange.parameters, exchange.answer)
    sid = exchange.parameters.get("sid", "")
    if exchange.act == "captcha":
        assert exchange.answer.startswith(b"\x89PNG\r\n"), told
    elif exchange.act in ACTS and not ACTS[exchange.act].login:
        assert ANSWERS[exchange.act](exchange.answer), told
    elif not exchange.logged_in or sid == "" or sid.startswith(SESSIONLESS):
        assert exchange.answer == {"ok": -1}, told
    elif exchange.act in ("", "data"):
        assert isinstance(exchange.answer, dict), told
    else:
        assert ANSWERS[exchange.act](exchange.answer), told


def logins(exchanges: list[Exchange]) -> list[str]:
    return [exchange.response.headers["Location"] for exchange in exchanges if exchange.path == "/auth"]


def test_durov_lite(make_gateway: MakeGateway, on_backend: OnBackend) -> None:
    """The sample network of 2008 in a browser: its whole afternoon."""
    exchanges = Replay(make_gateway(sites=SITES)).run("durov-lite")
    locations = logins(exchanges)
    assert [re.sub("[0-9a-f]{32}", "SID", location) for location in locations] == [
        "http://durov.ru/index.html#0;sid=-1",
        "http://durov.ru/index.html#0;sid=-1",
        "http://durov.ru/index.html#0;sid=-4",
        "http://durov.ru/index.html#0;sid=SID",
        "http://durov.ru/index.html",
    ]
    by_act = {exchange.act: exchange.answer for exchange in exchanges}
    assert by_act["add_wall"]["h"][-1][2][2] == ["hello &amp; привет + 100% #1 756315"]
    assert by_act["del_wall"]["h"] == [[by_act["add_wall"]["h"][-1][0] + 2, "del", [by_act["add_wall"]["h"][-1][2][0]]]]
    added, (_, action, restored) = by_act["add_wall"]["h"][-1][2], by_act["restore_wall"]["h"][0]
    anew = added[:2] if on_backend(True, openvk=False) else [added[0] + 1, restored[1]]  # OpenVK has it written anew
    assert (action, restored) == ("undel", [*anew, *added[2:]])
    assert by_act["add_message"]["h"][-1][2][2] == ["hello &amp; привет + 100% #1 756315"]
    assert by_act["fave_online"] == {"n": by_act["fave_online"]["n"], "d": []}
    told = {name: (news["n"], len(news["d"])) for name, news in by_act["data"].items()}
    everything = {
        "updates_activities": (484, 43),
        "updates_friends": (1034, 25),
        "updates_photos": (956, 36),
        "updates_tagged_photos": (170, 36),
    }
    assert told == on_backend(everything, openvk=dict.fromkeys(everything, (0, 0)))  # nobody has looked at friends yet
    poll = next(exchange.answer for exchange in exchanges if "wall" in exchange.parameters)
    assert poll["wall"] == {"h": []}
    assert poll["message"] == {"h": []}
    assert len(poll["inbox"]["d"]) == len(poll["outbox"]["d"]) == 27
    assert len(poll["fave"]["d"]) == len(poll["friends_new"]["d"]) == 30


def test_qutim(make_gateway: MakeGateway) -> None:
    """qutIM asks for lists without an act and polls with a stamp it made up; it wants `h` to be `false` then."""
    exchanges = Replay(make_gateway(sites=SITES)).run("qutim-2009")
    called_back = {exchange.parameters.get("back"): exchange.answer for exchange in exchanges if exchange.answer}
    assert keys(friends=counted(FRIEND))(called_back["getProfile"])
    assert called_back["getProfile"]["friends"]["n"] == 349 == len(called_back["getProfile"]["friends"]["d"])
    assert keys(fave=counted(FRIEND))(called_back["getFaves"])
    assert called_back["getLastMessages"]["message"] == {"h": False}
    assert keys(inbox=counted(MESSAGE), nm=whole)(called_back["getLastMessages"])
    assert called_back["getNews"]["wall"] == {"h": False}


def test_pyvk_t(make_gateway: MakeGateway) -> None:
    """pyvk-t sends raw bytes behind `id=0`, takes versions by `to=0` and asks for what came after them."""
    exchanges = Replay(make_gateway(sites=SITES)).run("pyvk-t")
    assert logins(exchanges)[0] == "http://durov.ru/index.html#0;sid=-4"
    assert all("index.html#0;sid=" in location for location in logins(exchanges))
    walls = [exchange for exchange in exchanges if exchange.act == "wall" and "ts" in exchange.parameters]
    added = next(exchange.answer["h"][0] for exchange in exchanges if exchange.act == "add_wall")
    assert [exchange.answer["h"] for exchange in walls] == [[], []]
    assert all(exchange.answer["d"][0] == added[2] for exchange in walls)


def test_programs_that_invent_their_stamps(make_gateway: MakeGateway) -> None:
    """A PHP site sends unix seconds, the Java library milliseconds: their own message is in the answer all the same."""
    for name in ("php-2ndworld", "userapi-java", "insvkontakte-py"):
        exchanges = Replay(make_gateway(sites=SITES)).run(name)
        sent = next(exchange.answer for exchange in exchanges if exchange.act == "add_message")
        assert sent["ok"] == 1
        assert [entry[1] for entry in sent["h"]] == ["add"]


def test_vkopt(gateway: Flask) -> None:
    """VkOpt wants `name=eval(json);`, wall totals by `to=0`, and a profile by `profile=5` without an act."""
    exchanges = Replay(gateway).run("vkopt-2010")
    totals = [exchange.answer for exchange in exchanges if exchange.act == "wall"]
    assert [(answer["n"], answer["d"]) for answer in totals] == [(22459, []), (22459, [])]
    by_number = next(exchange.answer for exchange in exchanges if exchange.parameters.get("profile") == "5")
    by_act = next(exchange.answer for exchange in exchanges if exchange.act == "profile")
    assert by_number == {"profile": by_act}
    assert by_act["id"] == 5
