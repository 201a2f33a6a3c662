"""The table of positions says what the shapes make and what the fixtures hold."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.clients.positions import ANSWERS as READ_BY_PROGRAMS
from tests.fixtures import load
from userapi_gw.acts import ACTS
from userapi_gw.backend.model import Attachment, Comment, Education, Message, Photo, Post, Profile, Status, Tag, User
from userapi_gw.compare import positions
from userapi_gw.compare.body import read
from userapi_gw.compare.fixtures import Fixture
from userapi_gw.compare.forms import Either, Fields, Form, Joined, Row, Rows
from userapi_gw.compare.kinds import PLAIN, Kind
from userapi_gw.dialect import DIALECTS
from userapi_gw.reference import City, School, Subdivision
from userapi_gw.shapes import comments, content, people, places, profile

NEW = DIALECTS["2009"]
WEB = "http://cs1.example/"
PAVEL = User(1, "Pavel", "Durov", f"{WEB}c_1.jpg", f"{WEB}b_1.jpg", 2, True)
YULY = User(12, "Yuly", "D", f"{WEB}c_2.jpg", f"{WEB}b_2.jpg", 2, False)
PHOTO = Photo(1, 79435064, 1200000000, f"{WEB}s.jpg", f"{WEB}m.jpg", f"{WEB}x.jpg")
VIDEO = Attachment(3, "title", f"{WEB}t.jpg", f"{WEB}v.flv", 16494692, 70493039)


def named(form: Form, value: Any, position: str = "") -> Iterator[tuple[str, Form, Any]]:
    """Every value of an answer with the name of its position and its form."""
    match form, value:
        case Either(choose), _:
            yield from named(choose(value), value, position)
        case Row(), list():
            for place, item in enumerate(value):
                name, inner = form.place(place)
                yield from named(inner, item, f"{position}.{name}".lstrip("."))
        case Rows(entry), list():
            for item in value:
                yield from named(entry, item, f"{position}[*]")
        case Fields(), dict():
            for key, item in value.items():
                yield from named(form.field(key), item, f"{position}.{key}".lstrip("."))
        case _:
            yield position, form, value


def names(form: Form, value: Any) -> dict[str, Any]:
    return {position: inner for position, _, inner in named(form, value)}


def test_rows_are_named_as_the_shapes_make_them() -> None:
    person = {"id": 12, "name": "Yuly D", "photo": f"{WEB}b_2.jpg", "thumbnail": "c_2", "sex": 2, "online": 0}
    sender = {f"sender.{name}": value for name, value in person.items()}
    assert names(positions.FRIEND, people.friend_row(PAVEL)) == {
        "id": 1, "name": "Pavel Durov", "photo": f"{WEB}b_1.jpg", "online": 1,
    }  # fmt: skip
    assert names(positions.POST_ROW, content.post_row(Post(1, 30, 77, YULY, "", VIDEO), NEW)) == {
        "id": 30, "time": 77, "content.text": f"<a href='{WEB}v.flv'><img src='{WEB}t.jpg'/></a>", "content.type": 3,
        "content.title": "title", "content.thumbnail": f"{WEB}t.jpg", "content.url": f"{WEB}v.flv",
        "content.owner": "16494692", "content.object": "70493039", **sender, "owner.id": 1,
    }  # fmt: skip
    message = content.message_row(Message(30, 77, YULY, PAVEL, "text", True), NEW, with_recipient=False)
    assert names(positions.MESSAGE_ROW, message) == {
        "id": 30, "time": 77, "content.text": "text", **sender, "recipient.id": 1, "read": 1,
    }  # fmt: skip
    assert names(positions.STATUS_ROW, content.status_row(Status(5, YULY, 77, "text"))) == {
        "id": "12_5", "user": 12, "sex": 2, "name": "Yuly D", "time": 77, "text": "text",
    }  # fmt: skip
    comment = comments.comment_row(Comment(30, 77, PHOTO, YULY, "text"), NEW, with_picture=True)
    assert names(positions.COMMENT_ROW, comment) == {
        "id": 30, "time": 77, "content.text": "text", **sender, "owner.id": 1, "reserved_5": 0, "reserved_6": 0,
        "photo.id": 79435064, "photo.thumbnail": f"{WEB}m.jpg",
    }  # fmt: skip
    assert names(positions.PHOTO_ROW, content.photo_row(PHOTO)) == {
        "id": "1_79435064", "thumbnail": f"{WEB}m.jpg", "image": f"{WEB}x.jpg",
    }  # fmt: skip


def test_places_and_profiles_are_named_as_the_shapes_make_them() -> None:
    city = City(7, "Boston", 9, 1, True, Subdivision(8, "County"), Subdivision(10, "State"))
    assert names(positions.CITY_ROW, places.city_row(city, "bo")) == {
        "city.id": 7, "city.name": "Boston", "city.type": 1, "city.large": 1, "city.word": 1,
        "lower.id": 8, "lower.name": "County", "lower.type": 22,
        "higher.id": 10, "higher.name": "State", "higher.type": 21, "country.id": 9,
    }  # fmt: skip
    school = School(3, "School", 7, 100)
    assert names(positions.SCHOOL_ROW, places.school_row(school)) == {"id": 3, "name": "School", "type": 100}
    facts = profile.profile_facts(Profile(PAVEL, education=(Education(3, 4, 100, "School", 2004),)), 6, NEW)
    found = names(positions.PROFILE, facts)
    assert {name: value for name, value in found.items() if name.startswith("edu")} == {
        "edu[*].id": 3, "edu[*].university": 4, "edu[*].type": 100, "edu[*].name": "School", "edu[*].year": 2004,
    }  # fmt: skip
    assert {*positions.PROFILE.named} - {*facts} == {"fr", "fro", "frm", "ph", "phw", "wa", "actv", "mts"}
    tag = comments.tag_object(Tag(5, 1, 12, "Yuly", (1.0, 2.0, 3.0, 4.0)), NEW)
    assert {*positions.TAG_FIELDS.named} < {*tag}


def test_every_act_has_its_form() -> None:
    assert {*positions.ANSWERS} == {*ACTS} >= {*READ_BY_PROGRAMS}


@pytest.mark.parametrize("fixture", load(), ids=lambda fixture: fixture.name)
def test_fixtures_hold_what_the_table_says(fixture: Fixture) -> None:
    body = read(fixture.content.answer.raw)
    if body.form == "bytes":
        return
    act = dict(parse_qsl(urlsplit(fixture.content.request).query)).get("act", "")
    for position, form, value in named(positions.form_of(act, body.value), body.value):
        assert not re.search(r"\[\d+\]", position), "a place without a name"
        assert fits(form, value), (position, form, value)


def fits(form: Form, value: Any) -> bool:
    if isinstance(form, Joined):
        return re.fullmatch(r"-[12]|\d+_\d+", value) is not None
    assert isinstance(form, Kind), "an array or object where a value was to stand, or the other way round"
    if isinstance(value, (list, dict)) or form == PLAIN:
        return value == [] or form == PLAIN
    if form.treatment == "time":
        return isinstance(value, int) and value > 10**9
    if form.treatment == "picture":
        return value == "0" or re.match(r"http://|[abc]_\w+$", value) is not None
    if form.treatment in ("text", "secret"):
        return isinstance(value, str)
    is_number = isinstance(value, int) or value.isdecimal()
    return is_number and not (form.treatment == "flag" and value not in (0, 1))
