"""Every parameter of the acts that show lists of people, photos and texts."""

from collections.abc import Callable
from typing import Any

from tests.walk.stage import NOW, PHOTO, H
from tests.walk.values import (
    MISSING,
    NO_SESSION,
    NUMBERS,
    REFUSED,
    RIGHT,
    SENT,
    Like,
    Row,
    Walk,
    idle,
    needed,
    optional,
    owner,
    user,
    values,
)
from tests.walk.values import window as window_of

PAVEL: list[Any] = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", "c_015fd76c", 2, 1]
NIKOLAY: list[Any] = [6, "Nikolay Durov", "http://cs1024.userapi.com/u00006/b_37a43719.jpg", "c_37a43719", 2, 1]
YULY: list[Any] = [12, "Yuly Dzhumasultanov", "http://cs201.userapi.com/u00012/b_5a7b82f4.jpg", "c_7e80ab05", 2, 0]
MAXIM: list[Any] = [197, "Maxim Belov", "0", "0", 2, 0]
ALEXANDR: list[Any] = [10, "Alexandr Kuznetsov", "http://cs146.userapi.com/u00010/b_34230f2c.jpg", "c_8109903f", 2, 0]
ILYA: list[Any] = [5, "Ilya Perekopsky", "http://cs194.userapi.com/u00005/b_0e9c3bd8.jpg", 1]
THUMB = "http://cs85.userapi.com/u00001/3440093/m_cb8ac796.jpg"

POST: list[Any] = [48776840, NOW, ["news"], NIKOLAY, [6]]
MESSAGE: list[Any] = [121444274, NOW, ["news"], NIKOLAY, PAVEL, 0]
STATUS: list[Any] = ["6_140403096", 6, 2, "Nikolay Durov", NOW, "news"]
COMMENT: list[Any] = [85935455, NOW, ["news"], NIKOLAY, [1], 0, 0, [79435064, THUMB]]
"""What Nikolay did while Pavel had a list of it."""


def news(row: list[Any]) -> list[Any]:
    """The history since `H` of a list in which this is new."""
    return [[H + 1, "add", row]]


def data(section: str, act: str, answer: Any, rows: dict[str, Row], lists: Any = REFUSED, **more: Any) -> Walk:
    """An act of `/data`, which needs a session. Without `act` the request may be one for several `lists`."""
    named = Row(act, values(REFUSED, empty=MISSING, nul=MISSING), lists)
    login = {"act": named, "sid": needed("{pavel_sid}", NO_SESSION)}
    return Walk(section, more.pop("name", act), answer, {**login, **rows}, **more)


def public(section: str, act: str, answer: Any, rows: dict[str, Row], **more: Any) -> Walk:
    """An act of `/data` for people who are not logged in; for those who are, it is the same."""
    return data(section, act, answer, {"sid": idle("{pavel_sid}"), **rows}, **more)


def empty(answer: Any) -> Any:
    """The same listing without a row."""
    return answer | {"d": []} if isinstance(answer, dict) else []


def window(answer: Any, rows: int = 5000, most: int = 5000) -> dict[str, Row]:
    """`from` and `to` of a listing."""
    return window_of(empty(answer), rows, most)


def ts(answer: dict[str, Any], version: int = H) -> Row:
    """The version a program has of a list: right it brings what is new, missing the version there is now."""
    return optional(str(H), answer | {"h": False}, answer | {"h": version})


def people(section: str, act: str, answer: Any) -> Walk:
    """A list of the viewer's people."""
    return data(section, act, answer, window(answer))


def of_user(section: str, act: str, user_id: int, row: list[Any], whose: Callable[[str, Any], Row] = user) -> Walk:
    """A bare list of people or photos of a user."""
    return data(section, act, [row], {"id": whose(str(user_id), []), **window([])})


FRIENDS = "Getting friend list for a user"
PHOTOS = "Getting photo list for a user"
COMMENTS = "Getting photos comments list"
FAVES = "Getting list of bookmarked users"
MAIL = "Getting private messages"

_KOBYLYANSKY = [7, "Alexey Kobylyansky", "http://cs26.userapi.com/u00007/b_5b634f4.jpg", 0]
_SHABALA = [11116614, "Dmitry Shabala", "http://cs1209.userapi.com/u11116614/b_1b620100.jpg", 0]
_LIST_OF_ILYA = {154: "fave", 2: "fave_online", 5: "faved"}


def photo(name: str, path: str, small: str, large: str) -> list[str]:
    """A row of a list of photos."""
    return [name, f"http://{path}/m_{small}.jpg", f"http://{path}/x_{large}.jpg"]


_LISTS = (
    of_user(FRIENDS, "friends", 6, ILYA),
    of_user(FRIENDS, "friends_mutual", 6, _KOBYLYANSKY),
    of_user(FRIENDS, "friends_online", 10, [*NIKOLAY[:3], 1]),
    people(FRIENDS, "friends_new", [_SHABALA]),
    of_user(
        PHOTOS, "photos", 7275620,
        photo("7275620_117953589", "cs440.userapi.com/u7275620/19135819", "56784e9e", "3f973a90"),
        owner,
    ),
    of_user(PHOTOS, "photos_with", 12, photo(PHOTO, "cs85.userapi.com/u00001/3440093", "cb8ac796", "2dddc0a8")),
    people(
        PHOTOS, "photos_new",
        [photo("583146_115998648", "cs1259.userapi.com/u583146/1583146", "44f064a6", "85772e0a")],
    ),
    *(people(FAVES, act, {"n": total, "d": [ILYA]}) for total, act in _LIST_OF_ILYA.items()),
)  # fmt: skip


def _wall() -> Walk:
    row = [48250916, 1224015096, ["Nice photo, where was it taken?"], NIKOLAY, [6]]
    answer = {"n": 8, "d": [row], "h": news(POST)}
    nobody = {"n": 0, "d": [], "h": []}
    rows = {"id": owner("6", nobody), "ts": ts(answer, H + 2), **window(answer, 22, 1000)}
    return data("Getting wall message list for a user", "wall", answer, rows)


def _activity() -> Walk:
    row = ["6_139695600", 6, 2, "Nikolay Durov", 1224506800, "tired &amp; happy"]
    answer = {"n": 4, "d": [row], "h": news(STATUS)}
    nobody = {"n": 0, "d": [], "h": []}
    rows = {"id": user("6", nobody), "ts": ts(answer, H + 2), **window(answer, 22, 1000)}
    return data("Getting status history for a user", "activity", answer, rows)


_YULYS = [85935454, 1219069674, ["yes, thaaat's me - near the very top ;)"], YULY, [1], 0, 0]


def _no_photos() -> dict[str, Any]:
    """The answers to numbers that are a photo's of user 1, if they are any photo's."""
    none = {"h": [], "d": [], "n": 0, "tags": [], "author": PAVEL[:2]}
    return {name: none | {"parent": SENT[name]} for name in NUMBERS}


def _comments_on_a_photo() -> Walk:
    corners = {"x1": 38.99, "y1": 23.67, "x2": 62, "y2": 52.88}
    tags = [{"tid": 3611353, "placer_id": 1, "id": 12, "name": "Yuly Dzhumasultanov", **corners}]
    about = {"tags": tags, "author": PAVEL[:2]}
    answer = {"parent": PHOTO, "h": news(COMMENT), "d": [[*_YULYS, [79435064]]], "n": 2, **about}
    beyond = {"parent": PHOTO, "h": news(COMMENT), "d": [], "n": 2}
    rows = window(answer, 22, 1000)
    rows["from"] = Row("1", values(MISSING, huge=beyond, overflow=beyond), Like("0"))
    rows |= {"parent": optional(PHOTO, REFUSED, Like("-1"), **_no_photos()), "id": idle("1"), "ts": ts(answer, H + 2)}
    return data(COMMENTS, "photos_comments", answer, rows, name="photos_comments of one photo")


def _comments_on_all_photos() -> Walk:
    answer = {"parent": "-1", "h": news(COMMENT), "d": [[*_YULYS, [79435064, THUMB]]], "n": 2}
    nobody = {"parent": "-1", "h": [], "d": [], "n": 0}
    rows = {
        "parent": optional("-1", REFUSED, RIGHT, **_no_photos()),
        "id": owner("1", nobody),
        "ts": ts(answer, H + 2),
        **window(answer, 22, 1000),
    }
    return data(COMMENTS, "photos_comments", answer, rows, name="photos_comments of all photos")


def _updates() -> list[Walk]:
    activity = ["201541_140123249", 201541, 1, "Sveta Pusechkina", 1224756891,
                "These intriguing and enthralling stares....this barrier, obstacle.....this voice.....this girl...."
                "why everything is so complicated?"]  # fmt: skip
    friend = [20175184, "Alexey Seryapin", "http://cs272.userapi.com/u20175184/b_6626ecfb.jpg", 0]
    new = photo("7275620_117953589", "cs440.userapi.com/u7275620/19135819", "56784e9e", "3f973a90")
    tagged = photo("632867_115998557", "cs1186.userapi.com/u632867/1632867", "cf12f62f", "0e95bc83")
    listings: list[tuple[str, str, int, list[Any]]] = [
        ("Getting friends' status updates news", "updates_activity", 484, activity),
        ("Getting friends' status updates news", "updates_activities", 484, activity),
        ("Getting new friends of friends", "updates_friends", 1034, friend),
        ("Getting new friends' photos", "updates_photos", 956, new),
        ("Getting new friends' photos", "updates_tagged_photos", 170, tagged),
    ]
    walks = []
    for section, act, total, row in listings:
        answer = {"n": total, "d": [row], "h": []}
        walks.append(data(section, act, answer, {"ts": ts(answer), **window(answer, 22, 1000)}))
    return walks


def _mail() -> list[Walk]:
    servers = [105826000, 1223804000, ["The servers are fine again"], NIKOLAY, [1], 1]
    test = [106183129, 1224896986, ["test"], MAXIM, [1], 1]
    tomorrow = [105999000, 1224496000, ["Let us talk tomorrow"], PAVEL, ALEXANDR, 1]
    walks = []
    for act, total, row in (("message", 31, servers), ("inbox", 110, test), ("outbox", 109, tomorrow)):
        answer = {"n": total, "d": [row], "h": news(MESSAGE)}
        rows = {"ts": ts(answer, H + 2), **window(answer, 22, 1000)}
        if act == "message":
            rows["id"] = owner("6", {"n": 0, "d": [], "h": news(MESSAGE)})
        walks.append(data(MAIL, act, answer, rows))
    return walks


def fyodor() -> dict[str, Any]:
    """The whole profile of somebody who told little, as Pavel sees it."""
    none = {"n": 0, "d": []}
    return {
        "id": 310, "fn": "Фёдор", "ln": "Ёлкин", "mn": "", "ht": "", "coi": 0, "con": "", "cii": 0, "cin": "", "sx": 2,
        "bp": "0", "bd": 0, "bm": 0, "by": 0, "fs": 0, "pv": 0, "pr": {"pa": 0, "wa": 0, "ms": 0}, "us": 1, "on": 1,
        "isf": 0, "isi": 0, "f": 0, "edu": [], "actv": [], "fr": none, "fro": none, "frm": none, "ph": none,
        "phw": none, "wa": none | {"h": H}, "mts": H + 2,
    }  # fmt: skip


def _profile() -> Walk:
    """A version sent along is that of the wall inside."""

    def shown(h: Any) -> dict[str, Any]:
        return fyodor() | {"wa": {"n": 0, "d": [], "h": h}}

    rows = {"id": user("310", REFUSED), "ts": optional(str(H), shown(False), shown(H))}
    return data("Getting a user's profile information", "profile", shown([]), rows)


WALKS = [
    *_LISTS,
    _wall(),
    _activity(),
    _comments_on_a_photo(),
    _comments_on_all_photos(),
    *_updates(),
    *_mail(),
    _profile(),
]
