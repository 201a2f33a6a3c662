"""Update streams: the `ts` and `h` of UserAPI. See `stream_model` for the numbers, `difference` for the comparison.

A stream is what one viewer sees of one list. Its entries come from own writes (`record`) and from comparing the
backend's newest page with what was seen before (`claim`, then `apply`). Each of these is one transaction with the
stream's row locked.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, Select, and_, bindparam, delete, or_, select, update

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import entries, seen_objects, streams
from userapi_gw.state.stream_memory import Question, Stand, Stands, StreamMemory
from userapi_gw.state.stream_model import (
    EPOCH_SIZE,
    FIRST_COUNTER,
    Change,
    Claim,
    Entry,
    Seen,
    Since,
    StreamKey,
    count_after,
    epoch_at,
    is_within,
    number,
)
from userapi_gw.state.stream_rows import LockedStream

_KEY = (streams.c.viewer, streams.c.kind, streams.c.owner)
_PURGED_AT_ONCE = 500
_ROW = (streams.c.epoch, streams.c.counter, streams.c.revision, streams.c.newest, streams.c.bottom)
_STANDS = select(*_KEY, streams.c.id, streams.c.epoch * EPOCH_SIZE + streams.c.counter, streams.c.refreshed_at)
_REFRESHED_AT = select(streams.c.refreshed_at).where(*(column == bindparam(f"this_{column.name}") for column in _KEY))


class Streams:
    """All streams. The `keep_entries` newest entries of each are kept, and its `keep_seen` newest objects.

    A stream nobody has looked at for `unused_time` seconds is thrown out, at least `purge_step` seconds apart.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], float],
        *,
        keep_entries: int,
        keep_seen: int,
        unused_time: float,
        purge_step: float,
    ) -> None:
        self._database, self._clock = database, clock
        self._memory = StreamMemory(database)
        self._keep_entries, self._keep_seen = keep_entries, keep_seen
        self._unused_time, self._purge_step, self._next_purge = unused_time, purge_step, 0.0

    def answer(self, key: StreamKey, ts: int | None) -> Since:
        """Tell where one stream stands, see `answers`. For lists: nothing is remembered, as it is for polls."""
        return self._told({key: ts}, self._stands((key,)))[key]

    def answers(self, wanted: Mapping[StreamKey, int | None]) -> dict[StreamKey, Since]:
        """Tell for several streams at once where each stands and what happened after the stamp given with it.

        A stamp is the (even) version or the (odd) number of the last entry the program saw; None asks for the version
        alone. A stream that does not exist stands where it will when it is made; asking does not make it.
        """
        if not wanted:
            return {}
        asked = tuple(wanted)
        return self._told(wanted, self._memory.of(asked, lambda: self._stands(asked)))

    def _told(self, wanted: Mapping[StreamKey, int | None], found: Stands) -> dict[StreamKey, Since]:
        news = self._news(wanted, found)
        return {key: self._since(found.get(key), ts, news) for key, ts in wanted.items()}

    def was_polled(self, viewer: int, seconds: float) -> bool:
        """Tell whether any list of a viewer was looked at within so many seconds, as it is while a program polls it."""
        lately = select(streams.c.id).where(streams.c.viewer == viewer)
        with self._database.read() as connection:
            recent = lately.where(streams.c.refreshed_at > self._clock() - seconds).limit(1)
            return connection.scalar(recent) is not None

    def is_due(self, since: Since, period: float) -> bool:
        """Tell whether it may be time for a look at the stream that stands so; `claim` has the last word."""
        return period <= 0 or since.looked_at <= self._clock() - period

    @repeatable
    def record(self, key: StreamKey, changes: Sequence[Change]) -> list[Entry]:
        """Append own writes and return the entry of each.

        A change that a refresh saw first (the object's newest entry says the same) gets that entry, not a second one.
        """
        if not changes:
            return []
        with self._memory.changing(key.viewer) as connection:
            stream = self._lock(connection, key)
            result = stream.record(changes)
            stream.save()
            return result

    @repeatable
    def claim(self, key: StreamKey, period: float) -> Claim | None:
        """Take the right to refresh a stream; None when somebody, in any process, did within `period` seconds.

        0 forces. Ask the backend after this, not before: a write in between then makes `apply` refuse the page.
        """
        now = self._clock()
        latest = now - period if period > 0 else math.inf
        with self._database.read() as connection:
            refreshed_at = connection.scalar(_REFRESHED_AT, _this(key))
        if refreshed_at is None:
            self._create(key)
        elif refreshed_at > latest:
            return None
        with self._memory.changing(key.viewer) as connection:
            taken = (
                update(streams)
                .where(_is(key), streams.c.refreshed_at <= latest)
                .values(refreshed_at=now)
                .returning(streams.c.revision, streams.c.newest, streams.c.looked_at)
            )
            row = connection.execute(taken).one_or_none()
        return None if row is None else Claim(key, row.revision, row.newest, now, row.looked_at)

    @repeatable
    def apply(self, claim: Claim, page: Sequence[Seen], complete: bool, oldest_news: int = 0) -> list[Entry]:
        """Compare the backend's newest page (`complete`: its whole list) with what was seen; return what was appended.

        The page must have no holes: every object above its lowest id that the viewer may see is on it. So leave out
        what a backend pins to the top. The first page of a stream is taken in silently, as is one with a hole before
        it, which begins a new epoch, and what appears with an id below `oldest_news`. A page from before a write (the
        claim's revision has passed) is dropped, and the stream is due for a refresh again.
        """
        with self._memory.changing(claim.key.viewer) as connection:
            stream = self._lock(connection, claim.key)
            if stream.revision != claim.revision:
                connection.execute(update(streams).where(streams.c.id == stream.id).values(refreshed_at=0.0))
                return []
            result = stream.apply(page, complete, oldest_news)
            stream.save(looked_at=claim.taken_at if page or complete else None)  # an empty part says nothing
            return result

    @repeatable
    def make_due(self, kind: str, owner: int | None, viewer: int | None = None) -> None:
        """Have a list looked at again when it is polled next: it has changed. None: whosever list, whoever polls."""
        named = ((streams.c.owner, owner), (streams.c.viewer, viewer))
        wanted = [streams.c.kind == kind, *(column == value for column, value in named if value is not None)]
        due = update(streams).where(*wanted, streams.c.refreshed_at > 0).values(refreshed_at=0.0)
        with self._database.write() as connection:
            viewers = set(connection.scalars(due.returning(streams.c.viewer)))
        self._memory.forget(viewers)

    def knows(self, key: StreamKey, object_ids: Collection[int]) -> bool:
        """Tell whether these objects were seen, or are older than what is known of a list; if not, force a refresh."""
        if not object_ids:
            return True
        with self._database.read() as connection:
            stream = connection.execute(select(streams.c.newest, streams.c.bottom).where(_is(key))).one_or_none()
            above = {i for i in object_ids if stream is None or stream.newest is None or i >= stream.bottom}
            return not above or above <= self._seen_among(connection, key, above)

    def misses(self, key: StreamKey, object_ids: Collection[int], *, complete: bool) -> bool:
        """Tell whether the beginning of a list lacks an object that was seen on it; if so, force a refresh.

        `complete` says that it is the whole list. What went away and comes back before the next refresh would never be
        told to whom the list was shown between.
        """
        lowest = 0 if complete or not object_ids else min(object_ids)
        query = select(seen_objects.c.object_id).join(streams).where(_is(key))
        above = query.where(seen_objects.c.object_id >= lowest)
        with self._database.read() as connection:
            return not set(connection.scalars(above)) <= {*object_ids}

    def shown(self, key: StreamKey) -> list[dict[str, Any]]:
        """Return what a viewer was shown of a list and was not told to be gone: the payloads, oldest first."""
        query = select(seen_objects.c.payload).join(streams).where(_is(key)).order_by(seen_objects.c.object_id)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def _seen_among(self, connection: Connection, key: StreamKey, object_ids: Collection[int]) -> set[int]:
        query = select(seen_objects.c.object_id).join(streams).where(_is(key))
        return set(connection.scalars(query.where(seen_objects.c.object_id.in_(object_ids))))

    def _stands(self, keys: Question) -> Stands:
        named = enumerate(keys)
        places = {f"{name}{place}": getattr(key, name) for place, key in named for name in ("viewer", "kind", "owner")}
        rows = self._database.rows(_stands_of(len(keys)), places)
        return {
            StreamKey(*row[:3]): Stand(stream_id, version, Since(version, [], True, looked_at))
            for *row, stream_id, version, looked_at in rows
        }

    def _news(self, wanted: Mapping[StreamKey, int | None], found: Stands) -> dict[int, list[Entry]]:
        """Return entries by stream id, for the streams that have some after a stamp that may be known."""
        asked = [
            and_(entries.c.stream_id == row.id, entries.c.number > ts, entries.c.number < row.version)
            for key, row in found.items()
            if (ts := wanted[key]) is not None
            and ts != row.version
            and is_within(ts, row.version)
            and 0 < count_after(ts, row.version) <= self._keep_entries
        ]
        if not asked:
            return {}
        result: dict[int, list[Entry]] = {}
        with self._database.read() as connection:
            for row in connection.execute(select(entries).where(or_(*asked)).order_by(entries.c.number)):
                entry = Entry(row.number, row.action, row.object_id, row.payload)
                result.setdefault(row.stream_id, []).append(entry)
        return result

    def _since(self, stand: Stand | None, ts: int | None, news: Mapping[int, list[Entry]]) -> Since:
        if stand is None:
            untouched = number(epoch_at(self._clock()), FIRST_COUNTER)
            return Since(untouched, [], ts in (None, untouched))
        version = stand.version
        if ts == version:
            return stand.unchanged
        entries = news.get(stand.id, [])
        # Fewer than there must be: the oldest were dropped, perhaps between the two queries.
        known = ts is None or (is_within(ts, version) and len(entries) == count_after(ts, version))
        return Since(version, entries if known else [], known, stand.unchanged.looked_at)

    @repeatable
    def purge(self) -> None:
        """Throw out streams nobody looks at any more. Only those of past weeks: made again, they begin higher."""
        now = self._clock()
        unused = select(streams.c.id).where(
            streams.c.refreshed_at < now - self._unused_time, streams.c.epoch < epoch_at(now)
        )
        some = unused.limit(_PURGED_AT_ONCE).with_for_update(skip_locked=True)  # one that is locked is in use
        with self._memory.changing_any() as connection:
            while ids := connection.scalars(some).all():
                for table in (entries, seen_objects):
                    connection.execute(delete(table).where(table.c.stream_id.in_(ids)))
                connection.execute(delete(streams).where(streams.c.id.in_(ids)))

    def close(self) -> None:
        """Give back the file that processes share."""
        self._memory.close()

    def _create(self, key: StreamKey) -> None:
        if self._clock() >= self._next_purge:
            self._next_purge = self._clock() + self._purge_step
            self.purge()
        with self._memory.changing(key.viewer) as connection:
            connection.execute(self._insert(key))

    def _insert(self, key: StreamKey) -> Insert:
        """Return the statement that makes a stream unless it exists."""
        stand = {"epoch": epoch_at(self._clock()), "counter": FIRST_COUNTER}
        rest = {"revision": 0, "refreshed_at": 0.0, "looked_at": 0.0, "newest": None, "bottom": 0}
        row = {"viewer": key.viewer, "kind": key.kind, "owner": key.owner} | stand | rest
        return self._database.insert(streams).values(row).on_conflict_do_nothing()

    def _lock(self, connection: Connection, key: StreamKey) -> LockedStream:
        """Return the stream, made if need be; until the transaction ends nobody else can change it."""
        query = select(streams.c.id, *_ROW).where(_is(key)).with_for_update()
        row = connection.execute(query).one_or_none()
        if row is None:
            connection.execute(self._insert(key))
            row = connection.execute(query).one()
        return LockedStream(connection, *row, epoch_at(self._clock()), self._keep_entries, self._keep_seen)


@cache
def _stands_of(count: int) -> Select[Any]:
    """Return the query for so many streams. A list of any length would be spelled anew each time, which is dear."""
    one = [and_(*(column == bindparam(f"{column.name}{place}") for column in _KEY)) for place in range(count)]
    return _STANDS.where(or_(*one))


def _is(key: StreamKey) -> ColumnElement[bool]:
    return and_(streams.c.viewer == key.viewer, streams.c.kind == key.kind, streams.c.owner == key.owner)


def _this(key: StreamKey) -> dict[str, int | str]:
    return {"this_viewer": key.viewer, "this_kind": key.kind, "this_owner": key.owner}
