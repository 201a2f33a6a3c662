"""Captchas at the login. UserAPI documentation, "Expired session handling": codes -1 to -4."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.program import Program, sid_of
from userapi_gw.backend.client import Client
from userapi_gw.backend.model import Grant

RIGHT = "login=force&site=2&email=test@test.com&pass=7777777"
WRONG = "login=force&site=2&email=test@test.com&pass=wrong"


@pytest.fixture
def refused(make_gateway: MakeGateway) -> Program:
    """A program after too many wrong passwords."""
    program = Program(make_gateway(login_failures=3))
    assert [sid_of(program.auth(WRONG)) for _ in range(3)] == ["-1", "-1", "-3"]
    return program


def code(gateway: Flask) -> str:
    return str(gateway.extensions["userapi_gw"].state.captchas.issue("0.5"))


@pytest.mark.parametrize("names", [("fcsid", "fccode"), ("csid", "ccode")])
def test_a_right_captcha_lets_the_right_password_in(refused: Program, names: tuple[str, str]) -> None:
    right = code(refused.gateway)
    assert len(sid_of(refused.auth(f"{RIGHT}&{names[0]}=0.5&{names[1]}={right}"))) == 32
    assert len(sid_of(refused.auth(RIGHT))) == 32  # the count begins anew


def test_a_wrong_password_asks_for_the_next_captcha(refused: Program) -> None:
    right = code(refused.gateway)
    assert sid_of(refused.auth(f"{WRONG}&fcsid=0.5&fccode={right}")) == "-3"
    assert sid_of(refused.auth(f"{RIGHT}&fcsid=0.5&fccode={right}")) == "-2"


@pytest.mark.parametrize("sent", ["fcsid=0.5&fccode=wrong", "fcsid=never&fccode=abcde", "csid=0.5&ccode=%00x"])
def test_a_wrong_captcha(refused: Program, sent: str) -> None:
    code(refused.gateway)
    assert sid_of(refused.auth(f"{RIGHT}&{sent}")) == "-2"


@pytest.mark.parametrize("sent", ["", "&fcsid=0&fccode=0", "&fcsid=&fccode=", "&fcsid=0.5", "&fccode=abcde"])
def test_no_captcha(refused: Program, sent: str) -> None:
    assert sid_of(refused.auth(RIGHT + sent)) == "-3"


def test_programs_that_know_captchas_are_told_that_none_is_needed(gateway: Flask) -> None:
    program = Program(gateway)
    assert sid_of(program.auth(WRONG + "&fcsid=0&fccode=0")) == "-4"
    assert sid_of(program.auth(f"{WRONG}&csid=0.5&ccode={code(gateway)}")) == "-4"


def test_after_the_pause_no_captcha_is_needed(make_gateway: MakeGateway) -> None:
    program = Program(make_gateway(login_failures=1, login_pause_seconds=0))
    assert sid_of(program.auth(WRONG)) == "-3"
    assert len(sid_of(program.auth(RIGHT))) == 32


def test_captchas_stay_out_of_the_log(refused: Program, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    right = code(refused.gateway)
    refused.auth(f"{WRONG}&fcsid=0.5&fccode={right}")
    refused.auth(f"{RIGHT}&fcsid=0.5&fccode={right}")
    assert right not in caplog.text


def test_wrong_passwords_sent_at_once_are_tried_no_oftener_than_one_after_the_other(
    make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway, tried = make_gateway(login_failures=2), []
    grant = Client.grant

    def slowly(*sent: Any) -> Grant:
        tried.append(sent)
        time.sleep(0.05)  # so that the others come before this one has failed
        return grant(*sent)

    monkeypatch.setattr(Client, "grant", slowly)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: sid_of(Program(gateway).auth(WRONG)), range(8)))
    assert len(tried) == 2
    assert sorted(answers) == ["-1", *["-3"] * 7]


def test_right_passwords_sent_at_once_are_all_let_in(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(login_failures=1)
    with ThreadPoolExecutor(8) as pool:
        sids = list(pool.map(lambda _: sid_of(Program(gateway).auth(RIGHT)), range(8)))
    assert {len(sid) for sid in sids} == {32}
