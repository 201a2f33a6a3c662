"""photos.putTag, removeTag, confirmTag, getTags"""

import time

import pytest

from .conftest import AsUser

PHOTO = {"owner_id": 1, "photo_id": 3637189}
BOX = {"x": "31", "y": "5.93", "x2": "81", "y2": "34.18"}


def numbers(as_user: AsUser) -> list[int]:
    return [tag["id"] for tag in as_user(1)("photos.getTags", **PHOTO)]


def test_a_tag_of_oneself_needs_no_answer(as_user: AsUser) -> None:
    before = int(time.time())
    number = as_user(1)("photos.putTag", **PHOTO, user_id=1, **BOX)
    tag = as_user(6)("photos.getTags", **PHOTO)[1]
    assert before <= tag.pop("date") <= int(time.time())
    assert tag == {
        "id": number,
        "user_id": 1,
        "placer_id": 1,
        "tagged_name": "Pavel Durov",
        "x": 31,
        "y": 5.93,
        "x2": 81,
        "y2": 34.18,
        "viewed": 1,
    }
    assert as_user(1)("photos.getNewTags")["count"] == 2


def test_a_tag_of_somebody_else_waits(as_user: AsUser) -> None:
    number = as_user(12)("photos.putTag", **PHOTO, user_id=6, **BOX)
    waiting = as_user(6)("photos.getNewTags")["items"]
    assert [(photo["id"], photo["tag_id"], photo["placer_id"]) for photo in waiting] == [(3637189, number, 12)]
    assert as_user(1).error("photos.confirmTag", **PHOTO, tag_id=number)[0] == 15
    assert as_user(12).error("photos.confirmTag", **PHOTO, tag_id=number)[0] == 15
    assert [as_user(6)("photos.confirmTag", **PHOTO, tag_id=number) for _ in range(2)] == [1, 1]
    assert as_user(6)("photos.getNewTags") == {"count": 0, "items": []}
    assert as_user(6)("photos.getUserPhotos")["count"] == 1


def test_a_tag_bears_the_date_of_its_confirmation(as_user: AsUser, monkeypatch: pytest.MonkeyPatch) -> None:
    number = as_user(12)("photos.putTag", **PHOTO, user_id=6, **BOX)
    confirmed = int(time.time()) + 100
    for now in (confirmed, confirmed + 100):
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda now=now: float(now))
            as_user(6)("photos.confirmTag", **PHOTO, tag_id=number)
        assert as_user(6)("photos.getTags", **PHOTO)[1]["date"] == confirmed


def test_a_tag_of_something_else(as_user: AsUser) -> None:
    as_user(1)("photos.putTag", **PHOTO, tagged_name=" <apple> ", **BOX)
    tag = as_user(1)("photos.getTags", **PHOTO)[1]
    assert (tag["user_id"], tag["tagged_name"], tag["viewed"]) == (0, "<apple>", 1)
    for name in ("", "  ", "x" * 101):
        assert as_user(1).error("photos.putTag", **PHOTO, tagged_name=name, **BOX)[0] == 100


@pytest.mark.parametrize("name", BOX)
@pytest.mark.parametrize("value", ["", "-1", "100.01", "101", "NaN", "inf", "1e1", "1_0", "x", "٣", "1" * 400])
def test_corners_off_the_photo(as_user: AsUser, name: str, value: str) -> None:
    assert as_user(1).error("photos.putTag", **PHOTO, user_id=1, **{**BOX, name: value})[0] == 100
    assert numbers(as_user) == [3824227]


def test_corners(as_user: AsUser) -> None:
    swapped = {"x": 50, "x2": 40, "y": 0, "y2": 1}
    assert as_user(1).error("photos.putTag", **PHOTO, user_id=1, **swapped)[0] == 100
    as_user(1)("photos.putTag", **PHOTO, user_id=1, x=0, y="0.0", x2=100, y2="100.000")
    assert [as_user(1)("photos.getTags", **PHOTO)[1][side] for side in BOX] == [0, 0, 100, 100]


def test_who_may_tag_whom(as_user: AsUser) -> None:
    def code(viewer: int, user_id: int, owner_id: int = 1, photo_id: int = 3637189) -> int:
        return as_user(viewer).error("photos.putTag", owner_id=owner_id, photo_id=photo_id, user_id=user_id, **BOX)[0]

    assert code(6, 6) == 15  # no friend of the owner
    assert code(307, 307) == 15
    assert code(1, 10**9) == 113
    assert code(1, 306) == 15  # has blacklisted the viewer
    assert code(1, 1, photo_id=5) == 104
    as_user(1)("photos.putTag", **PHOTO, user_id=12, **BOX)
    assert code(1, 12) == 100  # tagged already


@pytest.mark.parametrize("remover", [1, 12, 6])
def test_owner_placer_and_tagged_remove(as_user: AsUser, remover: int) -> None:
    number = as_user(12)("photos.putTag", **PHOTO, user_id=6, **BOX)
    assert as_user(10).error("photos.removeTag", **PHOTO, tag_id=number) == (15, "Access denied")
    assert as_user(remover)("photos.removeTag", **PHOTO, tag_id=number) == 1
    assert numbers(as_user) == [3824227]
    assert as_user(remover).error("photos.removeTag", **PHOTO, tag_id=number)[0] == 104
    assert as_user(12)("photos.putTag", **PHOTO, user_id=6, **BOX) > number


def test_a_tag_belongs_to_its_photo(as_user: AsUser) -> None:
    for method in ("photos.removeTag", "photos.confirmTag"):
        assert as_user(1).error(method, owner_id=1, photo_id=90710441, tag_id=3824227)[0] == 104
        assert as_user(1).error(method, **PHOTO)[0] == 100
