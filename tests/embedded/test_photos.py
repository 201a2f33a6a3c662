"""photos.*"""

from .conftest import AsUser, Caller


def test_by_id_in_the_order_asked_without_what_is_missing(one: Caller) -> None:
    photos = one("photos.getById", photos="1_90710441,1_115456905,6_115456905,1_1,1_90710441,7275620_117953590_key")
    assert [(photo["owner_id"], photo["id"]) for photo in photos] == [
        (1, 90710441),
        (1, 115456905),
        (7275620, 117953590),
    ]


def test_whole_photo(one: Caller) -> None:
    assert one("photos.getById", photos="1_90710441") == [
        {
            "id": 90710441,
            "owner_id": 1,
            "album_id": 5433484,
            "date": 1212000000,
            "text": "",
            "sizes": [
                {
                    "type": "s",
                    "url": "http://cs37.userapi.com/u00001/5433484/s_5ac5c794.jpg",
                    "width": 75,
                    "height": 56,
                },
                {
                    "type": "m",
                    "url": "http://cs37.userapi.com/u00001/5433484/m_5ac5c794.jpg",
                    "width": 130,
                    "height": 97,
                },
                {
                    "type": "x",
                    "url": "http://cs37.userapi.com/u00001/5433484/x_2e4eddbb.jpg",
                    "width": 604,
                    "height": 453,
                },
            ],
        }
    ]


def test_photos_of_a_closed_page_are_for_friends(reader: AsUser) -> None:
    photo = reader(308)("photos.getAll")["items"][0]
    name = f"308_{photo['id']}"
    assert reader(1)("photos.getById", photos=name) == [photo]
    assert reader(6)("photos.getById", photos=name) == []
    assert reader(6).error("photos.getAll", owner_id=308)[0] == 30
    assert reader(6).error("photos.getComments", owner_id=308, photo_id=photo["id"])[0] == 30
    assert reader(6).error("photos.getTags", owner_id=308, photo_id=photo["id"])[0] == 30


def test_missing_photo(one: Caller) -> None:
    assert one.error("photos.getComments", owner_id=6, photo_id=79435064) == (104, "Not found")
    assert one.error("photos.getTags", owner_id=1) == (
        100,
        "One of the parameters specified was missing or invalid: photo_id is undefined",
    )


def test_comments_oldest_first_with_profiles(one: Caller) -> None:
    answer = one("photos.getComments", photo_id=79435064, extended=1, offset=1)
    assert ([item["id"] for item in answer["items"]], answer["count"]) == ([85935454], 2)
    assert [person["id"] for person in answer["profiles"]] == [12]
    assert one.error("photos.getComments", photo_id=79435064, sort="up")[0] == 100


def test_waiting_tags_are_not_yet_photos_with_a_person(one: Caller, reader: AsUser) -> None:
    waiting = one("photos.getNewTags")["items"]
    confirmed = one("photos.getUserPhotos", count=200)["items"]
    assert {photo["id"] for photo in waiting} & {photo["id"] for photo in confirmed} == set()
    assert [(photo["tag_id"], photo["placer_id"] == photo["owner_id"]) for photo in waiting] == [
        (4000007, True),
        (4000006, True),
    ]
    assert reader(6)("photos.getNewTags") == {"count": 0, "items": []}
    assert [photo["id"] for photo in one("photos.getUserPhotos", user_id=12, count=200)["items"]][-1] == 79435064
