"""account.*, fave.* and who counts as online."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from userapi_gw.embedded import accounts
from userapi_gw.state import unlocked

from .conftest import AsUser, Caller


def seen(path: Path, user_id: int) -> int:
    with closing(sqlite3.connect(path)) as raw:
        return int(raw.execute("SELECT last_seen FROM people WHERE id = ?", (user_id,)).fetchone()[0])


def set_seen(path: Path, user_id: int, when: int) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE people SET last_seen = ? WHERE id = ?", (when, user_id))


def test_profile_info(one: Caller) -> None:
    assert one("account.getProfileInfo") == {
        "id": 1,
        "first_name": "Pavel",
        "last_name": "Durov",
        "screen_name": "id1",
        "sex": 2,
        "relation": 1,
        "bdate": "10.10.1984",
        "bdate_visibility": 1,
        "home_town": "Saint Petersburg",
        "city": {"id": 2, "title": "Saint Petersburg"},
        "country": {"id": 1, "title": "Russia", "code": "RU"},
        "status": "writing the documentation",
        "photo_200": "http://cs137.userapi.com/u00001/a_6261d317.jpg",
        "mobile_phone": "",
        "notify_friends": 1,
        "notify_messages": 1,
    }


def test_visits_are_written_once_a_minute(as_user: AsUser, database_path: Path) -> None:
    seven, now = as_user(7), int(time.time())
    set_seen(database_path, 7, now - 50)
    seven("utils.getServerTime")
    assert seen(database_path, 7) == now - 50
    set_seen(database_path, 7, now - 70)
    seven("utils.getServerTime")
    assert seen(database_path, 7) >= now


def test_online_ends_after_five_minutes(as_user: AsUser, database_path: Path) -> None:
    one, now = as_user(1), int(time.time())
    answers = []
    for ago in (200, 400):
        set_seen(database_path, 7, now - ago)
        answers.append(one("users.get", user_ids="7,6", fields="online"))
    assert [[person["online"] for person in answer] for answer in answers] == [[1, 1], [0, 1]]


def test_set_online(as_user: AsUser, database_path: Path) -> None:
    seven, now = as_user(7), int(time.time())
    set_seen(database_path, 7, now - 50)
    assert seven("account.setOnline") == 1
    assert seen(database_path, 7) >= now


def test_bookmarks(as_user: AsUser) -> None:
    one = as_user(1)
    assert one("fave.removeUser", user_id=543870) == 1
    assert one("fave.removeUser", user_id=543870) == 1
    assert one("fave.addUser", user_id=7) == 1
    assert one("fave.addUser", user_id=7) == 1
    answer = one("fave.getUsers", count=500)
    ids = [person["id"] for person in answer["items"]]
    assert (answer["count"], len(ids), ids[-1], 543870 in ids) == (154, 154, 7, False)
    assert one("users.get", user_ids="7,543870", fields="is_favorite")[0]["is_favorite"] == 1
    assert [person["id"] for person in as_user(7)("fave.getFans")["items"]] == [1]
    assert one.error("fave.addUser", user_id=99999999) == (113, "Invalid user id")
    assert one.error("fave.removeUser") == (
        100,
        "One of the parameters specified was missing or invalid: user_id is undefined",
    )


def test_pages_of_bookmarks(one: Caller) -> None:
    assert len(one("fave.getUsers")["items"]) == 50
    assert [person["id"] for person in one("fave.getUsers", offset=6, count=2)["items"]] == [32951, 740975]
    assert [person["id"] for person in one("fave.getFans", offset=1, count=1)["items"]] == [5]


@pytest.mark.parametrize("hasher", [accounts.HASHER, unlocked._HASHER])
def test_passwords_cost_what_owasp_wants(hasher: PasswordHasher) -> None:
    """The tests hash them for less, see `cheap_passwords`; what is told here is what servers do."""
    assert hasher.time_cost >= 2
    assert hasher.memory_cost >= 19 * 1024
