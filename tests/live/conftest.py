"""A backend with a long poll, and gateways in front of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.live.stub import Stub, serving

SITES = {2: {"url": "http://durov.ru"}}


@pytest.fixture
def stub(tmp_path: Path, world_file: Path) -> Iterator[Stub]:
    """A VK-like server with the documentation's world; nobody waits for longer than a moment."""
    path = tmp_path / "backend.sqlite3"
    shutil.copy(world_file, path)
    with serving(Stub(path, longest=0.5)) as stub:
        yield stub


@pytest.fixture
def make_live(make_gateway: MakeGateway, stub: Stub) -> MakeGateway:
    """Make gateways on one data folder that listen to the backend. Where nobody listens, lists are always looked at."""

    def make(**settings: Any) -> Flask:
        own = {"backend": "vk", "backend_url": stub.url, "sites": SITES, "calls_per_second": 0}
        return make_gateway(**{**own, "live_pollers": 10, "live_lease_seconds": 0.4, **settings})

    return make
