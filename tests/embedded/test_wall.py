"""wall.*"""

import time

import pytest

from .conftest import AsUser, Caller


def test_post_delete_restore(as_user: AsUser) -> None:
    one = as_user(1)
    before = one("wall.get", count=1)
    first = one("wall.post", message=' <b>"A" & B</b>', attachments="photo1_1")["post_id"]
    assert first > 48776839
    answer = one("wall.get", count=1)
    post = answer["items"][0]
    assert (answer["count"], abs(post["date"] - time.time()) < 60) == (22460, True)
    assert post == {
        "id": first,
        "date": post["date"],
        "owner_id": 1,
        "from_id": 1,
        "post_type": "post",
        "text": " &lt;b&gt;&quot;A&quot; &amp; B&lt;/b&gt;",
        "attachments": [],
    }
    assert one("wall.delete", post_id=first) == 1
    assert one("wall.get", count=1) == before
    assert one("wall.getById", posts=f"1_{first}") == []
    assert one.error("wall.delete", post_id=first) == (104, "Not found")
    assert one("wall.restore", post_id=first) == 1
    assert one("wall.get", count=1) == answer


def test_ids_are_never_given_twice(as_user: AsUser) -> None:
    one = as_user(1)
    ids = [one("wall.post", owner_id=owner, message="x")["post_id"] for owner in (1, 6, 5)]
    assert ids == sorted(set(ids))


def test_who_may_delete(as_user: AsUser) -> None:
    post_id = as_user(6)("wall.post", owner_id=1, message="x")["post_id"]
    assert as_user(5).error("wall.delete", owner_id=1, post_id=post_id) == (210, "Access to wall's post denied")
    assert as_user(5).error("wall.restore", owner_id=1, post_id=post_id)[0] == 210
    assert as_user(6)("wall.delete", owner_id=1, post_id=post_id) == 1
    assert as_user(1)("wall.restore", owner_id=1, post_id=post_id) == 1
    assert as_user(1)("wall.delete", owner_id=1, post_id=post_id) == 1


@pytest.mark.parametrize("name", ["wall.delete", "wall.restore"])
def test_missing_posts(one: Caller, name: str) -> None:
    assert one.error(name, owner_id=1, post_id=1) == (104, "Not found")
    assert one.error(name, owner_id=6, post_id=48776839)[0] == 104
    assert one.error(name)[0] == 100


def test_walls_that_are_closed(as_user: AsUser) -> None:
    one = as_user(1)
    codes = [one.error("wall.post", owner_id=owner, message="x")[0] for owner in (303, 301, 306, 304, 99999999)]
    assert codes == [214, 214, 214, 18, 113]
    assert as_user(303)("wall.post", message="my own")["post_id"] > 48776839
    assert one("wall.get", owner_id=303)["count"] == 1
    assert one.error("wall.get", owner_id=301) == (30, "This profile is private")
    assert one("wall.get", owner_id=308)["count"] == 7
    assert as_user(6).error("wall.get", owner_id=308)[0] == 30


@pytest.mark.parametrize("message", ["", "  \n ", None])
def test_empty_posts(one: Caller, message: str | None) -> None:
    assert one.error("wall.post", **({} if message is None else {"message": message}))[0] == 100


def test_default_maximum_and_filters(one: Caller) -> None:
    assert len(one("wall.get")["items"]) == 20
    assert len(one("wall.get", count=101)["items"]) == 100
    owner, others = one("wall.get", filter="owner", count=1), one("wall.get", filter="others", count=1)
    assert (owner["items"][0]["id"], others["items"][0]["id"]) == (48776839, 48771962)
    assert owner["count"] + others["count"] == one("wall.get", filter="all", count=0)["count"]


def test_profiles_of_authors(one: Caller) -> None:
    answer = one("wall.get", count=2, extended=1, fields="sex")
    people = [(user["id"], user["sex"]) for user in answer["profiles"]]
    assert (people, answer["groups"]) == ([(1, 2), (9958040, 1)], [])
    by_id = one("wall.getById", posts="1_48771962", extended=1)
    assert [user["id"] for user in by_id["profiles"]] == [9958040]
    assert sorted(by_id["profiles"][0]) == [
        "can_access_closed",
        "first_name",
        "id",
        "is_closed",
        "last_name",
        "online",
        "photo_100",
        "photo_50",
        "screen_name",
        "sex",
    ]


def test_posts_of_closed_pages_are_for_friends(reader: AsUser) -> None:
    post = reader(308)("wall.get", count=1)["items"][0]
    name = f"308_{post['id']}"
    assert reader(1)("wall.getById", posts=name) == [post]
    assert reader(6)("wall.getById", posts=name) == []
