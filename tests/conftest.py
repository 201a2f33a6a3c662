"""Factories shared by all tests: gateways over fresh copies of the documentation's world, and old programs."""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask

from tests import chromium, databases
from tests.backends import NOT_IN_OPENVK, as_documented, emulate_openvk, forget_handed_over, hand_over, take_away
from tests.databases import TestDatabase
from tests.not_on_openvk import NOT_ON_OPENVK, left_out
from tests.program import Program
from userapi_gw.app import create_app
from userapi_gw.embedded import create_backend
from userapi_gw.settings import Settings
from userapi_gw.state import open_state

MakeGateway = Callable[..., Flask]
MakeProgram = Callable[..., Program]
OnBackend = Callable[..., Any]

SECRET_KEY = "0" * 32

QUIET = {"live_pollers": 0, "notify_worker": False}
"""Settings without which a gateway has threads of its own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--backend lacking` runs the tests on a backend without what there are overlays for, `openvk` on an OpenVK."""
    parser.addoption("--backend", choices=("embedded", "lacking", "openvk"), default="embedded")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs PostgreSQL or a browser where there is none, and what is not for the backend."""
    there = {"postgresql": databases.SERVER != "", "browser": chromium.IS_THERE}
    missing = [marker for marker, is_there in there.items() if not is_there]
    backend = config.getoption("--backend")

    def is_for_backend(item: pytest.Item) -> bool:
        if backend == "openvk":  # what asks no backend is tested with the others
            return "backend_name" in getattr(item, "fixturenames", ()) and left_out(item.nodeid) == ""
        needed = {mark.args[0] for mark in item.iter_markers("needs")}
        return backend == "embedded" or not needed & {*NOT_IN_OPENVK}

    def is_possible(item: pytest.Item) -> bool:
        return is_for_backend(item) and not any(item.get_closest_marker(marker) for marker in missing)

    chosen = [item for item in items if is_possible(item)]
    config.hook.pytest_deselected(items=[item for item in items if not is_possible(item)])
    items[:] = chosen


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say whether PostgreSQL and a browser are tested, and what is not tested on an OpenVK."""
    on_openvk = config.getoption("--backend") == "openvk"
    return [
        "PostgreSQL: " + ("tested" if databases.SERVER else "NOT tested; .ci/postgresql COMMAND gives a server"),
        "Chromium: " + ("tested" if chromium.IS_THERE else "NOT tested; .ci/chromium COMMAND installs it"),
        *(f"not on an OpenVK: {name}: {reason}" for name, reason in NOT_ON_OPENVK.items() if on_openvk),
    ]


@pytest.fixture(autouse=True)
def log_levels() -> Iterator[None]:
    """Commands run in this process set how much is logged; the next test has it as it was."""
    loggers = [logging.getLogger(name) for name in ("userapi_gw", "urllib3")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="session")
def chromium_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Chrome]:
    """The one browser of a test process."""
    with chromium.browser(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture
def window(chromium_browser: chromium.Chrome) -> chromium.Window:
    """A window of a real browser, for tests that are marked `browser`."""
    return chromium.Window(chromium_browser)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[databases.Server]:
    """The PostgreSQL server."""
    with closing(databases.Server(psycopg.connect(databases.SERVER, autocommit=True))) as server:
        yield server


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for a `database` on both of them, unless it is marked `sqlite_only` or `postgresql`."""
    if "database" in metafunc.fixturenames:
        marks = {mark.name for mark in metafunc.definition.iter_markers()}
        kinds = ["sqlite"] * ("postgresql" not in marks) + ["postgresql"] * ("sqlite_only" not in marks)
        values = [pytest.param(kind, marks=pytest.mark.postgresql if kind == "postgresql" else ()) for kind in kinds]
        metafunc.parametrize("database", values, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TestDatabase]:
    """A fresh database for the gateway's own data."""
    if request.param == "sqlite":
        (tmp_path / "state").mkdir()
        yield databases.SQLite(tmp_path / "state" / "state.sqlite3")
    else:
        with request.getfixturevalue("postgresql_server").database() as made:
            yield made


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hash passwords for next to nothing: every gateway hashes one when it starts, and checks one at a login."""
    hash_, cheap = PasswordHasher.hash, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PasswordHasher, "hash", lambda _, password, **more: hash_(cheap, password, **more))
        yield


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded backend's database, freshly filled with the documentation's world."""
    path = tmp_path_factory.mktemp("world") / "embedded.sqlite3"
    create_backend(path)
    return path


@pytest.fixture(scope="session")
def backend_name(pytestconfig: pytest.Config) -> str:
    """The backend of this run, `--backend`. What does not ask for it, be it through other fixtures, has no backend."""
    return str(pytestconfig.getoption("--backend"))


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory, world_file: Path, backend_name: str) -> Path:
    """A data folder as gateways begin with it: to copy two databases is quicker than to make them."""
    path = tmp_path_factory.mktemp("data")
    world, state = path / "embedded.sqlite3", f"sqlite:///{path / 'gateway.sqlite3'}"
    shutil.copy(world_file, world)
    open_state(state, SECRET_KEY).close()
    if backend_name != "embedded":
        hand_over(world_file, state)
        forget_handed_over(world)
    return path


@pytest.fixture
def on_backend(backend_name: str) -> OnBackend:
    """What is expected on the backend of this run: `on_backend(0, openvk=-3)` is -3 on an OpenVK, else 0."""
    return lambda usual, **apart: apart.get(backend_name, usual)


@pytest.fixture
def make_gateway(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    world_file: Path,
    data_folder: Path,
    backend_name: str,
) -> Iterator[MakeGateway]:
    """Make gateways on one data folder: `make_gateway(dialect="2008")`. Every poll and every list asks the backend.

    With `lacks=("fave.", "wall.restore")` the backend has no such methods. The gateways' own database is the `database`
    of tests that use one. Nobody listens to the backend or sends notifications: see tests/live and tests/notify.
    """
    own = {"database_url": request.getfixturevalue("database").url} if "database" in request.fixturenames else {}
    general = NOT_IN_OPENVK if backend_name == "lacking" else ()
    if backend_name == "openvk":
        emulate_openvk(monkeypatch)
    with ExitStack() as stack:

        def make(*, lacks: tuple[str, ...] = (), **settings: Any) -> Flask:
            anew = {"refresh_seconds": 0.0, "cache_seconds": 0.0}
            usual = {"data_dir": tmp_path / "data", **anew, **QUIET, "secret_key": SECRET_KEY}
            settings = {**usual, **own, **settings}
            data_dir = Path(settings["data_dir"])
            is_new = not (data_dir / "embedded.sqlite3").exists()
            if is_new:
                shutil.copytree(data_folder, data_dir, dirs_exist_ok=True)
            app = create_app(Settings(**settings))
            take_away(app, general + lacks)
            if backend_name != "embedded" and is_new and "database_url" in settings:
                hand_over(world_file, settings["database_url"])
            if backend_name == "openvk":
                as_documented(app)
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
