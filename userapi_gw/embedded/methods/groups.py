"""Methods `groups.*` about communities and those who belong to them."""

from typing import Any

from sqlalchemy import delete, insert, select

from userapi_gw.embedded.accounts import issue_token
from userapi_gw.embedded.callback.queue import note
from userapi_gw.embedded.errors import VkError, bad_parameter
from userapi_gw.embedded.groups import (
    acts_for,
    asked_group,
    group_numbers,
    groups_by_id,
    managed_group,
    members,
    role_of,
)
from userapi_gw.embedded.people import require_person, users_by_id
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import blocks

_MOST = 500


@method("groups.getById", community=True)
def get_by_id(call: Call) -> list[dict[str, Any]]:
    """Return the communities of `group_ids` or `group_id` (numbers, `club5` or screen names), own one of a key."""
    own = [str(-call.viewer)] if call.viewer < 0 else []
    names = call.params.words("group_ids") or call.params.words("group_id") or own
    if not names or len(names) > _MOST:
        raise bad_parameter("group_ids is undefined")
    return groups_by_id(call, group_numbers(call, names))


@method("groups.isMember", community=True)
def is_member(call: Call) -> object:
    """Tell whether `user_id` (the viewer when missing) belongs to a community, or each of `user_ids`, as 1 or 0."""
    group_id = asked_group(call)
    if call.params.has("user_ids"):
        ids = call.params.ids("user_ids", _MOST)
        return [{"user_id": user_id, "member": _belongs(call, group_id, user_id)} for user_id in ids]
    found = _belongs(call, group_id, call.params.user("user_id", call.viewer if call.viewer > 0 else None))
    return {"member": found} if call.params.flag("extended") else found


@method("groups.getMembers", community=True)
def get_members(call: Call) -> dict[str, Any]:
    """List the members of a community, lowest id first, as ids, or user objects when `fields` are passed.

    With `filter=managers` those who manage it, each with a `role`; for managers only (VK error 15).
    """
    managers = call.params.choice("filter", ("", "managers")) == "managers"
    group_id = managed_group(call) if managers else asked_group(call)
    query = select(members).where(members.c.group_id == group_id).order_by(members.c.user_id)
    total, rows = call.page(query.where(members.c.role != "") if managers else query, 1000, 1000)
    fields = call.params.words("fields")
    people = {row["id"]: row for row in users_by_id(call, [row.user_id for row in rows], fields)} if fields else {}
    if managers:
        items: list[Any] = [{"id": row.user_id, **people.get(row.user_id, {}), "role": row.role} for row in rows]
    else:
        items = [people.get(row.user_id) if fields else row.user_id for row in rows]
    return {"count": total, "items": [item for item in items if item is not None]}


@method("groups.get")
def get(call: Call) -> dict[str, Any]:
    """List the communities of `user_id` (the viewer when missing), as objects with `extended=1`.

    `filter` may name `admin`: those the person manages. VK error 15 for those of others.
    """
    user_id = call.params.user("user_id", call.viewer)
    query = select(members.c.group_id).where(members.c.user_id == user_id).order_by(members.c.group_id)
    if "admin" in call.params.words("filter"):
        if user_id != call.viewer:
            raise VkError(15)
        query = query.where(members.c.role != "")
    total, rows = call.page(query, _MOST, 1000)
    ids = [row.group_id for row in rows]
    return {"count": total, "items": groups_by_id(call, ids) if call.params.flag("extended") else ids}


@method("groups.join", writes=True)
def join(call: Call) -> int:
    """Make the viewer a member. VK error 15 for who was banned from the community."""
    group_id = asked_group(call)
    if -group_id in call.relations.blocking:
        raise VkError(15)
    if role_of(call.db, group_id, call.viewer) is None:
        call.db.execute(insert(members).values(group_id=group_id, user_id=call.viewer, date=call.now))
        note(call, -group_id, "group_join", {"user_id": call.viewer, "join_type": "join"})
    return 1


@method("groups.leave", writes=True)
def leave(call: Call) -> int:
    """End the viewer's membership, also a manager's."""
    group_id = asked_group(call)
    if _remove(call, group_id, call.viewer):
        note(call, -group_id, "group_leave", {"user_id": call.viewer, "self": 1})
    return 1


@method("groups.ban", writes=True)
def ban(call: Call) -> int:
    """Ban `owner_id` from a community the viewer manages; `reason` (0 to 4) and `comment` are told to its servers."""
    group_id, user_id = managed_group(call), require_person(call, call.params.user("owner_id")).id
    facts = {"reason": call.params.integer("reason", 0, maximum=4), "comment": call.params.text("comment", "")}
    if _is_banned(call, group_id, user_id) or acts_for(call, user_id):
        return 1
    call.db.execute(insert(blocks).values(owner_id=-group_id, user_id=user_id))
    note(call, -group_id, "user_block", {"admin_id": call.viewer, "user_id": user_id, "unblock_date": 0, **facts})
    if _remove(call, group_id, user_id):
        note(call, -group_id, "group_leave", {"user_id": user_id, "self": 0})
    return 1


@method("groups.unban", writes=True)
def unban(call: Call) -> int:
    """Take the ban of `owner_id` back."""
    group_id, user_id = managed_group(call), call.params.user("owner_id")
    if _is_banned(call, group_id, user_id):
        call.db.execute(delete(blocks).where(blocks.c.owner_id == -group_id, blocks.c.user_id == user_id))
        note(call, -group_id, "user_unblock", {"admin_id": call.viewer, "user_id": user_id, "by_end_date": 0})
    return 1


@method("groups.createAccessKey", writes=True)
def create_access_key(call: Call) -> dict[str, str]:
    """Return a new `access_token` that stands for a community the viewer manages. No method of VK's.

    There its managers make such keys on a page of its settings.
    """
    return {"access_token": issue_token(call.db, -managed_group(call))}


def _belongs(call: Call, group_id: int, user_id: int) -> int:
    return int(role_of(call.db, group_id, user_id) is not None)


def _remove(call: Call, group_id: int, user_id: int) -> bool:
    gone = delete(members).where(members.c.group_id == group_id, members.c.user_id == user_id)
    return bool(call.db.execute(gone).rowcount)


def _is_banned(call: Call, group_id: int, user_id: int) -> bool:
    who = (blocks.c.owner_id == -group_id, blocks.c.user_id == user_id)
    return call.db.scalar(select(blocks.c.user_id).where(*who)) is not None
