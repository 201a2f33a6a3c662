"""users.get, users.search, and what a closed page hides."""

from .conftest import AsUser, Caller

ALL = (
    "sex,bdate,bdate_visibility,city,country,home_town,maiden_name,relation,personal,status,has_photo,photo_50,"
    "photo_100,photo_200,photo_max,can_write_private_message,can_post,can_see_all_posts,is_friend,friend_status,"
    "is_favorite,screen_name,unknown"
)


def test_whole_profile(one: Caller) -> None:
    assert one("users.get", user_ids="3226038", fields=ALL) == [
        {
            "id": 3226038,
            "first_name": "Masha",
            "last_name": "Petrova",
            "can_access_closed": True,
            "is_closed": False,
            "sex": 1,
            "bdate": "7.7.1988",
            "bdate_visibility": 1,
            "city": {"id": 1515864, "title": "Boston"},
            "country": {"id": 9, "title": "USA", "code": "US"},
            "home_town": "Boston",
            "maiden_name": "Sidorova",
            "relation": 6,
            "personal": {"political": 1},
            "status": "",
            "has_photo": 1,
            "photo_50": "http://cs309.userapi.com/u3226038/c_a8170db8.jpg",
            "photo_100": "http://cs309.userapi.com/u3226038/b_02f896e7.jpg",
            "photo_200": "http://cs309.userapi.com/u3226038/a_02f896e7.jpg",
            "photo_max": "http://cs309.userapi.com/u3226038/a_02f896e7.jpg",
            "can_write_private_message": 1,
            "can_post": 1,
            "can_see_all_posts": 1,
            "is_friend": 0,
            "friend_status": 0,
            "is_favorite": 0,
            "screen_name": "id3226038",
        }
    ]


def test_no_picture_is_the_camera(one: Caller) -> None:
    (person,) = one("users.get", user_ids="301", fields="has_photo,photo_50,photo_100,photo_200")
    assert {name: value for name, value in person.items() if "photo" in name} == {
        "has_photo": 0,
        "photo_50": "https://vk.com/images/camera_50.png",
        "photo_100": "https://vk.com/images/camera_100.png",
        "photo_200": "https://vk.com/images/camera_200.png",
    }


def test_order_unknown_and_repeated_ids(one: Caller) -> None:
    assert [user["id"] for user in one("users.get", user_ids="7, 1,id5,99999999,7,")] == [7, 1, 5]
    assert one("users.get", user_ids="2") == []


def test_too_many_ids(one: Caller) -> None:
    assert one.error("users.get", user_ids=",".join(map(str, range(1, 1002))))[0] == 100
    assert len(one("users.get", user_ids=",".join(map(str, range(1, 1001))))) > 20


def test_nobody_asks(reader: AsUser) -> None:
    nobody = reader(0)
    assert nobody("users.get", user_ids="1", fields="is_friend,friend_status")[0]["is_friend"] == 0
    assert nobody.error("users.get") == (113, "Invalid user id")
    assert isinstance(nobody("utils.getServerTime"), int)


def test_deactivated_people_say_so(one: Caller) -> None:
    states = [person["deactivated"] for person in one("users.get", user_ids="304,305")]
    assert states == ["deleted", "banned"]
    assert one.error("wall.get", owner_id=304) == (18, "User was deleted or banned")


def test_closed_page_hides_its_details_from_strangers(reader: AsUser) -> None:
    fields = "bdate,city,home_town,status,relation,sex,can_see_all_posts"
    hidden = {
        "id": 308,
        "first_name": "Polina",
        "last_name": "Tihaya",
        "can_access_closed": False,
        "is_closed": True,
        "sex": 1,
        "can_see_all_posts": 0,
    }
    assert reader(6)("users.get", user_ids="308", fields=fields) == [hidden]
    friend = reader(1)("users.get", user_ids="308", fields=fields)[0]
    assert (friend["bdate"], friend["home_town"], friend["can_access_closed"]) == ("9.9.1986", "Pskov", True)


def test_hidden_parts_of_a_birth_date(one: Caller) -> None:
    five, three = one("users.get", user_ids="5,3", fields="bdate")
    assert (five["bdate"], "bdate" in three) == ("18.11", False)


def test_flags_of_people_who_keep_others_out(one: Caller) -> None:
    fields = "can_write_private_message,can_post"
    flags = [
        (user["id"], user["can_write_private_message"], user["can_post"])
        for user in one("users.get", user_ids="302,303,306,307", fields=fields)
    ]
    assert flags == [(302, 0, 1), (303, 1, 0), (306, 0, 0), (307, 0, 1)]


def found(one: Caller, words: str) -> list[int]:
    return [user["id"] for user in one("users.search", q=words)["items"]]


def test_search_folds_case_and_joins_words(one: Caller) -> None:
    assert found(one, "ПЕТРОВА анна") == [309]
    assert found(one, "ёлк фёд") == [310]
    assert found(one, "dUrOv pav")[0] == 1
    assert found(one, "petr_") == found(one, "%") == found(one, "urov") == []


def test_search_without_words_lists_everybody_alive(one: Caller) -> None:
    assert one("users.search", count=0) == {"count": 3838, "items": []}
    assert len(one("users.search", count=5000)["items"]) == 1000


def test_names_are_not_escaped_but_statuses_are(as_user: AsUser) -> None:
    one = as_user(1)
    one("status.set", text="a & b < c > \"d\" 'e'")
    wanted = "a &amp; b &lt; c &gt; &quot;d&quot; 'e'"
    assert one("users.get", fields="status")[0]["status"] == wanted
    assert one("status.get") == {"text": wanted}
