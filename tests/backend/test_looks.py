"""Looks at friends, at servers as they were recorded."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
import responses

from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.dialects import OPENVK, VK, ServerDialect
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Look, Photo
from userapi_gw.backend.news import NewsKind
from userapi_gw.errors import Failure, Kind

URL = "http://backend.example"


def backend_of(dialect: ServerDialect) -> Backend:
    return Backend(Client(URL, Transports.over_http(), 5, dialect), 2, "token-nobody-may-see")


@pytest.fixture
def backend() -> Iterator[Backend]:
    backend = backend_of(VK)
    yield backend
    backend.client.close()


def answers(method: str, *bodies: Any) -> None:
    """Let a method answer once with each of `bodies`."""
    for body in bodies:
        envelope = body if isinstance(body, dict) and "error_code" in body else {"response": body}
        responses.post(f"{URL}/method/{method}", json=envelope)


def sent() -> list[dict[str, str]]:
    """The parameters of all calls, apart from those of every call."""
    forms = [parse_qs(call.request.body) for call in responses.calls]
    return [{n: v[0] for n, v in form.items() if n not in ("v", "access_token")} for form in forms]


def refused(code: int) -> dict[str, Any]:
    return {"error_code": code, "error_msg": "no"}


def person(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "first_name": "Анна", "last_name": "Петрова", "is_closed": 0, "can_access_closed": 1, **more}


@responses.activate
def test_ids_of_friends_as_numbers_and_inside_of_objects(backend: Backend) -> None:
    answers("friends.get", {"count": 2, "items": [3, 4]}, {"count": 2, "items": [person(3), person(4)]})
    assert [backend.friend_ids() for _ in range(2)] == [[3, 4]] * 2
    assert sent() == [{"user_id": "2", "count": "5000"}] * 2


@responses.activate
def test_statuses_of_a_thousand_friends_at_a_time(backend: Backend) -> None:
    closed = {"is_closed": 1, "can_access_closed": 0}
    first = [person(1, status="a &lt; b"), person(2, status=""), person(3), person(4, status="x", **closed)]
    answers("users.get", [*first, person(5, status="x", deactivated="deleted")], [person(1001, status="last")])
    looks = list(backend.looks("status", list(range(1, 1002))))
    nothing: Look[str] = Look([], whole=True)
    known = {1: Look(["a < b"], whole=False), 2: nothing, 3: nothing}
    assert looks == [dict.fromkeys(range(1, 1001)) | known, {1001: Look(["last"], whole=False)}]
    ids = ",".join(map(str, range(1, 1001)))
    assert sent() == [{"user_ids": ids, "fields": "status"}, {"user_ids": "1001", "fields": "status"}]


@responses.activate
def test_statuses_of_openvk_are_plain_and_its_people_may_be_an_object() -> None:
    backend = backend_of(OPENVK)
    answers("users.get", {"0": person(3, status="&lt; <2>"), "2": person(5)})
    (looks,) = backend.looks("status", [3, 4, 5])
    assert looks == {3: Look(["&lt; <2>"], whole=False), 4: None, 5: Look([], whole=True)}
    backend.client.close()


PHOTO = {"pid": 2, "id": 2, "user_id": 3, "owner_id": 3, "created": 1795178945, "date": 1795178945, "sizes": None}


@responses.activate
@pytest.mark.parametrize(
    ("kind", "method", "item", "row", "asked"),
    [
        ("friend", "friends.get", 7, 7, {"user_id": "3", "count": "5000"}),
        (
            "photo",
            "photos.getAll",
            PHOTO,
            Photo(3, 2, 1795178945),
            {"owner_id": "3", "count": "50", "photo_sizes": "1"},
        ),
        ("photo_tag", "photos.getUserPhotos", PHOTO, Photo(3, 2, 1795178945), {"user_id": "3", "count": "200"}),
    ],
)
def test_a_call_for_each_friend(
    backend: Backend, kind: NewsKind, method: str, item: Any, row: Any, asked: dict[str, str]
) -> None:
    hidden = [refused(code) for code in (15, 18, 30, 100, 113)]
    answers(method, {"count": 2, "items": [item]}, {"count": 1, "items": [item]}, {"count": 0}, *hidden)
    friends = list(range(3, 11))
    looks = [Look([row], whole=False), Look([row], whole=True), Look([], whole=True), *[None] * len(hidden)]
    assert list(backend.looks(kind, friends)) == [{one: look} for one, look in zip(friends, looks, strict=True)]
    assert sent()[0] == asked


@responses.activate
@pytest.mark.parametrize(("code", "kind"), [(3, Kind.UNSUPPORTED), (5, Kind.TOKEN_REFUSED), (9, Kind.FLOOD)])
def test_a_failure_that_is_not_about_the_friend(backend: Backend, code: int, kind: Kind) -> None:
    answers("photos.getAll", {"count": 0, "items": []}, refused(code))
    looks = backend.looks("photo", [3, 4, 5])
    assert next(looks) == {3: Look([], whole=True)}
    with pytest.raises(Failure) as raised:
        next(looks)
    assert (raised.value.kind, len(responses.calls)) == (kind, 2)


@responses.activate
@pytest.mark.parametrize(
    "answer", [[], 5, None, {"items": []}, {"count": 1, "items": [{}]}, {"count": "x", "items": []}]
)
def test_answers_made_otherwise_than_vk_makes_them(backend: Backend, answer: Any) -> None:
    answers("photos.getAll", answer)
    with pytest.raises(Failure) as raised:
        list(backend.looks("photo", [3]))
    assert raised.value.kind is Kind.BACKEND_BROKEN
