"""The gateway the walk is made on: always the same hour, and after every change the same world again."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode

from flask import Flask
from werkzeug.test import TestResponse

from tests.files import jpeg
from tests.letters import texts
from tests.person import Person
from tests.program import Program, answer_of
from tests.walk.values import Walk
from userapi_gw.acts import LIMITED
from userapi_gw.embedded.schema import metadata

NOW = 1_300_000_000
H = 166_000_002
"""The version of a list nothing happened to since the week of `NOW`."""

SECRET_KEY = "0" * 32
SETTINGS: dict[str, Any] = {
    "secret_key": SECRET_KEY,
    "refresh_seconds": 3600.0,
    "live_pollers": 0,
    "sites": {2: {"url": "http://durov.ru", "options": {"own_pictures": False}}},
    "limits": dict.fromkeys(LIMITED, "off") | {"add_wall": "1/3600"},
    "login_failures": 2,
    "banned_emails": ["*@spam.example"],
}
PICTURE = jpeg(60, 40)
BACK = "http://durov.ru/#1"
PHOTO = "1_79435064"
CSID = "0.24627315661712001"
DELETED = {
    "wall.delete": {"owner_id": 1, "post_id": 48350915},
    "messages.delete": {"message_ids": 106065105},
    "status.delete": {"status_id": 139699900},
    "photos.deleteComment": {"owner_id": 1, "comment_id": 81711268},
}
"""What Pavel has deleted and can bring back."""

VERSIONS = ("updates_photos", "updates_tagged_photos", "updates_friends", "updates_activity")
HEX = re.compile(r"[0-9a-f]{32,56}")
Pairs = Iterable[tuple[str, str]]


class Stage:
    """Pavel and Nikolay at their programs: Pavel deleted something, and Nikolay did what Pavel's histories tell of.

    Nikolay may not write on walls nor log in again without a captcha. `given` are this run's values of right requests.
    """

    def __init__(self, gateway: Flask) -> None:
        self.gateway = gateway
        self._rooms = gateway.extensions["userapi_gw"]
        self._data_dir = self._rooms.settings.data_dir
        self._pavel, self._nikolay = Program(gateway).log_in(), Program(gateway).log_in("nikolay@test.com")
        self._fyodor = Person(gateway, 310).program()
        self._story()
        self.given = self._given()
        self._world = self._data_dir / "embedded.sqlite3"
        with closing(sqlite3.connect(self._world)) as world:
            world.execute("PRAGMA journal_mode=DELETE")  # nobody else is here, and the file is opened quicker so
        self._world_before, self._rows_before = self._world.read_bytes(), _rows(self._world)
        self._touched = self._world.stat().st_mtime_ns
        self._state, self._state_before = (
            sqlite3.connect(self._data_dir / "gateway.sqlite3"),
            sqlite3.connect(":memory:"),
        )
        self._state.backup(self._state_before)
        self._state_version = self._version_of_state()

    def close(self) -> None:
        """Give back what was remembered."""
        self._state.close()
        self._state_before.close()

    def is_changed(self) -> bool:
        """Tell whether a row of the backend's data is another than at the beginning."""
        return self._world.stat().st_mtime_ns != self._touched and _rows(self._world) != self._rows_before

    def reset(self) -> None:
        """Bring everything back to the beginning."""
        if self._world.stat().st_mtime_ns != self._touched:
            self._world.write_bytes(self._world_before)
            self._touched = self._world.stat().st_mtime_ns
        if self._version_of_state() != self._state_version:
            self._state_before.backup(self._state)
            self._state_version = self._version_of_state()
            with self._rooms.state.streams._memory.changing_any():
                pass  # whoever remembers where streams stood has to read it again
        self._rooms.counters.forget(1)

    def _version_of_state(self) -> int:
        """A number that is another one after somebody else wrote to the gateway's database."""
        (number,) = self._state.execute("PRAGMA data_version").fetchone()
        return int(number)

    def right(self, walk: Walk) -> dict[str, str]:
        """The request with all right values, percent-encoded, by name."""
        return {name: quote(row.right.format(**self.given)) for name, row in walk.rows.items()}

    def send(self, walk: Walk, pairs: Pairs) -> TestResponse:
        """Send a request as it stands, from a clean slate when it may change something."""
        if walk.changes != "nothing":
            self.reset()
        client = self.gateway.test_client()
        query = "&".join(f"{name}={value}" for name, value in pairs if not name.startswith("file"))
        if walk.path == "/upload.php":
            files = [(name, value) for name, value in pairs if name.startswith("file")]
            return self._post(f"/upload.php?{query}", files)
        return client.get(walk.path + "?" + query, base_url="http://userapi.com")

    def _post(self, address: str, files: list[tuple[str, str]]) -> TestResponse:
        data: dict[str, list[Any]] = {}
        for name, value in files:
            content = PICTURE if value == "jpeg" else unquote_to_bytes(value)
            data.setdefault(name, []).append((BytesIO(content), "photo.jpg"))
        return self.gateway.test_client().post(address, data=data, base_url="http://userapi.com")

    def answer(self, response: TestResponse) -> Any:
        """What a response says: JSON, or the content type of a picture, or where it leads to and what it leaves."""
        if response.status_code == 302:
            return self._redirected(response)
        if response.content_type.startswith(("application/json", "text/javascript")):
            return answer_of(response)
        return f"{response.status_code} {response.content_type}"

    def _redirected(self, response: TestResponse) -> dict[str, Any]:
        """The address and cookies without secrets, how many files are kept, and whether Pavel is still logged in."""
        cookies = [cookie.partition(";")[0] for cookie in response.headers.getlist("Set-Cookie")]
        with closing(sqlite3.connect(self._world)) as world:
            (files,) = world.execute("SELECT count(*) FROM files").fetchone()
        return {
            "to": HEX.sub("...", response.headers["Location"]),
            "cookies": [HEX.sub("...", cookie) for cookie in cookies],
            "files": files,
            "session": self._rooms.state.sessions.find(self._pavel.sid) is not None,
        }

    def _story(self) -> None:
        token = self._rooms.state.sessions.find(self._pavel.sid).token
        for method, sent in DELETED.items():
            self._rooms.client.call(method, token, write=True, **sent)
        self._look()
        for act, more in (
            ("add_wall", {}),
            ("add_message", {"id": 1}),
            ("add_photos_comments", {"parent": PHOTO}),
        ):
            self._nikolay.get(act, message="news", **more)
        self._nikolay.get("set_activity", text="news")
        self._look()
        self._fyodor.get("history")
        wrong = urlencode({"login": "force", "site": 2, "email": "nikolay@test.com", "pass": "wrong"})
        for _ in range(2):
            self._nikolay.auth(wrong)

    def _look(self) -> None:
        """Let Pavel look at every list that has a version."""
        for act in ("wall", "activity", "message", *VERSIONS):
            self._pavel.version(act, id=6)
        for parent in ("-1", "-2"):
            self._pavel.version("photos_comments", parent=parent)

    def _given(self) -> dict[str, str]:
        profile = self._pavel.get("profile")
        pair = {f"{kind}_{name}": str(profile[kind][name]) for kind in ("pr", "ph") for name in ("hash", "rhash")}
        cookie = self._pavel.client.get_cookie("remixpassword", domain="login.userapi.com")
        assert cookie is not None
        return {
            "pavel_sid": self._pavel.sid,
            "nikolay_sid": self._nikolay.sid,
            "fyodor_sid": self._fyodor.sid,
            **pair,
            "aid": str(profile["ph"]["aid"]),
            "remixpassword": cookie.value,
            "cid": self._cid(),
            "csid": CSID,
            "code": self._rooms.state.captchas.issue(CSID),
        }

    def _cid(self) -> str:
        """What the activation link of somebody who has just registered says."""
        code = self._rooms.state.captchas.issue(CSID)
        iwan = {"fn": "Iwan", "ln": "Smirnow", "email": "waits@test.com", "pass": "777777777", "site": "2"}
        assert self._pavel.get("register", **iwan, csid=CSID, ccode=code) == 1
        (text,) = texts(self._rooms.state)
        found = re.search(r"confirm=([0-9a-f]{32})", text)
        assert found
        return found[1]


def _rows(database: Path) -> dict[str, list[Any]]:
    """All rows of all tables of a SQLite file."""
    with closing(sqlite3.connect(database)) as opened:
        return {table: opened.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in metadata.tables}
