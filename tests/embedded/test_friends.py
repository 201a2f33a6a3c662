"""friends.*"""

from .conftest import AsUser, Caller


def test_a_page_of_friends(one: Caller) -> None:
    assert one("friends.get", offset=9, count=3, order="hints") == {"count": 349, "items": [37, 42, 45]}
    assert one("friends.get", offset=349) == {"count": 349, "items": []}


def test_friends_of_closed_and_unknown_people(one: Caller, reader: AsUser) -> None:
    assert one.error("friends.get", user_id=301) == (30, "This profile is private")
    assert one.error("friends.getMutual", target_uid=301)[0] == 30
    assert one.error("friends.get", user_id=99999999) == (113, "Invalid user id")
    assert one.error("friends.get", user_id=306) == (15, "Access denied")
    assert 1 in one("friends.get", user_id=308)["items"]
    assert reader(308)("friends.get") == one("friends.get", user_id=308)


def test_online_friends_are_friends_who_were_here(as_user: AsUser) -> None:
    one, friend = as_user(1), as_user(7)
    before = one("friends.getOnline")
    assert 7 not in before
    friend("utils.getServerTime")
    assert one("friends.getOnline") == sorted([*before, 7])
    assert one("friends.getOnline", offset=1, count=1) == [sorted([*before, 7])[1]]


def test_ask_accept_and_part(as_user: AsUser) -> None:
    one, five = as_user(1), as_user(5)
    assert one("friends.add", user_id=5) == 1
    assert one("friends.add", user_id=5) == 4
    assert one("friends.getRequests", out=1) == {"count": 1, "items": [5]}
    assert five("friends.getRequests", need_viewed=1) == {"count": 1, "items": [1]}
    assert five("friends.areFriends", user_ids="1,6") == [
        {"user_id": 1, "friend_status": 2},
        {"user_id": 6, "friend_status": 3},
    ]
    assert five("friends.add", user_id=1) == 2
    assert five("friends.add", user_id=1) == 2
    assert one("friends.getRequests", out=1) == {"count": 0, "items": []}
    assert 5 in one("friends.get")["items"]
    assert one("friends.delete", user_id=5) == {"success": 1, "friend_deleted": 1}
    assert one("friends.areFriends", user_ids="5") == [{"user_id": 5, "friend_status": 0}]
    assert 1 not in five("friends.get")["items"]


def test_accept_and_refuse_requests_of_the_world(as_user: AsUser) -> None:
    one = as_user(1)
    assert one("friends.add", user_id=18369759) == 2
    assert one("friends.delete", user_id=19224971) == {"success": 1, "in_request_deleted": 1}
    assert one("friends.getRequests", count=1) == {"count": 298, "items": [11116614]}
    assert one("account.getCounters") == {"friends": 298, "photos": 2}


def test_take_a_request_back(as_user: AsUser) -> None:
    one = as_user(1)
    one("friends.add", user_id=5)
    assert one("friends.delete", user_id=5) == {"success": 1, "out_request_deleted": 1}
    assert one.error("friends.delete", user_id=5) == (15, "Access denied: No friend or friend request found.")


def test_people_who_cannot_be_asked(as_user: AsUser) -> None:
    one = as_user(1)
    codes = [one.error("friends.add", user_id=user_id)[0] for user_id in (1, 306, 307, 304, 99999999)]
    assert codes == [174, 175, 176, 177, 177]
    undefined = "One of the parameters specified was missing or invalid: user_id is undefined"
    assert one.error("friends.add") == (100, undefined)
    assert one.error("friends.delete", user_id=99999999)[0] == 113
    assert one("friends.getRequests", out=1)["count"] == 0


def test_requests_with_profiles(one: Caller) -> None:
    answer = one("friends.getRequests", count=1, extended=1, fields="sex")
    person = {
        "id": 19224971,
        "first_name": "Roman",
        "last_name": "Boguslavsky",
        "can_access_closed": True,
        "is_closed": False,
        "sex": 2,
    }
    assert answer == {"count": 300, "items": [person], "profiles": [person], "groups": []}
