"""A world with what the recorded people had besides, and a server on a copy of it."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from werkzeug.test import TestResponse

from tests.embedded.openvk.exchanges import (
    ANNA,
    BORIS,
    DMITRY,
    FOREIGN_MESSAGE,
    NO_MESSAGES,
    PHOTO,
    PHOTO_POST,
    POST,
    POST_COMMENT,
    STRANGER,
)
from userapi_gw.embedded import create_backend
from userapi_gw.embedded.accounts import issue_token
from userapi_gw.embedded.database import Database
from userapi_gw.embedded.openvk import Emulation
from userapi_gw.embedded.openvk.tables import post_comments
from userapi_gw.embedded.schema import messages, posts, requests

_DATE = 1224800000


@pytest.fixture(scope="session")
def prepared(world_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world with two requests, a comment on a post, a post with a photo, and messages of others."""
    path = tmp_path_factory.mktemp("prepared") / "world.db"
    shutil.copy(world_file, path)
    create_backend(path, "openvk")
    photo = json.dumps([{"type": "photo", "photo": {"id": PHOTO}}])
    rows = {
        requests: [{"from_id": ANNA, "to_id": BORIS}, {"from_id": BORIS, "to_id": DMITRY}],
        post_comments: [{"id": POST_COMMENT, "post_id": POST, "from_id": BORIS, "text": "so?"}],
        posts: [{"id": PHOTO_POST, "owner_id": ANNA, "from_id": ANNA, "text": "", "attachments": photo}],
        messages: [
            {"id": FOREIGN_MESSAGE, "from_id": 12, "to_id": STRANGER, "text": "not yours"},
            {"id": FOREIGN_MESSAGE + 1, "from_id": NO_MESSAGES, "to_id": STRANGER, "text": "no answer, please"},
        ],
    }
    with Database(path).write() as db:
        for table, added in rows.items():
            db.execute(insert(table), [{**row, "date": _DATE + place} for place, row in enumerate(added)])
    return path


@dataclass
class Site:
    """An emulated OpenVK and tokens for whoever asks it."""

    path: Path
    client: FlaskClient
    tokens: dict[int, str] = field(default_factory=dict)

    def renew(self, prepared: Path) -> None:
        """Start over with a fresh copy: the server has no connection open between two requests."""
        for old in self.path.parent.glob(f"{self.path.name}*"):
            old.unlink()
        shutil.copy(prepared, self.path)
        self.tokens.clear()

    def token(self, viewer: int) -> str:
        """Return a token of a person."""
        if viewer not in self.tokens:
            with Database(self.path).write() as db:
                self.tokens[viewer] = issue_token(db, viewer)
        return self.tokens[viewer]

    def send(self, viewer: int, verb: str, address: str, params: dict[str, Any], **more: Any) -> TestResponse:
        """Send one request as somebody, 0 for nobody."""
        token = {"access_token": self.token(viewer)} if viewer else {}
        where = "query_string" if verb == "GET" else "data"
        return self.client.open(address, method=verb, **{where: {**params, **token}}, **more)

    def __call__(self, viewer: int, method: str, **params: Any) -> Any:
        """Call a method that has to succeed and return its answer."""
        answer = self.send(viewer, "POST", f"/method/{method}", params)
        assert (answer.status_code, answer.content_type) == (200, "application/json"), answer.get_data(as_text=True)
        body = answer.get_json()
        assert list(body) == ["response"]
        return body["response"]

    def error(self, viewer: int, method: str, **params: Any) -> tuple[int, str]:
        """Call a method that has to fail and return code and text; a crash is `(500, "")`."""
        answer = self.send(viewer, "POST", f"/method/{method}", params)
        if answer.status_code == 500:
            return 500, ""
        body = answer.get_json()
        assert answer.status_code == 400
        assert sorted(body) == ["error_code", "error_msg", "request_params"]
        return body["error_code"], body["error_msg"]


def open_site(prepared: Path, folder: Path, emulation: Emulation | str = "openvk") -> Site:
    """Return a server on a fresh copy of the prepared world."""
    path = folder / "world.db"
    shutil.copy(prepared, path)
    return Site(path, create_backend(path, emulation).test_client())


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    """An emulated OpenVK whose data the test may change."""
    return open_site(prepared, tmp_path)
