"""A gateway in front of a backend that can be made to fail."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.faults import Faulty, faulty_backend
from userapi_gw.acts import LIMITED
from userapi_gw.backend import exchange, rate
from userapi_gw.backend.client import Client
from userapi_gw.embedded import create_backend

BLINK = 0.05
"""Seconds that a call may take where it is sure to fail."""

SITES = {1: {"url": "self"}, 2: {"url": "http://durov.ru", "options": {"own_pictures": False}}}


@pytest.fixture
def faulty(tmp_path: Path, world_file: Path) -> Iterator[Faulty]:
    path = tmp_path / "behind.sqlite3"
    shutil.copy(world_file, path)
    with faulty_backend(create_backend(path)) as served:
        yield served


@pytest.fixture
def make_gateway(make_gateway: MakeGateway, faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> MakeGateway:
    """Make gateways in front of the server with faults, as if that were VK; nothing in them waits for long."""
    monkeypatch.setattr(exchange, "PAUSE", BLINK / 10)
    monkeypatch.setattr(rate, "SOON", (BLINK / 10, BLINK))

    def make(**settings: Any) -> Flask:
        vk = {"backend": "vk", "backend_url": faulty.url, "calls_per_second": 0, "flood_pause_seconds": BLINK / 10}
        app = make_gateway(**vk | {"sites": SITES, "limits": dict.fromkeys(LIMITED, "off")} | settings)
        client_of(app).breaker.pause = BLINK
        return app

    return make


def client_of(gateway: Flask) -> Client:
    client: Client = gateway.extensions["userapi_gw"].client
    return client
