"""Deleting, and bringing back what a server cannot restore: OpenVK."""

from typing import Any

import pytest

from tests.conftest import MakeGateway
from tests.faults import Faulty, html_500_after
from tests.program import Program
from userapi_gw.state.overlays import removed

PHOTO = {"parent": "1_79435064"}
THANKS = 48771962
TEXT = "a <b> & c\nd"


def texts(program: Program, act: str, **parameters: Any) -> list[Any]:
    return [row[2][0] for row in program.get(act, **parameters)["d"]]


def test_a_post_is_written_anew(anna: Program, boris: Program) -> None:
    before = texts(anna, "wall", id=6)
    version = anna.version("wall", id=6)
    old = anna.get("add_wall", id=6, message=TEXT, ts=version)["h"][0][2]
    wid = {"id": 6, "wid": f"6_{old[0]}"}
    assert anna.get("del_wall", **wid, ts=version + 2) == {"ok": 1, "h": [[version + 3, "del", [old[0]]]]}
    assert texts(anna, "wall", id=6) == before
    assert boris.get("restore_wall", **wid) == {"ok": 0}
    restored = anna.get("restore_wall", **wid, ts=version + 4)
    (entry,) = restored["h"]
    assert (restored["ok"], entry[:2], entry[2][2:]) == (1, [version + 5, "undel"], old[2:])
    assert entry[2][0] > old[0]
    assert anna.get("wall", id=6, **{"from": 0, "to": 1})["d"] == [entry[2]]
    assert anna.get("restore_wall", **wid) == {"ok": 0}
    assert texts(anna, "wall", id=6) == [old[2][0], *before]


def test_what_others_wrote_does_not_come_back(anna: Program, boris: Program) -> None:
    assert boris.get("del_wall", id=1, wid=f"1_{THANKS}") == {"ok": -3}
    assert anna.get("del_wall", wid=f"1_{THANKS}")["ok"] == 1
    assert anna.get("restore_wall", wid=f"1_{THANKS}") == {"ok": 0}
    assert boris.get("restore_wall", id=1, wid=f"1_{THANKS}") == {"ok": 0}
    assert anna.get("del_wall", wid=f"1_{THANKS}") == {"ok": 0}


def test_it_comes_back_within_a_day(anna: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    post = anna.get("add_wall", message="one")["h"][0][2][0]
    monkeypatch.setattr(removed, "KEPT_SECONDS", -1)
    anna.get("del_wall", wid=post)
    assert anna.get("restore_wall", wid=post) == {"ok": 0}


def test_a_text_that_could_not_be_written_is_kept(anna: Program, server: Faulty) -> None:
    post = anna.get("add_wall", message="one")["h"][0][2][0]
    anna.get("del_wall", wid=post)
    server.hit(html_500_after, "wall.post", "wall.get")
    assert anna.get("restore_wall", wid=post) == {"ok": 0}
    server.heal()
    assert texts(anna, "wall")[0] == "one"
    assert anna.get("restore_wall", wid=post) == {"ok": 0}, "nobody knows, so it is not written twice"


def test_the_server_is_asked_once_whether_it_restores(anna: Program, server: Faulty) -> None:
    posts = [anna.get("add_wall", message=text)["h"][0][2][0] for text in ("one", "two")]
    server.seen.clear()
    for post in posts:
        anna.get("del_wall", wid=post)
    calls = [call.method for call in server.seen if call.method.startswith("wall.")]
    assert calls.index("wall.restore") < calls.index("wall.delete")
    assert calls.count("wall.restore") == 1


@pytest.mark.needs("wall.restore")
def test_a_server_that_restores_does(make_gateway: MakeGateway) -> None:
    pavel = Program(make_gateway()).log_in()
    post = pavel.get("add_wall", message="one")["h"][0][2][0]
    for _ in range(2):
        assert pavel.get("del_wall", wid=post)["h"][0][2] == [post]
        assert pavel.get("restore_wall", wid=post)["h"][0][2][0] == post
    gateway = pavel.gateway.extensions["userapi_gw"]
    assert gateway.client.has("wall.restore", "")
    assert gateway.state.overlays.removed.take(1, removed.ThingName("wall", 1, 0, post)) is None


def test_a_comment_is_deleted_by_author_or_owner_and_written_anew(anna: Program, boris: Program) -> None:
    before = texts(anna, "photos_comments", **PHOTO)
    theirs, mine = (program.get("add_photos_comments", **PHOTO, message=TEXT)["h"][0][2] for program in (anna, boris))
    assert boris.get("del_photos_comments", **PHOTO, wid=f"1_{theirs[0]}") == {"ok": -3}
    ts = boris.version("photos_comments", **PHOTO)
    gone = boris.get("del_photos_comments", **PHOTO, wid=f"1_{mine[0]}", ts=ts)
    assert gone == {"ok": 1, "h": [[ts + 1, "del", [mine[0]]]]}
    restored = boris.get("restore_photos_comments", **PHOTO, wid=f"1_{mine[0]}", ts=ts + 2)
    ((number, action, row),) = restored["h"]
    assert (restored["ok"], number, action, row[2:]) == (1, ts + 3, "undel", mine[2:])
    assert row[0] > mine[0]
    assert boris.get("restore_photos_comments", **PHOTO, wid=f"1_{mine[0]}") == {"ok": 0}
    assert anna.get("del_photos_comments", **PHOTO, wid=f"1_{row[0]}")["ok"] == 1
    assert anna.get("restore_photos_comments", **PHOTO, wid=f"1_{row[0]}") == {"ok": 0}
    assert texts(anna, "photos_comments", **PHOTO) == [theirs[2][0], *before]


def test_photos_of_others_and_of_nobody_are_not_deleted(anna: Program, boris: Program, server: Faulty) -> None:
    server.seen.clear()
    for photo in ("1_90710441", "6_1", "1_1"):
        assert boris.get("delete_photo", photo=photo) == {"ok": 0}, photo
    assert server.forwarded("photos.delete") == []
    assert anna.get("delete_photo", photo="1_90710441") == {"ok": 1}
    assert "1_90710441" not in [row[0] for row in anna.get("photos", id=1)]
    assert anna.get("delete_photo", photo="1_90710441") == {"ok": 0}
    assert anna.get("delete_page_photo") == {"ok": 1}
    assert anna.get("delete_page_photo") == {"ok": 0}


def test_messages(anna: Program, boris: Program) -> None:
    number = anna.get("add_message", id=6, message="hello")["h"][0][2][0]
    assert boris.get("del_message", wid=f"1_{number}")["ok"] == 1
    assert boris.get("restore_message", wid=f"1_{number}") == {"ok": 0}, "who did not write it"
    assert anna.get("restore_message", wid=f"6_{number}")["ok"] == 1
