"""`delete_photo` and `delete_page_photo`."""

import pytest

from tests.program import Program


def test_a_photo_is_gone_everywhere(pavel: Program) -> None:
    before = pavel.get("photos", id=1)
    assert pavel.get("delete_photo", photo="1_90710441") == {"ok": 1}
    assert pavel.get("photos", id=1) == [row for row in before if row[0] != "1_90710441"]
    assert pavel.get("delete_photo", photo="1_90710441") == {"ok": 0}


def test_without_an_owner_the_photo_is_the_viewers(pavel: Program) -> None:
    assert pavel.get("delete_photo", photo="90710441") == {"ok": 1}


@pytest.mark.parametrize(
    "photo",
    ["", "x", "1_", "_1", "0", "1_-5", "-1_90710441", "1_99999999999999999999", "7275620_117953590", "6_90710441"],
)
def test_photos_of_others_and_of_nobody_stay(pavel: Program, photo: str) -> None:
    assert pavel.get("delete_photo", photo=photo) == {"ok": 0}
    assert len(pavel.get("photos", id=1)) == 34
    assert pavel.get("photos", id=7275620, to=1)[0][0] == "7275620_117953590"


def test_the_main_photo(pavel: Program) -> None:
    assert pavel.get("delete_page_photo") == {"ok": 1}
    assert pavel.get("profile")["bp"] == "0"
    assert [1, "Pavel Durov", "0", 1] in pavel.get("quick_search", q="pavel durov")["d"]
    assert pavel.get("delete_page_photo") == {"ok": 0}
