"""Comments, tags and news from servers other than the embedded one."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import parse_qs

import pytest
import responses

from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.media import Media
from userapi_gw.backend.model import Comment, News, Page, Photo, User, Window
from userapi_gw.backend.news import RECENT, news_id
from userapi_gw.errors import Failure, Kind

URL = "http://backend.example"
WINDOW = Window(0, 5)
OPENVK_COMMENT = {
    "id": 3,
    "from_id": 3,
    "date": 1795178945,
    "attachments": [],
    "parents_stack": [],
    "text": "красиво &lt;3",
}
OPENVK_POST = {"id": 1, "from_id": 3, "owner_id": 3, "date": 1795178692, "post_type": "post", "type": "post"}
BORIS = {"id": 3, "first_name": "Борис", "last_name": "Иванов", "has_photo": 0, "sex": 2}


@pytest.fixture
def backend() -> Iterator[Backend]:
    client = Client(URL, Transports.over_http(), timeout=5)
    yield Backend(client, 2, "token-nobody-may-see")
    client.close()


def answers(method: str, *bodies: Any) -> None:
    """Let a method answer once with each of `bodies`."""
    for body in bodies:
        envelope = body if isinstance(body, dict) and "error_code" in body else {"response": body}
        responses.post(f"{URL}/method/{method}", json=envelope)


def sent(place: int) -> dict[str, str]:
    """The parameters of a call, apart from those of every call."""
    body = responses.calls[place].request.body
    return {name: values[0] for name, values in parse_qs(body).items() if name not in ("v", "access_token")}


def photo(number: int) -> dict[str, Any]:
    return {"owner_id": 3, "id": number, "date": 5, "sizes": []}


@responses.activate
def test_comments_of_openvk_and_a_photo_that_is_gone(backend: Backend) -> None:
    answers("photos.getComments", {"count": 1, "items": [OPENVK_COMMENT]})
    answers("photos.getById", [])
    answers("users.get", [BORIS])
    author = User(3, "Борис", "Иванов", sex=2)
    comment = Comment(3, 1795178945, Photo(2, 1, 0), author, "красиво <3")
    assert backend.photo_comments(2, 1, WINDOW) == Page(1, [comment])
    assert sent(0) == {"offset": "0", "count": "5", "sort": "desc", "owner_id": "2", "photo_id": "1"}


@responses.activate
def test_one_comment_where_the_server_does_not_begin_at_it(backend: Backend) -> None:
    answers("photos.getComments", *[{"count": 2, "items": [{**OPENVK_COMMENT, "id": 2}, OPENVK_COMMENT]}] * 2)
    answers("photos.getById", [photo(1)])
    answers("users.get", [])
    found = backend.photo_comment(3, 1, 3)
    assert (found.id, found.photo, found.author) == (3, Photo(3, 1, 5), User(3, "", ""))
    with pytest.raises(Failure) as raised:
        backend.photo_comment(3, 1, 4)
    assert raised.value.kind is Kind.NOT_FOUND


@responses.activate
@pytest.mark.parametrize("code", [3, 501])
def test_lists_a_server_does_not_have(backend: Backend, code: int) -> None:
    answers("photos.getAllComments", {"error_code": code, "error_msg": "Not implemented"})
    with pytest.raises(Failure) as raised:
        backend.comments_on_photos_of(2, WINDOW)
    assert raised.value.kind is Kind.UNSUPPORTED


@responses.activate
def test_a_feed_of_posts_has_no_photos(backend: Backend) -> None:
    feed = {"items": [OPENVK_POST], "profiles": [], "groups": [], "next_from": "1795178692_1"}
    answers("newsfeed.get", feed, feed, {"items": [], "profiles": []})
    assert backend.new_photos(WINDOW) == Page(0, [])
    assert sent(1)["start_time"] == str(1795178692 - RECENT)
    assert sent(2)["start_from"] == "1795178692_1"


@responses.activate
def test_items_of_vk_hold_several_photos_under_one_date(backend: Backend) -> None:
    def item(date: int, *numbers: int) -> dict[str, Any]:
        photos = {"count": len(numbers), "items": [photo(number) for number in numbers]}
        return {"type": "photo", "source_id": 3, "date": date, "photos": photos}

    answers("newsfeed.get", {"items": [item(900_000, 7)], "next_from": "a"})
    answers("newsfeed.get", {"items": [item(900_000, 7, 8), item(800_000, 9)], "next_from": "b"})
    answers("newsfeed.get", {"items": [item(700_000, 10), item(900_000 - RECENT - 1, 11)]})
    page = backend.new_photos(Window(1, 3))
    kept = [(900_000, 8), (800_000, 9)]
    assert page == Page(4, [News(news_id(date, 3, number), date, Photo(3, number, 5)) for date, number in kept])
    assert sent(2) == {"filters": "photo", "count": "100", "start_time": str(900_000 - RECENT), "start_from": "b"}


@responses.activate
def test_watching_costs_one_call_and_knows_that_there_is_more(backend: Backend) -> None:
    item = {"type": "photo", "source_id": 3, "date": 5, "photos": {"items": [photo(7)]}}
    answers("newsfeed.get", {"items": [item] * 5, "next_from": "a"})
    page = backend.new_photos(WINDOW, watched=True)
    assert (page.total, len(page.rows), len(responses.calls)) == (6, 5, 1)
    assert sent(0) == {"filters": "photo", "count": "100"}


@responses.activate
def test_tags_of_a_hidden_photo(backend: Backend) -> None:
    answers("photos.getTags", {"error_code": 15, "error_msg": "Access denied"}, {"error_code": 5, "error_msg": "x"})
    assert backend.photo_tags(2, 1) == []
    with pytest.raises(Failure) as raised:
        backend.photo_tags(2, 1)
    assert raised.value.kind is Kind.TOKEN_REFUSED


@responses.activate
@pytest.mark.parametrize("counted", [True, False])
def test_photos_of_an_upload_that_failed_are_taken_back(backend: Backend, counted: bool) -> None:
    kept = [photo(7)]
    answers("photos.getUploadServer", *[{"upload_url": f"{URL}/up"}] * 2)
    responses.post(f"{URL}/up", json={"server": 1, "photos_list": "[]", "hash": "h"})
    answers("photos.save", {"count": 1, "items": kept} if counted else kept, {"error_code": 121, "error_msg": "x"})
    answers("photos.delete", {"error_code": 15, "error_msg": "x"})
    media = Media(["backend.example"], timeout=1)
    with closing(media), pytest.raises(Failure) as raised:
        backend.save_album_photos(media, 5, [b"one", b"two"])
    assert raised.value.kind is Kind.BAD_INPUT
    names = [call.request.url.rpartition("/")[2] for call in responses.calls]
    assert names == [*["photos.getUploadServer", "up"] * 2, *["photos.save"] * 2, "photos.delete"]
    assert sent(6) == {"owner_id": "2", "photo_id": "7"}
