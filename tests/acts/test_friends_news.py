"""News of friends from servers without a feed of them: found by looking at friends, told to old programs."""

import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.acts.test_updates import poll, upload
from tests.backends import emulate_openvk
from tests.conftest import MakeGateway
from tests.person import Person
from tests.program import Program
from tests.second_server import POSTS, Second, refused, serving_world
from userapi_gw.backend.news import RECENT

FRIEND, OTHER, STRANGER = 7, 10, 32951
FRIENDS = [3, 5, 7, 10, 12, 45, 48, 197, 309]
LONG = 3600.0
UPDATES = ("updates_photos", "updates_tagged_photos", "updates_friends", "updates_activity")
VIKTORIA = [STRANGER, "Viktoria Turgunova", "http://cs407.userapi.com/u32951/b_8109fa23.jpg"]
BOX = {"x": 1, "y": 1, "x2": 9, "y2": 9}

MakeLooking = Callable[..., Flask]


@pytest.fixture
def second(tmp_path: Path, world_file: Path) -> Iterator[Second]:
    """A server like VK: without a list of friends' statuses, and its newsfeed is not for this token."""
    (tmp_path / "data").mkdir()
    shutil.copy(world_file, tmp_path / "data" / "embedded.sqlite3")
    with serving_world(tmp_path / "data" / "embedded.sqlite3") as second:
        second.answers |= {"newsfeed.get": refused(15), "status.getFriends": refused(3)}
        yield second


@pytest.fixture
def make_looking(make_gateway: MakeGateway, second: Second) -> MakeLooking:
    """Make gateways in front of the second server, which look at every friend whenever somebody asks."""

    def make(**settings: Any) -> Flask:
        rates = {"snapshot_seconds": 0.0, "snapshot_friends_per_refresh": 100}
        rates |= {"calls_per_second": 0, "flood_pause_seconds": 0.001}
        return make_gateway(**{"backend": "vk", "backend_url": second.url, **rates, **settings})

    return make


@pytest.fixture
def looking(make_looking: MakeLooking) -> Flask:
    return make_looking()


@pytest.fixture
def viewer(looking: Flask) -> Program:
    """User 6, who has nine friends."""
    return Person(looking, 6).program()


def befriend(gateway: Flask, one: int, other: int) -> None:
    Person(gateway, one)("friends.add", user_id=other)
    Person(gateway, other)("friends.add", user_id=one)


def empty(program: Program, name: str) -> int:
    """Ask for a list that must be empty, and return its version."""
    answer = program.get(name)
    assert answer == {"n": 0, "d": [], "h": answer["h"]}
    return int(answer["h"])


NO_FEEDS = [refused(3), refused(7), refused(15), refused(501), POSTS]


@pytest.mark.parametrize("answer", NO_FEEDS, ids=["3", "7", "15", "501", "posts"])
def test_photos_and_friends_come_where_there_is_no_feed(
    looking: Flask, viewer: Program, second: Second, answer: dict[str, Any]
) -> None:
    second.answers["newsfeed.get"] = answer
    before = {name: empty(viewer, name) for name in ("updates_photos", "updates_friends")}
    befriend(looking, FRIEND, STRANGER)
    photo = upload(looking, 502, int(time.time()) - 60, owner_id=FRIEND)
    told = viewer.get("history", **before)
    ((number, action, row),) = told["updates_friends"]["h"]
    assert (number, action, row) == (before["updates_friends"] + 1, "add", [*VIKTORIA, row[3]])
    assert told["updates_photos"]["h"] == [[before["updates_photos"] + 1, "add", photo]]
    assert viewer.get("updates_photos") == {"n": 1, "d": [photo], "h": before["updates_photos"] + 2}
    answer = viewer.get("updates_friends", ts=before["updates_friends"])
    assert (answer["n"], answer["d"], answer["h"]) == (1, [row], told["updates_friends"]["h"])
    assert poll(viewer, "updates_photos", before["updates_photos"] + 2) == []
    assert len(second.called("newsfeed.get")) <= 2, "a feed that does not exist is asked for once"


@pytest.mark.parametrize("code", [3, 7, 15, 501])
def test_statuses_come_where_the_server_has_no_list_of_them(
    looking: Flask, viewer: Program, second: Second, code: int
) -> None:
    second.answers["status.getFriends"] = refused(code)
    ts = empty(viewer, "updates_activity")
    friend, start = Person(looking, FRIEND), int(time.time())
    for place, text in enumerate(("a < b", "next")):
        friend("status.set", text=text)
        ((number, action, row),) = poll(viewer, "updates_activity", ts + 2 * place)
        assert (number, action) == (ts + 2 * place + 1, "add")
        assert row == [row[0], FRIEND, 2, row[3], row[4], text.replace("<", "&lt;")]
        assert row[0].startswith(f"{FRIEND}_")
        assert start <= row[4] <= time.time()
    page = viewer.get("updates_activity")
    assert (page["n"], sorted(text for *_, text in page["d"])) == (2, ["a &lt; b", "next"])
    assert viewer.get(updates_activities="0-1")["updates_activities"]["n"] == 2
    friend("status.set", text="")
    assert poll(viewer, "updates_activity", ts + 4) == [[ts + 5, "del", [row[0]]]]


def test_statuses_of_all_friends_cost_one_call(viewer: Program, second: Second) -> None:
    viewer.get("history", updates_activity=viewer.version("updates_activity"))
    asked = [call["user_ids"] for call in second.called("users.get") if call["fields"] == "status"]
    assert set(asked) == {",".join(map(str, FRIENDS))}


def test_tags_come_when_they_are_found(looking: Flask, viewer: Program) -> None:
    upload(looking, 502, 1, owner_id=STRANGER)
    ts = empty(viewer, "updates_tagged_photos")
    tag = Person(looking, STRANGER)("photos.putTag", photo_id=502, user_id=STRANGER, **BOX)
    assert poll(viewer, "updates_tagged_photos", ts) == []
    befriend(looking, FRIEND, STRANGER)
    tag = Person(looking, FRIEND)("photos.putTag", owner_id=STRANGER, photo_id=502, user_id=FRIEND, **BOX)
    ((number, action, row),) = poll(viewer, "updates_tagged_photos", ts)
    assert (number, action, row[0]) == (ts + 1, "add", f"{STRANGER}_502")
    assert viewer.get("updates_tagged_photos", to=5)["d"] == [row]
    Person(looking, FRIEND)("photos.removeTag", owner_id=STRANGER, photo_id=502, tag_id=tag)
    assert poll(viewer, "updates_tagged_photos", ts + 2) == [[ts + 3, "del", [row[0]]]]


def test_a_server_without_tags_has_no_news_of_them(viewer: Program, second: Second) -> None:
    second.answers["photos.getUserPhotos"] = refused(3)
    ts = empty(viewer, "updates_tagged_photos")
    assert poll(viewer, "updates_tagged_photos", ts) == []
    assert len(second.called("photos.getUserPhotos")) == 1


def test_news_of_an_openvk(make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its newsfeed holds posts alone; tags are those that users of the gateway put."""
    emulate_openvk(monkeypatch)
    gateway = make_gateway(snapshot_seconds=0.0, snapshot_friends_per_refresh=100)
    viewer, friend, other = (Person(gateway, number) for number in (6, 12, 10))
    friend("wall.post", owner_id=12, message="a post")
    program = viewer.program()
    before = {name: empty(program, name) for name in UPDATES}
    friend.program().get("set_activity", text="a < b")
    befriend(gateway, 12, STRANGER)
    photo = upload(gateway, 502, int(time.time()), owner_id=12)
    tag = {"parent": "12_502", "id": 10, "x1": 1, "y1": 1, "x2": 9, "y2": 9}
    placed = friend.program().get("put_tag", **tag)
    other.program().get("confirm_tag", parent="12_502", tid=placed[0]["tid"])
    told = program.get("history", **before)
    assert {name: [action for _, action, _ in told[name]["h"]] for name in UPDATES} == {
        name: ["add"] for name in UPDATES
    }
    rows = {name: told[name]["h"][0][2] for name in UPDATES}
    assert rows["updates_activity"][1:3] + rows["updates_activity"][5:] == [12, 2, "a &lt; b"]
    assert rows["updates_friends"][:2] == VIKTORIA[:2]
    assert [rows[name][0] for name in ("updates_photos", "updates_tagged_photos")] == [photo[0]] * 2
    assert {name: program.get(name)["d"] for name in UPDATES} == {name: [row] for name, row in rows.items()}


def test_what_was_there_before_is_no_news(looking: Flask, viewer: Program) -> None:
    upload(looking, 502, int(time.time()), owner_id=STRANGER)
    Person(looking, STRANGER)("status.set", text="from long ago")
    before = {name: empty(viewer, name) for name in UPDATES}
    befriend(looking, 6, STRANGER)
    for _ in range(2):
        assert viewer.get("history", **before) == {
            **{name: {"h": []} for name in UPDATES},
            **{name: viewer.get("history")[name] for name in ("nf", "nm", "nph")},
        }
    Person(looking, STRANGER)("status.set", text="news")
    assert [row[-1] for _, _, row in poll(viewer, "updates_activity", before["updates_activity"])] == ["news"]


def test_only_photos_of_three_days_are_shown(looking: Flask, viewer: Program) -> None:
    ts, now = empty(viewer, "updates_photos"), int(time.time())
    new, old = upload(looking, 502, now, owner_id=FRIEND), upload(looking, 503, now - RECENT + 60, owner_id=OTHER)
    upload(looking, 504, now - RECENT - 60, owner_id=OTHER)  # hidden until now, perhaps
    assert viewer.get("updates_photos")["d"] == [new, old]
    told = [row for _, _, row in poll(viewer, "updates_photos", ts)]
    assert sorted(told) == sorted([new, old])
    newest = upload(looking, 505, now + 120, owner_id=FRIEND)
    answer = viewer.get("updates_photos")
    assert (answer["n"], answer["d"]) == (2, [newest, new])
    assert viewer.get("updates_photos", **{"from": 1, "to": 2})["d"] == [new]


def test_the_viewers_own_friendships_are_no_news(looking: Flask, viewer: Program) -> None:
    ts = empty(viewer, "updates_friends")
    befriend(looking, FRIEND, OTHER)
    befriend(looking, 6, STRANGER)
    assert poll(viewer, "updates_friends", ts) == []
    empty(viewer, "updates_friends")


def test_news_go_with_the_friendship_and_with_the_right_to_see_them(
    looking: Flask, viewer: Program, second: Second
) -> None:
    empty(viewer, "updates_photos")
    photo = upload(looking, 502, int(time.time()), owner_id=FRIEND)
    other = upload(looking, 503, int(time.time()) - 1, owner_id=OTHER)
    assert viewer.get("updates_photos")["d"] == [photo, other]
    second.answers["photos.getAll"] = lambda asked: refused(30) if asked["owner_id"] == str(FRIEND) else None
    ts = viewer.version("updates_photos")
    assert poll(viewer, "updates_photos", ts - 2) == [[ts - 1, "del", photo[:1]]]
    assert viewer.get("updates_photos")["d"] == [other]
    del second.answers["photos.getAll"]
    assert viewer.get("updates_photos")["d"] == [other], "the friend is seen anew for the first time"
    Person(looking, 6)("friends.delete", user_id=OTHER)
    empty(viewer, "updates_photos")


def test_snapshots_of_one_viewer_are_not_shown_to_another(looking: Flask, viewer: Program, second: Second) -> None:
    """Friend 197 shows photos to viewer 6 alone: the other viewer's snapshots hold what the server tells that one."""
    other, shared = Person(looking, 308).program(), 197
    hidden_from = {"token": ""}

    def get_all(asked: dict[str, str]) -> dict[str, Any] | None:
        is_hidden = asked["access_token"] == hidden_from["token"] and asked["owner_id"] == str(shared)
        return {"response": {"count": 0, "items": []}} if is_hidden else None

    other.get("updates_photos")
    hidden_from["token"] = second.called("photos.getAll")[-1]["access_token"]
    second.answers["photos.getAll"] = get_all
    before = {program: empty(program, "updates_photos") for program in (viewer, other)}
    photo = upload(looking, 502, int(time.time()), owner_id=shared)
    told = {program: poll(program, "updates_photos", ts) for program, ts in before.items()}
    assert told == {viewer: [[before[viewer] + 1, "add", photo]], other: []}
    empty(other, "updates_photos")


def test_each_refresh_looks_at_a_few_friends_in_turn(make_looking: MakeLooking, second: Second) -> None:
    rates = {"snapshot_seconds": LONG, "snapshot_friends_per_refresh": 4}
    viewer = Person(make_looking(dialect="2008", **rates), 6).program()  # lists without h are read once
    looked = []
    for _ in range(4):
        second.calls.clear()
        assert viewer.get("updates_photos") == {"n": 0, "d": []}
        looked.append([int(call["owner_id"]) for call in second.called("photos.getAll")])
        assert len(second.called("friends.get")) == (len(looked) == 1), "friends are listed as rarely"
    assert looked == [FRIENDS[:4], FRIENDS[4:8], FRIENDS[8:], []]


def test_within_a_refresh_period_nobody_is_looked_at_again(make_looking: MakeLooking, second: Second) -> None:
    viewer = Person(make_looking(dialect="2008", refresh_seconds=LONG), 6).program()
    for _ in range(3):
        viewer.get("updates_photos")
    assert [int(call["owner_id"]) for call in second.called("photos.getAll")] == FRIENDS


def test_an_idle_poll_costs_no_look(make_looking: MakeLooking, second: Second) -> None:
    viewer = Person(make_looking(refresh_seconds=LONG), 6).program()
    stamps = {name: viewer.version(name) for name in UPDATES}
    waiting = viewer.get("history")
    second.calls.clear()
    for _ in range(3):
        assert viewer.get("history", **stamps) == {**{name: {"h": []} for name in UPDATES}, **waiting}
    assert second.calls == []


def test_too_many_calls_end_a_round_but_not_the_list(looking: Flask, viewer: Program, second: Second) -> None:
    empty(viewer, "updates_photos")
    photo = upload(looking, 502, int(time.time()), owner_id=3)
    later = upload(looking, 503, int(time.time()), owner_id=309)
    second.answers["photos.getAll"] = lambda asked: None if asked["owner_id"] == "3" else refused(29)
    assert viewer.get("updates_photos")["d"] == [photo]
    second.answers["photos.getAll"] = lambda asked: refused(1) if asked["owner_id"] == "12" else None
    for _ in range(3):
        viewer.get("updates_photos")
    del second.answers["photos.getAll"]
    assert sorted(viewer.get("updates_photos")["d"]) == sorted([photo, later])


def test_a_friend_the_server_trips_over_does_not_keep_the_others_from_being_looked_at(
    make_looking: MakeLooking, second: Second
) -> None:
    gateway = make_looking(snapshot_seconds=LONG)
    viewer = Person(gateway, 6).program()
    second.answers["photos.getAll"] = lambda asked: refused(10) if asked["owner_id"] == "5" else None
    for _ in range(2):
        viewer.get("updates_photos", ts=1)
    assert [int(call["owner_id"]) for call in second.called("photos.getAll")] == FRIENDS


@pytest.mark.parametrize("method", ["friends.get", "photos.getAll"])
def test_a_token_refused_at_a_look_ends_the_session(viewer: Program, second: Second, method: str) -> None:
    ts = empty(viewer, "updates_photos")
    second.answers[method] = refused(5)
    assert viewer.get("history", updates_photos=ts) == {"ok": -1}
    del second.answers[method]
    assert viewer.get("friends") == {"ok": -1}


@pytest.mark.parametrize(("code", "ok"), [(29, -2), (10, 0)])
def test_trouble_with_a_feed_is_no_reason_to_look(viewer: Program, second: Second, code: int, ok: int) -> None:
    second.answers["newsfeed.get"] = refused(code)
    assert viewer.get("updates_photos") == {"ok": ok}
    assert second.called("photos.getAll") == []
    second.answers["newsfeed.get"] = refused(3)
    empty(viewer, "updates_photos")
    assert second.called("photos.getAll") != []


def test_a_feed_that_the_server_has_is_used(looking: Flask, viewer: Program, second: Second) -> None:
    second.answers.clear()
    ts = viewer.version("updates_photos")
    photo = upload(looking, 502, int(time.time()), owner_id=FRIEND)
    assert poll(viewer, "updates_photos", ts) == [[ts + 1, "add", photo]]
    assert second.called("photos.getAll") == []


@pytest.mark.usefixtures("database")
def test_two_processes_look_once_and_tell_a_change_once(make_looking: MakeLooking, second: Second) -> None:
    gateways = [make_looking(refresh_seconds=LONG) for _ in range(2)]
    windows = [Person(gateway, 6).program() for gateway in gateways for _ in range(3)]
    asked = [window for window in windows for _ in range(2)]
    with ThreadPoolExecutor(len(asked)) as pool:
        list(pool.map(lambda window: window.get("updates_photos"), asked))
    assert sorted(int(call["owner_id"]) for call in second.called("photos.getAll")) == FRIENDS
    assert len(second.called("friends.get")) == 1


@pytest.mark.usefixtures("database")
def test_two_processes_that_look_at_the_same_time_tell_a_change_once(make_looking: MakeLooking, second: Second) -> None:
    gateways = [make_looking() for _ in range(2)]
    windows = [Person(gateway, 6).program() for gateway in gateways for _ in range(2)]
    before = {name: windows[0].version(name) for name in ("updates_photos", "updates_activity")}
    for number in range(3):
        photo = upload(gateways[0], 502 + number, int(time.time()), owner_id=FRIEND)
        Person(gateways[0], FRIEND)("status.set", text=f"text {number}")
        with ThreadPoolExecutor(len(windows)) as pool:
            list(pool.map(lambda window: window.get("history", **before), windows))
        told = windows[0].get("history", **before)
        assert told["updates_photos"]["h"][-1][2] == photo
        assert [len(told[name]["h"]) for name in before] == [number + 1] * 2
