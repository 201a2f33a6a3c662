"""Methods `friends.*`."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, insert, or_, select

from userapi_gw.embedded.errors import VkError
from userapi_gw.embedded.people import (
    extended,
    friend_status,
    is_online,
    person_query,
    require_known,
    require_open,
    require_person,
    user_object,
    users_by_id,
)
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import friendships, people, requests

_SENT, _ACCEPTED, _AGAIN = 1, 2, 4  # what friends.add answers


@method("friends.get")
def get(call: Call) -> dict[str, Any]:
    """List the friends of `user_id` (the viewer when missing), lowest id first whatever `order` says.

    Items are ids, or user objects when `fields` are passed.
    """
    user_id = require_open(call, call.params.user("user_id", call.viewer)).id
    fields = call.params.words("fields")
    wanted = person_query() if fields else select(people.c.id)
    total, rows = call.page(wanted.where(people.c.id.in_(_friend_ids(user_id))).order_by(people.c.id), 5000, 5000)
    return {"count": total, "items": [user_object(call, row, fields) if fields else row.id for row in rows]}


@method("friends.getOnline")
def get_online(call: Call) -> list[int]:
    """List the ids of the friends of `user_id` who are online, lowest first."""
    user_id = require_open(call, call.params.user("user_id", call.viewer)).id
    online = select(people.c.id).where(people.c.id.in_(_friend_ids(user_id)), is_online(call.now))
    return [row.id for row in call.page(online.order_by(people.c.id), 5000, 5000)[1]]


@method("friends.getMutual")
def get_mutual(call: Call) -> list[int]:
    """List the ids of those who are friends of both `source_uid` (the viewer when missing) and `target_uid`."""
    source = require_open(call, call.params.user("source_uid", call.viewer)).id
    target = require_open(call, call.params.user("target_uid")).id
    both = select(people.c.id).where(people.c.id.in_(_friend_ids(source)), people.c.id.in_(_friend_ids(target)))
    return [row.id for row in call.page(both.order_by(people.c.id), 5000, 5000)[1]]


@method("friends.getRequests")
def get_requests(call: Call) -> dict[str, Any]:
    """List friend requests to the viewer, or those the viewer sent (`out=1`), newest first.

    Items are ids, or user objects when `fields` are passed. A refused request is gone, so `need_viewed` adds none.
    """
    call.params.flag("need_viewed")
    sent = call.params.flag("out")
    mine, other = (requests.c.from_id, requests.c.to_id) if sent else (requests.c.to_id, requests.c.from_id)
    query = select(other.label("id")).where(mine == call.viewer).order_by(requests.c.id.desc())
    total, rows = call.page(query, 100, 1000)
    ids, fields = [row.id for row in rows], call.params.words("fields")
    return extended(call, {"count": total, "items": users_by_id(call, ids, fields) if fields else ids}, ids)


@method("friends.areFriends")
def are_friends(call: Call) -> list[dict[str, int]]:
    """Tell how each of `user_ids` stands to the viewer: 0 none, 1 asked, 2 asks, 3 friend."""
    ids = call.params.ids("user_ids", 1000)
    return [{"user_id": user_id, "friend_status": friend_status(call, user_id)} for user_id in ids]


@method("friends.add", writes=True)
def add(call: Call) -> int:
    """Ask `user_id` to be friends (1), accept such a request (2, also for a friend), or do nothing again (4).

    VK errors 174 (oneself), 175 and 176 (blacklists), 177 (nobody, or a deleted page).
    """
    user_id = call.params.user("user_id")
    _check_addable(call, user_id)
    state = friend_status(call, user_id)
    return _ADD[state](call, user_id)


@method("friends.delete", writes=True)
def remove(call: Call) -> dict[str, int]:
    """End a friendship, refuse a request or take one back; the answer says which. VK error 15 when there is none."""
    user_id = require_known(call)
    state = friend_status(call, user_id)
    if not state:
        raise VkError(15, "No friend or friend request found.")
    if state == _FRIENDS:
        call.db.execute(delete(friendships).where(_pair(friendships.c.user_id, friendships.c.friend_id, call, user_id)))
    else:
        call.db.execute(delete(requests).where(_pair(requests.c.from_id, requests.c.to_id, call, user_id)))
    return {"success": 1, _DELETED[state]: 1}


def _check_addable(call: Call, user_id: int) -> None:
    if user_id == call.viewer:
        raise VkError(174)
    try:
        require_person(call, user_id)
    except VkError as error:
        raise VkError(177) from error
    if user_id in call.relations.blocking:
        raise VkError(175)
    if user_id in call.relations.blocked:
        raise VkError(176)


def _send(call: Call, user_id: int) -> int:
    call.db.execute(insert(requests).values(from_id=call.viewer, to_id=user_id, date=call.now))
    return _SENT


def _accept(call: Call, user_id: int) -> int:
    call.db.execute(delete(requests).where(_pair(requests.c.from_id, requests.c.to_id, call, user_id)))
    sides = ((call.viewer, user_id), (user_id, call.viewer))
    call.db.execute(insert(friendships), [{"user_id": a, "friend_id": b, "date": call.now} for a, b in sides])
    return _ACCEPTED


def _send_again(_call: Call, _user_id: int) -> int:
    return _AGAIN


def _stay_friends(_call: Call, _user_id: int) -> int:
    return _ACCEPTED


_NOBODY, _ASKED, _ASKS, _FRIENDS = range(4)
_ADD: Final[dict[int, Callable[[Call, int], int]]] = {
    _NOBODY: _send,
    _ASKED: _send_again,
    _ASKS: _accept,
    _FRIENDS: _stay_friends,
}
_DELETED: Final = {_ASKED: "out_request_deleted", _ASKS: "in_request_deleted", _FRIENDS: "friend_deleted"}


def _friend_ids(user_id: int) -> Select[tuple[int]]:
    return select(friendships.c.friend_id).where(friendships.c.user_id == user_id)


def _pair(left: Any, right: Any, call: Call, user_id: int) -> ColumnElement[bool]:
    """Both directions between the viewer and another person."""
    return or_(
        and_(left == call.viewer, right == user_id),
        and_(left == user_id, right == call.viewer),
    )
