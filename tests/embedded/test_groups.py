"""Communities: groups.*, their walls and messages, their keys."""

from typing import Any

import pytest

from .conftest import AsUser, Caller

GROUP = 5


@pytest.fixture
def key(as_user: AsUser) -> Caller:
    """The community with its access key."""
    one = as_user(1)
    return Caller(one.client, one("groups.createAccessKey", group_id=GROUP)["access_token"])


def test_the_sample_community(as_user: AsUser) -> None:
    one, six = as_user(1), as_user(6)
    seen = {"id": 5, "name": "UserAPI programs", "screen_name": "userapi", "is_closed": 0, "type": "group"}
    picture = dict.fromkeys(("photo_50", "photo_100", "photo_200"), "https://vk.com/images/community_50.png")
    assert six("groups.getById", group_ids="club5,userapi,999") == [
        {**seen, "has_photo": 0, "is_admin": 0, "is_member": 0, "is_advertiser": 0, **picture}
    ]
    own = one("groups.getById", group_id=5)[0]
    assert (own["is_admin"], own["admin_level"]) == (1, 3)
    assert one("groups.getMembers", group_id=GROUP) == {"count": 3, "items": [1, 5, 7]}
    assert one("groups.getMembers", group_id=GROUP, fields="sex", count=1)["items"][0]["first_name"] == "Pavel"
    assert one("groups.getMembers", group_id=GROUP, filter="managers")["items"] == [{"id": 1, "role": "creator"}]
    assert six.error("groups.getMembers", group_id=GROUP, filter="managers")[0] == 15
    assert one("groups.get") == one("groups.get", filter="admin") == {"count": 1, "items": [5]}
    assert six.error("groups.isMember", group_id=999) == (125, "Invalid group id")
    assert six.error("groups.isMember", group_id=-5)[0] == 100


def test_joining_leaving_and_bans(as_user: AsUser) -> None:
    one, six = as_user(1), as_user(6)
    assert (six("groups.join", group_id=GROUP), six("groups.join", group_id=GROUP)) == (1, 1)
    assert six("groups.isMember", group_id=GROUP, user_ids="6,3") == [
        {"user_id": 6, "member": 1},
        {"user_id": 3, "member": 0},
    ]
    assert (six("groups.leave", group_id=GROUP), six("groups.isMember", group_id=GROUP)) == (1, 0)
    six("groups.join", group_id=GROUP)
    assert six.error("groups.ban", group_id=GROUP, owner_id=7)[0] == 15
    one("groups.ban", group_id=GROUP, owner_id=6)
    assert six("groups.isMember", group_id=GROUP) == 0
    assert six.error("groups.join", group_id=GROUP)[0] == 15
    assert six.error("wall.post", owner_id=-GROUP, message="x")[0] == 214
    assert six.error("messages.send", peer_id=-GROUP, message="x")[0] == 900
    one("groups.unban", group_id=GROUP, owner_id=6)
    assert six("groups.join", group_id=GROUP) == 1


def test_wall_of_a_community(as_user: AsUser, key: Caller) -> None:
    one, six = as_user(1), as_user(6)
    mine = six("wall.post", owner_id=-GROUP, message="hello")["post_id"]
    assert six.error("wall.post", owner_id=-GROUP, message="x", from_group=1)[0] == 214
    own = one("wall.post", owner_id=-GROUP, message="welcome", from_group=1)["post_id"]
    by_key = key("wall.post", owner_id=-GROUP, message="by key")["post_id"]
    page = six("wall.get", owner_id=-GROUP, extended=1)
    assert [(post["id"], post["owner_id"], post["from_id"]) for post in page["items"]] == [
        (by_key, -5, -5),
        (own, -5, -5),
        (mine, -5, 6),
    ]
    assert ([row["id"] for row in page["profiles"]], [row["id"] for row in page["groups"]]) == ([6], [5])
    assert six.error("wall.delete", owner_id=-GROUP, post_id=own)[0] == 210
    assert one("wall.delete", owner_id=-GROUP, post_id=mine) == 1
    assert one("wall.restore", owner_id=-GROUP, post_id=mine) == 1
    assert six("wall.getById", posts=f"-5_{mine}")[0]["text"] == "hello"
    assert six.error("wall.post", owner_id=-999, message="x")[0] == 113


def test_a_community_writes_to_whom_it_may(as_user: AsUser, key: Caller) -> None:
    six = as_user(6)
    refused = (901, "Can't send messages for users without permission")
    assert key("messages.isMessagesFromGroupAllowed", group_id=GROUP, user_id=6) == {"is_allowed": 0}
    assert key.error("messages.send", user_id=6, message="hello") == refused
    six("messages.allowMessagesFromGroup", group_id=GROUP, key="k")
    assert key("messages.isMessagesFromGroupAllowed", user_id=6) == {"is_allowed": 1}
    message_id = key("messages.send", user_id=6, message="hello", random_id=7)
    assert key("messages.send", user_id=6, message="hello", random_id=7) == message_id
    (message,) = six("messages.getById", message_ids=message_id, extended=1)["items"]
    assert (message["from_id"], message["peer_id"], message["out"]) == (-5, -5, 0)
    (talk,) = six("messages.getConversations", count=1)["items"]
    assert talk["conversation"]["peer"] == {"id": -5, "type": "group", "local_id": 5}
    six("messages.denyMessagesFromGroup", group_id=GROUP)
    assert key.error("messages.send", user_id=6, message="again") == refused
    six("messages.send", peer_id=-GROUP, message="I changed my mind")
    assert key("messages.send", peer_id=6, message="again") > message_id
    assert key("messages.getHistory", user_id=6)["count"] == 3
    assert as_user(3).error("messages.isMessagesFromGroupAllowed", group_id=GROUP, user_id=6)[0] == 15


@pytest.mark.parametrize(
    "method", ["friends.get", "account.getCounters", "groups.join", "messages.get", "fave.addUser"]
)
def test_what_takes_a_person(key: Caller, method: str) -> None:
    assert key.error(method, group_id=GROUP, user_id=6) == (
        27,
        "Group authorization failed: method is unavailable with group auth.",
    )


def test_communities_are_no_people(as_user: AsUser, key: Caller) -> None:
    one = as_user(1)
    assert one("users.search", q="UserAPI") == {"count": 0, "items": []}
    assert one("users.search", count=1)["items"][0]["id"] == 1
    assert one.error("users.get", user_ids="-5")[0] == 113
    assert key.error("users.get")[0] == 113
    assert one.error("friends.add", user_id=-5)[0] == 100


def test_a_world_from_before_communities_gets_one(as_user: AsUser, database_path: Any) -> None:
    from userapi_gw.embedded import create_backend
    from userapi_gw.embedded.database import Database
    from userapi_gw.embedded.groups import communities
    from userapi_gw.embedded.schema import people

    with Database(database_path).write() as db:
        communities.drop_all(db)
        db.execute(people.delete().where(people.c.id < 0))
    create_backend(database_path)
    assert as_user(6)("groups.getById", group_id=5)[0]["name"] == "UserAPI programs"
