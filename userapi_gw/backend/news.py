"""What the viewer's friends did lately, from the feeds of a server."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal
from zlib import crc32

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.feeds import EVERYBODY
from userapi_gw.backend.model import News, Page, Photo, Row, Status, User, Window
from userapi_gw.errors import Failure, Kind

NewsKind = Literal["status", "friend", "photo", "photo_tag"]
"""Statuses of friends, new friends of friends, photos friends uploaded, photos on which friends were tagged."""

MOST_NEWS = 100
MOST_STATUSES = 100
SUFFICIENT = 1000
"""News are counted up to this number where the server does not say how many there are; VK's newsfeed does not."""
RECENT = 3 * 24 * 3600
"""Seconds from the oldest photo shown to the newest. UserAPI documentation, "Getting new friends' photos"."""

Json = dict[str, Any]
Reader = Callable[[Json], list[News[Row]]]


def news_id(date: int, *names: int | str) -> int:
    """Return a number for news that rises with their date (unix seconds), below 2**63; `names` tell those of a second.

    Users and photos have numbers, but not in the order in which they turn up in the news.
    """
    return first_id(date) | crc32(repr(names).encode()) >> 1


def first_id(date: int) -> int:
    """Return the lowest number that news of a second can have."""
    return date << 31


class FriendsNews(Calls):
    """Section `newsfeed` of a VK-style server, and the statuses of friends.

    `watched=True` is for comparing the newest with what was there before: photos are not left out when they grow old,
    and the total may say no more than that there is more than the window, which saves calls.
    """

    __slots__ = ()

    def has_news(self, kind: NewsKind) -> bool:
        """Tell whether the server tells the viewer news of this kind, as far as its answers have shown.

        VK has no statuses of friends and refuses its newsfeed to some tokens; OpenVK's newsfeed holds only posts.
        """
        return self.client.feeds.has(kind, self.viewer)

    def news(self, kind: NewsKind, window: Window, *, watched: bool = False) -> Page[News[Any]]:
        """News of one kind, newest first.

        Raises `Failure(UNSUPPORTED)` or `Failure(FORBIDDEN)` where the server has none, as `has_news` tells afterwards.
        """
        try:
            return _FEEDS[kind](self, window, watched=watched)
        except Failure as failure:
            if failure.kind is Kind.UNSUPPORTED:
                self.client.feeds.lack(kind, EVERYBODY)
            elif failure.kind is Kind.FORBIDDEN:
                self.client.feeds.lack(kind, self.viewer)
            raise

    def statuses_of_friends(self, window: Window, *, watched: bool = False) -> Page[News[Status]]:
        """Statuses of the viewer's friends, newest first."""
        return self.collect("status.getFriends", window, MOST_STATUSES, self._statuses)

    def new_friends_of_friends(self, window: Window, *, watched: bool = False) -> Page[News[User]]:
        """People the viewer's friends became friends with, newest first."""
        read = partial(_things, "friends", "user_id", lambda row: int(row["user_id"]))
        page: Page[News[int]] = self._feed("friend", window, watched, read)
        people = self.users([news.content for news in page.rows])
        known = [News(news.id, news.date, people[news.content]) for news in page.rows if news.content in people]
        return Page(page.total, known)

    def new_photos(self, window: Window, *, watched: bool = False) -> Page[News[Photo]]:
        """Photos the viewer's friends uploaded within `RECENT` seconds before the newest of them, newest first."""
        return self._photos("photo", "photos", window, watched)

    def newly_tagged_photos(self, window: Window, *, watched: bool = False) -> Page[News[Photo]]:
        """Photos on which friends were tagged within `RECENT` seconds before the newest such tag, newest first."""
        return self._photos("photo_tag", "photo_tags", window, watched)

    def _photos(self, kind: str, field: str, window: Window, watched: bool) -> Page[News[Photo]]:
        """Recent photos: recent for the newest of them, not for the clock.

        So what friends did last stays to be seen when they have been quiet for a while, or when the server is an
        archive and its newest day lies years back.
        """
        since = 0 if watched else max(0, self._newest(kind) - RECENT)
        return self._feed(kind, window, watched, partial(_things, field, "id", parse.photo), since)

    def _newest(self, kind: str) -> int:
        def newest(answer: Json) -> int:
            return max((int(item["date"]) for item in _items(answer, kind)), default=0)

        return self.read("newsfeed.get", newest, filters=kind, count=1)

    def _feed(self, kind: str, window: Window, watched: bool, read: Reader[Row], since: int = 0) -> Page[News[Row]]:
        """Page through the feed; the server says where to go on (`next_from`), not how much there is."""

        def part(answer: Json) -> tuple[list[News[Row]], int, str | None, int | None]:
            fitting = [item for item in _items(answer, kind) if int(item["date"]) >= since]
            news = [one for item in fitting for one in read(item)]
            return news, len(answer["items"]), answer.get("next_from"), answer.get("total_count")

        rows, seen, start = list[News[Row]](), 0, None
        while True:
            parameters = {"filters": kind, "count": MOST_NEWS, "start_time": since or None, "start_from": start}
            more, count, start, total = self.read("newsfeed.get", part, **parameters)
            rows += more
            seen += count
            wanted = max(window.stop, SUFFICIENT) if total is None and not watched else window.stop
            if not start or seen >= wanted:
                counted = len(rows) + bool(start and watched) if total is None else int(total)
                return Page(counted, rows[window.start : window.stop])

    def _statuses(self, answer: Json) -> list[News[Status]]:
        people = self.users([int(row["user_id"]) for row in answer["items"]])
        statuses = [parse.status(row, people[int(row["user_id"])]) for row in answer["items"]]
        return [News(news_id(one.date, one.user.id, one.id), one.date, one) for one in statuses]


_FEEDS: Mapping[NewsKind, Callable[..., Page[News[Any]]]] = {
    "status": FriendsNews.statuses_of_friends,
    "friend": FriendsNews.new_friends_of_friends,
    "photo": FriendsNews.new_photos,
    "photo_tag": FriendsNews.newly_tagged_photos,
}


def _items(answer: Json, kind: str) -> list[Json]:
    """Return the items of a feed that are of the kind asked for.

    Raises `Failure(UNSUPPORTED)` for a feed with posts in it, as OpenVK's, where `filters` count for nothing.
    """
    if any(item["type"] == "post" for item in answer["items"]):
        raise Failure(Kind.UNSUPPORTED, "newsfeed.get: posts whatever is asked for")
    return [item for item in answer["items"] if item["type"] == kind]


def _things(field: str, number: str, read: Callable[[Json], Row], item: Json) -> list[News[Row]]:
    """Read what one item of a feed tells of: one thing, or several under one date."""
    date, source = int(item["date"]), int(item["source_id"])
    return [News(news_id(date, source, int(row[number])), date, read(row)) for row in item[field]["items"]]
