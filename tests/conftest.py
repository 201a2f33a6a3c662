"""Factories shared by all tests: gateways over fresh copies of the documentation's world, and old programs."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.lacking import NOT_IN_OPENVK, take_away
from tests.program import Program
from userapi_gw.app import create_app
from userapi_gw.embedded import create_backend
from userapi_gw.settings import Settings

MakeGateway = Callable[..., Flask]
MakeProgram = Callable[..., Program]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--backend lacking` runs the tests on a backend that lacks what the gateway has overlays for."""
    parser.addoption("--backend", choices=("embedded", "lacking"), default="embedded")


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded backend's database, freshly filled with the documentation's world."""
    path = tmp_path_factory.mktemp("world") / "embedded.sqlite3"
    create_backend(path)
    return path


@pytest.fixture
def make_gateway(request: pytest.FixtureRequest, tmp_path: Path, world_file: Path) -> Iterator[MakeGateway]:
    """Make gateways on one data folder: `make_gateway(dialect="2008")`. Every poll and every list asks the backend.

    With `lacks=("fave.", "wall.restore")` the backend has no such methods.
    """
    general: tuple[str, ...] = {"embedded": (), "lacking": NOT_IN_OPENVK}[request.config.getoption("--backend")]
    with ExitStack() as stack:

        def make(*, lacks: tuple[str, ...] = (), **settings: Any) -> Flask:
            anew = {"refresh_seconds": 0.0, "cache_seconds": 0.0}
            settings = {"data_dir": tmp_path / "data", **anew, "secret_key": "0" * 32, **settings}
            data_dir = Path(settings["data_dir"])
            if not (data_dir / "embedded.sqlite3").exists():
                data_dir.mkdir(parents=True, exist_ok=True)
                shutil.copy(world_file, data_dir / "embedded.sqlite3")
            app = create_app(Settings(**settings))
            take_away(app, general + lacks)
            stack.callback(app.extensions["userapi_gw"].close)
            return app

        yield make


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Flask:
    """A gateway in the default dialect."""
    return make_gateway()


@pytest.fixture
def pavel(gateway: Flask) -> Program:
    """User 1 at an old program, logged in."""
    return Program(gateway).log_in()


@pytest.fixture
def nikolay(gateway: Flask) -> Program:
    """User 6 at an old program, logged in."""
    return Program(gateway).log_in("nikolay@test.com")
