"""One stream while its row is locked: reading what is stored, appending entries, writing back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from userapi_gw.state.difference import Picture, compare, is_gap, look
from userapi_gw.state.schema import entries, seen_objects, streams
from userapi_gw.state.stream_model import EPOCH_SIZE, FIRST_COUNTER, Change, Entry, Seen, number


@dataclass(slots=True)
class LockedStream:
    """A row of `streams`. `save` must be called at the end, inside the transaction that locked it."""

    connection: Connection
    id: int
    epoch: int
    counter: int
    revision: int
    newest: int | None
    bottom: int
    new_epoch: int
    """What the epoch becomes when a new one is needed, should time alone not have raised it above the old one."""
    keep_entries: int
    keep_seen: int
    _appended: list[dict[str, Any]] = field(default_factory=list)

    def record(self, changes: Sequence[Change]) -> list[Entry]:
        """Append what is not there yet; return the entry of each change, old or new."""
        self._make_room(len(changes))
        touched = {change.object_id for change in changes}
        standing, before = self._standing(touched), self._seen(seen_objects.c.object_id.in_(touched))
        objects = dict(before)
        result = []
        for change in changes:
            entry = _same(standing[change.object_id], change)
            if entry is None:
                entry = self._append(change)
                standing[change.object_id] = _stand(standing[change.object_id], entry)
            _put(objects, change)
            result.append(entry)
        self._store(before, objects)
        self._forget_oldest()
        return result

    def apply(self, page: Sequence[Seen], complete: bool, oldest_news: int) -> list[Entry]:
        """Append what the page shows to have changed. A page with a hole before it begins a new epoch instead."""
        if not page and not complete:
            return []  # says nothing about anything
        picture = Picture(self._seen(), self.newest, self.bottom)
        if is_gap(picture, page, complete):
            self._begin_epoch()
            changes = []
        else:
            changes = compare(picture, page, complete, self._deleted(picture, page), oldest_news)
            self._make_room(len(changes))
        after = look(picture, page, complete, self.keep_seen)
        self._store(picture.objects, after.objects)
        self.newest, self.bottom = after.newest, after.bottom
        return [self._append(change) for change in changes]

    def save(self, looked_at: float | None = None) -> None:
        """Write entries and row; the revision rises, so that a page asked for before this is not believed.

        `looked_at` is when a page that was taken in was asked for (unix seconds), None after an own write.
        """
        if self._appended:
            self.connection.execute(insert(entries), self._appended)
            oldest = number(self.epoch, self.counter) - 2 * self.keep_entries
            self.connection.execute(delete(entries).where(entries.c.stream_id == self.id, entries.c.number < oldest))
        row = {"epoch": self.epoch, "counter": self.counter, "newest": self.newest, "bottom": self.bottom}
        changed = update(streams).where(streams.c.id == self.id)
        changed = changed if looked_at is None else changed.values(looked_at=looked_at)
        self.connection.execute(changed.values(row | {"revision": self.revision + 1}))

    def _append(self, change: Change) -> Entry:
        entry = Entry(number(self.epoch, self.counter + 1), change.action, change.object_id, change.payload)
        self.counter += 2
        row = {"number": entry.number, "action": entry.action, "object_id": entry.object_id, "payload": entry.payload}
        self._appended.append(row | {"stream_id": self.id})
        return entry

    def _make_room(self, count: int) -> None:
        if self.counter + 2 * count >= EPOCH_SIZE:
            self._begin_epoch()

    def _begin_epoch(self) -> None:
        self.connection.execute(delete(entries).where(entries.c.stream_id == self.id))
        self.epoch, self.counter = max(self.epoch + 1, self.new_epoch), FIRST_COUNTER

    def _seen(self, *which: ColumnElement[bool]) -> dict[int, Seen]:
        query = select(seen_objects.c.object_id, seen_objects.c.payload, seen_objects.c.read)
        rows = self.connection.execute(query.where(seen_objects.c.stream_id == self.id, *which))
        return {row.object_id: Seen(*row) for row in rows}

    def _store(self, old: dict[int, Seen], new: dict[int, Seen]) -> None:
        """Write the difference: usually a row or two."""
        put = [seen for i, seen in new.items() if old.get(i) != seen]
        stale = (old.keys() - new.keys()) | {seen.object_id for seen in put}
        if stale:
            mine = seen_objects.c.stream_id == self.id
            self.connection.execute(delete(seen_objects).where(mine, seen_objects.c.object_id.in_(stale)))
        if put:
            rows = [{"object_id": seen.object_id, "read": seen.read, "payload": seen.payload} for seen in put]
            self.connection.execute(insert(seen_objects), [row | {"stream_id": self.id} for row in rows])

    def _forget_oldest(self) -> None:
        """Keep the newest `keep_seen` objects, as `difference.look` does."""
        mine = seen_objects.c.stream_id == self.id
        newest_first = select(seen_objects.c.object_id).where(mine).order_by(seen_objects.c.object_id.desc())
        newest = self.connection.scalars(newest_first.limit(self.keep_seen + 1)).all()
        if len(newest) > self.keep_seen:
            self.connection.execute(delete(seen_objects).where(mine, seen_objects.c.object_id <= newest[-1]))
            self.bottom = max(self.bottom, newest[-2])

    def _deleted(self, picture: Picture, page: Iterable[Seen]) -> set[int]:
        """Return those new on the page whose history says they are gone."""
        standing = self._standing({seen.object_id for seen in page} - picture.objects.keys())
        return {i for i, found in standing.items() if found and found[0].action == "del"}

    def _standing(self, object_ids: Collection[int]) -> defaultdict[int, list[Entry]]:
        """Return by object what of its history still holds, see `_stand`."""
        result: defaultdict[int, list[Entry]] = defaultdict(list)
        if object_ids:
            query = select(entries.c.number, entries.c.action, entries.c.object_id, entries.c.payload)
            mine = query.where(entries.c.stream_id == self.id, entries.c.object_id.in_(object_ids))
            for row in self.connection.execute(mine.order_by(entries.c.number)):
                result[row.object_id] = _stand(result[row.object_id], Entry(*row))
        return result


def _stand(standing: list[Entry], entry: Entry) -> list[Entry]:
    """Return what holds after `entry`: the object coming or going, and that it was read since."""
    return [*(known for known in standing if known.action != "read"), entry] if entry.action == "read" else [entry]


def _same(standing: list[Entry], change: Change) -> Entry | None:
    """Return the entry that says the same: somebody was faster and saw the change on the backend.

    An object that came back is new to a stream that did not see it go.
    """
    same = {change.action} | ({"add", "undel"} if change.action in ("add", "undel") else set())
    return next((entry for entry in standing if entry.action in same), None)


def _put(objects: dict[int, Seen], change: Change) -> None:
    """Keep what was seen in step with an own write."""
    if change.action == "del":
        objects.pop(change.object_id, None)
    elif change.action == "read":
        if change.object_id in objects:
            objects[change.object_id] = replace(objects[change.object_id], read=True)
    else:
        objects[change.object_id] = Seen(change.object_id, change.payload, change.read)
