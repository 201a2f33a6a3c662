"""Update histories (`ts` and `h`) of one viewer: what the backend shows now, held against what was seen before.

UserAPI documentation, "Periodically obtaining updates history for an object". Numbers and entries are kept in
`state.streams`; this module knows which backend list feeds which stream and when it is looked at again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Message, Page, Window
from userapi_gw.dialect import Dialect
from userapi_gw.errors import Failure, Kind
from userapi_gw.shapes import history
from userapi_gw.state import Action, Change, Claim, Seen, Since, StreamKey
from userapi_gw.state.streams import Streams

NEWEST = Window(0, 50)
MAILBOX = 0
"""The owner of the one message stream a viewer has: all private message lists share it."""

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
    """The streams of one viewer. `period` is the least time between two looks at the same list, in seconds."""

    viewer: int
    streams: Streams
    backend: Backend
    dialect: Dialect
    period: float

    def key(self, kind: str, owner: int) -> StreamKey:
        """The stream of one list; all private message lists of a viewer are one."""
        return StreamKey(self.viewer, kind, MAILBOX if kind == "message" else owner)

    def h(self, kind: str, owner: int, ts: int | None, shown: Iterable[Any] = ()) -> Any:
        """Return `h` beside a list: the version for a program without one, else the entries since `ts`.

        `shown` are the objects in the same answer; none of them may turn up later as new.
        """
        key = self.key(kind, owner)
        is_new = not self.streams.knows(key, [item.id for item in shown])
        self.refresh(key, 0 if is_new else self.period)
        return self.spell(key, ts, self.streams.answer(key, ts))

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
        return history.entry_row(key.kind, entry.number, entry.action, entry.payload, self.dialect)
