"""What all requests share: keys of communities."""

from tests.conftest import MakeGateway
from userapi_gw.gateway import Gateway

SITES = {
    7: {"url": "http://a.example", "community": {"group": 5}},
    8: {"url": "http://b.example", "community": {"group": 6, "token": "of the settings"}},
    9: {"url": "http://c.example"},
}


def test_the_key_of_a_community_is_that_of_the_settings_or_the_one_its_manager_gave(make_gateway: MakeGateway) -> None:
    gateway: Gateway = make_gateway(sites=SITES).extensions["userapi_gw"]
    assert [gateway.community_key(site) for site in (7, 8, 9, 10)] == ["", "of the settings", "", ""]
    for group in (5, 6):
        gateway.state.community_keys.keep(group, "kept", rights=4096, giver=1)
    assert [gateway.community_key(site) for site in (7, 8)] == ["kept", "of the settings"]
