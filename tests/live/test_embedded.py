"""Listening to the embedded server, which has VK's long poll, and OpenVK's when it plays one."""

import pytest
from flask import Flask

from tests.backends import emulate_openvk
from tests.conftest import MakeGateway
from tests.live.stub import until
from tests.live.test_live import Follower, has_news, is_well
from tests.program import Program

SITES = {2: {"url": "http://durov.ru"}}


@pytest.fixture(params=["embedded", "openvk"])
def gateway(request: pytest.FixtureRequest, make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A gateway whose lists are looked at once in a minute, unless somebody hears of something."""
    if request.param == "openvk":
        emulate_openvk(monkeypatch)
    return make_gateway(live_pollers=5, refresh_seconds=60.0, sites=SITES)


def test_a_message_is_there_before_the_program_asks(gateway: Flask) -> None:
    follower = Follower(Program(gateway).log_in())
    nikolay = Program(gateway).log_in("nikolay@test.com")
    follower.poll()
    until(lambda: is_well(gateway))
    for text in ("one", "two"):
        assert nikolay.get("add_message", id=1, message=text)["ok"] == 1
        until(lambda: has_news(follower))
        follower.poll()
    assert follower.texts == ["one", "two"]
