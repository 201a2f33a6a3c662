"""Every parameter of requests for several lists and of `act=history`."""

from typing import Any

from tests.walk.reading import ALEXANDR, COMMENT, MESSAGE, NIKOLAY, PAVEL, POST, STATUS, YULY, data, fyodor, news, photo
from tests.walk.stage import PHOTO, SECRET_KEY, H
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
    needed,
    optional,
    people_only,
    user,
    values,
)
from userapi_gw.acts.upload_hashes import ALBUM, PROFILE, UploadHashes

SEVERAL = "Obtaining miscellaneous data with one request"
HISTORY = "Periodically obtaining updates history for an object"
GENIUS = [121444273, 1224759330, ["Well is he a genius?"], PAVEL, ALEXANDR, 0]
ROMAN = [19224971, "Roman Boguslavsky", "http://cs266.userapi.com/u19224971/b_9fe20cc1.jpg", 0]
ANYBODY = {
    name: {"n": total, "d": [[*NIKOLAY[:3], 1]]} for name, total in (("fave", 154), ("fave_online", 2), ("faved", 5))
}
FRIENDS_OF_NIKOLAY = [
    [3, "Vyacheslav ", "http://cs47.userapi.com/u00003/b_4fd0a4bc.jpg", 0],
    [5, "Ilya Perekopsky", "http://cs194.userapi.com/u00005/b_0e9c3bd8.jpg", 1],
    [7, "Alexey Kobylyansky", "http://cs26.userapi.com/u00007/b_5b634f4.jpg", 0],
    [10, "Alexandr Kuznetsov", "http://cs146.userapi.com/u00010/b_34230f2c.jpg", 0],
    [12, "Yuly Dzhumasultanov", "http://cs201.userapi.com/u00012/b_5a7b82f4.jpg", 0],
    [45, "Sergey Vinogradov", "http://cs16.userapi.com/u00045/b_f9c7d9e.jpg", 0],
    [48, "Marina Sorokina", "http://cs436.userapi.com/u00048/b_d2f15996.jpg", 0],
    [197, "Maxim Belov", "0", 0],
    [309, "Анна Петрова", "0", 0],
]


def without(answer: dict[str, Any], *names: str) -> dict[str, Any]:
    """The same answer without some of its parts; a request for nothing at all is refused."""
    return {name: part for name, part in answer.items() if name not in names} or REFUSED


def _rows(answer: dict[str, Any], most: int) -> dict[str, Row]:
    """A row for each list in `answer`, asked for as `0-1`; of at most so many rows."""

    def row(name: str) -> Row:
        none = answer | {name: answer[name] | {"d": []}}
        return optional(
            "0-1", none, without(answer, name), empty=none, nul=none, **dict.fromkeys(NUMBERS, Like(f"0-{most}"))
        )

    return {name: row(name) for name in answer}


def _lists(title: str, answer: dict[str, Any], most: int, *, versions: Any = None, nobody: Any = None) -> Walk:
    """Some lists at once. `versions` are theirs when they have any, `nobody` is what they are for an unknown user."""
    rows = {"sid": needed("{pavel_sid}", NO_SESSION), **_rows(answer, most)}
    if versions:
        stale = {name: listing | {"h": False} for name, listing in answer.items()}
        unasked = {name: listing | {"h": versions[name]} for name, listing in answer.items()}
        rows["ts"] = optional(str(H), stale, unasked)
    if nobody:
        rows["id"] = people_only("10", nobody)
    return Walk(SEVERAL, title, answer, rows)


def _of_a_user() -> list[Walk]:
    first = [1, PAVEL[1], PAVEL[2], 1]
    with_him = photo("597352_115998622", "cs1464.userapi.com/u597352/1597352", "f27f2a3e", "33f86092")
    his = photo("10_115999961", "cs1558.userapi.com/u00010/1000010", "bcfa9ed8", "7d7dd474")
    people = {
        "friends": {"n": 6, "d": [first]},
        "friends_online": {"n": 2, "d": [first]},
        "friends_mutual": {"n": 1, "d": [[*YULY[:3], 0]]},
        "photos": {"n": 3, "d": [his]},
        "photos_with": {"n": 1, "d": [with_him]},
    }
    igor = [36215, "Igor Kalinin", "http://cs154.userapi.com/u36215/b_42e26059.jpg", "c_42e26059", 2, 0]
    post = [48050916, 1223735096, ["When will there be more photo albums?"], igor, [10]]
    status = ["10_139695000", 10, 2, "Alexandr Kuznetsov", 1224505000, "learning to cook"]
    texts = {
        "wall": {"n": 7, "d": [post], "h": []},
        "activity": {"n": 2, "d": [status], "h": []},
        "message": {"n": 150, "d": [[*GENIUS[:4], [10], 0]], "h": news(MESSAGE)},
    }
    nobody = {"n": 0, "d": []}
    strangers = {"wall": nobody | {"h": []}, "activity": nobody | {"h": []}, "message": nobody | {"h": news(MESSAGE)}}
    return [
        _lists("several lists of people and photos", people, 5000, nobody=dict.fromkeys(people, nobody)),
        _lists(
            "several lists of texts", texts, 1000, nobody=strangers,
            versions={"wall": H, "activity": H, "message": H + 2},
        ),
    ]  # fmt: skip


def _of_the_viewer() -> list[Walk]:
    new = photo("590249_115998635", "cs1535.userapi.com/u590249/1590249", "75008edc", "b487c470")
    people = {
        **ANYBODY,
        "friends_new": {"n": 300, "d": [ROMAN]},
        "photos_new": {"n": 2, "d": [new]},
    }
    mail = {
        "inbox": {"n": 110, "d": [[*MESSAGE[:4], [1], 0]], "h": news(MESSAGE)},
        "outbox": {"n": 109, "d": [GENIUS], "h": news(MESSAGE)},
    }
    tagged = photo("597352_115998622", "cs1464.userapi.com/u597352/1597352", "f27f2a3e", "33f86092")
    uploaded = photo("7275620_117953590", "cs440.userapi.com/u7275620/19135819", "cb29d6c4", "54a5f2b5")
    nadezhda = [3643009, "Nadezhda Troitskaya", "http://cs206.userapi.com/u3643009/b_0fbda514.jpg", 0]
    lyolya = ["31225_140195756", 31225, 1, "Lyolya Fomina", 1224757173, "chocolates, chocolates...))))))))."]
    updates = {
        "updates_activities": {"n": 484, "d": [lyolya], "h": []},
        "updates_activity": {"n": 484, "d": [lyolya], "h": []},
        "updates_friends": {"n": 1034, "d": [nadezhda], "h": []},
        "updates_photos": {"n": 956, "d": [uploaded], "h": []},
        "updates_tagged_photos": {"n": 170, "d": [tagged], "h": []},
    }
    return [
        _lists("several lists of the viewer", people, 5000),
        _lists("several lists of mail", mail, 1000, versions=dict.fromkeys(mail, H + 2)),
        *(
            _lists(f"several lists: {name}", {name: listing}, 1000, versions={name: H})
            for name, listing in updates.items()
        ),
    ]


def _own_friends() -> Walk:
    """The sample network asks for them beside those of somebody else; a window changes nothing."""
    row = Row("0-2", values(RIGHT), REFUSED)
    return Walk(SEVERAL, "my_friends", {"my_friends": {"n": 9, "d": FRIENDS_OF_NIKOLAY}}, {
        "sid": needed("{nikolay_sid}", NO_SESSION),
        "my_friends": row,
    })  # fmt: skip


def _profiles() -> list[Walk]:
    sid = needed("{pavel_sid}", NO_SESSION)
    nobody = dict.fromkeys(NUMBERS, REFUSED)
    by_value = {"sid": sid, "profile": Row("310", values(Like("-1"), **nobody), REFUSED)}
    by_id = {"sid": sid, "profile": Row("0-2", values(RIGHT), REFUSED), "id": user("310", REFUSED)}
    return [
        Walk(SEVERAL, "profile among several", {"profile": fyodor()}, by_value),
        Walk(SEVERAL, "profile among several, by id", {"profile": fyodor()}, by_id),
    ]


COUNTERS = {"nf": 300, "nm": 1, "nph": 2}


def _histories() -> Walk:
    what = {"wall": POST, "activity": STATUS, "message": MESSAGE, "photos_comments": COMMENT}
    quiet = ("updates_photos", "updates_tagged_photos", "updates_friends", "updates_activity")
    parts: dict[str, Any] = {name: {"h": news(row)} for name, row in what.items()} | {name: {"h": []} for name in quiet}
    parts["photos_comments"]["parent"] = PHOTO
    answer = parts | COUNTERS

    def but(name: str, **part: Any) -> dict[str, Any]:
        return answer | {name: answer[name] | part}

    def comments_of(parent: str) -> dict[str, Any]:
        return but("photos_comments", h=[], parent=parent)

    rows = {name: optional(str(H), but(name, h=False), without(answer, name)) for name in parts}
    nobody = answer | {"wall": {"h": []}, "activity": {"h": []}}
    rows["id"] = user("6", nobody)
    rows["parent"] = optional(PHOTO, REFUSED, comments_of(""), **{name: comments_of(SENT[name]) for name in NUMBERS})
    return data(HISTORY, "history", answer, rows, name="histories", lists=MISSING)


def _preloads() -> Walk:
    answer = {
        "inbox": {"n": 110, "d": [[*MESSAGE[:4], [1], 0]]},
        "outbox": {"n": 109, "d": [GENIUS]},
        "friends_new": {"n": 300, "d": [ROMAN]},
        **ANYBODY,
        **COUNTERS,
        "frnum": 349,
        "us": 1,
    }

    def rows_of(*names: str, most: str) -> Row:
        return Row("1", values(MISSING, **dict.fromkeys(NUMBERS, Like(most))), without(answer, *names))

    rows = {
        "inbox": rows_of("inbox", most="1000"),
        "outbox": rows_of("outbox", most="1000"),
        "friends_new": rows_of("friends_new", most="5000"),
        "fave": rows_of("fave", "fave_online", "faved", most="5000"),
        "us": optional("-1", RIGHT, without(answer, "us")),
        "frnum": optional("1", RIGHT, without(answer, "frnum")),
    }
    return data("Pre-loading data", "history", answer, rows, name="preloads", lists=MISSING)


def _reading() -> Walk:
    """Messages are marked read: the counter falls, and the mailbox tells."""
    read = [*MESSAGE[:5], 1]
    answer = {"message": {"h": [*news(MESSAGE), [H + 3, "read", read]]}, **COUNTERS, "nm": 0}
    unread = {"message": {"h": news(MESSAGE)}, **COUNTERS}
    rows = {
        "message": optional(str(H), answer | {"message": {"h": False}}, COUNTERS | {"nm": 0}),
        "read": optional("121444274", unread, unread),
    }
    return data("Pre-loading data", "history", answer, rows, name="read", lists=MISSING, changes="world")


def _own_profile() -> Walk:
    """Somebody with little to tell looks at it, and gets the hashes for uploads."""
    hashes = UploadHashes(SECRET_KEY)

    def form(kind: str) -> dict[str, str]:
        return {"url": "http://userapi.com/", **dict(zip(("hash", "rhash"), hashes.pair(kind, 310, 0), strict=True))}

    mine = fyodor() | {"us": 310, "mts": H}
    mine["pr"], mine["ph"] = mine["pr"] | form(PROFILE), mine["ph"] | {"aid": 0} | form(ALBUM)
    counters = {"nf": 0, "nm": 0, "nph": 0}

    def shown(h: Any) -> dict[str, Any]:
        return counters | {"profile": mine | {"wa": {"n": 0, "d": [], "h": h}}}

    rows = {
        "sid": needed("{fyodor_sid}", NO_SESSION),
        "profile": optional("-1", RIGHT, counters),
        "ts": optional(str(H), shown(False), shown(H)),
    }
    return data("Pre-loading data", "history", shown([]), rows, name="own profile", lists=MISSING)


WALKS = [
    *_of_a_user(), *_of_the_viewer(), _own_friends(), *_profiles(), _histories(), _preloads(), _reading(),
    _own_profile(),
    data(HISTORY, "history", COUNTERS, {}, name="counters"), data(HISTORY, "prepare_updates", {"ok": 1}, {}),
]  # fmt: skip
