"""A miss is explained: to the log without values, to who asked with them."""

from tests.playback.tapes import asked
from userapi_gw.playback.misses import miss
from userapi_gw.playback.tape import Nearest

SECRET = "0123456789abcdef0123456789abcdef"


def test_what_differs_is_named() -> None:
    explained = miss(
        asked(act="wall", id=1, to=5, message="привет\r\nX: y"), Nearest(17, {"act": "wall", "from": "0", "id": "2"})
    )
    start = "wall: not recorded; the nearest is exchange 17, which differs in "
    assert explained.told() == f"{start}from, id, message, to"
    shown = r"'\u043f\u0440\u0438\u0432\u0435\u0442\r\nX: y'"
    assert explained.told_with_values() == (
        f"{start}from ('0'; asked: none), id ('2'; asked: '1'), message (none; asked: {shown}), to (none; asked: '5')"
    )


def test_an_act_that_was_never_recorded() -> None:
    assert miss(asked(act="inbox"), None).told_with_values() == "inbox: no such act was recorded"
    assert miss(asked("POST", "/upload.php", act="lphotos"), None).told() == "upload: no such act was recorded"
    assert miss(asked(friends="0-2"), None).told() == "data: no such act was recorded"


def test_secrets_in_any_place_are_not_told() -> None:
    sent = {"act": SECRET, SECRET: "1", "email": SECRET, "hash": SECRET, "cid": SECRET, "pass": SECRET, "sid": SECRET}
    explained = miss(asked(**sent), Nearest(1, {"act": "x", "email": "a@b.example", "fccode": "abc"}))
    assert explained.told() == (
        "(unknown): not recorded; the nearest is exchange 1, which differs in act, email, fccode, (another), cid, hash"
    )
    assert explained.told_with_values().partition("differs in ")[2].split(", ")[1:] == [
        "email (***; asked: ***)",
        "fccode (***; asked: none)",
        "(another) (none; asked: '1')",
        "cid (none; asked: ***)",
        "hash (none; asked: ***)",
    ]


def test_much_is_cut() -> None:
    explained = miss(asked(**{f"p{chr(97 + place)}": "x" * 999 for place in range(15)}), Nearest(1, {}))
    assert explained.told().endswith(" and 5 more")
    assert len(explained.told_with_values()) < 1000
