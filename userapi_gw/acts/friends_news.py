"""News of the viewer's friends: from the backend's feed, or found by looking at friends again and again.

UserAPI documentation, "Getting friends' updates news". Looks happen while somebody asks, never in the background.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from userapi_gw.acts.found_things import news_of, outcome
from userapi_gw.backend import deadline
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.looks import FRIENDS_PER_CALL
from userapi_gw.backend.model import News, Page, Window
from userapi_gw.backend.news import RECENT, NewsKind
from userapi_gw.errors import Failure, Kind
from userapi_gw.state import Round, Snapshots

log = logging.getLogger(__name__)

UPDATES: Mapping[str, NewsKind] = {
    "updates_photos": "photo",
    "updates_tagged_photos": "photo_tag",
    "updates_friends": "friend",
    "updates_activity": "status",
}
"""The lists of friends' news, and what they are news of."""

PASSING = (Kind.UNSUPPORTED, Kind.FLOOD, Kind.BACKEND_BROKEN, Kind.BACKEND_AWAY)
"""Failures of looks that leave what was found before as good as it was.

The backend keeps nothing of this kind, was called too often, has trouble with one friend, or does not answer now.
"""

LOOKS_SHARE = 1 / 2
"""How much of the time left looks may take: what was found has to be told, too."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How much looking is asked of a backend.

    A round of looks is taken at most every `pause` seconds for each viewer and kind, with at most `calls` calls. A
    friend is looked at once in `period` seconds, and so is the list of friends.
    """

    pause: float
    period: float
    calls: int


@dataclass(frozen=True, slots=True)
class FriendsNews:
    """What the friends of one viewer did lately, as the backend shows it to that viewer."""

    backend: Backend
    snapshots: Snapshots
    rates: Rates

    def read(self, kind: NewsKind, window: Window, *, watched: bool = False) -> Page[News[Any]]:
        """News of one kind, newest first; see `backend.news` for `watched`.

        News that looks have found come in the order in which they were found where they are watched; else by the dates
        of the things, within `RECENT` seconds before the newest of them.
        """
        if self.backend.has_news(kind):
            try:
                return self.backend.news(kind, window, watched=watched)
            except Failure:
                if self.backend.has_news(kind):
                    raise
        self._look_around(kind)
        recent = None if watched else RECENT
        total, rows = self.snapshots.news(self.backend.viewer, kind, recent, window.start, window.count)
        return Page(total, news_of(kind, self.backend, rows))

    def _look_around(self, kind: NewsKind) -> None:
        """Take a round of looks, unless somebody did just now."""
        round_ = self.snapshots.begin(self.backend.viewer, kind, self.rates.pause, self.rates.period)
        if round_ is None:
            return
        try:
            with deadline.within(deadline.left() * LOOKS_SHARE):
                if round_.friends_due:
                    self.snapshots.put_friends(round_, self.backend.freshly().friend_ids())
                self._look_at_friends(kind, round_)
        except Failure as failure:
            if failure.kind not in PASSING:
                raise
            log.log(failure.outcome.level, "looking for news of kind %s: %s", kind, failure)

    def _look_at_friends(self, kind: NewsKind, round_: Round) -> None:
        """Look at those who are due. Who makes a call fail has to wait, those behind stay due."""
        step = FRIENDS_PER_CALL[kind]
        due = self.snapshots.claim(round_, self.rates.period, self.rates.calls * step)
        no_news = self._no_news(round_) if kind == "friend" else ()
        done = 0
        try:
            for looks in self.backend.freshly().looks(kind, [one.friend_id for one in due]):
                part = due[done : done + step]
                found_at = int(round_.at)
                outcomes = [outcome(kind, one, looks[one.friend_id], found_at, no_news) for one in part]
                self.snapshots.store(round_, outcomes)
                done += step
        except Failure:
            self.snapshots.release(round_, due[done + step :])
            raise

    def _no_news(self, round_: Round) -> frozenset[str]:
        """The viewer's own friends and the viewer: that friends befriend these is no news, as in a feed."""
        return frozenset(map(str, {self.backend.viewer, *self.snapshots.friends(round_)}))
