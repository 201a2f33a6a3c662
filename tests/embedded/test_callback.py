"""groups.*Callback* and what is sent to callback servers."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.callback_receiver import Answer, Receiver, receiving
from userapi_gw.embedded import create_backend
from userapi_gw.embedded.callback import Pace
from userapi_gw.embedded.callback.tables import EVENT_TYPES, queue
from userapi_gw.embedded.database import Database

from .conftest import Caller, callers

GROUP = 5
QUICK = Pace(first_pause=0.02, longest_pause=0.05, patience=4, rest=0.3, timeout=5, look_every=0.05, start_after=0)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


class Stage:
    """A backend, its community, and a callback server that it knows."""

    def __init__(self, path: Path, receiver: Receiver) -> None:
        self.path, self.receiver = path, receiver
        self.app = create_backend(path, callback_pace=QUICK)
        self.as_user = callers(self.app, path)
        self.one, self.six = self.as_user(1), self.as_user(6)
        key = self.one("groups.createAccessKey", group_id=GROUP)["access_token"]
        self.key = Caller(self.one.client, key)
        self.code = self.key("groups.getCallbackConfirmationCode")["code"]

    def answers(self, event: dict[str, Any]) -> Answer:
        return 200, self.code if event["type"] == "confirmation" else "ok", {}

    def add(self, *kinds: str, **settings: Any) -> int:
        """Add the receiver as a server that wants these events, and wait until it is taken."""
        self.receiver.answer = self.answers
        where = {"url": self.receiver.url, "title": "test", "secret_key": "s3cret"}
        server_id: int = self.key("groups.addCallbackServer", **where)["server_id"]
        assert self.status(server_id, "ok") == "ok"
        chosen = dict.fromkeys(kinds, 1)
        self.key("groups.setCallbackSettings", server_id=server_id, **chosen, **settings)
        self.receiver.events.clear()
        self.receiver.counters.clear()
        return server_id

    def status(self, server_id: int, wanted: str) -> str:
        """Return the status of a server once it is as wanted, or after a while."""
        deadline = time.monotonic() + 5
        while True:
            status: str = self.one("groups.getCallbackServers", group_id=GROUP, server_ids=server_id)["items"][0][
                "status"
            ]
            if status == wanted or time.monotonic() > deadline:
                return status
            time.sleep(0.01)

    def wait_until_all_is_sent(self) -> None:
        """Return when the queue is empty, or after a while."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with Database(self.path).read() as db:
                if db.scalar(select(queue.c.id).limit(1)) is None:
                    return
            time.sleep(0.02)

    def restart(self) -> None:
        """Let the backend end and begin again, on the same database."""
        self.app.extensions["callback_sender"].close()
        self.app = create_backend(self.path, callback_pace=QUICK)


@pytest.fixture
def stage(database_path: Path, receiver: Receiver) -> Iterator[Stage]:
    made = Stage(database_path, receiver)
    yield made
    made.app.extensions["callback_sender"].close()


def test_a_server_confirms_and_gets_what_it_wants(stage: Stage) -> None:
    server_id = stage.add("wall_post_new", "group_join")
    stage.six("groups.join", group_id=GROUP)
    stage.six("groups.leave", group_id=GROUP)  # not wanted
    post_id = stage.six("wall.post", owner_id=-GROUP, message="<b>")["post_id"]
    joined, posted = stage.receiver.wait_for(2)
    event_id = joined.pop("event_id")
    assert joined == {
        "type": "group_join",
        "group_id": 5,
        "v": "5.131",
        "secret": "s3cret",
        "object": {"user_id": 6, "join_type": "join"},
    }
    assert posted["object"] == stage.one("wall.getById", posts=f"-5_{post_id}")[0]
    assert event_id != posted["event_id"]
    assert stage.receiver.counters == [None, None]
    settings = stage.one("groups.getCallbackSettings", group_id=GROUP, server_id=server_id)
    assert settings["events"] == {kind: int(kind in ("wall_post_new", "group_join")) for kind in EVENT_TYPES}


def test_the_confirmation_has_nothing_but_the_community(stage: Stage, receiver: Receiver) -> None:
    receiver.answer = lambda event: (200, "wrong", {})
    server_id = stage.key("groups.addCallbackServer", url=receiver.url, title="t")["server_id"]
    assert stage.status(server_id, "failed") == "failed"
    assert receiver.events == [{"type": "confirmation", "group_id": 5, "v": "5.131"}] * QUICK.confirmation_tries
    receiver.answer = stage.answers
    stage.key("groups.editCallbackServer", server_id=server_id, url=receiver.url, title="t")
    assert stage.status(server_id, "ok") == "ok"


def test_messages_with_the_community(stage: Stage) -> None:
    stage.add("message_new", "message_reply", "message_edit", "message_read", "message_allow", "message_deny")
    sent = stage.six("messages.send", peer_id=-GROUP, message="hello")
    answered = stage.key("messages.send", user_id=6, message="hi")
    stage.six("messages.edit", message_id=sent, message="hello!")
    stage.six("messages.markAsRead", peer_id=-GROUP)
    stage.six("messages.denyMessagesFromGroup", group_id=GROUP)
    stage.six("messages.allowMessagesFromGroup", group_id=GROUP, key="k")
    events = stage.receiver.wait_for(6)
    assert [event["type"] for event in events] == [
        *("message_new", "message_reply", "message_edit", "message_read", "message_deny", "message_allow")
    ]
    new, reply, edit, read, deny, allow = (event["object"] for event in events)
    assert (new["message"]["id"], new["message"]["from_id"], new["message"]["text"]) == (sent, 6, "hello")
    assert sorted(new) == ["client_info", "message"]
    assert (reply["id"], reply["from_id"], reply["peer_id"], reply["out"]) == (answered, -5, 6, 1)
    assert (edit["id"], edit["text"]) == (sent, "hello!")
    number = {"read_message_id": answered, "conversation_message_id": answered}
    assert (read, deny, allow) == (
        {"from_id": 6, "peer_id": 6, **number},
        {"user_id": 6},
        {"user_id": 6, "key": "k"},
    )


def test_older_versions_have_the_message_itself(stage: Stage) -> None:
    stage.add("message_new", api_version="5.50")
    stage.six("messages.send", peer_id=-GROUP, message="hello")
    (event,) = stage.receiver.wait_for(1)
    assert (event["object"]["user_id"], event["object"]["body"], event["v"]) == (6, "hello", "5.50")


def test_what_is_not_taken_comes_again_in_order(stage: Stage) -> None:
    stage.add("wall_post_new")
    refusals = iter([(500, "", {}), (200, "no", {}), (503, "", {"Retry-After": "0"})])
    stage.receiver.answer = lambda event: next(refusals, (200, "ok", {}))
    ids = [stage.six("wall.post", owner_id=-GROUP, message=text)["post_id"] for text in "abc"]
    events = stage.receiver.wait_for(6)
    assert [event["object"]["id"] for event in events] == [ids[0]] * 4 + ids[1:]
    assert stage.receiver.counters == [None, "1", "2", "3", None, None]
    assert len({event["event_id"] for event in events}) == 3


def test_nothing_is_lost_over_an_end(stage: Stage) -> None:
    stage.add("wall_post_new")
    stage.receiver.answer = lambda event: (500, "", {})
    ids = [stage.six("wall.post", owner_id=-GROUP, message=text)["post_id"] for text in "ab"]
    stage.receiver.wait_for(1)
    stage.app.extensions["callback_sender"].close()
    before = len(stage.receiver.events)
    stage.receiver.answer = stage.answers
    stage.restart()
    events = stage.receiver.wait_for(before + 2)[before:]
    assert [event["object"]["id"] for event in events] == ids


def test_two_processes_send_each_event_once(stage: Stage) -> None:
    stage.add("wall_post_new")
    second = create_backend(stage.path, callback_pace=QUICK)
    other = callers(second, stage.path)(5)
    ids = [who("wall.post", owner_id=-GROUP, message="x")["post_id"] for who in (stage.six, other) * 5]
    stage.wait_until_all_is_sent()
    second.extensions["callback_sender"].close()
    assert [event["object"]["id"] for event in stage.receiver.events] == ids


def test_who_may_name_servers_and_what(stage: Stage) -> None:
    right = {"group_id": GROUP, "url": "http://127.0.0.1:9/", "title": "t"}
    assert stage.six.error("groups.addCallbackServer", **right)[0] == 15
    assert stage.six.error("groups.getCallbackConfirmationCode", group_id=GROUP)[0] == 15
    for wrong in ({"url": "ftp://x/"}, {"url": "http://"}, {"url": "x" * 3000}, {"title": "t" * 15}, {"title": ""}):
        assert stage.one.error("groups.addCallbackServer", **{**right, **wrong})[0] == 100
    assert stage.one.error("groups.addCallbackServer", **right, secret_key="s" * 51)[0] == 100
    assert stage.one.error("groups.deleteCallbackServer", group_id=GROUP, server_id=7)[0] == 100
    ids = [stage.one("groups.addCallbackServer", **right)["server_id"] for _ in range(10)]
    assert stage.one.error("groups.addCallbackServer", **right)[0] == 2000
    assert [stage.one("groups.deleteCallbackServer", group_id=GROUP, server_id=server_id) for server_id in ids] == [
        1
    ] * 10
    assert stage.one("groups.getCallbackServers", group_id=GROUP) == {"count": 0, "items": []}
