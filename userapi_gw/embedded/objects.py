"""Turns rows into VK's photo, tag, comment, post, message and status objects."""

import json
from typing import Any

from sqlalchemy import Row

from userapi_gw.embedded.people import plain_to_html


def photo_object(row: Row[Any]) -> dict[str, Any]:
    """Return a photo; `sizes` holds widths of 75 (s), 130 (m) and 604 (x) pixels."""
    addresses = (("s", 75, row.url_75), ("m", 130, row.url_130), ("x", 604, row.url_604))
    return {
        "id": row.id,
        "owner_id": row.owner_id,
        "album_id": row.album_id,
        "date": row.date,
        "text": plain_to_html(row.text),
        "sizes": [
            {"type": kind, "url": url, "width": width, "height": width * 3 // 4} for kind, width, url in addresses
        ],
    }


def tag_object(row: Row[Any]) -> dict[str, Any]:
    """Return a tag with its corners in percent; `user_id` is 0 when the tag names no person of the site."""
    corners = {side: _short(getattr(row, side)) for side in ("x", "y", "x2", "y2")}
    return {
        "id": row.id,
        "user_id": row.user_id or 0,
        "placer_id": row.placer_id,
        "tagged_name": row.name,
        "date": row.date,
        **corners,
        "viewed": row.confirmed,
    }


def comment_object(row: Row[Any]) -> dict[str, Any]:
    """Return a comment on a photo."""
    return {"id": row.id, "from_id": row.from_id, "date": row.date, "text": plain_to_html(row.text)}


def post_object(row: Row[Any]) -> dict[str, Any]:
    """Return a wall post. A video is `{"type": "video", "video": {...}}` with `photo_130` and `player` addresses."""
    return {
        "id": row.id,
        "owner_id": row.owner_id,
        "from_id": row.from_id,
        "date": row.date,
        "post_type": "post",
        "text": plain_to_html(row.text),
        "attachments": json.loads(row.attachments),
    }


def message_object(row: Row[Any], viewer: int) -> dict[str, Any]:
    """Return a private message as `viewer` sees it: `peer_id` and `user_id` are the other person.

    The text stands in `text` (VK's name since 5.80) and in `body` (before).
    """
    out = row.from_id == viewer
    peer, text = (row.to_id if out else row.from_id), plain_to_html(row.text)
    return {
        "id": row.id,
        "date": row.date,
        "peer_id": peer,
        "from_id": row.from_id,
        "user_id": peer,
        "out": int(out),
        "read_state": row.read,
        "text": text,
        "body": text,
        "attachments": [],
    }


def status_object(row: Row[Any]) -> dict[str, Any]:
    """Return one line of a status history. VK has no such object; UserAPI shows these histories."""
    return {"id": row.id, "user_id": row.user_id, "date": row.date, "text": plain_to_html(row.text)}


def _short(percent: float) -> float:
    return int(percent) if percent.is_integer() else percent
