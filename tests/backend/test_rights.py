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


def test_who_may_not_read_messages_has_none(gateway: Flask, pavel: Program) -> None:
    assert pavel.get("inbox")["n"] > 0
    assert allowed(gateway, pavel, 0).get("inbox")["n"] == 0
    assert pavel.get("friends", id=1)
    assert pavel.get("wall", id=1)["n"] > 0


def test_of_a_token_nobody_told_about_nothing_is_refused() -> None:
    for method in ("users.get", "messages.send", "wall.post", "messages", ""):
        check(method, None, write=True)


def test_what_needs_nothing_is_for_all() -> None:
    for method, write in (("users.get", False), ("wall.get", False), ("fave.addUser", True)):
        check(method, 0, write=write)
    with pytest.raises(Failure, match=r"forbidden: wall\.post: the app was not given the right 'wall'"):
        check("wall.post", MESSAGES, write=True)


def test_bits_have_names() -> None:
    assert names_of(0) == []
    assert names_of(1 | MESSAGES | 1 << 40) == ["notify", "messages", "1099511627776"]
