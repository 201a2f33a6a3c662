"""A gateway with a site in community 5 of the embedded world, and people who come by way of VK."""

from collections.abc import Callable
from time import time
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.inbound.launches import APP, GROUP, SECRET, Sent, concatenated
from tests.person import Person

MakeLaunch = Callable[..., Sent]

COMMUNITY: dict[str, Any] = {"group": GROUP, "app": APP, "app_secret": SECRET}
SITES: dict[int, dict[str, Any]] = {
    7: {"url": "http://old.example", "community": COMMUNITY},
    8: {"url": "self", "community": {**COMMUNITY, "group": 6, "app": APP + 1}},
    9: {"url": "http://bare.example"},
}


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Flask:
    return make_gateway(sites=SITES, public_url="https://gateway.example")


@pytest.fixture
def make_launch(gateway: Flask) -> MakeLaunch:
    """Make launches of people with a token of theirs: `make_launch(6, form=mini, viewer_type=4)`."""

    def make(viewer: int = 1, form: Callable[..., Sent] = concatenated, **other: Any) -> Sent:
        name, moment = ("vk_user_id", "vk_ts") if form.__name__ == "mini" else ("viewer_id", "timestamp")
        facts = {name: viewer, moment: int(time()), "access_token": Person(gateway, viewer)._token}
        return form(**{**facts, **other})

    return make
