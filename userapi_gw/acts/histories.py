"""Update histories (`ts` and `h`) of one viewer: what the backend shows now, held against what was seen before.

UserAPI documentation, "Periodically obtaining updates history for an object". Numbers and entries are kept in
`state.streams`; this module knows which backend list feeds which stream and when it is looked at again.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol, TypeVar

from userapi_gw.acts.friends_news import UPDATES, FriendsNews
from userapi_gw.acts.pace import Pace
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Comment, News, Page, Photo, PhotoName, Window
from userapi_gw.backend.news import NewsKind, first_id
from userapi_gw.backend.together import together
from userapi_gw.dialect import Dialect
from userapi_gw.errors import Failure, Kind
from userapi_gw.pictures import Pictures
from userapi_gw.shapes import history
from userapi_gw.state import Action, Change, Claim, Entry, Seen, Since, StreamKey
from userapi_gw.state.streams import Streams

log = logging.getLogger(__name__)

NEWEST = (Window(0, 50), Window(0, 500))
"""The part of a list that is looked at, and the longer one for when more has changed than the first shows."""

TRIES = 3
"""How often a list is read anew when it changes while it is read."""

LONG_AGO = 3600.0
"""In seconds. A list was looked at before that only if what was seen then could not be used."""

LEISURE = 20
"""How many times the usual period may pass between two looks where there is no hurry."""

OUT_OF_REACH = frozenset({Kind.BACKEND_AWAY, Kind.BACKEND_BROKEN, Kind.FLOOD, Kind.CAPTCHA, Kind.RIGHT_LACKING})
"""Failures that leave a history as it is until the next look; what happened meanwhile is found then."""

LATE = 600
"""Seconds by which news may be older than the last look at them, since servers lag and their clocks differ."""

MAILBOX = 0
"""The owner of the one message stream a viewer has: all private message lists share it."""


class HasId(Protocol):
    """Any object of the model that lists are made of."""

    @property
    def id(self) -> int:
        """The number the object has on its list."""


class Watch(Protocol):
    """Whoever may hear of changes in a viewer's mailbox without being asked to look."""

    def polled(self) -> None:
        """Take note that a program asks for news."""

    def period(self, usual: float) -> float:
        """Return the least time between two looks at the mailbox, in seconds, where it would be `usual`."""


Item = TypeVar("Item", bound=HasId)
Newest = Callable[["Histories", int, Window], tuple[Sequence[Any], bool]]


def _whole(page: Page[Any]) -> tuple[Sequence[Any], bool]:
    return page.rows, page.total <= len(page.rows)


def _comments(kind: str, histories: "Histories", owner: int, window: Window) -> tuple[Sequence[Comment], bool]:
    """The newest comments, and those shown before on photos that are there but were not looked at now."""
    backend = histories.backend
    read = backend.comments_on_photos_of if kind == "photos_comments" else backend.comments_on_photos_with
    page = read(owner, window)
    rows, complete = _whole(page)
    if page.photos is None:
        return rows, complete
    lowest = 0 if complete else min((comment.id for comment in rows), default=0)
    elsewhere = histories.shown_elsewhere(histories.key(kind, owner), page.photos)
    return [*rows, *(comment for comment in elsewhere if comment.id >= lowest)], complete


def _news(kind: NewsKind, histories: "Histories", _: int, window: Window) -> tuple[Sequence[News[Any]], bool]:
    """The newest news. Of the second in which the oldest of a page happened there may be more on the next one."""
    page = histories.news.read(kind, window, watched=True)
    if page.total <= len(page.rows):
        return page.rows, True
    oldest = min((news.date for news in page.rows), default=0)
    return [news for news in page.rows if news.date > oldest], False


NEWEST_OF: Mapping[str, Newest] = {
    "wall": lambda our, owner, window: our.backend.newest_posts(owner, window),
    "message": lambda our, _, window: our.backend.newest_messages(window),
    "activity": lambda our, owner, window: _whole(our.backend.statuses(owner, window)),
    "photos_comments": partial(_comments, "photos_comments"),
    "photos_with_comments": partial(_comments, "photos_with_comments"),
    **{name: partial(_news, kind) for name, kind in UPDATES.items()},
}


def _name(photo: Photo) -> PhotoName:
    return photo.owner_id, photo.id


@dataclass(frozen=True, slots=True)
class Histories:
    """The streams of one viewer. `period` is the least time between two looks at the same list, in seconds.

    Streams keep the backend's addresses of pictures; `pictures` exchanges them for the program that asks. Entries about
    comments on other photos than `photo_id` are left out, unless it is 0. `watch` may hear of mail before it is polled,
    `pace` bounds how many lists are looked at because somebody polls them.
    """

    viewer: int
    streams: Streams
    backend: Backend
    dialect: Dialect
    period: float
    news: FriendsNews
    pictures: Pictures = field(default_factory=Pictures)
    photo_id: int = 0
    watch: Watch | None = None
    pace: Pace | None = None

    def of_photo(self, photo_id: int) -> "Histories":
        """The same histories, those of comments reduced to one photo; 0 for all photos."""
        return replace(self, photo_id=photo_id)

    def freshly(self) -> "Histories":
        """The same histories over a backend that gives no answers from before."""
        backend = self.backend.freshly()
        return replace(self, backend=backend, news=replace(self.news, backend=backend))

    def at_leisure(self) -> "Histories":
        """The same histories, looked at more seldom: for versions that a program is going to poll with anyway.

        A version that does not cover the newest changes yet is right: the poll brings them.
        """
        return replace(self, period=self.period * LEISURE)

    def key(self, kind: str, owner: int) -> StreamKey:
        """The stream of one list; all private message lists of a viewer are one."""
        return StreamKey(self.viewer, kind, MAILBOX if kind == "message" else owner)

    def version(self, kind: str, owner: int) -> int:
        """Return where a stream stands now."""
        key = self.key(kind, owner)
        self.refresh(key, self._period(key))
        return self.streams.answer(key, None).version

    def beside(
        self, kind: str, owner: int, ts: int | None, read: Callable[[], Page[Item]], *, is_beginning: bool = False
    ) -> tuple[Page[Item], Any]:
        """Read a list and return it with its `h`: the version for a program without one, else the entries since `ts`.

        `is_beginning` says that it is the first part of the very list the history is about, nothing left out.

        The version is asked for before the list is read, so that nothing is lost that happens in between, and is then
        moved on over what the list shows already, so that nothing turns up a second time.
        """
        key = self.key(kind, owner)
        for _ in range(TRIES):
            before = self.version(kind, owner)
            page = read()
            shown = {item.id for item in page.rows}
            # A total without rows (`to=0`) counts what the version has to cover, but does not tell what that is.
            # A program that sent a version follows the entries, whatever the page beside them shows.
            gone = is_beginning and ts is None and self.streams.misses(key, shown, complete=page.total <= len(shown))
            if gone or not shown or not self.streams.knows(key, shown):
                self.refresh(key, 0)
            if ts is not None:
                return self.pictures.own(page), self.spell(key, self.streams.answer(key, ts))
            version, is_settled = self._version_of(key, before, shown)
            if is_settled:
                break
        return self.pictures.own(page), version

    def poll(self, wanted: Mapping[StreamKey, int]) -> dict[StreamKey, Any]:
        """Return `h` of several streams at once, each since its own version.

        A stamp nobody gave out is worth a look only where the version is answered to it.
        """
        if self.watch and self.backend.reads_messages and any(key.kind == "message" for key in wanted):
            self.watch.polled()
        before = self.streams.answers(dict(wanted))
        versions = self.dialect.stale_h == "version"
        due = [key for key in wanted if self._is_due(key, before[key]) and (versions or before[key].known)]
        due.sort(key=lambda key: before[key].looked_at)
        looked = together(*(partial(self.refresh, key, self._period(key)) for key in due if self._in_pace()))
        found = self.streams.answers(dict(wanted)) if any(looked) else before
        return {key: self.spell(key, found[key]) for key in wanted}

    def wrote(
        self, kind: str, owner: int, ts: int | None, action: Action, read: Callable[[], Sequence[Item]]
    ) -> list[Any]:
        """Enter the viewer's own change and return `h` for the answer to it, which holds that change.

        `read` asks the backend what the change made. When it cannot tell, the change has happened all the same: the
        answer is then without it, and the next look at the list brings it.
        """
        key = self.key(kind, owner)
        try:
            items = read()
        except Failure as failure:
            if failure.kind is Kind.TOKEN_REFUSED:
                raise
            log.warning("what was written to the %s could not be read back: %s", kind, failure)
            items = []
        changes = [Change(action, item.id, history.pack(kind, item), getattr(item, "read", True)) for item in items]
        entered = self.streams.record(key, changes)
        since = self.streams.answer(key, ts)
        entries = since.entries if since.known and ts is not None else entered
        return self._rows(key, entries)

    def refresh(self, key: StreamKey, period: float) -> bool:
        """Look at the backend's list again, unless somebody did within `period` seconds; tell whether it was tried."""
        try:
            return self._look(key, period)
        except Failure as failure:
            if failure.kind not in OUT_OF_REACH:
                raise
            log.log(failure.outcome.level, "the %s was not looked at: %s", key.kind, failure)
            return True

    def mail_came(self) -> None:
        """Look at the mailbox now, and again when somebody else changed its stream meanwhile.

        Raises `Failure` when it could not be seen: whoever heard of mail will not hear of it again.
        """
        key = self.key("message", MAILBOX)
        looked, tries = self._look(key, 0), 1
        while looked and tries < TRIES:
            looked, tries = self._look(key, LONG_AGO), tries + 1

    def spell(self, key: StreamKey, since: Since) -> Any:
        """Return `h` for a program that sent a version, as the dialect wants it."""
        if not since.known:
            return False if self.dialect.stale_h == "false" else since.version
        if key.kind == "message" and not self.backend.reads_messages:  # other sessions of the viewer may
            return []
        return self._rows(key, since.entries)

    def _period(self, key: StreamKey) -> float:
        return self.watch.period(self.period) if self.watch and key.kind == "message" else self.period

    def _is_due(self, key: StreamKey, since: Since) -> bool:
        return self.streams.is_due(since, self._period(key))

    def _in_pace(self) -> bool:
        """Tell whether one more list may be looked at. Who polls is answered all the same, and hears of news later."""
        return self.pace is None or not self.period or self.pace.allows()

    def _version_of(self, key: StreamKey, before: int, shown: Collection[int]) -> tuple[int, bool]:
        """Return the version that covers what is `shown`, and whether there is one."""
        since = self.streams.answer(key, before)
        if not since.known:  # a new epoch began meanwhile: nothing before it can be asked for
            return since.version, True
        covered = [entry.action in ("add", "undel") and entry.object_id in shown for entry in since.entries]
        count = next((place for place, is_covered in enumerate(covered) if not is_covered), len(covered))
        version = since.entries[count - 1].number + 1 if count else before
        return version, not any(covered[count:]) and self.streams.knows(key, shown)

    def _look(self, key: StreamKey, period: float) -> bool:
        newest = NEWEST_OF.get(key.kind)
        claim = self.streams.claim(key, period) if newest else None
        if newest is None or claim is None:
            return False
        self._apply(key, claim, newest)
        return True

    def _apply(self, key: StreamKey, claim: Claim, newest: Newest) -> None:
        try:
            for window in NEWEST:
                rows, complete = newest(self.freshly(), key.owner, window)
                if complete or claim.newest is None or min((row.id for row in rows), default=0) <= claim.newest:
                    break
        except Failure as failure:
            if failure.kind is not Kind.UNSUPPORTED:
                raise
            return  # without such a list the stream holds the viewer's own changes alone
        page = [Seen(row.id, history.pack(key.kind, row), getattr(row, "read", True)) for row in rows]
        # News from before the last look are not new: somebody became a friend, and brought along what they did before.
        oldest_news = max(0, first_id(int(claim.looked_at) - LATE)) if key.kind in UPDATES else 0
        self.streams.apply(claim, page, complete, oldest_news)

    def shown_elsewhere(self, key: StreamKey, photos: Collection[PhotoName]) -> list[Comment]:
        """Return the comments of a stream that the viewer was shown on other photos than these, if they still exist."""
        shown: list[Comment] = [history.unpack(key.kind, payload) for payload in self.streams.shown(key)]
        others = {_name(comment.photo) for comment in shown}.difference(photos)
        there = set(map(_name, self.backend.photos_named(sorted(others)))) if others else set()
        return [comment for comment in shown if _name(comment.photo) in there]

    def _rows(self, key: StreamKey, entries: Sequence[Entry]) -> list[list[Any]]:
        return [
            history.entry_row(key.kind, entry.number, entry.action, entry.payload, self.dialect, self.pictures.own)
            for entry in entries
            if not self.photo_id or history.photo_id(key.kind, entry.payload) in (None, self.photo_id)
        ]
