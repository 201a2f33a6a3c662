"""`callback setup` and `callback status` where things are not as they should be; test_circle.py has the other cases."""

from pathlib import Path

import pytest

from tests.callback_receiver import receiving
from tests.conftest import MakeGateway
from userapi_gw import cli
from userapi_gw.backend.groups import Groups
from userapi_gw.embedded import make_community_key
from userapi_gw.embedded.callback import Pace
from userapi_gw.gateway import Gateway
from userapi_gw.inbound.callback_setup import TITLE, NotSetUpError, set_up
from userapi_gw.settings import Community

SITE, GROUP = 2, 5
QUICK = Pace(first_pause=0.01, longest_pause=0.01, timeout=5, look_every=0.02, start_after=0)


@pytest.fixture
def gateway(make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    monkeypatch.setattr("userapi_gw.embedded.app.Pace", lambda: QUICK)
    monkeypatch.setattr("userapi_gw.inbound.callback_setup.LOOK_EVERY", 0.02)
    gateway: Gateway = make_gateway().extensions["userapi_gw"]
    return gateway


@pytest.fixture
def calls(gateway: Gateway) -> Groups:
    key = make_community_key(gateway.settings.embedded_database, GROUP) or ""
    return Groups(gateway.client, -GROUP, key, fresh=True)


def test_a_server_that_answers_something_else_is_not_left_behind(gateway: Gateway, calls: Groups) -> None:
    said: list[str] = []
    with receiving() as receiver, pytest.raises(NotSetUpError, match="did not get the confirmation from http://127"):
        set_up(calls, gateway.state.callbacks, SITE, Community(group=GROUP), receiver.url, tell=said.append)
    assert [event["type"] for event in receiver.events] == ["confirmation"] * QUICK.confirmation_tries
    assert calls.callback_servers(GROUP) == []
    assert said[1:] == ["Server 1 was added.", "Events that will be sent: 17 types."]


def test_a_server_entered_by_hand_is_taken_over_and_not_doubled(gateway: Gateway, calls: Groups) -> None:
    """It had another secret."""
    code = calls.confirmation_code(GROUP)
    with receiving() as receiver:
        calls.add_callback_server(GROUP, receiver.url, "by hand", "another")
        receiver.answer = lambda event: (200, code, {})
        community = Community(group=GROUP, callback_secret="typed")
        set_up(calls, gateway.state.callbacks, SITE, community, receiver.url, tell=lambda line: None)
    kept, (server,) = gateway.state.callbacks.site(SITE), calls.callback_servers(GROUP)
    assert (server.title, server.secret, server.status) == (TITLE, "typed", "ok")
    assert "message_new" in calls.chosen_events(GROUP, server.id)
    assert (kept.confirmation, kept.secret) == (code, "typed")


def test_a_confirmation_in_the_settings_that_is_wrong(gateway: Gateway, calls: Groups) -> None:
    community = Community(group=GROUP, confirmation="wrong")
    with pytest.raises(NotSetUpError, match=r"^sites\.2\.community\.confirmation: the backend expects [0-9a-f]{8};"):
        set_up(calls, gateway.state.callbacks, SITE, community, "http://127.0.0.1:9/", tell=lambda line: None)
    assert calls.callback_servers(GROUP) == []


def test_faults_of_the_command_line(
    tmp_path: Path, world_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("userapi-gw.toml").write_text('[sites.2]\nurl = "self"\n[sites.2.community]\ngroup = 5\n', encoding="utf-8")
    (tmp_path / "userapi-gw-data").mkdir()
    (tmp_path / "userapi-gw-data" / "embedded.sqlite3").write_bytes(world_file.read_bytes())

    def fault(*arguments: str) -> str:
        with pytest.raises(SystemExit) as left:
            cli.main(["callback", *arguments])
        assert left.value.code == 2
        return capsys.readouterr().err

    assert fault("setup", "--site", "1") == "userapi-gw: site 1 has no community (sites.1.community)\n"
    needed = "userapi-gw: sites.2.community.token: the community's access key is needed\n"
    assert fault("setup", "--site", "2") == needed
    assert fault("setup", "--site", "2", "--url", "ftp://x").startswith("userapi-gw: --url: ")
    monkeypatch.setenv("USERAPI_GW_SITES", '{"2": {"url": "self", "community": {"group": 5, "token": "t0ken"}}}')
    refused = fault("setup", "--site", "2")
    assert refused.startswith("userapi-gw: the backend refused: token_refused: VK error 5")
    assert "t0ken" not in refused
    with pytest.raises(SystemExit) as left:
        cli.main(["callback", "status"])
    assert left.value.code == 0
    assert "there is no confirmation and no secret yet" in capsys.readouterr().out
