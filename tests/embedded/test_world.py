"""What the samples of the UserAPI documentation show, asked for as person 1."""

from .conftest import AsUser, Caller


def names(items: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(one["id"], one["first_name"], one["last_name"], one["photo_100"], one["online"]) for one in items]


def test_friends(one: Caller) -> None:
    answer = one("friends.get", fields="photo_100,online")
    items = answer["items"]
    assert (answer["count"], len(items)) == (349, 349)
    assert [item["id"] for item in items] == sorted(item["id"] for item in items)
    assert names([items[place] for place in (0, 1, 10, 11, 16, 17)]) == [
        (3, "Vyacheslav", "", "http://cs47.userapi.com/u00003/b_4fd0a4bc.jpg", 0),
        (7, "Alexey", "Kobylyansky", "http://cs26.userapi.com/u00007/b_5b634f4.jpg", 0),
        (42, "Sergey", "Markin", "http://cs113.userapi.com/u00042/b_94ae6676.jpg", 0),
        (45, "Sergey", "Vinogradov", "http://cs16.userapi.com/u00045/b_f9c7d9e.jpg", 0),
        (79, "David", "Spekter", "http://cs13.userapi.com/u00079/b_693df63.jpg", 0),
        (133, "Nikolay", "Harchev", "http://cs230.userapi.com/u00133/b_90db7675.jpg", 0),
    ]


def test_mutual_friends(one: Caller) -> None:
    assert one("friends.getMutual", target_uid=6) == [3, 7, 10, 12, 45, 48, 197]


def test_requests(one: Caller) -> None:
    answer = one("friends.getRequests", count=1000, fields="photo_100")
    assert (answer["count"], len(answer["items"])) == (300, 300)
    assert [(item["id"], item["last_name"], item["photo_100"]) for item in answer["items"][:2]] == [
        (19224971, "Boguslavsky", "http://cs266.userapi.com/u19224971/b_9fe20cc1.jpg"),
        (11116614, "Shabala", "http://cs1209.userapi.com/u11116614/b_1b620100.jpg"),
    ]
    assert 18369759 in [item["id"] for item in answer["items"]]


def test_photos(one: Caller) -> None:
    answer = one("photos.getAll", count=200)
    ids = [item["id"] for item in answer["items"]]
    assert (answer["count"], len(ids), ids[:2]) == (34, 34, [115456905, 90710441])
    assert {79435064, 79435059, 3637189, 118073657} < set(ids)
    assert [size["url"] for size in answer["items"][0]["sizes"]] == [
        "http://cs93.userapi.com/u00001/25797999/s_f9af6bf6.jpg",
        "http://cs93.userapi.com/u00001/25797999/m_f9af6bf6.jpg",
        "http://cs93.userapi.com/u00001/25797999/x_be594ecc.jpg",
    ]
    dates = [item["date"] for item in answer["items"]]
    assert dates == sorted(dates, reverse=True)


def test_photos_of_a_friend(one: Caller) -> None:
    first, second = one("photos.getAll", owner_id=7275620, count=2)["items"]
    assert [(photo["id"], photo["sizes"][1]["url"], photo["sizes"][2]["url"]) for photo in (first, second)] == [
        (
            117953590,
            "http://cs440.userapi.com/u7275620/19135819/m_cb29d6c4.jpg",
            "http://cs440.userapi.com/u7275620/19135819/x_54a5f2b5.jpg",
        ),
        (
            117953589,
            "http://cs440.userapi.com/u7275620/19135819/m_56784e9e.jpg",
            "http://cs440.userapi.com/u7275620/19135819/x_3f973a90.jpg",
        ),
    ]


def test_photos_with_and_waiting_tags(one: Caller) -> None:
    assert one("photos.getUserPhotos")["count"] == 6
    assert one("photos.getNewTags")["count"] == 2


def test_comments_and_tags(one: Caller) -> None:
    assert one("photos.getComments", owner_id=1, photo_id=79435064, sort="desc") == {
        "count": 2,
        "items": [
            {"id": 85935454, "from_id": 12, "date": 1219069674, "text": "yes, thaaat's me - near the very top ;)"},
            {"id": 81711268, "from_id": 3226038, "date": 1208200679, "text": "Beautiful..."},
        ],
    }
    assert one("photos.getComments", owner_id=1, photo_id=79435059) == {"count": 0, "items": []}
    (tag,) = one("photos.getTags", owner_id=1, photo_id=79435064)
    assert tag == {
        "id": 3611353,
        "user_id": 12,
        "placer_id": 1,
        "tagged_name": "Yuly Dzhumasultanov",
        "date": 1207900100,
        "x": 38.99,
        "y": 23.67,
        "x2": 62,
        "y2": 52.88,
        "viewed": 1,
    }
    (other,) = one("photos.getTags", owner_id=1, photo_id=3637189)
    assert (other["id"], other["user_id"], other["tagged_name"], other["y2"]) == (3824227, 0, "yabloko", 38.7)


def test_wall(one: Caller) -> None:
    answer = one("wall.get", count=5)
    video = {
        "id": 70493039,
        "owner_id": 16494692,
        "title": "George Carlin - Religion is bullshit",
        "photo_130": "http://195.218.181.1/assets/thumbnails/bc71198266671054.160.vk.jpg",
        "player": "http://195.218.181.1/assets/videos/bc71198266671054.vk.flv",
    }
    rows = [(post["id"], post["from_id"], post["date"], post["text"]) for post in answer["items"][:4]]
    assert rows == [
        (48776839, 1, 1224745160, ""),
        (48771962, 9958040, 1224715800, "Thank you for all you do!"),
        (48469764, 273611, 1224323455, "Pavel,the site is really super!!!!"),
        (48350915, 6875276, 1224155096, "Cool site ;) Thanks :)"),
    ]
    assert answer["count"] == 22459
    assert answer["items"][0]["attachments"] == [{"type": "video", "video": video}]


def test_the_whole_wall_falls_in_ids_and_dates(one: Caller) -> None:
    pages = [one("wall.get", offset=offset, count=100)["items"] for offset in (0, 11_000, 22_400)]
    rows = [(post["id"], post["date"]) for page in pages for post in page]
    assert rows == sorted(rows, reverse=True)
    assert len(rows) == 259
    assert len({post["from_id"] for page in pages for post in page}) > 100


def test_messages(one: Caller) -> None:
    answer = one("messages.getHistory", user_id=10, count=2)
    assert answer["count"] == 151
    fields = ("id", "from_id", "date", "text", "read_state")
    assert [tuple(message[name] for name in fields) for message in answer["items"]] == [
        (121444273, 1, 1224759330, "Well is he a genius?", 0),
        (
            106065105,
            10,
            1224583486,
            "An old acquaintance of mine thinks about changing his job, and asks whether we need developers. Do we?",
            1,
        ),
    ]
    newest = one("messages.get", count=1)["items"][0]
    assert (newest["id"], newest["from_id"], newest["date"], newest["read_state"]) == (106183129, 197, 1224896986, 1)


def test_statuses(one: Caller) -> None:
    answer = one("status.getHistory", user_id=6704204, offset=1, count=2)
    assert answer == {
        "count": 42,
        "items": [
            {
                "id": 140129285,
                "user_id": 6704204,
                "date": 1224735103,
                "text": "Kamakazi, nazi, nazi, copy papi I'm a baller baller, you're not at all Oops, oopsy daisy, "
                "oh I'm crazed...",
            },
            {"id": 139859457, "user_id": 6704204, "date": 1224529016, "text": "to the beach yo."},
        ],
    }
    assert one("status.getHistory", count=1)["items"][0]["id"] == 140403095


def test_statuses_of_friends(one: Caller) -> None:
    answer = one("status.getFriends", count=2)
    assert answer["count"] == 484
    assert [(item["id"], item["user_id"], item["date"]) for item in answer["items"]] == [
        (140195756, 31225, 1224757173),
        (140123249, 201541, 1224756891),
    ]


def test_bookmarks(one: Caller) -> None:
    answer = one("fave.getUsers", count=500, fields="photo_100,online")
    assert (answer["count"], len(answer["items"])) == (154, 154)
    assert names(answer["items"][6:8]) == [
        (32951, "Viktoria", "Turgunova", "http://cs407.userapi.com/u32951/b_8109fa23.jpg", 0),
        (740975, "Anna", "Kameneva", "http://cs17.userapi.com/u740975/b_7eef1de.jpg", 0),
    ]
    assert 543870 in [item["id"] for item in answer["items"]]
    assert 6 in [item["id"] for item in one("fave.getFans")["items"]]


def test_search(one: Caller) -> None:
    answer = one("users.search", q="durov", count=2, fields="photo_100")
    assert answer["count"] == 1189
    assert [(item["id"], item["photo_100"]) for item in answer["items"]] == [
        (1, "http://cs137.userapi.com/u00001/b_6261d317.jpg"),
        (6, "http://cs1024.userapi.com/u00006/b_37a43719.jpg"),
    ]


def test_counters(one: Caller) -> None:
    assert one("account.getCounters") == {"friends": 300, "photos": 2}


def test_small_pictures_of_the_samples(one: Caller) -> None:
    ids = "1,5,10,12,273611,1079177,3226038,6875276,9958040"
    pictures = [item["photo_50"].rpartition("/")[2] for item in one("users.get", user_ids=ids, fields="photo_50")]
    assert pictures == [
        "c_015fd76c.jpg",
        "c_fcf3c114.jpg",
        "c_8109903f.jpg",
        "c_7e80ab05.jpg",
        "c_85f62239.jpg",
        "c_aa97508d.jpg",
        "c_a8170db8.jpg",
        "c_388c71b4.jpg",
        "c_bb652722.jpg",
    ]


def test_totals_of_the_news(reader: AsUser) -> None:
    one = reader(1)
    totals = dict.fromkeys(("photo", "friend"), 0)
    for kind in totals:
        start = "0"
        while start:
            answer = one("newsfeed.get", filters=kind, count=100, start_from=start)
            totals[kind] += len(answer["items"])
            start = answer.get("next_from", "")
    assert totals == {"photo": 956, "friend": 1034}
