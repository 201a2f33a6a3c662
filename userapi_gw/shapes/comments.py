"""Comments on photos and tags. UserAPI documentation, "Getting photos comments list" and "Editing photos tags"."""

from collections.abc import Collection
from typing import Any

from userapi_gw.backend.model import Comment, Tag, User
from userapi_gw.dialect import Dialect
from userapi_gw.shapes.content import content
from userapi_gw.shapes.people import person, person_id
from userapi_gw.shapes.text import address, escape

ALL_IDS = ("tid", "placer_id", "id")


def comment_row(comment: Comment, dialect: Dialect, *, with_picture: bool) -> list[Any]:
    """Return `[id, time, content, sender, [photo owner id], 0, 0, [photo id]]`, or `[photo id, thumbnail]` at the end.

    The picture is shown where comments on several photos stand together: in lists of all photos and in histories. The
    document calls it 75 pixels wide; the address in its sample is that of the 130 pixels wide one.
    """
    picture = [address(comment.photo.url_130)] if with_picture else []
    return [
        comment.id,
        comment.date,
        content(comment.text, comment.attachment),
        person(comment.author, dialect),
        person_id(comment.photo.owner_id, dialect),
        0,
        0,
        [comment.photo.id, *picture],
    ]


def uploader(user_id: int, user: User | None) -> list[Any]:
    """Return `author`: `[id, name]`, an empty name for somebody unknown."""
    return [user_id, escape(user.name) if user else ""]


def tag_object(tag: Tag, dialect: Dialect, *, quoted: Collection[str] = ALL_IDS) -> dict[str, Any]:
    """Return `{tid, placer_id, id, name, x1, y1, x2, y2}`, corners in percent with at most two digits.

    Where ids are quoted, those called `quoted` are: the samples do it with all of them in answers to a change, and
    with the user's alone beside comments.
    """
    ids = dict(zip(ALL_IDS, (tag.id, tag.placer_id, tag.user_id), strict=True))
    shown = {name: str(value) if dialect.quoted_ids and name in quoted else value for name, value in ids.items()}
    corners = dict(zip(("x1", "y1", "x2", "y2"), map(_short, tag.corners), strict=True))
    return {**shown, "name": escape(tag.name), **corners}


def _short(percent: float) -> float:
    rounded = round(percent, 2)
    return int(rounded) if rounded.is_integer() else rounded
