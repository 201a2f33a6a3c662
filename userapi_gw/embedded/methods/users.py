"""Methods `users.*`."""

from typing import Any

from sqlalchemy import ColumnElement, or_

from userapi_gw.embedded.education import YEARS, members
from userapi_gw.embedded.errors import VkError, bad_parameter
from userapi_gw.embedded.params import MAX_ID
from userapi_gw.embedded.people import person_query, user_object, users_by_id, visible_people
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import people

_MAX_USERS = 1000


@method("users.get", auth=False, community=True)
def get(call: Call) -> list[dict[str, Any]]:
    """Return the people of `user_ids` (numbers or `id123`; the viewer when missing), leaving out unknown ids.

    VK error 113 for anything that is no id, or when there is neither an id nor a viewer.
    """
    own = [str(call.viewer)] if call.viewer > 0 else []
    names = call.params.words("user_ids") or call.params.words("user_id") or own
    if not names:
        raise VkError(113)
    if len(names) > _MAX_USERS:
        raise bad_parameter(f"user_ids should contain at most {_MAX_USERS} elements")
    ids = dict.fromkeys(_user_id(name) for name in names)
    return users_by_id(call, list(ids), call.params.words("fields"))


@method("users.search")
def search(call: Call) -> dict[str, Any]:
    """Find people by `q`: each word begins the first or the last name, in any case. Lowest id first.

    `school` and `school_year` leave those who tell the viewer that they learned there. Here `school` may be a
    university too, whose parts count with it.
    """
    words = call.params.text("q", "", maximum=255).casefold().split()
    shown = (people.c.id > 0, people.c.deactivated == "", *map(_begins_name, words))
    query = person_query().where(*shown).order_by(people.c.id)
    school, year = call.params.integer("school", 0), call.params.integer("school_year", 0, maximum=max(YEARS))
    if school:
        query = query.where(people.c.id.in_(members(school, year)), people.c.id.in_(visible_people(call)))
    total, rows = call.page(query, 20, 1000)
    fields = call.params.words("fields")
    return {"count": total, "items": [user_object(call, row, fields) for row in rows]}


def _begins_name(word: str) -> ColumnElement[bool]:
    first, last = people.c.first_key, people.c.last_key
    return or_(first.startswith(word, autoescape=True), last.startswith(word, autoescape=True))


def _user_id(name: str) -> int:
    digits = name.removeprefix("id")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18 and 0 < int(digits) <= MAX_ID):
        raise VkError(113)
    return int(digits)
