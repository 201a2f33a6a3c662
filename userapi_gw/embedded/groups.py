"""Communities: their tables, the sample one, who belongs to them, and VK's objects of them.

A community has a page as a person has: its row of `people` has the id minus the community's, the number VK knows it by
as the owner of a wall and as the author of posts and messages. What only communities have stands here. The tables are
made when they are missing, so that a database of before they existed goes on to be used.
"""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Row,
    Select,
    Table,
    Text,
    insert,
    select,
)
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from userapi_gw.embedded.errors import VkError, bad_parameter
from userapi_gw.embedded.registry import Call
from userapi_gw.embedded.schema import people

SAMPLE: Final = 5
"""The community of the world; user 1 manages it."""

ADMIN_LEVELS: Final = {"moderator": 1, "editor": 2, "administrator": 3, "creator": 3}
"""VK's `admin_level` of each role."""

SAMPLE_MEMBERS: Final = (1, 5, 7)
_SAMPLE_DATE: Final = 1224700000
_SAMPLE_NAME: Final = "UserAPI programs"

communities = MetaData()
groups = Table(
    "groups",
    communities,
    Column("id", Integer, primary_key=True),
    Column("screen_name", Text, nullable=False, unique=True),
    Column("description", Text, nullable=False, default=""),
    Column("confirmation", Text, nullable=False),  # what a callback server has to answer to be taken
)
members = Table(
    "members",
    communities,
    Column("group_id", Integer, nullable=False),
    Column("user_id", Integer, nullable=False, index=True),
    Column("date", Integer, nullable=False),
    Column("role", Text, nullable=False, default=""),  # of managers, one of ADMIN_LEVELS
    PrimaryKeyConstraint("group_id", "user_id"),
)
letters = Table(  # who may be written to; without a row nobody said anything
    "letters",
    communities,
    Column("group_id", Integer, nullable=False),
    Column("user_id", Integer, nullable=False),
    Column("allowed", Integer, nullable=False),
    PrimaryKeyConstraint("group_id", "user_id"),
)

Found = Row[Any]


def load_sample(db: Connection) -> None:
    """Insert the sample community. It is no sample of the documentation: UserAPI had no communities."""
    name = {"first_name": _SAMPLE_NAME, "first_key": _SAMPLE_NAME.casefold()}
    db.execute(insert(people).values(id=-SAMPLE, last_seen=_SAMPLE_DATE, **name))
    code = secrets.token_hex(4)
    db.execute(insert(groups).values(id=SAMPLE, screen_name="userapi", description="", confirmation=code))
    who = set(db.scalars(select(people.c.id).where(people.c.id.in_(SAMPLE_MEMBERS))))
    rows = [{"group_id": SAMPLE, "user_id": user_id, "date": _SAMPLE_DATE, "role": _role(user_id)} for user_id in who]
    db.execute(insert(members), rows)


def _role(user_id: int) -> str:
    return "creator" if user_id == 1 else ""


def group_query() -> Select[Any]:
    """Return the query all group objects are made from."""
    page = (people.c.first_name.label("name"), people.c.photo_50, people.c.photo_100, people.c.photo_200)
    return select(groups, *page, people.c.wall_open).join(people, people.c.id == -groups.c.id)


def require_group(call: Call, group_id: int) -> Found:
    """Return a community's row. VK error 125 when there is none."""
    row = call.db.execute(group_query().where(groups.c.id == group_id)).one_or_none()
    if row is None:
        raise VkError(125)
    return row


def asked_group(call: Call) -> int:
    """Return `group_id`, which a community's own key may leave out. VK error 100 without it, 125 for an unknown one."""
    own = -call.viewer if call.viewer < 0 else None
    return int(require_group(call, call.params.user("group_id", own)).id)


def managed_group(call: Call) -> int:
    """Return `group_id` as `asked_group` does; VK error 15 unless the caller manages it, or has its key."""
    group_id = asked_group(call)
    if not acts_for(call, -group_id):
        raise VkError(15, "you should be group manager")
    return group_id


def acts_for(call: Call, owner_id: int) -> bool:
    """Tell whether the viewer is this owner, or manages the community that it is."""
    return owner_id == call.viewer or (owner_id < 0 and bool(role_of(call.db, -owner_id, call.viewer)))


def role_of(db: Connection, group_id: int, user_id: int) -> str | None:
    """Return a manager's role, an empty text for any other member, None for who is none."""
    who = (members.c.group_id == group_id, members.c.user_id == user_id)
    return db.scalar(select(members.c.role).where(*who))


def may_be_written(db: Connection, group_id: int, user_id: int) -> bool:
    """Tell whether a person lets a community write."""
    who = (letters.c.group_id == group_id, letters.c.user_id == user_id)
    return bool(db.scalar(select(letters.c.allowed).where(*who)))


def let_write(db: Connection, group_id: int, user_id: int, *, allowed: bool) -> bool:
    """Let a community write to a person, or not; tell whether that is a change."""
    if may_be_written(db, group_id, user_id) == allowed:
        return False
    row = {"group_id": group_id, "user_id": user_id, "allowed": int(allowed)}
    keys = ["group_id", "user_id"]
    db.execute(sqlite_insert(letters).values(row).on_conflict_do_update(index_elements=keys, set_=row))
    return True


def group_numbers(call: Call, names: Sequence[str]) -> list[int]:
    """Return the ids that numbers, `club5` and screen names stand for. VK error 100 for what is none of them."""
    known = {row.screen_name: row.id for row in call.db.execute(select(groups))}
    numbers = []
    for name in names:
        digits = name.removeprefix("club").removeprefix("public")
        if not (name in known or (digits.isascii() and digits.isdigit() and 0 < len(digits) < 16)):
            raise bad_parameter("group_ids is undefined")
        numbers.append(known[name] if name in known else int(digits))
    return list(dict.fromkeys(numbers))


def groups_by_id(call: Call, ids: Iterable[int]) -> list[dict[str, Any]]:
    """Return group objects in the order of `ids`; unknown ones are left out."""
    wanted = list(ids)
    rows = {row.id: row for row in call.db.execute(group_query().where(groups.c.id.in_(wanted)))}
    return [group_object(call, rows[group_id]) for group_id in wanted if group_id in rows]


def group_object(call: Call, row: Found) -> dict[str, Any]:
    """Return VK's object of a community as `call.viewer` sees it."""
    role = role_of(call.db, row.id, call.viewer)
    answer = {"id": row.id, "name": row.name, "screen_name": row.screen_name, "is_closed": 0, "type": "group"}
    answer |= {"has_photo": int(bool(row.photo_100))}
    answer |= {"is_admin": int(bool(role)), "is_member": int(role is not None), "is_advertiser": int(bool(role))}
    answer |= {"admin_level": ADMIN_LEVELS[role]} if role else {}
    pictures = {f"photo_{width}": getattr(row, f"photo_{width}") for width in (50, 100, 200)}
    return answer | {name: url or "https://vk.com/images/community_50.png" for name, url in pictures.items()}
