"""Rows as the samples of the UserAPI documentation show them, and as hostile data must not break them."""

from typing import Any

import pytest

from userapi_gw.backend.model import Attachment, Comment, Message, News, Photo, Post, Profile, Status, Tag, User
from userapi_gw.dialect import DIALECTS, choose
from userapi_gw.shapes import comments, content, history, people, profile, text

NEW, OLD = DIALECTS["2009"], DIALECTS["2008"]
PAVEL = User(
    1,
    "Pavel",
    "Durov",
    "http://cs137.userapi.com/u00001/c_015fd76c.jpg",
    "http://cs137.userapi.com/u00001/b_6261d317.jpg",
    2,
    True,
)
PAVEL_ROW = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", "c_015fd76c", 2, 1]
NOBODY = User(9, "", "")
VIDEO = Attachment(
    3, "George <Carlin>", "http://195.218.181.1/t/160.vk.jpg", "http://195.218.181.1/v/vk.flv", 16494692, 70493039
)


def test_friend_row() -> None:
    assert people.friend_row(PAVEL) == [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", 1]


def test_a_missing_last_name_leaves_the_blank_of_the_sample() -> None:
    assert people.friend_row(User(3, "Vyacheslav", ""))[1] == "Vyacheslav "


def test_person_without_a_photo() -> None:
    assert people.person(NOBODY, NEW) == [9, " ", "0", "0", 0, 0]


def test_quoted_ids_are_for_2008_alone() -> None:
    assert people.quoted_row(PAVEL, OLD)[0] == "1"
    assert people.quoted_row(PAVEL, NEW)[0] == 1


def test_request_rows_have_three_places_in_2008() -> None:
    assert len(people.request_row(PAVEL, OLD)) == 3
    assert len(people.request_row(PAVEL, NEW)) == 4


def test_person_rows_as_objects_keep_the_order_of_the_live_server() -> None:
    row = people.person(PAVEL, choose("2009", {"person_rows": "object"}))
    assert list(row) == ["0", "1", "2", "5", "4", "3"]
    assert [row[str(place)] for place in range(6)] == PAVEL_ROW


def test_post_with_a_video() -> None:
    assert content.post_row(Post(1, 48776839, 1224745160, PAVEL, "", VIDEO), NEW) == [
        48776839,
        1224745160,
        [
            "<a href='http://195.218.181.1/v/vk.flv'><img src='http://195.218.181.1/t/160.vk.jpg'/></a>",
            3,
            "George &lt;Carlin&gt;",
            "http://195.218.181.1/t/160.vk.jpg",
            "http://195.218.181.1/v/vk.flv",
            "16494692",
            "70493039",
        ],
        PAVEL_ROW,
        [1],
    ]


def test_message_rows_name_the_recipient_where_asked_to() -> None:
    message = Message(7, 8, PAVEL, NOBODY, "a\nb", read=False)
    assert content.message_row(message, NEW, with_recipient=False) == [7, 8, ["a<br>b"], PAVEL_ROW, [9], 0]
    assert content.message_row(message, NEW, with_recipient=True)[4] == [9, " ", "0", "0", 0, 0]


def test_status_row() -> None:
    row = content.status_row(Status(140129285, PAVEL, 1224735103, "I'm a baller"))
    assert row == ["1_140129285", 1, 2, "Pavel Durov", 1224735103, "I'm a baller"]


def test_photo_row_of_a_photo_whose_files_are_gone() -> None:
    assert content.photo_row(Photo(1, 2, 3)) == ["1_2", "0", "0"]


@pytest.mark.parametrize(
    ("kind", "item", "deleted"),
    [
        ("wall", Post(1, 48777477, 5, PAVEL, "test"), [48777477]),
        ("message", Message(106183129, 1224896986, User(197, "A", "B"), PAVEL, "x", True), None),
        ("activity", Status(140403095, PAVEL, 5, "x"), ["1_140403095"]),
        ("photos_comments", Comment(7, 5, Photo(1, 2, 3, "s", "m", "x"), PAVEL, "x", VIDEO), [7]),
        ("photos_with_comments", Comment(7, 5, Photo(1, 2, 3), PAVEL, "x"), [7]),
        ("updates_photos", News(2**62, 5, Photo(1, 2, 3)), ["1_2"]),
        ("updates_tagged_photos", News(2**62, 5, Photo(1, 2, 3)), ["1_2"]),
        ("updates_friends", News(2**62, 5, PAVEL), ["1"]),
        ("updates_activity", News(2**62, 5, Status(140403095, PAVEL, 5, "x")), ["1_140403095"]),
    ],
)
def test_entries_survive_being_kept(kind: str, item: Any, deleted: list[Any] | None) -> None:
    payload = history.pack(kind, item)
    assert history.KINDS[kind].adapter.validate_python(payload) == item
    expected = deleted or [106183129, 1224896986, "", [197], [1]]
    assert history.entry_row(kind, 5, "del", payload, OLD) == [5, "del", expected]


def test_entries_tell_the_photo_of_a_comment_alone() -> None:
    comment = Comment(7, 5, Photo(1, 2, 3), PAVEL, "x")
    assert history.photo_id("photos_comments", history.pack("photos_comments", comment)) == 2
    assert history.photo_id("updates_photos", history.pack("updates_photos", News(9, 5, comment.photo))) is None


def test_comment_row() -> None:
    comment = Comment(7, 5, Photo(1, 2, 3, url_130="http://a/m.jpg"), PAVEL, "a\n<b>")
    row = [7, 5, ["a<br>&lt;b&gt;"], PAVEL_ROW, [1], 0, 0]
    assert comments.comment_row(comment, NEW, with_picture=False) == [*row, [2]]
    assert comments.comment_row(comment, OLD, with_picture=True) == [*row, [2, "http://a/m.jpg"]]
    lost = Comment(7, 5, Photo(1, 2, 3), NOBODY, "")
    assert comments.comment_row(lost, NEW, with_picture=True)[7] == [2, "0"]


def test_uploader() -> None:
    assert comments.uploader(1, PAVEL) == [1, "Pavel Durov"]
    assert comments.uploader(9, None) == [9, ""]


def test_tags_show_two_digits_at_most_and_quote_what_the_sample_quotes() -> None:
    tag = Tag(3, 1, 0, "<apple>", (5.932203389830509, 0.0, 99.999, 50.5))
    box = {"x1": 5.93, "y1": 0, "x2": 100, "y2": 50.5}
    assert comments.tag_object(tag, NEW) == {"tid": 3, "placer_id": 1, "id": 0, "name": "&lt;apple&gt;", **box}
    old = comments.tag_object(tag, OLD)
    assert old == {"tid": "3", "placer_id": "1", "id": "0", "name": "&lt;apple&gt;", **box}
    assert comments.tag_object(tag, OLD, quoted=("id",)) == {**old, "tid": 3, "placer_id": 1}
    assert [type(old[side]) for side in box] == [float, int, int, float]


@pytest.mark.parametrize(
    ("raw", "escaped"),
    [("<b>&\"'", "&lt;b&gt;&amp;&quot;'"), ("a\r\nb\nc", "a<br>b<br>c"), ("&lt;", "&amp;lt;")],
)
def test_text_is_harmless_inside_a_page(raw: str, escaped: str) -> None:
    assert text.multiline(raw) == escaped


def test_addresses_cannot_leave_their_attribute() -> None:
    assert text.address("http://a/'onerror=x\"><b") == "http://a/%27onerror=x%22%3E%3Cb"
    assert text.address("http://a/b.jpg?x=1&y=2") == "http://a/b.jpg?x=1&y=2"
    assert text.address("javascript:alert(1)") == "0"


def test_privacy_flags_are_reversed_between_the_dialects() -> None:
    hidden_wall = Profile(PAVEL, wall_open=False)
    assert profile.privacy(hidden_wall, OLD) == {"pa": 1, "wa": 0, "ms": 1}
    assert profile.privacy(hidden_wall, NEW) == {"pa": 0, "wa": 1, "ms": 0}


def test_absent_facts_of_a_profile_are_never_null() -> None:
    facts = profile.profile_facts(Profile(NOBODY), 1, NEW)
    assert facts == {
        "id": 9, "fn": "", "ln": "", "mn": "", "ht": "", "coi": 0, "con": "", "cii": 0, "cin": "", "sx": 0, "bp": "0",
        "bd": 0, "bm": 0, "by": 0, "fs": 0, "pv": 0, "pr": {"pa": 0, "wa": 0, "ms": 0}, "us": 1, "on": 0, "isf": 0,
        "isi": 0, "f": 0, "edu": [],
    }  # fmt: skip
