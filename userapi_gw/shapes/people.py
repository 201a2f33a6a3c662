"""People as rows of lists and as sender or recipient."""

from typing import Any

from userapi_gw.backend.model import User
from userapi_gw.dialect import Dialect
from userapi_gw.shapes.text import address, escape, thumb_name

OBJECT_ORDER = (0, 1, 2, 5, 4, 3)
"""The order in which the live server filled its person rows, and so the order of the keys where they are objects."""


def friend_row(user: User) -> list[Any]:
    """Return `[id, name, photo (100 px), online]`. UserAPI documentation, "Getting friend list for a user"."""
    return [user.id, escape(user.name), address(user.photo_100), int(user.online)]


def request_row(user: User, dialect: Dialect) -> list[Any]:
    """Return a row of `friends_new`: like a friend, without the online flag where the dialect says so."""
    return friend_row(user) if dialect.requests_have_online else friend_row(user)[:3]


def quoted_row(user: User, dialect: Dialect) -> list[Any]:
    """Return a friend row of bookmarks and updates, where the documentation's samples quote the id."""
    row = friend_row(user)
    return [str(user.id), *row[1:]] if dialect.quoted_ids else row


def person(user: User, dialect: Dialect) -> list[Any] | dict[str, Any]:
    """Return a sender or recipient: `[id, name, photo (100 px), thumbnail file name (50 px), sex, online]`.

    UserAPI documentation, "Getting wall message list for a user". Sex: 1 female, 2 male, 0 not told.
    """
    row = [
        user.id,
        escape(user.name),
        address(user.photo_100),
        thumb_name(user.photo_50),
        user.sex,
        int(user.online),
    ]
    return row if dialect.person_rows == "array" else {str(place): row[place] for place in OBJECT_ORDER}


def person_id(user_id: int, dialect: Dialect) -> list[Any] | dict[str, Any]:
    """Return a sender or recipient of whom only the id is told: `[id]`."""
    return [user_id] if dialect.person_rows == "array" else {"0": user_id}
