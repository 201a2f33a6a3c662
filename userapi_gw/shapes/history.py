"""Entries of update histories: `[number, action, row]`.

UserAPI documentation, "Structure of each entry of updates history array". Its table calls an undeleted message
"restore", its samples and the programs "undel".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from userapi_gw.backend.model import Comment, Message, News, Photo, Post, Status, User
from userapi_gw.dialect import Dialect
from userapi_gw.shapes.comments import comment_row
from userapi_gw.shapes.content import message_row, photo_row, post_row, status_row
from userapi_gw.shapes.people import person_id, quoted_row

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """How the objects of one kind of stream are kept and shown: whole rows, and the rest of a deleted one."""

    adapter: TypeAdapter[Any]
    row: Callable[[Any, Dialect], list[Any]]
    deleted: Callable[[Any, Dialect], list[Any]]


def _message(message: Message, dialect: Dialect) -> list[Any]:
    return message_row(message, dialect, with_recipient=True)


def _deleted_message(message: Message, dialect: Dialect) -> list[Any]:
    ends = (person_id(user.id, dialect) for user in (message.sender, message.recipient))
    return [message.id, message.date, "", *ends]


def _comment(comment: Comment, dialect: Dialect) -> list[Any]:
    return comment_row(comment, dialect, with_picture=True)


COMMENTS = Kind(TypeAdapter(Comment), _comment, lambda comment, _: [comment.id])
PHOTO_NEWS = Kind(
    TypeAdapter(News[Photo]),
    lambda news, _: photo_row(news.content),
    lambda news, _: photo_row(news.content)[:1],
)
FRIEND_NEWS = Kind(
    TypeAdapter(News[User]),
    lambda news, dialect: quoted_row(news.content, dialect),
    lambda news, dialect: quoted_row(news.content, dialect)[:1],
)
STATUS_NEWS = Kind(
    TypeAdapter(News[Status]),
    lambda news, _: status_row(news.content),
    lambda news, _: status_row(news.content)[:1],
)

KINDS: Mapping[str, Kind] = {
    "wall": Kind(TypeAdapter(Post), post_row, lambda post, _: [post.id]),
    "message": Kind(TypeAdapter(Message), _message, _deleted_message),
    "activity": Kind(
        TypeAdapter(Status), lambda status, _: status_row(status), lambda status, _: [f"{status.user.id}_{status.id}"]
    ),
    "photos_comments": COMMENTS,
    "photos_with_comments": COMMENTS,
    "updates_photos": PHOTO_NEWS,
    "updates_tagged_photos": PHOTO_NEWS,
    "updates_friends": FRIEND_NEWS,
    "updates_activity": STATUS_NEWS,
}


def pack(kind: str, item: object) -> Payload:
    """Return a model object as JSON for keeping."""
    return dict(KINDS[kind].adapter.dump_python(item, mode="json"))


def unpack(kind: str, payload: Payload) -> Any:
    """Return the model object that was packed."""
    return KINDS[kind].adapter.validate_python(payload)


def entry_row(
    kind: str,
    number: int,
    action: str,
    payload: Payload,
    dialect: Dialect,
    own: Callable[[Any], Any] = lambda item: item,
) -> list[Any]:
    """Return one entry of `h` from what `pack` kept; `own` exchanges the addresses of pictures."""
    shape, item = KINDS[kind], own(unpack(kind, payload))
    return [number, action, (shape.deleted if action == "del" else shape.row)(item, dialect)]


def photo_id(kind: str, payload: Payload) -> int | None:
    """Return the photo that an entry about a comment belongs to, None for entries of other kinds."""
    return int(payload["photo"]["id"]) if KINDS[kind] is COMMENTS else None
