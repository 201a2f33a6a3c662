"""Gateways in front of an emulated OpenVK that can be made to fail."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.faults import Faulty, faulty_backend
from tests.program import Program
from userapi_gw.acts import LIMITED
from userapi_gw.embedded import create_backend


@pytest.fixture
def server(tmp_path: Path, world_file: Path) -> Iterator[Faulty]:
    """An emulated OpenVK with the documentation's world."""
    path = tmp_path / "data" / "embedded.sqlite3"  # where tests.person looks for people
    path.parent.mkdir()
    shutil.copy(world_file, path)
    with faulty_backend(create_backend(path, "openvk")) as served:
        yield served


@pytest.fixture
def openvk(make_gateway: MakeGateway, server: Faulty) -> Flask:
    """A gateway in front of it."""
    settings: dict[str, Any] = {"backend": "openvk", "backend_url": server.url, "calls_per_second": 0}
    sites = {2: {"url": "http://durov.ru", "options": {"own_pictures": False}}}
    return make_gateway(**settings, sites=sites, limits=dict.fromkeys(LIMITED, "off"), backend_timeout_seconds=2)


@pytest.fixture
def anna(openvk: Flask) -> Program:
    """User 1 of the emulated OpenVK at an old program."""
    return Program(openvk).log_in()


@pytest.fixture
def boris(openvk: Flask) -> Program:
    """User 6 of the emulated OpenVK at an old program."""
    return Program(openvk).log_in("nikolay@test.com")
