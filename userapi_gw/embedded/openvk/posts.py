"""OpenVK's post objects: lists of a wall have numbers for what may be done, single posts and feeds true and false."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, func, select

from userapi_gw.embedded.openvk.photo_objects import sizes
from userapi_gw.embedded.openvk.registry import Call
from userapi_gw.embedded.openvk.tables import pins, post_comments
from userapi_gw.embedded.openvk.text import formatted
from userapi_gw.embedded.schema import photos

_FLAGS = ("can_edit", "can_delete", "can_pin", "can_archive", "is_archived", "is_explicit")


def wall_post(call: Call, row: Row[Any]) -> dict[str, Any]:
    """Return a post as `wall.get` does."""
    return {name: int(value) if name in _FLAGS else value for name, value in _post(call, row).items()}


def single_post(call: Call, row: Row[Any]) -> dict[str, Any]:
    """Return a post as `wall.getById` and the feeds do, with its number a second time."""
    return {**_post(call, row), "post_id": row.id}


def authors(rows: Iterable[Row[Any]]) -> list[int]:
    """Return who wrote the posts, each once."""
    return list(dict.fromkeys(row.from_id for row in rows))


def pinned(call: Call, owner_id: int) -> int:
    """Return the post that stands first on a wall, 0 for none."""
    return call.db.scalar(select(pins.c.post_id).where(pins.c.owner_id == owner_id)) or 0


def _post(call: Call, row: Row[Any]) -> dict[str, Any]:
    mine = call.viewer == row.owner_id
    comments = post_comments.c.post_id == row.id, post_comments.c.deleted == 0
    return {
        "id": row.id,
        "from_id": row.from_id,
        "owner_id": row.owner_id,
        "date": row.date,
        "post_type": "post",
        "text": formatted(row.text),
        "copy_history": [],
        "can_edit": bool(call.viewer) and call.viewer == row.from_id,
        "can_delete": bool(call.viewer) and call.viewer in (row.from_id, row.owner_id),
        "can_pin": bool(call.viewer) and mine,
        "can_archive": False,
        "is_archived": False,
        "is_pinned": int(pinned(call, row.owner_id) == row.id),
        "is_explicit": False,
        "attachments": [_attachment(call, one) for one in json.loads(row.attachments)],
        "post_source": {"type": "api", "platform": "api"},
        "comments": {"count": call.db.scalar(select(func.count()).where(*comments)) or 0, "can_post": 1},
        "likes": {"count": 0, "user_likes": 0, "can_like": 1, "can_publish": 1},
        "reposts": {"count": 0, "user_reposted": 0},
    }


def _attachment(call: Call, stored: dict[str, Any]) -> dict[str, Any]:
    if stored["type"] != "photo":
        return stored
    row = call.db.execute(select(photos).where(photos.c.id == stored["photo"]["id"])).one_or_none()
    return {"type": "photo", "photo": _photo(call, row)} if row else stored


def _photo(call: Call, row: Row[Any]) -> dict[str, Any]:
    return {
        "album_id": 0,
        "date": row.date,
        "id": row.id,
        "owner_id": row.owner_id,
        "sizes": sizes(call, row.id, row.url_604),
        "text": formatted(row.text),
        "has_tags": False,
        "tags": {"count": 0, "items": []},
    }
