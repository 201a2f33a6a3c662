"""Comments on all photos of and with somebody on a server without such lists."""

import time
from typing import Any

import pytest

from tests.acts.test_updates import upload
from tests.conftest import MakeGateway
from tests.program import Program
from userapi_gw.backend.model import Window
from userapi_gw.overlays import comments

PHOTOS = ("1_79435064", "1_90710441", "1_115456905")


def told(answer: dict[str, Any]) -> list[tuple[int, str, int]]:
    """Id, text and photo of each comment."""
    return [(row[0], row[2][0], row[7][0]) for row in answer["d"]]


def test_they_are_gathered_from_the_newest_photos(anna: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    before = anna.get("photos_comments", parent=-1)
    for place, photo in enumerate(PHOTOS):
        anna.get("add_photos_comments", parent=photo, message=f"{place}")
    answer = anna.get("photos_comments", parent=-1)
    assert answer["n"] == before["n"] + 3
    assert [row[1:] for row in told(answer)[:3]] == [("2", 115456905), ("1", 90710441), ("0", 79435064)]
    assert told(answer)[3:] == told(before)
    window = anna.get("photos_comments", parent=-1, **{"from": 1, "to": 3})
    assert (told(window), window["n"]) == (told(answer)[1:3], answer["n"])
    newest = int(anna.get("photos", id=1)[0][0].partition("_")[2])
    monkeypatch.setattr(comments, "NEWEST_PHOTOS", Window(0, 1))
    assert {row[2] for row in told(anna.get("photos_comments", parent=-1))} <= {newest}


def test_the_history_tells_what_others_write(anna: Program, boris: Program) -> None:
    version = anna.version("photos_comments", parent=-1)
    boris.get("add_photos_comments", parent=PHOTOS[0], message="hello")
    ((number, action, row),) = anna.get("history", photos_comments=version)["photos_comments"]["h"]
    assert (number, action, row[2]) == (version + 1, "add", ["hello"])


def test_a_new_photo_does_not_make_comments_on_older_ones_look_deleted(
    anna: Program, boris: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments, "NEWEST_PHOTOS", Window(0, 2))
    old = boris.get("add_photos_comments", parent=PHOTOS[1], message="on the second")["h"][0][2]
    version = anna.version("photos_comments", parent=-1)

    def told_since(ts: int) -> list[Any]:
        return list(anna.get("history", photos_comments=ts)["photos_comments"]["h"])

    upload(anna.gateway, 502, int(time.time()), owner_id=1)
    assert told_since(version) == [], "the second is the third now"
    boris.get("add_photos_comments", parent="1_502", message="on the new one")
    assert [(action, row[2]) for _, action, row in told_since(version)] == [("add", ["on the new one"])]
    assert anna.get("delete_photo", photo=PHOTOS[1]) == {"ok": 1}
    assert [entry[1:] for entry in told_since(version + 2)] == [["del", old[:1]]]


def test_on_photos_with_somebody(make_gateway: MakeGateway) -> None:
    whole = Program(make_gateway()).log_in().get("photos_comments", parent=-2, id=12)
    part = Program(make_gateway(lacks=("photos.getUserPhotosComments",))).log_in()
    answer = part.get("photos_comments", parent=-2, id=12)
    assert (answer["d"], answer["n"]) == (whole["d"], 2)


def test_a_comment_behind_the_first_hundred_is_found(anna: Program) -> None:
    numbers = [
        anna.get("add_photos_comments", parent=PHOTOS[0], message=f"{place}")["h"][0][2][0] for place in range(102)
    ]
    assert anna.get("del_photos_comments", parent=PHOTOS[0], wid=f"1_{numbers[-1]}")["ok"] == 1
