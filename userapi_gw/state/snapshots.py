"""Snapshots of what a viewer's friends show, and the news found by comparing them.

For backends without a feed of news. All of it belongs to one viewer: it was made with the viewer's own token, and
nobody else is told of it.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import found_news, news_lists, snapshots
from userapi_gw.state.snapshot_model import Due, Found, Outcome, Round, Shown

_PURGED_AT_ONCE = 1000
_FOUND = [found_news.c[field.name] for field in fields(Found)]


class Snapshots:
    """The snapshots and news of all viewers: a list for each viewer and kind.

    A round looks at some friends, each at most once in `period` seconds. The `keep_news` newest finds of a list are
    kept. What nobody has asked for in `unused_time` seconds is
    thrown out, at least `purge_step` seconds apart.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], float],
        *,
        keep_news: int,
        unused_time: float,
        purge_step: float,
    ) -> None:
        self._database, self._clock, self._keep_news = database, clock, keep_news
        self._unused_time, self._purge_step, self._next_purge = unused_time, purge_step, 0.0

    @repeatable
    def begin(self, viewer: int, kind: str, pause: float, period: float) -> Round | None:
        """Take the right to a round of looks; None when somebody, in any process, did within `pause` seconds."""
        now = self._clock()
        mine = and_(news_lists.c.viewer == viewer, news_lists.c.kind == kind)
        with self._database.read() as connection:
            before = connection.scalar(select(news_lists.c.round_at).where(mine))
        if before is None:
            self._create(viewer, kind)
        elif before > now - pause:
            return None
        taken = update(news_lists).where(mine, news_lists.c.round_at <= now - pause).values(round_at=now)
        with self._database.write() as connection:
            row = connection.execute(taken.returning(news_lists.c.id, news_lists.c.friends_at)).one_or_none()
        return None if row is None else Round(row.id, now, row.friends_at <= now - period)

    @repeatable
    def put_friends(self, round_: Round, friend_ids: Collection[int]) -> None:
        """Take the viewer's friends into the round. What was found of others is no news of friends any more."""
        with self._database.write() as connection:
            self._lock(connection, round_)
            mine = snapshots.c.list_id == round_.list_id
            known = set(connection.scalars(select(snapshots.c.friend_id).where(mine)))
            self._forget(connection, round_, known - set(friend_ids))
            rows = [{"friend_id": one, "due_at": 0.0, "revision": 0} for one in set(friend_ids) - known]
            if rows:
                connection.execute(insert(snapshots), [row | {"list_id": round_.list_id} for row in rows])
            listed = update(news_lists).where(news_lists.c.id == round_.list_id)
            connection.execute(listed.values(friends_at=round_.at))

    def friends(self, round_: Round) -> set[int]:
        """Return the ids of the viewer's friends as they were listed last."""
        with self._database.read() as connection:
            return set(connection.scalars(select(snapshots.c.friend_id).where(snapshots.c.list_id == round_.list_id)))

    @repeatable
    def claim(self, round_: Round, period: float, most: int) -> list[Due]:
        """Take the right to look at `most` friends, those not looked at for longest; each has it once a `period`."""
        mine = snapshots.c.list_id == round_.list_id
        due = select(snapshots.c.friend_id).where(mine, snapshots.c.due_at <= round_.at)
        longest_ago = due.order_by(snapshots.c.due_at, snapshots.c.friend_id).limit(most)
        taken = update(snapshots).where(mine, snapshots.c.friend_id.in_(longest_ago))
        taken = taken.values(due_at=round_.at + period, revision=snapshots.c.revision + 1)
        with self._database.write() as connection:
            self._lock(connection, round_)
            rows = connection.execute(taken.returning(snapshots.c.friend_id, snapshots.c.revision, snapshots.c.shown))
            return sorted((Due(one, revision, _read(shown)) for one, revision, shown in rows), key=_friend_id)

    @repeatable
    def release(self, round_: Round, left: Iterable[Due]) -> None:
        """Give back the right to friends that were not looked at: they are due in the next round."""
        ids = [due.friend_id for due in left]
        again = update(snapshots).where(snapshots.c.list_id == round_.list_id, snapshots.c.friend_id.in_(ids))
        with self._database.write() as connection:
            self._lock(connection, round_)
            connection.execute(again.values(due_at=0.0))

    @repeatable
    def store(self, round_: Round, outcomes: Sequence[Outcome]) -> None:
        """Keep what was seen and found. A look that a later one overtook is dropped: that one tells the same."""
        with self._database.write() as connection:
            self._lock(connection, round_)
            kept = [outcome for outcome in outcomes if self._keep(connection, round_, outcome)]
            for outcome in kept:
                self._take_away(connection, round_, outcome)
            found = [asdict(one) | {"list_id": round_.list_id} for outcome in kept for one in outcome.came]
            if found:
                connection.execute(self._database.insert(found_news).on_conflict_do_nothing(), found)
                self._forget_oldest(connection, round_)

    def news(self, viewer: int, kind: str, recent: int | None, start: int, count: int) -> tuple[int, list[Found]]:
        """Return how much was found, and `count` things of it behind the first `start`, the latest found first.

        With `recent` they come by their dates, newest first, and those that many seconds older than the newest not.
        """
        of_viewer = select(news_lists.c.id).where(news_lists.c.viewer == viewer, news_lists.c.kind == kind)
        mine, order = found_news.c.list_id == of_viewer.scalar_subquery(), [found_news.c.number.desc()]
        if recent is not None:
            newest = select(func.max(found_news.c.date)).where(mine).scalar_subquery()
            mine, order = and_(mine, found_news.c.date >= newest - recent), [found_news.c.date.desc(), *order]
        with self._database.read() as connection:
            total = connection.scalar(select(func.count()).select_from(found_news).where(mine)) or 0
            rows = connection.execute(select(*_FOUND).where(mine).order_by(*order).offset(start).limit(count))
            return total, [Found(*row) for row in rows]

    @repeatable
    def purge(self) -> None:
        """Throw out what nobody asks for any more."""
        unused = select(news_lists.c.id).where(news_lists.c.round_at < self._clock() - self._unused_time)
        some = unused.limit(_PURGED_AT_ONCE).with_for_update(skip_locked=True)  # one that is locked is in use
        with self._database.write() as connection:
            while ids := connection.scalars(some).all():
                for table in (found_news, snapshots):
                    connection.execute(delete(table).where(table.c.list_id.in_(ids)))
                connection.execute(delete(news_lists).where(news_lists.c.id.in_(ids)))

    def _create(self, viewer: int, kind: str) -> None:
        if self._clock() >= self._next_purge:
            self._next_purge = self._clock() + self._purge_step
            self.purge()
        row = {"viewer": viewer, "kind": kind, "round_at": 0.0, "friends_at": 0.0}
        with self._database.write() as connection:
            connection.execute(self._database.insert(news_lists).values(row).on_conflict_do_nothing())

    def _lock(self, connection: Connection, round_: Round) -> None:
        """Keep others from changing the list until the transaction ends, all in one order."""
        connection.execute(select(news_lists.c.id).where(news_lists.c.id == round_.list_id).with_for_update())

    def _keep(self, connection: Connection, round_: Round, outcome: Outcome) -> bool:
        if outcome.shown == outcome.due.before:
            return False
        due = outcome.due
        claimed = (snapshots.c.friend_id == due.friend_id, snapshots.c.revision == due.revision)
        seen = update(snapshots).where(snapshots.c.list_id == round_.list_id, *claimed)
        return connection.execute(seen.values(shown=_written(outcome.shown))).rowcount == 1

    def _take_away(self, connection: Connection, round_: Round, outcome: Outcome) -> None:
        """Forget what the friend took away, or everything of one who shows nothing any more."""
        of_friend = [found_news.c.list_id == round_.list_id, found_news.c.friend_id == outcome.due.friend_id]
        if outcome.shown is None:
            connection.execute(delete(found_news).where(*of_friend))
        elif outcome.gone:
            connection.execute(delete(found_news).where(*of_friend, found_news.c.name.in_(outcome.gone)))

    def _forget(self, connection: Connection, round_: Round, friend_ids: Collection[int]) -> None:
        for table in (found_news, snapshots) if friend_ids else ():
            of_list = table.c.list_id == round_.list_id
            connection.execute(delete(table).where(of_list, table.c.friend_id.in_(friend_ids)))

    def _forget_oldest(self, connection: Connection, round_: Round) -> None:
        mine = found_news.c.list_id == round_.list_id
        first_too_many = select(found_news.c.number).where(mine).order_by(found_news.c.number.desc())
        oldest = connection.scalar(first_too_many.offset(self._keep_news).limit(1))
        if oldest is not None:
            connection.execute(delete(found_news).where(mine, found_news.c.number <= oldest))


def _friend_id(due: Due) -> int:
    return due.friend_id


def _read(shown: Any) -> Shown | None:
    return None if shown is None else Shown(tuple(shown["names"]), shown["whole"])


def _written(shown: Shown | None) -> Any:
    return None if shown is None else {"names": list(shown.names), "whole": shown.whole}
