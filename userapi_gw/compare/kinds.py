"""Kinds of values in answers, and what may differ in each between two runs.

`same`: the same old value always stands for the same new one, and no two for one. `ordered`: besides, of two numbers
the greater one stays the greater. `total`, `time`, `picture`, `text`, `flag`, `secret`, `spelling`: see `judge`.
`plain`: nothing.
"""

from dataclasses import dataclass
from typing import Literal

Treatment = Literal["plain", "same", "ordered", "total", "time", "picture", "text", "flag", "secret", "spelling"]
Scope = Literal["everywhere", "owner", "session"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value.

    `scope` tells where two equal values mean the same thing: everywhere, in the lists of one owner, or in one session.
    `quotable` values are numbers that dialect 2008 puts in quotes, see the wire option `quoted_ids`. `stream` names the
    history a version belongs to. A `hidden` value opens an account, so that reports do not show it.
    """

    name: str
    treatment: Treatment
    scope: Scope = "everywhere"
    quotable: bool = False
    stream: str = ""
    hidden: bool = False


PLAIN = Kind("value", "plain")
TEXT = Kind("text", "text")
USER = Kind("user", "same")
QUOTED_USER = Kind("user", "same", quotable=True)
POST = Kind("post", "same", "owner")
MESSAGE = Kind("message", "same", "session")
COMMENT = Kind("comment", "same", "owner")
PHOTO = Kind("photo", "same", "owner")
STATUS = Kind("status", "same", "owner")
TAG = Kind("tag", "same")
QUOTED_TAG = Kind("tag", "same", quotable=True)
MEDIUM = Kind("medium", "same", "owner")
ALBUM = Kind("album", "same", "owner")
CITY = Kind("city", "same")
SCHOOL = Kind("school", "same")
PRIVACY = Kind("privacy", "spelling")
"""Allowed is 1 in dialect 2008 and 0 in 2009, see the wire option `privacy_allowed`."""
TIME = Kind("time", "time")
TOTAL = Kind("total", "total", "owner")
COUNTER = Kind("total", "total", "session")
PICTURE = Kind("picture", "picture")
PICTURE_NAME = Kind("name of picture", "same")
"""The gateway's own, made of where the backend has the picture."""
ONLINE = Kind("online", "flag")
HASH = Kind("hash", "secret", hidden=True)

EXCUSED = {"total": USER, "time": USER, "picture": PICTURE_NAME}
"""Kinds of difference that count nothing where most people, or names of pictures, are others: it is other data."""

OWN_STREAMS = frozenset({"wall", "activity", "photos_comments"})
"""Histories that belong to the user a request names; all others are the viewer's."""


def version(stream: str) -> Kind:
    """Return the kind of `ts` and `h` numbers of one history."""
    return Kind("version", "ordered", "owner" if stream in OWN_STREAMS else "session", stream=stream)
