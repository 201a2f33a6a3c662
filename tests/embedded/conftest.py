"""The world is made once; each test that writes gets a copy of the file."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from userapi_gw.embedded import create_backend
from userapi_gw.embedded.accounts import issue_token
from userapi_gw.embedded.database import Database


@dataclass
class Caller:
    """Somebody with a token (or nobody, without one) who calls methods."""

    client: FlaskClient
    token: str

    def answer(self, method: str, **params: object) -> dict[str, Any]:
        """Call a method and return the whole JSON body."""
        given = {"access_token": self.token} if self.token else {}
        response = self.client.post(f"/method/{method}", data={**params, **given})
        assert (response.status_code, response.mimetype) == (200, "application/json")
        body: dict[str, Any] = response.get_json()
        return body

    def __call__(self, method: str, **params: object) -> Any:
        """Call a method that has to succeed and return its answer."""
        body = self.answer(method, **params)
        assert list(body) == ["response"], body
        return body["response"]

    def error(self, method: str, **params: object) -> tuple[int, str]:
        """Call a method that has to fail and return code and text."""
        body = self.answer(method, **params)
        assert list(body) == ["error"], body
        assert sorted(body["error"]) == ["error_code", "error_msg", "request_params"]
        return body["error"]["error_code"], body["error"]["error_msg"]


AsUser = Callable[[int], Caller]


def callers(app: Flask, path: Path) -> AsUser:
    """Return a function that gives a caller for a person, 0 for nobody. Only two people have passwords."""

    def as_user(user_id: int) -> Caller:
        with Database(path).write() as db:
            token = issue_token(db, user_id) if user_id else ""
        return Caller(app.test_client(), token)

    return as_user


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as the first start leaves it. Never changed."""
    path = tmp_path_factory.mktemp("world") / "world.db"
    create_backend(path)
    return path


@pytest.fixture(scope="session")
def reader(world_file: Path, tmp_path_factory: pytest.TempPathFactory) -> AsUser:
    """Callers of one server shared by all tests that only read."""
    path = tmp_path_factory.mktemp("reader") / "world.db"
    shutil.copy(world_file, path)
    return callers(create_backend(path), path)


@pytest.fixture(scope="session")
def one(reader: AsUser) -> Caller:
    """Person 1, only to read."""
    return reader(1)


@pytest.fixture
def database_path(world_file: Path, tmp_path: Path) -> Path:
    """A copy of the world that the test may change."""
    path = tmp_path / "world.db"
    shutil.copy(world_file, path)
    return path


@pytest.fixture
def app(database_path: Path) -> Flask:
    """A server on a copy of the world."""
    return create_backend(database_path)


@pytest.fixture
def as_user(app: Flask, database_path: Path) -> AsUser:
    """Callers of a server whose data the test may change."""
    return callers(app, database_path)
