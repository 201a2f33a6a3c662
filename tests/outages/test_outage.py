"""The backend goes away for a while: what old programs see, how often it is asked, and how it comes back."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests import faults
from tests.conftest import MakeGateway
from tests.faults import Faulty, vk_error
from tests.outages.conftest import BLINK, client_of
from tests.program import Program
from userapi_gw.backend.exchange import MOST_AT_ONCE

PROGRAMS = 200


def lists(program: Program) -> list[Any]:
    return [program.get("friends"), program.get("wall", id=6), program.get("profile"), program.get(friends="0-2")]


def test_lists_are_shown_as_they_were(gateway: Flask, faulty: Faulty) -> None:
    pavel, nikolay = Program(gateway).log_in(), Program(gateway).log_in("nikolay@test.com")
    before = lists(pavel)
    faulty.hit(faults.reset_before)
    assert lists(pavel) == before
    assert lists(nikolay) == [{"ok": 0}] * 4
    assert pavel.get("friends", id=3) == {"ok": 0}
    faulty.heal()
    client_of(gateway).breaker.close()
    assert lists(nikolay) != [{"ok": 0}] * 4


def test_a_write_makes_void_what_was_known(gateway: Flask, faulty: Faulty) -> None:
    pavel, nikolay = Program(gateway).log_in(), Program(gateway).log_in("nikolay@test.com")
    before = lists(pavel), lists(nikolay)
    assert pavel.get("add_wall", id=6, message="new")["ok"] == 1
    faulty.hit(faults.reset_before)
    assert pavel.get("wall", id=6) == {"ok": 0}
    assert lists(nikolay) == before[1]


def test_a_write_that_did_not_get_through_leaves_what_was_known(gateway: Flask, faulty: Faulty) -> None:
    pavel = Program(gateway).log_in()
    before = lists(pavel)
    faulty.hit(faults.reset_before, "friends.get")
    for _ in range(3):
        pavel.get("friends", id=3)  # until nothing gets through
    assert pavel.get("add_wall", id=6, message="new") == {"ok": 0}
    assert lists(pavel) == before


@pytest.mark.parametrize("settings", [{"stale_seconds": 0}, {}])
def test_nothing_is_known_after_the_session_or_where_it_is_not_wanted(
    settings: dict[str, Any], make_gateway: MakeGateway, faulty: Faulty
) -> None:
    gateway = make_gateway(**settings)
    pavel, again = Program(gateway).log_in(), Program(gateway).log_in()
    lists(pavel)
    if not settings:
        assert pavel.auth(login="logout", site=2, sid=pavel.sid).status_code == 302
    faulty.hit(faults.reset_before)
    assert lists(again) == [{"ok": 0}] * 4


def test_histories_stand_still_and_go_on(gateway: Flask, faulty: Faulty) -> None:
    pavel, nikolay = Program(gateway).log_in(), Program(gateway).log_in("nikolay@test.com")
    versions = {"message": pavel.version("inbox"), "wall": pavel.version("wall")}
    counters = pavel.get("history")
    faulty.hit(faults.reset_before)
    assert pavel.get("history", **versions) == {"message": {"h": []}, "wall": {"h": []}, **counters}
    faulty.heal()
    client_of(gateway).breaker.close()
    assert nikolay.get("add_message", id=1, message="again")["ok"] == 1
    assert [row[1] for row in pavel.get("history", **versions)["message"]["h"]] == ["add"]


def test_nobody_waits_longer_than_the_deadline(make_gateway: MakeGateway, faulty: Faulty) -> None:
    gateway = make_gateway(request_seconds=4 * BLINK)
    client_of(gateway).timeout = 15
    (pavel,) = crowd_at(gateway, 1)
    faulty.hit(faults.hang_before)
    for act in ("friends", "profile", "history"):
        assert pavel.get(act) == {"ok": 0}
    assert faulty.at_once > 0  # they still hang


def crowd_at(gateway: Flask, size: int) -> list[Program]:
    """Programs of as many people, who all have Pavel's token: it saves the time that passwords take."""
    state, grant = gateway.extensions["userapi_gw"].state, client_of(gateway).grant("test@test.com", "7777777")
    programs = [Program(gateway) for _ in range(size)]
    for number, program in enumerate(programs):
        program.sid = state.sessions.open(1000 + number, grant.token, 2).sid
    return programs


def test_a_crowd_polls_through_an_outage(gateway: Flask, faulty: Faulty) -> None:
    """What hangs first is all that hangs: the others fail at once, and one at a time tries."""
    client, crowd = client_of(gateway), crowd_at(gateway, PROGRAMS)
    version = crowd[0].version("wall", id=1)

    def poll(program: Program) -> Any:
        return program.get("history", wall=version, id=1)

    client.timeout = 4 * BLINK
    faulty.hit(faults.hang_before)
    with ThreadPoolExecutor(PROGRAMS) as pool:
        answers = list(pool.map(poll, crowd * 3))
    assert [answer for answer in answers if answer != {"ok": 0}] == []
    asked = [call for call in faulty.seen if call.method != "utils.getServerTime"]
    assert len(asked) <= 2 * MOST_AT_ONCE

    client.timeout = 15
    faulty.heal()
    while poll(crowd[0]) == {"ok": 0}:
        time.sleep(BLINK)
    assert [program for program in crowd[:20] if poll(program) == {"ok": 0}] == []


def test_there_are_never_more_calls_at_once_than_there_is_room_for(gateway: Flask, faulty: Faulty) -> None:
    crowd = crowd_at(gateway, 2 * MOST_AT_ONCE)
    faulty.hit(faults.hang_after)
    with ThreadPoolExecutor(len(crowd)) as pool:
        polls = [pool.submit(program.get, "friends", id=1) for program in crowd]
        while faulty.at_once < MOST_AT_ONCE:
            time.sleep(BLINK / 10)
        faulty.heal()
        answers = [poll.result() for poll in polls]
    assert [answer for answer in answers if len(answer) < 2] == []
    assert faulty.most_at_once == MOST_AT_ONCE


def test_what_the_backend_has_had_too_much_of_pauses(make_gateway: MakeGateway, faulty: Faulty) -> None:
    pavel = Program(make_gateway(flood_pause_seconds=1000)).log_in()
    faulty.hit(vk_error(9), "wall.post", times=1)
    assert [pavel.get("add_wall", id=1, message="x") for _ in range(3)] == [{"ok": -2}] * 3
    assert [call.method for call in faulty.seen].count("wall.post") == 1
    assert pavel.get("wall", id=1)["n"] > 0
    assert pavel.get("add_message", id=6, message="x")["ok"] == 1


def test_readiness_goes_and_comes_back(gateway: Flask, faulty: Faulty) -> None:
    pavel = Program(gateway).log_in()

    def ready() -> tuple[int, Any]:
        response = gateway.test_client().get("/readyz")
        return response.status_code, response.get_json()

    assert ready() == (200, {"database": "ok", "backend": "ok"})
    client_of(gateway).breaker.pause = 1000
    for fault in (faults.reset_before, faults.html_500):
        faulty.hit(fault)
        assert [pavel.get("friends") for _ in range(3)] == [{"ok": 0}] * 3
        assert ready() == (503, {"database": "ok", "backend": "away"})
    faulty.heal()
    assert ready() == (200, {"database": "ok", "backend": "ok"})
    assert len(pavel.get("friends")) > 1  # the one who asked has found out for all


def test_readiness_without_the_database(gateway: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    path = gateway.extensions["userapi_gw"].settings.data_dir / "gateway.sqlite3"
    gateway.extensions["userapi_gw"].state.close()
    path.unlink()
    response = gateway.test_client().get("/readyz")
    assert (response.status_code, response.get_json()) == (503, {"database": "away", "backend": "ok"})
