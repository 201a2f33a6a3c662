"""photos.createComment, deleteComment, restoreComment, getComments, getAllComments"""

import time

import pytest

from .conftest import AsUser, Caller

PHOTO = {"owner_id": 1, "photo_id": 79435064}
YULY = {"id": 85935454, "from_id": 12, "date": 1219069674, "text": "yes, thaaat's me - near the very top ;)"}
MASHA = {"id": 81711268, "from_id": 3226038, "date": 1208200679, "text": "Beautiful..."}


def ids(answer: dict[str, list[dict[str, int]]]) -> list[int]:
    return [item["id"] for item in answer["items"]]


def test_a_new_comment_is_the_newest(as_user: AsUser) -> None:
    before = int(time.time())
    number = as_user(6)("photos.createComment", **PHOTO, message="a < b")
    first, *others = as_user(1)("photos.getComments", **PHOTO, sort="desc")["items"]
    assert before <= first.pop("date") <= int(time.time())
    assert first == {"id": number, "from_id": 6, "text": "a &lt; b"}
    assert others == [YULY, MASHA]


@pytest.mark.parametrize("message", ["", "  \n", "x" * 4097])
def test_texts_that_are_no_comment(as_user: AsUser, message: str) -> None:
    assert as_user(6).error("photos.createComment", **PHOTO, message=message)[0] == 100


def test_the_longest_comment(as_user: AsUser) -> None:
    as_user(6)("photos.createComment", **PHOTO, message="ы" * 4096)
    assert as_user(6)("photos.getComments", **PHOTO)["items"][2]["text"] == "ы" * 4096


def test_no_comment_on_what_one_may_not_see(as_user: AsUser) -> None:
    closed = as_user(308)("photos.getAll")["items"][0]["id"]
    write = {"message": "x"}
    assert as_user(6).error("photos.createComment", owner_id=308, photo_id=closed, **write)[0] == 30
    assert as_user(307).error("photos.createComment", **PHOTO, **write)[0] == 15
    assert as_user(6).error("photos.createComment", owner_id=6, photo_id=79435064, **write)[0] == 104
    assert as_user(0).error("photos.createComment", **PHOTO, **write)[0] == 5
    assert ids(as_user(1)("photos.getComments", **PHOTO)) == [MASHA["id"], YULY["id"]]


@pytest.mark.parametrize("deleter", [1, 12])
def test_owner_and_author_delete_and_undo(as_user: AsUser, deleter: int) -> None:
    comment = {"owner_id": 1, "comment_id": YULY["id"]}
    assert as_user(deleter)("photos.deleteComment", **comment) == 1
    assert as_user(6)("photos.getComments", **PHOTO) == {"count": 1, "items": [MASHA]}
    assert as_user(deleter).error("photos.deleteComment", **comment)[0] == 104
    assert as_user(13 - deleter).error("photos.restoreComment", **comment)[0] == 15
    assert as_user(deleter)("photos.restoreComment", **comment) == 1
    assert as_user(deleter)("photos.restoreComment", **comment) == 0
    assert as_user(6)("photos.getComments", **PHOTO) == {"count": 2, "items": [MASHA, YULY]}


def test_others_cannot_delete(as_user: AsUser) -> None:
    assert as_user(6).error("photos.deleteComment", owner_id=1, comment_id=YULY["id"]) == (15, "Access denied")
    assert as_user(12).error("photos.deleteComment", owner_id=12, comment_id=YULY["id"])[0] == 104
    assert as_user(1).error("photos.deleteComment", comment_id=5) == (104, "Not found")
    assert as_user(1).error("photos.deleteComment", owner_id=1)[0] == 100


def test_from_one_comment_on(one: Caller) -> None:
    start = {**PHOTO, "start_comment_id": YULY["id"]}
    assert one("photos.getComments", **start, sort="desc") == {"count": 2, "items": [YULY, MASHA]}
    assert one("photos.getComments", **start, sort="asc") == {"count": 1, "items": [YULY]}


def test_all_comments_of_an_uploader(as_user: AsUser) -> None:
    number = as_user(6)("photos.createComment", owner_id=1, photo_id=90710441, message="x")
    answer = as_user(1)("photos.getAllComments")
    assert [(item["id"], item["pid"], item["owner_id"]) for item in answer["items"]] == [
        (number, 90710441, 1),
        (YULY["id"], 79435064, 1),
        (MASHA["id"], 79435064, 1),
    ]
    assert as_user(6)("photos.getAllComments", owner_id=1, count=1) == {"count": 3, "items": answer["items"][:1]}
    assert ids(as_user(6)("photos.getAllComments", owner_id=1, album_id=5433484)) == [number]
    assert as_user(307).error("photos.getAllComments", owner_id=1)[0] == 15


def test_comments_on_photos_with_somebody(as_user: AsUser) -> None:
    answer = as_user(6)("photos.getUserPhotosComments", user_id=12)
    assert ids(answer) == [YULY["id"], MASHA["id"]]
    closed = as_user(308)("photos.getAll")["items"][0]["id"]
    box = {"x": 1, "y": 1, "x2": 2, "y2": 2}
    tag = as_user(308)("photos.putTag", photo_id=closed, user_id=1, **box)
    number = as_user(308)("photos.createComment", photo_id=closed, message="x")
    assert number not in ids(as_user(1)("photos.getUserPhotosComments"))
    as_user(1)("photos.confirmTag", owner_id=308, photo_id=closed, tag_id=tag)
    assert ids(as_user(1)("photos.getUserPhotosComments")) == [number]
    assert ids(as_user(6)("photos.getUserPhotosComments", user_id=1)) == []
