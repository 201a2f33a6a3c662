"""News of friends: the window of three days, and histories that tell of news. "Getting friends' updates news"."""

import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from tests.conftest import MakeGateway
from tests.person import Person
from tests.program import Program
from userapi_gw.acts.histories import NEWEST_OF
from userapi_gw.backend.model import News, Page, Photo, Window
from userapi_gw.backend.news import RECENT, news_id
from userapi_gw.embedded import schema
from userapi_gw.embedded.database import Database

NEWEST = 1224757001
FRIEND = 7275620
UPDATES = ("updates_photos", "updates_tagged_photos", "updates_friends", "updates_activity")


def upload(gateway: Flask, photo_id: int, date: int, owner_id: int = FRIEND) -> list[str]:
    """Put a photo into the world and return its row on the old wire."""
    urls = {
        "url_130": f"http://cs1.userapi.com/m_{photo_id}.jpg",
        "url_604": f"http://cs1.userapi.com/x_{photo_id}.jpg",
    }
    row = {"id": photo_id, "owner_id": owner_id, "date": date, **urls}
    with Database(gateway.extensions["userapi_gw"].settings.embedded_database).write() as db:
        db.execute(insert(schema.photos).values(row))
    return [f"{owner_id}_{photo_id}", urls["url_130"], urls["url_604"]]


def poll(program: Program, name: str, ts: int) -> Any:
    return program.get("history", **{name: ts})[name]["h"]


def test_photos_of_three_days_before_the_newest(pavel: Program, gateway: Flask) -> None:
    upload(gateway, 500, NEWEST - RECENT - 1)
    assert pavel.get("updates_photos", to=0)["n"] == 956
    oldest = upload(gateway, 501, NEWEST - RECENT)
    answer = pavel.get("updates_photos", **{"from": 955, "to": 960})
    assert (answer["n"], answer["d"][-1]) == (957, oldest)
    newest = upload(gateway, 502, NEWEST + RECENT)
    answer = pavel.get("updates_photos", to=5)
    assert (answer["n"], [row[0] for row in answer["d"]]) == (2, [newest[0], "7275620_117953590"])


def test_no_friends_no_news(gateway: Flask) -> None:
    lonely = Person(gateway, 501).program()
    assert lonely.get("friends") == []
    for name in UPDATES:
        answer = lonely.get(name)
        assert answer == {"n": 0, "d": [], "h": answer["h"]}


@pytest.mark.parametrize("name", [*UPDATES, "updates_activities"])
def test_versions_stand_in_2009_alone(make_gateway: MakeGateway, pavel: Program, name: str) -> None:
    assert pavel.get(name, to=0)["h"] % 1_000_000 == 2
    assert list(pavel.get(**{name: "0-1"})[name]) == ["n", "d", "h"]
    old = Program(make_gateway(dialect="2008")).log_in()
    assert list(old.get(name, to=0)) == ["n", "d"]
    assert list(old.get(**{name: "0-1"})[name]) == ["n", "d"]


@pytest.mark.parametrize("name", UPDATES)
def test_without_news_nothing_is_told(pavel: Program, name: str) -> None:
    ts = pavel.version(name)
    assert poll(pavel, name, ts) == []
    assert poll(pavel, name, ts) == []
    assert pavel.get(name, ts=ts, to=60)["h"] == []


def test_a_new_status_of_a_friend(pavel: Program, gateway: Flask) -> None:
    ts = pavel.version("updates_activity")
    friend = Person(gateway, 12)
    friend("status.set", text="a < b")
    told = poll(pavel, "updates_activity", ts)
    row = pavel.get("updates_activity", to=1)["d"][0]
    assert row[1:4] + row[5:] == [12, 2, "Yuly Dzhumasultanov", "a &lt; b"]
    assert told == [[ts + 1, "add", row]]
    friend("status.delete", status_id=row[0].partition("_")[2])
    assert poll(pavel, "updates_activity", ts + 2) == [[ts + 3, "del", [row[0]]]]


def test_statuses_of_strangers_are_no_news(pavel: Program, gateway: Flask) -> None:
    ts = pavel.version("updates_activity")
    Person(gateway, 6)("status.set", text="no friend of person 1")
    assert poll(pavel, "updates_activity", ts) == []


def test_a_new_photo_whatever_its_number(pavel: Program, gateway: Flask) -> None:
    ts = pavel.version("updates_photos")
    now = int(time.time())
    rows = [upload(gateway, photo_id, now + place) for place, photo_id in enumerate((900_000_000, 502))]
    assert poll(pavel, "updates_photos", ts) == [[ts + 1, "add", rows[0]], [ts + 3, "add", rows[1]]]
    assert pavel.get("updates_photos", to=2)["d"] == rows[::-1]


def test_photos_that_grow_too_old_leave_the_list_and_are_not_told_as_deleted(gateway: Flask) -> None:
    viewer = Person(gateway, 12).program()
    first = upload(gateway, 501, NEWEST, owner_id=1)
    ts = viewer.version("updates_photos")
    assert first in viewer.get("updates_photos")["d"]
    newest = upload(gateway, 502, int(time.time()), owner_id=1)
    assert poll(viewer, "updates_photos", ts) == [[ts + 1, "add", newest]]
    assert viewer.get("updates_photos")["d"] == [newest]


def test_a_new_tag_of_a_friend(pavel: Program, gateway: Flask) -> None:
    ts = pavel.version("updates_tagged_photos")
    owner = Person(gateway, FRIEND)
    box = {"x": 1, "y": 1, "x2": 9, "y2": 9}
    owner("photos.putTag", photo_id=117953590, user_id=FRIEND, **box)
    row = pavel.get("photos", id=FRIEND, to=1)[0]
    assert row[0] == "7275620_117953590"
    assert poll(pavel, "updates_tagged_photos", ts) == [[ts + 1, "add", row]]


def test_a_tag_is_news_when_the_friend_confirms_it(pavel: Program, gateway: Flask) -> None:
    ts = pavel.version("updates_tagged_photos")
    upload(gateway, 502, NEWEST, owner_id=6)
    old = {"id": 9_000_000, "photo_id": 502, "user_id": FRIEND, "name": "x", "placer_id": 6, "date": NEWEST}
    corners = {"x": 1, "y": 1, "x2": 9, "y2": 9}
    with Database(gateway.extensions["userapi_gw"].settings.embedded_database).write() as db:
        db.execute(insert(schema.tags).values(**old, **corners, confirmed=0))
    assert poll(pavel, "updates_tagged_photos", ts) == []
    friend = Person(gateway, FRIEND)
    for _ in range(2):
        friend("photos.confirmTag", owner_id=6, photo_id=502, tag_id=9_000_000)
        assert [(number, row[0]) for number, _, row in poll(pavel, "updates_tagged_photos", ts)] == [(ts + 1, "6_502")]


def test_a_new_friend_of_a_friend(pavel: Program, gateway: Flask) -> None:
    ts = pavel.version("updates_friends")
    friend, stranger = Person(gateway, FRIEND), Person(gateway, 32951)
    friend("friends.add", user_id=32951)
    stranger("friends.add", user_id=FRIEND)
    row = [32951, "Viktoria Turgunova", "http://cs407.userapi.com/u32951/b_8109fa23.jpg"]
    ((number, action, told),) = poll(pavel, "updates_friends", ts)
    assert (number, action, told[:3]) == (ts + 1, "add", row)
    assert pavel.get("updates_friends", to=1)["d"][0][:3] == row
    friend("friends.delete", user_id=32951)
    assert poll(pavel, "updates_friends", ts + 2) == [[ts + 3, "del", [32951]]]


def test_what_a_new_friend_did_before_is_not_told_as_new(pavel: Program, gateway: Flask) -> None:
    stranger = Person(gateway, 32951)
    upload(gateway, 502, NEWEST + 1, owner_id=32951)
    with Database(gateway.extensions["userapi_gw"].settings.embedded_database).write() as db:
        old = {"id": 140403096, "user_id": 32951, "date": NEWEST + 1000, "text": "from long ago"}
        db.execute(insert(schema.statuses).values(old))
    names = ("updates_photos", "updates_activity")
    before = {name: pavel.version(name) for name in names}
    stranger("friends.add", user_id=1)
    pavel.get("add_friend", id=32951)
    shown = {name: pavel.get(name, to=1)["d"][0][0] for name in names}
    assert shown == {"updates_photos": "32951_502", "updates_activity": "32951_140403096"}
    assert {name: poll(pavel, name, before[name]) for name in names} == {name: [] for name in names}
    stranger("status.set", text="news")
    told = poll(pavel, "updates_activity", before["updates_activity"])
    assert [(action, row[1], row[-1]) for _, action, row in told] == [("add", 32951, "news")]
    pavel.get("del_friend", id=32951)
    gone = poll(pavel, "updates_photos", before["updates_photos"])
    assert gone == [[before["updates_photos"] + 1, "del", ["32951_502"]]], "the list shows it no more"


def test_rows_of_histories_are_spelled_as_the_lists(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(dialect="2008")
    program, friend, stranger = Program(gateway).log_in(), Person(gateway, FRIEND), Person(gateway, 32951)
    ts = poll(program, "updates_friends", 0)  # in 2008 a stamp nobody knows is answered by the version
    friend("friends.add", user_id=32951)
    stranger("friends.add", user_id=FRIEND)
    assert poll(program, "updates_friends", ts)[0][2] == program.get("updates_friends", to=1)["d"][0]


def test_numbers_of_news_rise_with_time_and_fit_into_the_database() -> None:
    numbers = [news_id(date, 7275620, photo) for date in (1, NEWEST, NEWEST + 1, 2**32 - 1) for photo in (1, 2)]
    assert len(set(numbers)) == len(numbers)
    assert [number >> 31 for number in sorted(numbers)] == [number >> 31 for number in numbers]
    assert 0 < min(numbers) < max(numbers) < 2**63


def test_the_oldest_second_of_a_page_may_go_on_elsewhere() -> None:
    class Feed:
        def __init__(self, total: int) -> None:
            self.news, self.total = self, total

        def read(self, *_: object, watched: bool) -> Page[News[Photo]]:
            dates = {4: 30, 3: 20, 2: 20}
            return Page(self.total, [News(number, date, Photo(1, number, date)) for number, date in dates.items()])

    rows, complete = NEWEST_OF["updates_photos"](Feed(total=9), 1, Window(0, 3))  # type: ignore[arg-type]
    assert ([news.id for news in rows], complete) == ([4], False)
    rows, complete = NEWEST_OF["updates_photos"](Feed(total=3), 1, Window(0, 3))  # type: ignore[arg-type]
    assert ([news.id for news in rows], complete) == ([4, 3, 2], True)
