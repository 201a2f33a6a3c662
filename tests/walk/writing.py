"""Every parameter of the acts that change something."""

from functools import partial
from typing import Any

from tests.walk.reading import ALEXANDR, COMMENT, MESSAGE, PAVEL, POST, THUMB, data, news
from tests.walk.stage import NOW, PHOTO, H
from tests.walk.values import (
    MISSING,
    NUMBERS,
    REFUSED,
    RIGHT,
    Like,
    Row,
    Walk,
    idle,
    needed,
    optional,
    owner,
    text,
    values,
)

IRINA = [6875276, "Irina Kalyuzhina", "http://cs1432.userapi.com/u6875276/b_0c8cdb78.jpg", "c_388c71b4", 1, 0]
MASHA = [3226038, "Masha Petrova", "http://cs309.userapi.com/u3226038/b_02f896e7.jpg", "c_a8170db8", 1, 0]
FRIEND_OF_ALEXANDR = (
    "An old acquaintance of mine thinks about changing his job, and asks whether we need developers. Do we?"
)

DONE = {"ok": 1}
POSTING, REMOVING, UNDELETING = (
    "Posting new messages and comments",
    "Removing messages and comments",
    "Undeleting messages and comments",
)
TAGS = "Editing photos tags"
NEW_POST, NEW_MESSAGE, NEW_COMMENT, NEW_STATUS = POST[0] + 1, MESSAGE[0] + 1, COMMENT[0] + 1, 140403097
"""The ids the next new objects get."""


def told(number: int, *entry: Any) -> dict[str, Any]:
    """The answer to a change whose entry is the one with this number after `H`."""
    return DONE | {"h": [[H + number, *entry]]}


def writing(section: str, act: str, answer: Any, rows: dict[str, Row], **more: Any) -> Walk:
    """An act that changes something."""
    return data(section, act, answer, rows, changes="world", **more)


def ts(own: dict[str, Any], version: int = H + 2) -> Row:
    """The version a program has: it decides what else the answer tells, and a wrong one brings the own change alone."""
    return optional(str(version), own, own)


def _posting() -> list[Walk]:
    def post(said: str, owner: int = 6) -> dict[str, Any]:
        return told(3, "add", [NEW_POST, NOW, [said], PAVEL, [owner]])

    def message(said: str) -> dict[str, Any]:
        return told(3, "add", [NEW_MESSAGE, NOW, [said], PAVEL, ALEXANDR, 0])

    def comment(said: str) -> dict[str, Any]:
        row = [NEW_COMMENT, NOW, [said], PAVEL, [1], 0, 0, [79435064, THUMB]]
        return told(3, "add", row)

    def since(first: list[Any], own: dict[str, Any]) -> dict[str, Any]:
        """The answer to a program that has version `H`: what it has missed, and its own."""
        return own | {"h": [[H + 1, "add", first], *own["h"]]}

    def mailbox(total: int) -> dict[str, Any]:
        """What the parameter `message` asks for without an act: correspondence with a user."""
        return {"message": {"n": total, "d": [], "h": news(MESSAGE)}}

    wall, mail, comments = post("hello"), message("hello"), comment("hello")
    return [
        writing(POSTING, "add_wall", since(POST, wall), {
            "id": owner("6", REFUSED, Like("1")),
            "ts": ts(wall, H),
            "message": text("hello", lambda said: since(POST, post(said)), "long"),
        }, lists=mailbox(31)),
        writing(POSTING, "add_message", since(MESSAGE, mail), {
            "id": needed("10"),
            "ts": ts(mail, H),
            "message": text("hello", lambda said: since(MESSAGE, message(said)), "long", "huge"),
        }, lists=mailbox(150)),
        writing(POSTING, "add_photos_comments", since(COMMENT, comments), {
            "id": idle("1"),
            "ts": ts(comments, H),
            "message": text("hello", lambda said: since(COMMENT, comment(said)), "long", "huge"),
            "parent": needed(PHOTO),
        }, lists=mailbox(0)),
    ]  # fmt: skip


def _removing() -> list[Walk]:
    walks = [
        writing(REMOVING, "del_wall", told(1, "del", [48771962]), {
            "id": owner("1", REFUSED),
            "ts": ts(told(1, "del", [48771962]), H),
            "wid": needed("1_48771962"),
        }),
        writing(REMOVING, "del_photos_comments", told(3, "del", [85935454]), {
            "id": idle("1"),
            "ts": ts(told(3, "del", [85935454])),
            "wid": needed("12_85935454"),
            "parent": needed(PHOTO),
        }),
    ]  # fmt: skip
    gone = told(3, "del", [106183129, 1224896986, "", [197], [1]])
    for act in ("del_message", "del_inbox", "del_outbox"):
        rows = {"id": idle("197", read=False), "ts": ts(gone), "wid": needed("197_106183129")}
        walks.append(writing(REMOVING, act, gone, rows))
    return walks


def _undeleting() -> list[Walk]:
    post = [48350915, 1224155096, ["Cool site ;) Thanks :)"], IRINA, [1]]
    message = [106065105, 1224583486, [FRIEND_OF_ALEXANDR], ALEXANDR, PAVEL, 1]
    comment = [81711268, 1208200679, ["Beautiful..."], MASHA, [1], 0, 0, [79435064, THUMB]]
    walks = [
        writing(UNDELETING, "restore_wall", told(1, "undel", post), {
            "id": owner("1", REFUSED),
            "ts": ts(told(1, "undel", post), H),
            "wid": needed("1_48350915"),
        }),
        writing(UNDELETING, "restore_photos_comments", told(3, "undel", comment), {
            "id": idle("1"),
            "ts": ts(told(3, "undel", comment)),
            "wid": needed("1_81711268"),
            "parent": needed(PHOTO),
        }),
    ]  # fmt: skip
    back = told(3, "undel", message)
    for act in ("restore_message", "restore_inbox", "restore_outbox"):
        rows = {"id": idle("10", read=False), "ts": ts(back), "wid": needed("10_106065105")}
        walks.append(writing(UNDELETING, act, back, rows))
    return walks


def _statuses() -> list[Walk]:
    section = "Editing current status"

    def status(said: str) -> dict[str, Any]:
        return told(1, "add", [f"1_{NEW_STATUS}", 1, 2, "Pavel Durov", NOW, said])

    gone = told(1, "del", ["1_140403095"])
    ids = (140403095, 139699800, 139699700, 139699600)
    cleared = DONE | {"h": [[H + 1 + 2 * place, "del", [f"1_{number}"]] for place, number in enumerate(ids)]}
    back = told(1, "undel", ["1_139699900", 1, 2, "Pavel Durov", 1224519700, "on the train &lt;again&gt;"])
    return [
        writing(section, "set_activity", status("hello"), {
            "ts": ts(status("hello"), H),
            "text": text("hello", status, "long", "huge"),
        }),
        writing(section, "clear_activity", cleared, {"ts": ts(cleared, H)}),
        writing(section, "del_activity", gone, {
            "id": idle("1", read=False),
            "ts": ts(gone, H),
            "wid": optional("1_140403095", REFUSED, RIGHT),
        }),
        writing(section, "restore_activity", back, {"ts": ts(back, H), "wid": needed("1_139699900")}),
    ]  # fmt: skip


def _people() -> list[Walk]:
    return [
        writing("Editing friends", "add_friend", {"ok": 3}, {"id": needed("18369759")}),
        writing("Editing friends", "del_friend", {"ok": 0}, {"id": needed("10")}),
        writing("Editing bookmarks", "add_fave", {"ok": 1, "id": 309}, {"id": needed("309")}),
        writing("Editing bookmarks", "del_fave", {"ok": 0, "id": 543870}, {"id": needed("543870")}),
    ]


def _schools() -> list[Walk]:
    add = {"school": needed("3378"), "year": optional("2004", REFUSED, Like("0"), zero=DONE)}
    delete = {"school": needed("9100014"), "year": needed("2006")}
    section = "Editing education"
    return [writing(section, "add_school", DONE, add), writing(section, "delete_school", DONE, delete)]


def _page() -> Walk:
    def number(right: str, zero: Any = RIGHT) -> Row:
        return optional(right, REFUSED, RIGHT, zero=zero)

    name = optional("Ivan", RIGHT, RIGHT, **dict.fromkeys(("huge", "long", "broken"), REFUSED))
    rows = {
        "sx": number("1"), "fs": number("4"), "pv": number("5"), "bd": number("11", REFUSED),
        "bm": number("11", REFUSED), "by": number("1985"), "cii": number("1"), "nf": number("0"), "nm": number("0"),
        "mo": optional("7777777", REFUSED, RIGHT, zero=RIGHT, negative=RIGHT, overflow=RIGHT),
        "fn": name, "ln": name, "mn": name, "ht": name,
    }  # fmt: skip
    return writing("Editing user's profile", "edit_page", DONE, rows)


WAITING = {"tid": 4000007, "placer_id": 590249, "id": 1, "name": "Pavel Durov",
           "x1": 34, "y1": 28, "x2": 64.5, "y2": 68.25}  # fmt: skip
NOBODY = dict.fromkeys(NUMBERS, REFUSED)
CORNERS = {"x1": 31, "y1": 5.93, "x2": 81, "y2": 34.18}
APPLE = {"tid": 3824227, "placer_id": 1, "id": 0, "name": "yabloko", "x1": 67, "y1": 23.45, "x2": 95, "y2": 38.7}


def _tag(user_id: int, name: str, **corners: float) -> list[Any]:
    return [APPLE, {"tid": 4100170, "placer_id": 1, "id": user_id, "name": name, **CORNERS, **corners}]


def _put_tag(title: str, user_id: Row, shown: int, name: Row) -> Walk:
    put = partial(_tag, shown, name.right)
    rows = {
        "x1": needed("31", zero=put(x1=0)),
        "y1": needed("5.932203389830509", zero=put(y1=0)),
        "x2": needed("81", zero=put(x1=0, x2=31)),
        "y2": needed("34.18079096045198", zero=put(y1=0, y2=5.93)),
        "parent": needed("1_3637189"),
        "id": user_id,
        "name": name,
    }
    return writing(TAGS, "put_tag", put(), rows, name=title)


def _tags() -> list[Walk]:
    return [
        writing(
            TAGS,
            "delete_tag",
            [],
            {
                "tid": needed("3824227"),
                "parent": needed("1_3637189"),
                "id": idle("1"),
            },
        ),
        writing(
            TAGS,
            "confirm_tag",
            [WAITING],
            {
                "tid": needed("4000007"),
                "parent": needed("590249_115998635"),
                "id": idle("1"),
            },
        ),
        _put_tag(
            "put_tag of a person",
            Row("1", values(MISSING, negative=REFUSED, **NOBODY), Like("0")),
            1,
            idle("Pavel Durov"),
        ),
        _put_tag(
            "put_tag of a thing",
            Row("0", values(RIGHT, negative=REFUSED, **NOBODY), RIGHT),
            0,
            text("apple", partial(_tag, 0), "long", "huge"),
        ),
    ]


def _photos() -> list[Walk]:
    section = "Removing photos"
    return [
        writing(section, "delete_photo", DONE, {"photo": needed("1_118073657")}),
        writing(section, "delete_page_photo", DONE, {}),
    ]


WALKS = [
    *_posting(), *_removing(), *_undeleting(), *_statuses(), *_people(), *_schools(), _page(), *_tags(), *_photos()
]  # fmt: skip
