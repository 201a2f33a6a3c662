"""`POST /callback/{site}`: who is let in, what is answered, what is kept."""

import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.conftest import MakeGateway
from tests.databases import PostgreSQL, TestDatabase
from userapi_gw.inbound.callback_event import SAME_BODY_SECONDS, read
from userapi_gw.state.database import Database

from .conftest import COMMUNITY, GROUP, SECRET, SITE, SITES, Sender

EVENT = {"type": "wall_post_new", "object": {"id": 1}, "group_id": GROUP, "secret": SECRET, "event_id": "e1"}


def kept(sender: Sender) -> list[tuple[str, str]]:
    """Type and body of every event in the database."""
    with sender.gateway.state.callbacks._database.read() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT kind, body FROM callback_events ORDER BY id"))]


def test_an_event_is_kept_before_it_is_answered_and_without_its_secret(sender: Sender) -> None:
    response = sender.post({**EVENT, "object": {"text": "\0\ud800 юникод"}}, **{"X-Retry-Counter": "3"})
    assert (response.status_code, response.get_data()) == (200, b"ok")
    assert response.content_type == "text/plain; charset=utf-8"
    ((kind, body),) = kept(sender)
    assert (kind, json.loads(body)) == ("wall_post_new", {"text": "\0\ud800 юникод"})
    known = sender.gateway.state.callbacks.site(SITE)
    assert (known.received, known.last_event, known.retries) == (1, "wall_post_new", 3)


@pytest.mark.parametrize("kind", ["wall_post_new", "something_of_2035", "video_comment_edit", "a", "x" * 64])
def test_every_type_is_answered_ok(sender: Sender, kind: str) -> None:
    sender.send(kind, {"id": 1})
    sender.work()
    assert kept(sender) == [(kind, "")]
    assert sender.gateway.state.callbacks.site(SITE).last_fault_at is None


def test_the_events_of_the_document_are_taken(sender: Sender) -> None:
    sender.post({"type": "group_join", "object": {"user_id": 1, "join_type": "approved"}, "secret": SECRET})
    sender.post({"type": "message_new", "object": {"user_id": 6, "body": "hi", "id": 1}, "secret": SECRET})
    sender.work()
    assert kept(sender) == [("group_join", ""), ("message_new", "")]
    assert sender.gateway.state.community_mail.is_allowed(GROUP, 6) is True


def test_an_event_that_comes_again_is_kept_once(sender: Sender) -> None:
    nameless = {name: value for name, value in EVENT.items() if name != "event_id"}
    for body in (EVENT, {**EVENT, "object": {"id": 2}}, {**EVENT, "event_id": "e2"}, nameless, nameless):
        assert sender.post(body).get_data() == b"ok"
    assert len(kept(sender)) == 3
    sender.work()
    sender.post(EVENT)
    assert len(kept(sender)) == 3


def test_word_by_word_the_same_is_something_new_after_a_while() -> None:
    body = json.dumps({"type": "group_join", "object": {"user_id": 6}}).encode()
    keys = [read(body, moment).key for moment in (0.0, SAME_BODY_SECONDS - 1, SAME_BODY_SECONDS)]
    assert (keys[0] == keys[1], keys[1] == keys[2]) == (True, False)
    named = json.dumps(EVENT).encode()
    assert read(named, 0.0).key == read(named, 10 * SAME_BODY_SECONDS).key


def test_the_confirmation_is_told_to_who_asks_for_this_community(sender: Sender) -> None:
    asked = {"type": "confirmation", "group_id": GROUP}
    for body in (asked, {**asked, "secret": SECRET, "event_id": "x", "v": "5.131"}):
        response = sender.post(body)
        assert (response.status_code, response.get_data()) == (200, b"abc123")
    for wrong in ({**asked, "group_id": 6}, {**asked, "secret": "wrong"}):
        assert sender.post(wrong).status_code == 403
    assert kept(sender) == []


STRANGERS: list[dict[str, Any]] = [
    {**EVENT, "secret": "wrong"},
    {**EVENT, "secret": ""},
    {**EVENT, "secret": SECRET + "x"},
    {**EVENT, "secret": "секрет"},
    {name: value for name, value in EVENT.items() if name != "secret"},
    {**EVENT, "group_id": GROUP + 1},
    {**EVENT, "group_id": -GROUP},
    {**EVENT, "group_id": 10**30},
]


def test_strangers_are_refused_all_alike(sender: Sender) -> None:
    answers = [sender.post(body) for body in STRANGERS]
    assert {(one.status_code, one.get_data()) for one in answers} == {(403, b"refused\n")}
    assert kept(sender) == []
    fault = sender.gateway.state.callbacks.site(SITE).last_fault
    assert fault == "refused (403): of another community, or not with the right secret"


@pytest.mark.parametrize("site", [1, 3, 99, 10**30])
def test_sites_without_a_community_have_no_such_address(sender: Sender, site: int) -> None:
    assert sender.post(EVENT, site=site).status_code == 404
    assert sender.app.test_client().get(f"/callback/{SITE}").status_code == 405


NO_EVENTS: list[bytes] = [
    *(b"", b"x", b"null", b"[]", b'"x"', b"{}", b"{", b"\xff\xfe", b'{"type":', b"[" * 100_000, b"NaN"),
    *(
        json.dumps({**EVENT, **wrong}).encode()
        for wrong in (
            *({"type": wrong} for wrong in (None, 1, "", "a b", "x" * 65, [], "тип", "a\n")),
            *({"object": wrong} for wrong in (None, 1, "x", [])),
            *({"group_id": wrong} for wrong in ("5", 5.5, [], True)),
            *({"event_id": wrong} for wrong in (1, [], "x" * 201)),
            *({"secret": wrong} for wrong in (None, 1, [], "x" * 201, "\ud800")),
        )
    ),
]


@pytest.mark.parametrize("body", NO_EVENTS, ids=lambda body: body[:60])
def test_what_is_no_event_is_refused_and_not_kept(sender: Sender, body: bytes) -> None:
    response = sender.post(body)
    assert (response.status_code, response.get_data()) == (400, b"refused\n")
    assert kept(sender) == []
    assert SECRET not in sender.gateway.state.callbacks.site(SITE).last_fault


def test_bodies_are_bounded(sender: Sender) -> None:
    long = {**EVENT, "object": {"text": "x" * 900_000}}
    assert sender.post(long).status_code == 200
    assert sender.post({**EVENT, "object": {"text": "x" * 1_100_000}}).status_code == 413
    assert len(kept(sender)) == 1


@pytest.mark.parametrize("counter", ["", "-1", "x", "9" * 400, "١"])
def test_a_retry_counter_that_is_none_counts_nothing(sender: Sender, counter: str) -> None:
    assert sender.post(EVENT, **{"X-Retry-Counter": counter}).get_data() == b"ok"
    assert sender.gateway.state.callbacks.site(SITE).retries == 0


def test_a_full_queue_asks_to_come_again(make_gateway: MakeGateway, sender: Sender) -> None:
    small = Sender(make_gateway(sites=SITES, callback_queue=2))
    answers = [small.post({**EVENT, "event_id": str(number)}) for number in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 503]
    assert answers[2].headers["Retry-After"] == "30"
    assert "callback_queue" in small.gateway.state.callbacks.site(SITE).last_fault
    small.work()
    assert small.post({**EVENT, "event_id": "2"}).status_code == 200


def test_a_database_that_is_away_asks_to_come_again(
    sender: Sender, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sender.post(EVENT).status_code == 200
    if isinstance(database, PostgreSQL):
        database.stop()
    else:  # a file cannot be away
        monkeypatch.setattr(Database, "write", refuse)
    response = sender.post({**EVENT, "event_id": "e2"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    if isinstance(database, PostgreSQL):
        database.start()


def refuse(_: Database) -> None:
    raise OperationalError("INSERT", {}, OSError("gone"))


def test_without_a_secret_nothing_is_believed(make_gateway: MakeGateway) -> None:
    bare = {name: value for name, value in COMMUNITY.items() if name == "group"}
    sender = Sender(make_gateway(sites={2: {"url": "self", "community": bare}}))
    assert sender.post({**EVENT, "secret": ""}).status_code == 403
    assert sender.post({"type": "confirmation", "group_id": GROUP}).status_code == 403
    sender.gateway.state.callbacks.arrange(SITE, "c0de", "arranged")
    assert sender.post({"type": "confirmation", "group_id": GROUP}).get_data() == b"c0de"
    assert sender.post({**EVENT, "secret": "arranged"}).get_data() == b"ok"
