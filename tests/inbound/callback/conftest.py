"""A gateway with a community, and a sender of events."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import MakeGateway
from userapi_gw.gateway import Gateway
from userapi_gw.inbound.event_work import EventWork

SITE, GROUP, SECRET = 2, 5, "s3cret-word"
COMMUNITY = {"group": GROUP, "confirmation": "abc123", "callback_secret": SECRET}
SITES = {2: {"url": "http://durov.ru", "community": COMMUNITY}, 3: {"url": "http://other.example"}}


@dataclass
class Sender:
    """Posts events as VK does; the gateway's worker does nothing by itself."""

    app: Flask

    @property
    def gateway(self) -> Gateway:
        found: Gateway = self.app.extensions["userapi_gw"]
        return found

    def post(self, body: object, site: int = SITE, **headers: str) -> TestResponse:
        """Post a body: bytes as they are, anything else as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.app.test_client().post(f"/callback/{site}", data=data, headers=headers)

    def send(self, kind: str, about: dict[str, Any], event_id: str = "", **more: Any) -> None:
        """Send an event that has to be taken."""
        body = {"type": kind, "object": about, "group_id": GROUP, "secret": SECRET, "v": "5.131"}
        response = self.post({**body, **({"event_id": event_id} if event_id else {}), **more})
        assert (response.status_code, response.get_data()) == (200, b"ok")

    def work(self) -> None:
        """Do what came in."""
        while EventWork(self.gateway).do():
            pass


@pytest.fixture
def sender(make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch) -> Sender:
    """A sender of events to a gateway that looks at lists only when it has cause: not for an hour otherwise."""
    monkeypatch.setattr("userapi_gw.worker.Worker.start", lambda worker: None)
    return Sender(make_gateway(sites=SITES, refresh_seconds=3600.0))
