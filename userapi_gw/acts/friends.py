"""Friends. UserAPI documentation, "Getting friend list for a user" and "Editing friends"."""

from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import ALL, Listing, act
from userapi_gw.backend.model import FRIENDS, STRANGERS, User
from userapi_gw.shapes.people import friend_row, request_row

READING = "Getting friend list for a user"
EDITING = "Editing friends"

ENDED, ASKED, ALREADY, ACCEPTED, REJECTED = range(5)
"""The `ok` codes of `add_friend` and `del_friend`."""


def _part(call: Call, people: list[User]) -> Listing:
    part = call.pictures.own(people[call.window.start : call.window.stop])
    return Listing(len(people), [friend_row(user) for user in part])


@act("friends", READING, form="bare", window=ALL, multi=True, recent=True)
def friends(call: Call) -> Listing:
    """All friends of a user, by ascending id."""
    page = call.pictures.own(call.backend.friends(call.user_id, call.window))
    return Listing(page.total, [friend_row(user) for user in page.rows])


@act("friends_online", READING, form="bare", window=ALL, multi=True, recent=True)
def friends_online(call: Call) -> Listing:
    """Friends of a user who are online."""
    return _part(call, call.backend.friends_online(call.user_id))


@act("friends_mutual", READING, form="bare", window=ALL, multi=True, recent=True)
def friends_mutual(call: Call) -> Listing:
    """Friends a user shares with the viewer."""
    return _part(call, call.backend.friends_mutual(call.user_id))


@act("friends_new", READING, form="bare", window=ALL, multi=True, recent=True)
def friends_new(call: Call) -> Listing:
    """People who ask to be the viewer's friends, newest first."""
    page = call.pictures.own(call.backend.friend_requests(call.window))
    return Listing(page.total, [request_row(user, call.dialect) for user in page.rows])


@act("add_friend", EDITING, form="whole", writes=True)
def add_friend(call: Call) -> dict[str, Any]:
    """Ask for a friendship or accept one: `ok` 1 asked, 2 friends already, 3 accepted."""
    user_id = call.other_id
    if call.backend.friend_status(user_id) == FRIENDS:
        return {"ok": ALREADY}
    accepted = call.backend.add_friend(user_id) == 2
    if not accepted:
        call.announcer.asked(call.viewer, user_id)
    return {"ok": ACCEPTED if accepted else ASKED}


@act("del_friend", EDITING, form="whole", writes=True)
def del_friend(call: Call) -> dict[str, Any]:
    """End a friendship (`ok` 0) or reject an incoming request (`ok` 4)."""
    user_id = call.other_id
    status = call.backend.friend_status(user_id)
    if status == STRANGERS:
        return {"ok": ENDED}
    return {"ok": REJECTED if call.backend.delete_friend(user_id, status) else ENDED}
