"""Update histories (`ts` and `h`) of one viewer: what the backend shows now, held against what was seen before.

UserAPI documentation, "Periodically obtaining updates history for an object". Numbers and entries are kept in
`state.streams`; this module knows which backend list feeds which stream and when it is looked at again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Message, Page, Window
from userapi_gw.dialect import Dialect
from userapi_gw.errors import Failure, Kind
from userapi_gw.pictures import Pictures
from userapi_gw.shapes import history
from userapi_gw.state import Action, Change, Claim, Seen, Since, StreamKey
from userapi_gw.state.streams import Streams

NEWEST = Window(0, 50)
MAILBOX = 0
"""The owner of the one message stream a viewer has: all private message lists share it."""


class HasId(Protocol):
    """Any object of the model that lists are made of."""

    @property
    def id(self) -> int:
        """The number the object has on its list."""


Item = TypeVar("Item", bound=HasId)
Newest = Callable[[Backend, int], tuple[Sequence[Any], bool]]


def _whole(page: Page[Any]) -> tuple[Sequence[Any], bool]:
    return page.rows, page.total <= len(page.rows)


def _mail(backend: Backend, _: int) -> tuple[Sequence[Message], bool]:
    """The newest of both boxes, down to where both are known."""
    boxes = [backend.mailbox("inbox", NEWEST), backend.mailbox("outbox", NEWEST)]
    cut = [min(message.id for message in box.rows) for box in boxes if box.rows and box.total > len(box.rows)]
    floor = max(cut, default=0)
    rows = {message.id: message for box in boxes for message in box.rows if message.id >= floor}
    return sorted(rows.values(), key=lambda message: -message.id), not cut


NEWEST_OF: Mapping[str, Newest] = {
    "wall": lambda backend, owner: _whole(backend.wall(owner, NEWEST)),
    "message": _mail,
    "activity": lambda backend, owner: _whole(backend.statuses(owner, NEWEST)),
}


@dataclass(frozen=True, slots=True)
class Histories:
    """The streams of one viewer. `period` is the least time between two looks at the same list, in seconds.

    Streams keep the backend's addresses of pictures; `pictures` exchanges them for the program that asks.
    """

    viewer: int
    streams: Streams
    backend: Backend
    dialect: Dialect
    period: float
    pictures: Pictures = field(default_factory=Pictures)

    def key(self, kind: str, owner: int) -> StreamKey:
        """The stream of one list; all private message lists of a viewer are one."""
        return StreamKey(self.viewer, kind, MAILBOX if kind == "message" else owner)

    def version(self, kind: str, owner: int) -> int:
        """Return where a stream stands now."""
        key = self.key(kind, owner)
        self.refresh(key, self.period)
        return self.streams.answer(key, None).version

    def beside(self, kind: str, owner: int, ts: int | None, read: Callable[[], Page[Item]]) -> tuple[Page[Item], Any]:
        """Read a list and return it with its `h`: the version for a program without one, else the entries since `ts`.

        The version is asked for before the list is read, so that nothing is lost that happens in between, and is then
        moved on over what the list shows already, so that nothing turns up a second time.
        """
        key, before = self.key(kind, owner), self.version(kind, owner)
        page = read()
        shown = {item.id for item in page.rows}
        # A total without rows (`to=0`) counts what the version has to cover, but does not tell what that is.
        if not shown or not self.streams.knows(key, shown):
            self.refresh(key, 0)
        page = self.pictures.own(page)
        if ts is not None:
            return page, self.spell(key, ts, self.streams.answer(key, ts))
        return page, self._version_of(key, before, shown)

    def poll(self, wanted: Mapping[StreamKey, int]) -> dict[StreamKey, Any]:
        """Return `h` of several streams at once, each since its own version."""
        for key in wanted:
            self.refresh(key, self.period)
        found = self.streams.answers(dict(wanted))
        return {key: self.spell(key, ts, found[key]) for key, ts in wanted.items()}

    def wrote(self, kind: str, owner: int, ts: int | None, action: Action, items: Sequence[Any]) -> list[Any]:
        """Enter the viewer's own change and return `h` for the answer to it, which always holds that change."""
        key = self.key(kind, owner)
        changes = [Change(action, item.id, history.pack(kind, item), getattr(item, "read", True)) for item in items]
        entered = self.streams.record(key, changes)
        since = self.streams.answer(key, ts)
        entries = since.entries if since.known and ts is not None else entered
        return [self._row(key, entry) for entry in entries]

    def refresh(self, key: StreamKey, period: float) -> None:
        """Look at the backend's list again, unless somebody did within `period` seconds."""
        newest = NEWEST_OF.get(key.kind)
        claim = self.streams.claim(key, period) if newest else None
        if newest and claim:
            self._apply(key, claim, newest)

    def spell(self, key: StreamKey, ts: int | None, since: Since) -> Any:
        """Return `h` as the dialect wants it."""
        if ts is None:
            return since.version
        if not since.known:
            return False if self.dialect.stale_h == "false" else since.version
        return [self._row(key, entry) for entry in since.entries]

    def _version_of(self, key: StreamKey, before: int, shown: Collection[int]) -> int:
        since = self.streams.answer(key, before)
        if not since.known:  # a new epoch began meanwhile: nothing before it can be asked for
            return since.version
        version = before
        for entry in since.entries:
            if entry.action not in ("add", "undel") or entry.object_id not in shown:
                break
            version = entry.number + 1
        return version

    def _apply(self, key: StreamKey, claim: Claim, newest: Newest) -> None:
        try:
            rows, complete = newest(self.backend, key.owner)
        except Failure as failure:
            if failure.kind is not Kind.UNSUPPORTED:
                raise
            return  # this backend has no such list: the stream holds the viewer's own changes alone
        page = [Seen(row.id, history.pack(key.kind, row), getattr(row, "read", True)) for row in rows]
        self.streams.apply(claim, page, complete)

    def _row(self, key: StreamKey, entry: Any) -> list[Any]:
        return history.entry_row(key.kind, entry.number, entry.action, entry.payload, self.dialect, self.pictures.own)
