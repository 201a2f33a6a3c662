"""VK's and OpenVK's objects become the model."""

from typing import Any

import pytest

from userapi_gw.backend import parse
from userapi_gw.backend.dialects import OPENVK
from userapi_gw.backend.model import Attachment, Education, Message, Photo, Post, User

ANNA = {
    "id": 2, "first_name": "Анна", "last_name": "Петрова", "is_closed": 0, "can_access_closed": 1, "sex": 1,
    "online": 1, "photo_50": "http://x/50.gif", "photo_100": "http://x/100.gif", "has_photo": 1,
    "bdate": None, "city": {"id": 0, "title": None}, "home_town": None,
}  # fmt: skip
USER = User(2, "Анна", "Петрова", "http://x/50.gif", "http://x/100.gif", 1, True)


def test_user() -> None:
    assert parse.user(ANNA) == USER


def test_a_placeholder_picture_is_no_picture() -> None:
    assert parse.user({**ANNA, "has_photo": 0}) == User(2, "Анна", "Петрова", "", "", 1, True)


def test_profile_with_nulls_and_holes() -> None:
    profile = parse.profile(ANNA)
    assert (profile.city_id, profile.city_name, profile.home_town, profile.birth) == (0, "", "", (0, 0, 0))
    assert (profile.closed, profile.wall_open, profile.messages_open) == (False, True, True)


def test_schools_and_universities_as_vk_tells_them() -> None:
    row = {
        **ANNA,
        "schools": [{"id": "77", "city": 2, "name": "№ 4 &amp; 5", "year_graduated": 2004, "type": 2}, {"id": 5}],
        "universities": [
            {"id": 1, "name": "СПбГУ", "faculty": 30, "faculty_name": "Филологический", "graduation": 2006},
            {"id": 2, "name": "МГУ", "faculty": 0, "faculty_name": "", "graduation": 0},
        ],
    }
    assert parse.profile(row).education == (
        Education(77, 0, 2, "№ 4 & 5", 2004),
        Education(5, 0, 0, ""),
        Education(30, 1, 110, "Филологический", 2006),
        Education(2, 0, 100, "МГУ"),
    )


@pytest.mark.parametrize(
    ("country", "code"),
    [({"id": 1, "title": "Россия"}, "RU"), ({"id": 9, "code": "XX"}, "XX"), ({"id": 999}, ""), (None, "")],
)
def test_the_code_of_a_country_vk_tells_by_id_alone(country: Any, code: str) -> None:
    assert parse.profile({**ANNA, "country": country}).country_code == code


@pytest.mark.parametrize(
    ("bdate", "birth"), [("1.2.1970", (1, 2, 1970)), ("1.2", (1, 2, 0)), ("", (0, 0, 0)), ("x.y", (0, 0, 0))]
)
def test_birth(bdate: str, birth: tuple[int, int, int]) -> None:
    assert parse.birth(bdate) == birth


def test_relation_in_the_codes_of_another_server() -> None:
    assert [parse.profile({**ANNA, "relation": code}, OPENVK.relations_read).relation for code in range(9)] == [
        0, 1, 2, 3, 4, 8, 7, 5, 6,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("[id3|@id3] &amp; [club1|a club]", "@id3 & a club"),
        ("[id3|] [3|x] [[id3|x]]", "[id3|] [3|x] [x]"),
        (None, ""),
    ],
)
def test_texts_for_people(text: str | None, plain: str) -> None:
    assert parse.text(text) == plain


def test_people_as_openvk_sends_them_when_one_is_left_out() -> None:
    assert list(parse.users_by_id({"1": {"id": 3, "first_name": "Борис"}})) == [3]


def test_texts_are_plain() -> None:
    row = {"id": 1, "from_id": 2, "owner_id": 2, "date": 5, "text": '&lt;b&gt;&amp;amp; "quotes"\''}
    assert parse.post(row, {2: USER}) == Post(2, 1, 5, USER, '<b>&amp; "quotes"\'')


def test_authors_nobody_told_about_are_known_by_their_id() -> None:
    assert parse.post({"id": 1, "from_id": -7, "owner_id": 2, "date": 5}, {}) == Post(2, 1, 5, User(-7, "", ""), "")


@pytest.mark.parametrize(
    ("row", "sender", "recipient"),
    [
        ({"from_id": 2, "user_id": 2, "out": 0}, 2, 9),
        ({"from_id": 9, "user_id": 2, "out": 1}, 9, 2),
        ({"from_id": 9, "peer_id": 2, "user_id": None}, 9, 2),
        ({"from_id": 9, "peer_id": 9}, 9, 9),
    ],
)
def test_both_ends_of_a_message(row: dict[str, Any], sender: int, recipient: int) -> None:
    message = parse.message({"id": 1, "date": 5, "text": "x", "read_state": 1, **row}, {}, viewer=9)
    assert message == Message(1, 5, User(sender, "", ""), User(recipient, "", ""), "x", read=True)


SIZES = [{"type": "s", "url": "u75"}, {"type": "m", "url": "u130"}, {"type": "x", "url": "u604"}]


def test_photo() -> None:
    assert parse.photo({"id": 1, "owner_id": 2, "date": 3, "sizes": SIZES}) == Photo(2, 1, 3, "u75", "u130", "u604")
    assert parse.photo({"id": 1, "owner_id": 2}) == Photo(2, 1, 0)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (None, None),
        ([], None),
        ([{"type": "poll", "poll": {}}], None),
        ([{"type": "photo", "photo": {"id": 1, "owner_id": 2, "text": "a&amp;b", "sizes": SIZES}}],
         Attachment(1, "a&b", "u130", "u604", 2, 1)),
        ([{"type": "graffiti", "graffiti": {"id": 1, "owner_id": 2, "url": "u"}}], Attachment(2, "", "u", "u", 2, 1)),
        ([{"type": "video", "video": {"id": 1, "owner_id": 2, "title": "t", "photo_130": "p", "player": "u"}}],
         Attachment(3, "t", "p", "u", 2, 1)),
        ([{"type": "video", "video": {"id": 1, "owner_id": 2, "title": "t", "image": [{"url": "p"}]}}],
         Attachment(3, "t", "p", "", 2, 1)),
        ([{"type": "audio", "audio": {"id": 1, "owner_id": 2, "artist": "a", "title": "t", "url": "u"}}],
         Attachment(4, "a - t", "", "u", 2, 1)),
    ],
)  # fmt: skip
def test_attachments(rows: Any, found: Attachment | None) -> None:
    assert parse.attachment(rows) == found
