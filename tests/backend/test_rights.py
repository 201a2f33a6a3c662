"""What tokens of a launched app may do."""

import pytest
from flask import Flask

from tests.program import Program
from userapi_gw.backend.rights import FRIENDS, MESSAGES, PHOTOS, STATUS, WALL, check, names_of
from userapi_gw.errors import Failure

NEED = {
    "add_message": ({"id": 6, "message": "hello"}, MESSAGES),
    "add_wall": ({"id": 6, "message": "hello"}, WALL),
    "set_activity": ({"text": "hello"}, STATUS),
    "add_friend": ({"id": 5}, FRIENDS),
    "add_photos_comments": ({"parent": "6_1", "message": "hello"}, PHOTOS),
}


def allowed(gateway: Flask, viewer: Program, rights: int) -> Program:
    sessions = gateway.extensions["userapi_gw"].state.sessions
    sessions.allow(sessions.find(viewer.sid).grant_id, rights)
    return viewer


@pytest.mark.parametrize("act", NEED)
def test_writes_need_their_right(gateway: Flask, pavel: Program, act: str) -> None:
    parameters, needed = NEED[act]
    assert allowed(gateway, pavel, ~needed & 0xFFFF).get(act, **parameters) == {"ok": -3}
    assert allowed(gateway, pavel, needed).get(act, **parameters) != {"ok": -3}


def test_a_session_that_may_not_read_messages_changes_nothing_for_one_that_may(gateway: Flask, pavel: Program) -> None:
    launched, nikolay = Program(gateway).log_in(), Program(gateway).log_in("nikolay@test.com")
    version = pavel.version("inbox")
    allowed(gateway, launched, 0)
    nikolay.get("add_message", id=1, message="hello")
    refused = [launched.get(act) for act in ("inbox", "outbox")] + [launched.get("message", id=6)]
    assert refused == [{"ok": -3}] * 3
    assert launched.get("history", message=version)["message"] == {"h": []}
    news = pavel.get("history", message=version)["message"]["h"]
    assert [(entry[1], entry[2][2]) for entry in news] == [("add", ["hello"])]
    assert launched.get("history", message=version)["message"] == {"h": []}
    assert launched.get("profile")["mts"] > version
    assert launched.get("friends", id=1)
    assert launched.get("wall", id=1)["n"] > 0


def test_of_a_token_nobody_told_about_nothing_is_refused() -> None:
    for method in ("users.get", "messages.send", "wall.post", "messages", ""):
        check(method, None, write=True)


def test_what_needs_nothing_is_for_all() -> None:
    for method, write in (("users.get", False), ("wall.get", False), ("fave.addUser", True)):
        check(method, 0, write=write)
    with pytest.raises(Failure, match=r"right_lacking: wall\.post: the app was not given the right 'wall'"):
        check("wall.post", MESSAGES, write=True)


def test_bits_have_names() -> None:
    assert names_of(0) == []
    assert names_of(1 | MESSAGES | 1 << 40) == ["notify", "messages", "1099511627776"]
