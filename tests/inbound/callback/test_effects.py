"""What events change for old programs. The gateway looks at no list without cause here (`refresh_seconds`)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from tests.conftest import MakeGateway
from tests.databases import TestDatabase
from tests.person import Person
from tests.program import Program
from userapi_gw.backend.groups import Groups
from userapi_gw.embedded import make_community_key
from userapi_gw.embedded.database import Database
from userapi_gw.embedded.schema import photos
from userapi_gw.notify.community import GroupSpeaker
from userapi_gw.state import State

from .conftest import GROUP, SITE, SITES, Sender

WALL = {"id": -GROUP}


@pytest.fixture
def key(sender: Sender) -> Groups:
    """The community with its key."""
    gateway = sender.gateway
    return Groups(gateway.client, -GROUP, make_community_key(gateway.settings.embedded_database, GROUP) or "")


@pytest.fixture
def pavel(sender: Sender) -> Program:
    return Program(sender.app).log_in()


@pytest.fixture
def nikolay(sender: Sender) -> Program:
    return Program(sender.app).log_in("nikolay@test.com")


def news(program: Program, kind: str, version: int, **parameters: Any) -> list[Any]:
    """What a history tells: action and id of each entry."""
    h = program.get("history", **{kind: version}, **parameters)[kind]["h"]
    return [(action, row[0]) for _, action, row in h]


def test_a_post_on_the_wall_of_the_community(sender: Sender, pavel: Program, nikolay: Program, key: Groups) -> None:
    versions = [program.version("wall", **WALL) for program in (pavel, nikolay)]
    post_id = key.post_from_community(GROUP, "welcome")
    assert news(pavel, "wall", versions[0], **WALL) == []
    sender.send("wall_post_new", {"id": post_id, "owner_id": -GROUP, "from_id": -GROUP}, "e1")
    sender.work()
    for program, version in zip((pavel, nikolay), versions, strict=True):
        assert news(program, "wall", version, **WALL) == [("add", post_id)]
    _, _, row = pavel.get("history", wall=versions[0], **WALL)["wall"]["h"][0]
    assert row[2:] == [["welcome"], [-5, "UserAPI programs ", "0", "0", 0, 0], [-5]]
    assert pavel.get("wall", **WALL, **{"from": 0, "to": 1})["d"] == [row]


def test_an_own_post_that_comes_back_as_an_event_is_told_once(sender: Sender, nikolay: Program) -> None:
    version = nikolay.version("wall", **WALL)
    answer = nikolay.get("add_wall", **WALL, message="hello", ts=version)
    ((number, action, row),) = answer["h"]
    sender.send("wall_post_new", {"id": row[0], "owner_id": -GROUP, "from_id": 6}, "e1")
    sender.work()
    assert (action, news(nikolay, "wall", version, **WALL)) == ("add", [("add", row[0])])
    assert news(nikolay, "wall", number, **WALL) == []


def test_an_event_that_overtakes_the_answer_to_an_own_post(
    sender: Sender, nikolay: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event comes, is done and polled for before the gateway has read back what the program wrote."""
    version, overtaken = nikolay.version("wall", **WALL), []
    real = sender.gateway.client.call

    def call(method: str, token: str, **parameters: Any) -> Any:
        answer = real(method, token, **parameters)
        if method == "wall.post" and not overtaken:
            overtaken.append(True)
            sender.send("wall_post_new", {"id": answer["post_id"], "owner_id": -GROUP}, "e1")
            sender.work()
            overtaken.append(news(nikolay, "wall", version, **WALL))
        return answer

    monkeypatch.setattr(sender.gateway.client, "call", call)
    ((_, action, row),) = nikolay.get("add_wall", **WALL, message="hello", ts=version)["h"]
    assert overtaken == [True, [("add", row[0])]]
    assert (action, news(nikolay, "wall", version, **WALL)) == ("add", [("add", row[0])])


def test_messages_with_the_community_reach_that_viewer_alone(
    sender: Sender, pavel: Program, nikolay: Program, key: Groups
) -> None:
    versions = [program.version("inbox") for program in (pavel, nikolay)]
    asked = nikolay.get("add_message", **WALL, message="is anybody there?", ts=versions[1])["h"]
    question = asked[0][2][0]
    waiting = nikolay.get("history")["nm"]
    answer = key.message_from_community(6, "yes")
    assert nikolay.get("history")["nm"] == waiting
    sender.send("message_new", {"message": {"id": question, "peer_id": 6, "from_id": 6, "out": 0}}, "e1")
    sender.send("message_reply", {"id": answer, "peer_id": 6, "from_id": -GROUP, "out": 1}, "e2")
    sender.work()
    assert news(nikolay, "message", versions[1]) == [("add", question), ("add", answer)]
    assert news(pavel, "message", versions[0]) == []
    assert nikolay.get("history")["nm"] == waiting + 1
    (row,) = nikolay.get("inbox", **{"from": 0, "to": 1})["d"]
    assert (row[0], row[2], row[3][:2]) == (answer, ["yes"], [-5, "UserAPI programs "])
    assert [row[0] for row in nikolay.get("message", **WALL)["d"]] == [answer, question]
    key.write("messages.markAsRead", peer_id=6)
    sender.send("message_read", {"from_id": -GROUP, "peer_id": 6, "read_message_id": question}, "e3")
    sender.work()
    assert news(nikolay, "message", versions[1])[-1] == ("read", question)


def test_comments_on_photos_of_the_community(sender: Sender, pavel: Program) -> None:
    with Database(sender.gateway.settings.embedded_database).write() as db:
        photo = {"owner_id": -GROUP, "album_id": 1, "date": 1, "text": "", "url_75": "", "url_130": "", "url_604": ""}
        photo_id = db.scalar(insert(photos).values(photo).returning(photos.c.id))
    name = f"{-GROUP}_{photo_id}"
    version = pavel.version("photos_comments", parent=name)
    comment_id = Person(sender.app, 6)("photos.createComment", owner_id=-GROUP, photo_id=photo_id, message="nice")
    assert news(pavel, "photos_comments", version, parent=name) == []
    sender.send("photo_comment_new", {"id": comment_id, "photo_owner_id": -GROUP, "photo_id": photo_id}, "e1")
    sender.work()
    assert news(pavel, "photos_comments", version, parent=name) == [("add", comment_id)]
    Person(sender.app, 1)("photos.deleteComment", owner_id=-GROUP, comment_id=comment_id)
    sender.send("photo_comment_delete", {"id": comment_id, "owner_id": -GROUP, "photo_id": photo_id}, "e2")
    sender.work()
    assert news(pavel, "photos_comments", version, parent=name)[-1] == ("del", comment_id)


def test_a_new_photo_is_in_the_list_at_once(make_gateway: MakeGateway, sender: Sender) -> None:
    remembering = Sender(make_gateway(sites=SITES, cache_seconds=3600.0))
    pavel = Program(remembering.app).log_in()
    assert pavel.get("photos", **WALL) == []
    with Database(sender.gateway.settings.embedded_database).write() as db:
        photo = {"owner_id": -GROUP, "album_id": 1, "date": 1, "text": "", "url_75": "", "url_130": "", "url_604": ""}
        photo_id = db.scalar(insert(photos).values(photo).returning(photos.c.id))
    assert pavel.get("photos", **WALL) == []
    remembering.send("photo_new", {"id": photo_id, "owner_id": -GROUP}, "e1")
    remembering.work()
    assert [row[0] for row in pavel.get("photos", **WALL)] == [f"-5_{photo_id}"]


def test_who_is_banned_leaves_the_site_of_the_community_alone(sender: Sender, pavel: Program, nikolay: Program) -> None:
    elsewhere = Program(sender.app).log_in("nikolay@test.com", site=1)
    sender.send("user_block", {"user_id": 6, "admin_id": 1, "unblock_date": 0, "reason": 0, "comment": ""}, "e1")
    sender.work()
    assert nikolay.get("friends") == {"ok": -1}
    assert isinstance(elsewhere.get("friends"), list)
    assert isinstance(pavel.get("friends"), list)
    assert sender.gateway.state.community_mail.is_allowed(GROUP, 6) is False


def test_the_right_to_write_is_as_the_event_says_without_a_key(sender: Sender) -> None:
    mail = sender.gateway.state.community_mail
    sender.send("message_allow", {"user_id": 6, "key": "x"}, "e1")
    sender.work()
    assert mail.is_allowed(GROUP, 6) is True
    sender.send("message_deny", {"user_id": 6}, "e2")
    sender.work()
    assert mail.is_allowed(GROUP, 6) is False


def test_the_right_to_write_is_as_the_backend_says_with_a_key(sender: Sender, key: Groups) -> None:
    """Late events do not turn it round."""
    sender.gateway.state.community_keys.keep(GROUP, key.token, rights=0, giver=1)
    nikolay = Person(sender.app, 6)
    nikolay("messages.allowMessagesFromGroup", group_id=GROUP)
    sender.send("message_deny", {"user_id": 6}, "e1")
    sender.work()
    assert sender.gateway.state.community_mail.is_allowed(GROUP, 6) is True


def test_an_event_waits_for_the_backend(sender: Sender, key: Groups, monkeypatch: pytest.MonkeyPatch) -> None:
    sender.gateway.state.community_keys.keep(GROUP, key.token, rights=0, giver=1)
    state: State = sender.gateway.state
    with monkeypatch.context() as patch:
        patch.setattr(Groups, "may_message", away)
        sender.send("message_allow", {"user_id": 6}, "e1")
        sender.work()
    assert (state.community_mail.is_allowed(GROUP, 6), state.callbacks.waiting(SITE)) == (None, 1)
    assert state.callbacks.site(SITE).last_fault == "message_allow: backend_away"


def away(*_: Any) -> bool:
    from userapi_gw.errors import NoAnswer

    raise NoAnswer("messages.isMessagesFromGroupAllowed", sent=False)


def test_senseless_events_are_given_up_and_told(sender: Sender) -> None:
    sender.send("message_new", {"message": {"text": "nobody's"}}, "e1")
    sender.send("group_join", {"user_id": "6"}, "e2")
    sender.work()
    assert sender.gateway.state.callbacks.site(SITE).last_fault == "group_join: no user_id in it"
    assert sender.gateway.state.callbacks.waiting(SITE) == 0


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_events_in_any_order_and_twice_end_alike(sender: Sender, database: TestDatabase, data: st.DataObject) -> None:
    """However the events of the same happenings come, the histories end the same: what happened, each once."""
    nikolay = Program(sender.app).log_in("nikolay@test.com")
    gateway = sender.gateway
    community = Groups(gateway.client, -GROUP, make_community_key(gateway.settings.embedded_database, GROUP) or "")
    wall, mail = nikolay.version("wall", **WALL), nikolay.version("inbox")
    Person(sender.app, 6)("messages.allowMessagesFromGroup", group_id=GROUP)
    posts = [community.post_from_community(GROUP, text) for text in "abc"]
    letters = [community.message_from_community(6, text) for text in "de"]
    events = [("wall_post_new", {"id": post, "owner_id": -GROUP}) for post in posts]
    events += [("message_reply", {"id": letter, "peer_id": 6, "from_id": -GROUP}) for letter in letters]
    for place in data.draw(st.permutations([*range(5), *range(5)])):
        kind, about = events[place]
        sender.send(kind, about, f"{posts[0]}-{place}")
        if data.draw(st.booleans()):
            sender.work()
            news(nikolay, "wall", wall, **WALL)
    sender.work()
    assert news(nikolay, "wall", wall, **WALL) == [("add", post) for post in posts]
    assert news(nikolay, "message", mail) == [("add", letter) for letter in letters]


def test_an_event_that_nobody_gets_through_with_is_given_up(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("userapi_gw.inbound.event_work.MOST_TRIES", 0)
    sender.send("wall_post_new", {"id": 1}, "e1")
    sender.work()
    assert sender.gateway.state.callbacks.site(SITE).last_fault == "wall_post_new: its workers failed"
    assert sender.gateway.state.callbacks.waiting(SITE) == 0


def test_who_allowed_messages_is_written_to_as_soon_as_the_event_says_so(sender: Sender, key: Groups) -> None:
    """Without an event a refusal is believed for an hour, and no call is made."""
    sender.gateway.state.community_keys.keep(GROUP, key.token, rights=0, giver=1)
    speaker = GroupSpeaker(key, GROUP, sender.gateway.state.community_mail)
    assert not speaker.allows(6)
    Person(sender.app, 6)("messages.allowMessagesFromGroup", group_id=GROUP)
    assert not speaker.allows(6)
    sender.send("message_allow", {"user_id": 6, "key": ""}, "e1")
    sender.work()
    assert speaker.allows(6)
    Person(sender.app, 6)("messages.denyMessagesFromGroup", group_id=GROUP)
    assert not speaker.allows(6)
