"""VK's user long poll of the embedded server, and the history that goes with it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from tests.embedded.conftest import AsUser, Caller
from userapi_gw.embedded import events
from userapi_gw.embedded.database import Database

Poll = Callable[..., Any]


@pytest.fixture
def pavel(as_user: AsUser) -> Caller:
    """Person 1."""
    return as_user(1)


@pytest.fixture
def nikolay(as_user: AsUser) -> Caller:
    """Person 6."""
    return as_user(6)


@pytest.fixture
def server(pavel: Caller) -> Any:
    """Where person 1 waits, and from which number on."""
    return pavel("messages.getLongPollServer", need_pts=1)


@pytest.fixture
def poll(app: Flask, server: Any) -> Poll:
    """Ask once for what happened to person 1."""

    def ask(**params: Any) -> Any:
        values = {"act": "a_check", "key": server["key"], "ts": server["ts"], "wait": 0, "mode": 2, "version": 3}
        return app.test_client().get("/longpoll", query_string={**values, **params}).get_json()

    return ask


def _told(pavel: Caller, message_id: int) -> Any:
    return pavel("messages.getById", message_ids=message_id)["items"][0]["date"]


def test_the_server_is_named_without_scheme(server: Any) -> None:
    assert (server["server"], server["ts"], server["pts"]) == ("localhost/longpoll", 0, 0)


def test_nothing_new(poll: Poll) -> None:
    assert poll() == {"ts": 0, "updates": []}


def test_messages_of_both_sides(poll: Poll, pavel: Caller, nikolay: Caller) -> None:
    came = nikolay("messages.send", user_id=1, message="a <b>\nc", random_id=7)
    went = pavel("messages.send", user_id=6, message="yes")
    assert poll(mode=2 | 32 | 128) == {
        "ts": 3,
        "pts": 3,
        "updates": [
            [4, came, 1, 6, _told(pavel, came), "a &lt;b&gt;<br>c", {"title": " ... "}, {}, 7],
            [4, went, 3, 6, _told(pavel, went), "yes", {"title": " ... "}, {}, 0],
        ],
    }


def test_a_note_to_oneself_is_told_once(poll: Poll, pavel: Caller) -> None:
    number = pavel("messages.send", user_id=1, message="milk")
    assert [update[:4] for update in poll()["updates"]] == [[4, number, 2, 1]]


def test_every_other_kind_of_update(poll: Poll, pavel: Caller, nikolay: Caller) -> None:
    came = nikolay("messages.send", user_id=1, message="hello")
    went = pavel("messages.send", user_id=6, message="hi")
    start = poll()["ts"]
    pavel("messages.markAsRead", peer_id=6)
    nikolay("messages.markAsRead", peer_id=1)
    nikolay("messages.edit", message_id=came, message="hello!")
    pavel("messages.delete", message_ids=f"{came},{came}")
    pavel("messages.restore", message_id=came)
    nikolay("messages.setActivity", user_id=1)
    pavel("messages.deleteConversation", peer_id=6)
    assert poll(ts=start)["updates"] == [
        [6, 6, came],
        [7, 6, went],
        [5, came, 0, 6, _date(nikolay, came), "hello!", {"title": " ... "}, {}],
        [2, came, 128, 6],
        [3, came, 128, 6],
        [61, 6, 1],
        [13, 6, went],
    ]


def _date(caller: Caller, message_id: int) -> Any:
    return _told(caller, message_id)


def test_what_changes_nothing_is_not_told(poll: Poll, pavel: Caller) -> None:
    pavel("messages.markAsRead", peer_id=6)
    assert poll()["updates"] == []


def test_others_hear_nothing(app: Flask, as_user: AsUser, pavel: Caller) -> None:
    pavel("messages.send", user_id=6, message="between us")
    other = as_user(7)("messages.getLongPollServer")
    values = {"act": "a_check", "key": other["key"], "ts": 0, "wait": 0}
    assert app.test_client().get("/longpoll", query_string=values).get_json() == {"ts": 0, "updates": []}


def test_a_message_ends_the_waiting(poll: Poll, nikolay: Caller) -> None:
    answers: list[Any] = []
    waiting = threading.Thread(target=lambda: answers.append(poll(wait=20)))
    waiting.start()
    number = nikolay("messages.send", user_id=1, message="ping")
    waiting.join(15)
    assert [update[1] for update in answers[0]["updates"]] == [number]


def test_what_is_wrong_with_a_request(poll: Poll, nikolay: Caller, database_path: Path) -> None:
    nikolay("messages.send", user_id=1, message="one")
    assert poll(key="0" * 40) == {"failed": 3}
    assert poll(ts=99) == {"failed": 1, "ts": 2}
    assert poll(version=19) == {"failed": 4, "min_version": 0, "max_version": 3}
    with Database(database_path).write() as db:
        db.execute(delete(events.events).where(events.events.c.id == 1))
    assert poll(ts=0) == {"failed": 1, "ts": 2}
    with Database(database_path).write() as db:
        db.execute(update(events.poll_keys).values(created=0))
    assert poll(ts=2) == {"failed": 2}


def test_events_of_the_day_before_are_forgotten(poll: Poll, nikolay: Caller, database_path: Path) -> None:
    nikolay("messages.send", user_id=1, message="old")
    with Database(database_path).write() as db:
        db.execute(update(events.events).values(date=0))
    number = nikolay("messages.send", user_id=1, message="new")
    assert [row[1] for row in poll(ts=2)["updates"]] == [number]
    assert poll(ts=0) == {"failed": 1, "ts": 4}


def test_the_history_tells_what_was_missed(pavel: Caller, nikolay: Caller) -> None:
    number = nikolay("messages.send", user_id=1, message="missed")
    pavel("messages.markAsRead", peer_id=6)
    history = pavel("messages.getLongPollHistory", pts=0)
    assert (history["history"], history["new_pts"]) == ([[4, number, 1, 6], [6, 6, number]], 4)
    assert [one["text"] for one in history["messages"]["items"]] == ["missed"]
    assert [one["id"] for one in history["profiles"]] == [1, 6]
    assert pavel("messages.getLongPollHistory", pts=4)["history"] == []


def test_a_long_history_comes_in_parts(pavel: Caller, nikolay: Caller) -> None:
    numbers = [nikolay("messages.send", user_id=1, message=str(number)) for number in range(3)]
    first = pavel("messages.getLongPollHistory", pts=0, events_limit=2)
    rest = pavel("messages.getLongPollHistory", pts=first["new_pts"], events_limit=2)
    assert ([row[1] for row in first["history"]], first["more"]) == (numbers[:2], 1)
    assert ([row[1] for row in rest["history"]], "more" in rest) == (numbers[2:], False)


def test_a_history_of_the_future_or_too_old(pavel: Caller, nikolay: Caller, database_path: Path) -> None:
    nikolay("messages.send", user_id=1, message="one")
    assert pavel.error("messages.getLongPollHistory", pts=99) == (908, "Value of ts or pts is too new")
    with Database(database_path).write() as db:
        db.execute(delete(events.events).where(events.events.c.id == 1))
    assert pavel.error("messages.getLongPollHistory", pts=0) == (907, "Value of ts or pts is too old")


def test_only_the_author_edits(pavel: Caller, nikolay: Caller) -> None:
    number = nikolay("messages.send", user_id=1, message="mine")
    assert pavel.error("messages.edit", message_id=number, message="no")[0] == 15
    assert nikolay("messages.edit", message_id=number, message="yes") == 1
    assert pavel("messages.getById", message_ids=number)["items"][0]["text"] == "yes"


def test_a_conversation_is_deleted_on_one_side(pavel: Caller, nikolay: Caller) -> None:
    number = nikolay("messages.send", user_id=1, message="last")
    assert pavel("messages.deleteConversation", peer_id=6) == {"last_deleted_id": number}
    assert pavel("messages.getHistory", peer_id=6)["items"] == []
    assert nikolay("messages.getHistory", peer_id=1)["items"][0]["id"] == number
    assert pavel("messages.deleteConversation", peer_id=6) == {"last_deleted_id": number}


def test_a_database_of_before_gets_the_tables(database_path: Path, as_user: AsUser) -> None:
    with Database(database_path).write() as db:
        events.live.drop_all(db)
    from userapi_gw.embedded import create_backend

    create_backend(database_path)
    assert as_user(1)("messages.getLongPollServer")["ts"] == 0
