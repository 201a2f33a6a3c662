"""newsfeed.get"""

from .conftest import AsUser, Caller


def test_newest_photos_of_friends(one: Caller) -> None:
    answer = one("newsfeed.get", filters="photo", count=2)
    rows = [(item["type"], item["source_id"], item["date"]) for item in answer["items"]]
    assert rows == [("photo", 7275620, 1224757001), ("photo", 7275620, 1224757000)]
    photo = one("photos.getById", photos="7275620_117953590")
    assert answer["items"][0]["photos"] == {"count": 1, "items": photo}
    assert answer["next_from"] == "2"
    assert answer["total_count"] == 956


def test_new_friends_of_friends(one: Caller) -> None:
    answer = one("newsfeed.get", filters="friend", count=2, extended=1, fields="photo_100")
    assert answer["items"] == [
        {
            "type": "friend",
            "source_id": 31225,
            "date": 1224756000,
            "friends": {"count": 1, "items": [{"user_id": 3643009}]},
        },
        {
            "type": "friend",
            "source_id": 201541,
            "date": 1224755000,
            "friends": {"count": 1, "items": [{"user_id": 20175184}]},
        },
    ]
    assert [person["id"] for person in answer["profiles"]] == [31225, 201541, 3643009, 20175184]


def test_pages_join_without_gaps(one: Caller) -> None:
    whole = one("newsfeed.get", count=6)["items"]
    parts = [one("newsfeed.get", count=2, start_from=start)["items"] for start in (0, 2, 4)]
    assert [item for part in parts for item in part] == whole
    recent = one("newsfeed.get", start_time=1224757000)
    assert [item["date"] for item in recent["items"]] == [1224757001, 1224757000]
    assert "next_from" not in recent


def test_tagged_photos_show_friends_and_no_closed_pages(one: Caller, reader: AsUser) -> None:
    items = one("newsfeed.get", filters="photo_tag", count=100)["items"]
    friends = set(one("friends.get")["items"])
    assert {item["source_id"] for item in items} <= friends
    assert len(items) == 100
    shown = reader(6)("newsfeed.get", count=100)["items"]
    owners = {photo["owner_id"] for item in shown for photo in item.get("photo_tags", {}).get("items", [])}
    assert 308 not in owners
