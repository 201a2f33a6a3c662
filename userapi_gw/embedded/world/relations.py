"""Who is whose friend, who asked whom, who bookmarked whom."""

from collections.abc import Iterator
from typing import Any

from userapi_gw.embedded.world.filler import Row

_LONG_AGO = 1170000000


def friends_of_first(facts: dict[str, Any], strangers: list[int]) -> list[int]:
    """Return the friends of person 1, ascending. UserAPI documentation, "Getting friend list for a user"."""
    named = facts["first_friends"] + facts["more_friends"]
    return sorted(named + strangers[: facts["friends_total"] - len(named)])


def friendships(facts: dict[str, Any], friends: list[int], strangers: list[int]) -> list[Row]:
    """Return both rows of every friendship."""
    dates = {(1, friend): _LONG_AGO + 100_000 * place for place, friend in enumerate(friends)}
    dates |= {(6, friend): _LONG_AGO + 50_000 * place for place, friend in enumerate(facts["friends_of_6"])}
    dates |= dict.fromkeys(zip(friends[::3], friends[1::3], strict=False), _LONG_AGO)
    dates |= _new_friends(facts, friends, strangers[len(friends) :])
    pairs = [(*pair, date) for pair, date in dates.items()]
    both = pairs + [(friend, user, date) for user, friend, date in pairs]
    return [{"user_id": user, "friend_id": friend, "date": date} for user, friend, date in both]


def _new_friends(facts: dict[str, Any], friends: list[int], strangers: list[int]) -> dict[tuple[int, int], int]:
    """Friends of friends, newest first. UserAPI documentation, "Getting new friends of friends"."""
    known = {(user, friend): date for user, friend, date in facts["new_friends"]}
    with_6 = len(set(facts["friends_of_6"]) & set(friends))
    wanted = facts["new_friends_total"] - len(known) - with_6
    filler = {(friends[place % len(friends)], strangers[place]): 1224700000 - 3000 * place for place in range(wanted)}
    return known | filler


def requests(facts: dict[str, Any], strangers: list[int]) -> list[Row]:
    """Return the friend requests to person 1, oldest first. UserAPI documentation, "Pre-loading data"."""
    newest, older = facts["newest_requests"], facts["older_requests"]
    askers = newest + strangers[-(facts["requests_total"] - len(newest) - len(older)) :]
    askers[len(newest) + 10 : len(newest) + 10] = older
    return [{"from_id": asker, "to_id": 1, "date": 1224800000 - 600 * place} for place, asker in enumerate(askers)][
        ::-1
    ]


def bookmarks(facts: dict[str, Any], strangers: list[int]) -> Iterator[Row]:
    """Return bookmarks in the order they were made. UserAPI documentation, "Getting list of bookmarked users"."""
    named = facts["first_bookmarks"]
    for user_id in named + strangers[: 2 * (facts["bookmarks_total"] - len(named)) : 2]:
        yield {"owner_id": 1, "user_id": user_id}
    for fan in facts["fans_of_1"]:
        yield {"owner_id": fan, "user_id": 1}


def blocks(facts: dict[str, Any]) -> list[Row]:
    """Return who put whom on the blacklist."""
    return [{"owner_id": owner, "user_id": user_id} for owner, user_id in facts["blocks"]]
