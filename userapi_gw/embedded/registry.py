"""Methods are declared, not listed: `@method("wall.get")` puts a function `Call -> answer` into `METHODS`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from userapi_gw.embedded import schema
from userapi_gw.embedded.params import Params


class Relations:
    """Who stands how to the viewer. Each set is read from the database when it is asked for first."""

    def __init__(self, db: Connection, viewer: int) -> None:
        self._db = db
        self._viewer = viewer

    @cached_property
    def friends(self) -> frozenset[int]:
        """The viewer's friends."""
        table = schema.friendships.c
        return self._ids(select(table.friend_id).where(table.user_id == self._viewer))

    @cached_property
    def invited(self) -> frozenset[int]:
        """Those whom the viewer asked to be friends."""
        table = schema.requests.c
        return self._ids(select(table.to_id).where(table.from_id == self._viewer))

    @cached_property
    def inviting(self) -> frozenset[int]:
        """Those who asked the viewer to be friends."""
        table = schema.requests.c
        return self._ids(select(table.from_id).where(table.to_id == self._viewer))

    @cached_property
    def bookmarked(self) -> frozenset[int]:
        """Those whom the viewer bookmarked."""
        table = schema.bookmarks.c
        return self._ids(select(table.user_id).where(table.owner_id == self._viewer))

    @cached_property
    def blocking(self) -> frozenset[int]:
        """Those who put the viewer on their blacklist."""
        table = schema.blocks.c
        return self._ids(select(table.owner_id).where(table.user_id == self._viewer))

    @cached_property
    def blocked(self) -> frozenset[int]:
        """Those whom the viewer put on the blacklist."""
        table = schema.blocks.c
        return self._ids(select(table.user_id).where(table.owner_id == self._viewer))

    def _ids(self, query: Select[tuple[int]]) -> frozenset[int]:
        return frozenset(self._db.scalars(query))


@dataclass(frozen=True)
class Call:
    """One call: who asks with which token, what, when (unix seconds), in which transaction.

    `viewer` is 0 for nobody, and minus its number for a community.

    `address` is the server's own, as the caller knows it; `prepared` is what the method's `before` made of `params`.
    """

    viewer: int
    params: Params
    db: Connection
    now: int
    token: str = field(default="", repr=False)
    address: str = ""
    prepared: Any = field(default=None, repr=False)

    @cached_property
    def relations(self) -> Relations:
        """How others stand to the viewer, as it was when the call began."""
        return Relations(self.db, self.viewer)

    def page(self, query: Select[Any], default: int, maximum: int) -> tuple[int, Sequence[Row[Any]]]:
        """Return how many rows `query` has, and those of the caller's `offset` and `count`."""
        offset, count = self.params.offset(), self.params.count(default, maximum)
        total = self.db.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
        return total, self.db.execute(query.offset(offset).limit(count)).all()


Handler = Callable[[Call], object]
Before = Callable[[Params], object]


@dataclass(frozen=True, slots=True)
class Method:
    """A declared method: its function, whether it needs a token, whether it changes data.

    `community` tells whether the key of a community will do, where otherwise a person's is needed.
    `before` runs ahead of the transaction: what takes long would keep all other writers waiting in it.
    """

    name: str
    run: Handler
    auth: bool
    writes: bool
    before: Before
    community: bool


METHODS: dict[str, Method] = {}
"""Every method of this server, by name."""


def _nothing(_params: Params) -> None:
    """Prepare nothing."""


def method(
    name: str, *, auth: bool = True, writes: bool = False, before: Before = _nothing, community: bool = False
) -> Callable[[Handler], Handler]:
    """Declare a function as the method `name`; `auth=False` lets callers without a token in.

    `community=True` lets in those with the key of a community, whose `viewer` is minus its number.
    """

    def declare(run: Handler) -> Handler:
        METHODS[name] = Method(name, run, auth, writes, before, community)
        return run

    return declare
