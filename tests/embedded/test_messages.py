"""messages.*"""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from .conftest import AsUser, Caller


def test_both_sides_of_a_message(as_user: AsUser) -> None:
    one, six = as_user(1), as_user(6)
    message_id = one("messages.send", user_id=6, message='x < y & "z"')
    assert message_id > 121444273
    mine = one("messages.getHistory", peer_id=6, count=1)["items"][0]
    theirs = six("messages.getHistory", user_id=1, count=1)["items"][0]
    assert abs(mine["date"] - time.time()) < 60
    text = "x &lt; y &amp; &quot;z&quot;"
    common = {"id": message_id, "date": mine["date"], "from_id": 1, "read_state": 0, "text": text, "body": text}
    assert mine == common | {"peer_id": 6, "user_id": 6, "out": 1, "attachments": []}
    assert theirs == common | {"peer_id": 1, "user_id": 1, "out": 0, "attachments": []}
    assert six("account.getCounters") == {"messages": 1}
    assert six("messages.markAsRead", message_ids=message_id) == 1
    assert one("messages.getById", message_ids=message_id) == {"count": 1, "items": [mine | {"read_state": 1}]}
    assert six("account.getCounters") == {}


def test_mark_a_talk_as_read(as_user: AsUser) -> None:
    one, six = as_user(1), as_user(6)
    ids = [one("messages.send", user_id=6, message=str(number)) for number in range(3)]
    assert one("messages.markAsRead", peer_id=6) == 1  # not the sender's to say
    assert six("account.getCounters") == {"messages": 3}
    assert six("messages.markAsRead", peer_id=1, start_message_id=ids[1]) == 1
    assert six("account.getCounters") == {"messages": 1}
    assert six("messages.markAsRead", peer_id=1) == 1
    assert six("account.getCounters") == {}
    assert six.error("messages.markAsRead")[0] == 100


def test_nobody_reads_or_changes_the_messages_of_others(as_user: AsUser) -> None:
    stranger, one = as_user(5), as_user(1)
    message_id = one("messages.send", user_id=6, message="private")
    assert stranger("messages.getById", message_ids=f"{message_id},106065105") == {"count": 0, "items": []}
    assert stranger("messages.delete", message_ids=f"{message_id},106065105,999999999") == {
        str(message_id): 0,
        "106065105": 0,
        "999999999": 0,
    }
    assert stranger.error("messages.restore", message_id=message_id) == (15, "Access denied")
    assert stranger.error("messages.restore", message_id=999999999) == (15, "Access denied")
    assert stranger("messages.markAsRead", message_ids=message_id) == 1
    people = {(item["from_id"], item["user_id"]) for item in stranger("messages.get", count=200)["items"]}
    assert people == {(1, 1), (6, 6)}
    assert stranger("messages.getHistory", user_id=10) == {"count": 0, "items": []}
    (message,) = one("messages.getById", message_ids=message_id)["items"]
    assert (message["text"], message["read_state"]) == ("private", 0)


def test_each_side_deletes_for_itself(as_user: AsUser) -> None:
    one, ten = as_user(1), as_user(10)
    both = [one("messages.getHistory", user_id=10, count=1), ten("messages.getHistory", user_id=1, count=1)]
    assert one("messages.delete", message_ids="121444273,106065105") == {"121444273": 1, "106065105": 1}
    assert one("messages.getHistory", user_id=10, count=0)["count"] == 149
    assert one("messages.getById", message_ids="121444273") == {"count": 0, "items": []}
    assert ten("messages.getHistory", user_id=1, count=1) == both[1]
    assert one("messages.restore", message_id=121444273) == 1
    assert one("messages.restore", message_id=106065105) == 1
    assert one("messages.getHistory", user_id=10, count=1) == both[0]


def test_deleted_unread_messages_do_not_count(as_user: AsUser) -> None:
    one, six = as_user(1), as_user(6)
    message_id = one("messages.send", user_id=6, message="x")
    six("messages.delete", message_ids=message_id)
    assert six("account.getCounters") == {}


def test_notes_to_oneself(as_user: AsUser) -> None:
    one = as_user(1)
    note = one("messages.send", user_id=1, message="buy milk")
    (item,) = one("messages.getHistory", user_id=1)["items"]
    assert (item["id"], item["peer_id"], item["out"], item["read_state"]) == (note, 1, 1, 1)
    assert one("messages.delete", message_ids=note) == {str(note): 1}
    assert one("messages.getHistory", user_id=1) == {"count": 0, "items": []}


def test_same_random_id_sends_once(as_user: AsUser, database_path: Path) -> None:
    one, big = as_user(1), 2**63 - 1
    first = one("messages.send", user_id=6, message="x", random_id=big)
    assert one("messages.send", user_id=6, message="x", random_id=big) == first
    assert as_user(5)("messages.send", user_id=6, message="x", random_id=big) != first
    assert one("messages.send", user_id=6, message="x", random_id=0) != one(
        "messages.send", user_id=6, message="x", random_id=0
    )
    with closing(sqlite3.connect(database_path)) as raw, raw:
        raw.execute("UPDATE messages SET date = date - 3601 WHERE id = ?", (first,))
    assert one("messages.send", user_id=6, message="x", random_id=big) > first


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"user_id": 302, "message": "x"}, 902),
        ({"user_id": 306, "message": "x"}, 900),
        ({"user_id": 307, "message": "x"}, 900),
        ({"user_id": 304, "message": "x"}, 18),
        ({"user_id": 99999999, "message": "x"}, 113),
        ({"user_id": 6, "message": "x" * 4097}, 914),
        ({"user_id": 6, "message": ""}, 100),
        ({"user_id": 6, "message": " \n"}, 100),
        ({"user_id": 6}, 100),
        ({"message": "x"}, 100),
        ({"peer_id": -999, "message": "x"}, 113),
        ({"user_id": 6, "message": "x", "random_id": 2**63}, 100),
    ],
)
def test_messages_that_are_not_sent(one: Caller, params: dict[str, object], code: int) -> None:
    assert one.error("messages.send", **params)[0] == code


def test_the_longest_message(as_user: AsUser) -> None:
    assert as_user(1)("messages.send", user_id=6, message="ы" * 4096) > 121444273


def test_texts_of_those_errors(one: Caller) -> None:
    assert one.error("messages.send", user_id=302, message="x") == (
        902,
        "Can't send messages to this user due to their privacy settings",
    )
    assert one.error("messages.send", user_id=6, message=" ") == (
        100,
        "One of the parameters specified was missing or invalid: message is empty",
    )


def test_pages_and_order(one: Caller) -> None:
    newest = one("messages.getHistory", user_id=10, count=500)["items"]
    oldest = one("messages.getHistory", user_id=10, count=200, rev=1)["items"]
    assert len(newest) == 151
    assert newest == oldest[::-1]
    assert one("messages.getHistory", user_id=10, offset=150)["items"] == oldest[:1]
    assert len(one("messages.getHistory", user_id=10)["items"]) == 20


def test_inbox_and_outbox_share_nothing(one: Caller) -> None:
    inbox, outbox = one("messages.get", count=200), one("messages.get", out=1, count=200)
    assert inbox["count"] + outbox["count"] == 151 + 24 + 30 + 6 + 8
    assert {item["out"] for item in inbox["items"]} == {0}
    assert {item["from_id"] for item in outbox["items"]} == {1}
    assert {item["read_state"] for item in inbox["items"]} == {1}


def test_many_threads_lose_nothing(as_user: AsUser) -> None:
    one, six = as_user(1), as_user(6)
    tokens = [one.token, six.token]

    def send(number: int) -> int:
        caller = Caller(one.client.application.test_client(), tokens[number % 2])
        return int(caller("messages.send", user_id=6 if number % 2 == 0 else 1, message=f"n{number}"))

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(send, range(40)))
    assert len(set(ids)) == 40
    texts = [item["text"] for item in one("messages.getHistory", user_id=6, count=40)["items"]]
    assert sorted(texts) == sorted(f"n{number}" for number in range(40))


def test_many_threads_with_one_random_id_send_once(as_user: AsUser) -> None:
    one = as_user(1)

    def send(_: int) -> int:
        caller = Caller(one.client.application.test_client(), one.token)
        return int(caller("messages.send", user_id=6, message="once", random_id=7))

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(8)))) == 1
    assert one("messages.getHistory", user_id=6, count=0)["count"] == 31
