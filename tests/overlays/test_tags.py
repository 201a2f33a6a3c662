"""Tags on a server that has none."""

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.program import Program

PHOTO = {"parent": "1_3637189"}
BOX = {"x1": "31", "y1": "5.93", "x2": "81", "y2": "34.18"}
CORNERS = {"x1": 31, "y1": 5.93, "x2": 81, "y2": 34.18}
pytestmark = pytest.mark.usefixtures("database")

LACKS = tuple(
    f"photos.{name}" for name in ("getTags", "putTag", "removeTag", "confirmTag", "getUserPhotos", "getNewTags")
)


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Flask:
    return make_gateway(lacks=LACKS)


def test_a_tag_waits_is_confirmed_and_taken_off(pavel: Program, nikolay: Program) -> None:
    (tag,) = pavel.get("put_tag", **PHOTO, **BOX, id=6)
    assert tag == {"tid": tag["tid"], "placer_id": 1, "id": 6, "name": "Nikolay Durov", **CORNERS}
    assert [row[0] for row in nikolay.get("photos_new")] == ["1_3637189"]
    assert nikolay.get("history")["nph"] == 1
    assert nikolay.get("photos_with") == []
    assert pavel.get("confirm_tag", **PHOTO, tid=tag["tid"]) == {"ok": -3}
    assert nikolay.get("confirm_tag", **PHOTO, tid=tag["tid"]) == [tag]
    assert [row[0] for row in nikolay.get("photos_with")] == ["1_3637189"]
    assert nikolay.get("delete_tag", **PHOTO, tid=tag["tid"]) == []
    assert nikolay.get("delete_tag", **PHOTO, tid=tag["tid"]) == {"ok": 0}
    assert nikolay.get("photos_with") == []


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"id": 10**9}, 0),
        ({"id": 0, "name": "x" * 101}, 0),
        ({"id": 6, "parent": "1_1"}, 0),
        ({"id": 0, "name": "x", "parent": "6_1"}, 0),
    ],
)
def test_what_cannot_be_tagged(pavel: Program, parameters: dict[str, object], code: int) -> None:
    assert pavel.get("put_tag", **{**PHOTO, **BOX, **parameters}) == {"ok": code}


def test_nobody_is_tagged_twice(pavel: Program) -> None:
    assert len(pavel.get("put_tag", **PHOTO, **BOX, id=1)) == 1
    assert pavel.get("put_tag", **PHOTO, **BOX, id=1) == {"ok": 0}
