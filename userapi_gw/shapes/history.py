"""Entries of update histories: `[number, action, row]`.

UserAPI documentation, "Structure of each entry of updates history array". Its table calls an undeleted message
"restore", its samples and the programs "undel".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from userapi_gw.backend.model import Message, Post, Status
from userapi_gw.dialect import Dialect
from userapi_gw.shapes.content import message_row, post_row, status_row
from userapi_gw.shapes.people import person_id

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


KINDS: Mapping[str, Kind] = {
    "wall": Kind(TypeAdapter(Post), post_row, lambda post, _: [post.id]),
    "message": Kind(TypeAdapter(Message), _message, _deleted_message),
    "activity": Kind(
        TypeAdapter(Status), lambda status, _: status_row(status), lambda status, _: [f"{status.user.id}_{status.id}"]
    ),
}


def pack(kind: str, item: object) -> Payload:
    """Return a model object as JSON for keeping."""
    return dict(KINDS[kind].adapter.dump_python(item, mode="json"))


def entry_row(
    kind: str,
    number: int,
    action: str,
    payload: Payload,
    dialect: Dialect,
    own: Callable[[Any], Any] = lambda item: item,
) -> list[Any]:
    """Return one entry of `h` from what `pack` kept; `own` exchanges the addresses of pictures."""
    shape = KINDS[kind]
    item = own(shape.adapter.validate_python(payload))
    return [number, action, (shape.deleted if action == "del" else shape.row)(item, dialect)]
