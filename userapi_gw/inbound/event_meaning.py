"""What events of a community mean for old programs. Pure: a type and an object in, a `Meaning` out.

An event says that something happened. What a viewer gets to see of it is what the backend shows to that viewer, so a
meaning names lists that have to be looked at, never entries. https://dev.vk.com/api/community-events/json-schema
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from userapi_gw.acts.histories import MAILBOX
from userapi_gw.acts.parents import TAGGED, UPLOADED
from userapi_gw.backend.mail import CHATS

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChangedList:
    """A list that has changed for everybody who sees it, or for one `viewer`: the stream's kind and owner.

    Without `owner` it may be that of anybody.
    """

    kind: str
    owner: int | None
    viewer: int | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What follows from an event.

    `lists` have to be looked at again; of `counters_of` (a user, 0 for none) the counters; `lets_write` tells whether a
    user lets the community write; `banned` (0 for none) has to leave the community's site; `shown_otherwise` says that
    lists without a history have changed.
    """

    lists: tuple[ChangedList, ...] = ()
    counters_of: int = 0
    lets_write: tuple[int, bool] | None = None
    banned: int = 0
    shown_otherwise: bool = False


NOTHING: Final = Meaning()


class SenselessError(Exception):
    """An object lacks what its type promises; the text names it."""


def meaning_of(kind: str, about: Json, group: int) -> Meaning:
    """Return what an event of a community means. Types nobody knows here mean nothing. Raises `SenselessError`."""
    read = _READERS.get(kind)
    return read(about, group) if read else NOTHING


def _message(about: Json, _group: int) -> Meaning:
    user = _partner(_inner(about))
    return Meaning((ChangedList("message", MAILBOX, user),), counters_of=user) if user else NOTHING


def _message_new(about: Json, group: int) -> Meaning:
    """A person wrote to the community, and thereby lets it write back."""
    found, message = _message(about, group), _inner(about)
    lets_write = (found.counters_of, True) if found.counters_of and not message.get("out") else None
    return Meaning(found.lists, found.counters_of, lets_write)


def _post(about: Json, group: int) -> Meaning:
    """A post on the community's wall, or a repost, which stands on the wall of who made it."""
    owner = _number(about, "owner_id") or _number(about, "to_id") or -group
    return Meaning((ChangedList("wall", owner),))


def _photo(_about: Json, _group: int) -> Meaning:
    return Meaning(shown_otherwise=True)


def _comment(about: Json, group: int) -> Meaning:
    """Deleting calls the owner of the photo `owner_id`, the other types `photo_owner_id`. Who is on it nobody says."""
    owner = _number(about, "photo_owner_id") or _number(about, "owner_id") or -group
    return Meaning((ChangedList(UPLOADED, owner), ChangedList(TAGGED, None)))


def _member(about: Json, group: int) -> Meaning:
    """What a community shows to its members is not what it shows to others."""
    return Meaning((ChangedList("wall", -group, _user(about)),), shown_otherwise=True)


def _block(about: Json, group: int) -> Meaning:
    user = _user(about)
    wall = ChangedList("wall", -group, user)
    return Meaning((wall,), lets_write=(user, False), banned=user, shown_otherwise=True)


def _allow(about: Json, _group: int) -> Meaning:
    return Meaning(lets_write=(_user(about), True))


def _deny(about: Json, _group: int) -> Meaning:
    return Meaning(lets_write=(_user(about), False))


_READERS: Final[Mapping[str, Callable[[Json, int], Meaning]]] = {
    "message_new": _message_new,
    "message_reply": _message,
    "message_edit": _message,
    "message_read": _message,
    "message_allow": _allow,
    "message_deny": _deny,
    "wall_post_new": _post,
    "wall_repost": _post,
    "photo_new": _photo,
    "photo_comment_new": _comment,
    "photo_comment_edit": _comment,
    "photo_comment_restore": _comment,
    "photo_comment_delete": _comment,
    "group_join": _member,
    "group_leave": _member,
    "user_block": _block,
    "user_unblock": _member,
}

KINDS: Final = tuple(_READERS)
"""The types that mean something here: those worth asking the backend for."""


def _inner(about: Json) -> Json:
    """The message: since API 5.103 it stands in `message` of a new one, before it was the object itself."""
    message = about.get("message")
    return message if isinstance(message, Mapping) else about


def _partner(message: Json) -> int:
    """With whom the community talks: `peer_id` since API 5.80, `user_id` before; 0 for a chat."""
    for name in ("peer_id", "user_id", "from_id"):
        number = _number(message, name)
        if number > 0:
            return number if number < CHATS else 0
    raise SenselessError("no user in it")


def _user(about: Json) -> int:
    user = _number(about, "user_id")
    if user <= 0:
        raise SenselessError("no user_id in it")
    return user


def _number(about: Json, name: str) -> int:
    """A whole number that may be an id of anything, 0 for what is none."""
    value = about.get(name)
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62
    return int(value) if fits and value is not None else 0
