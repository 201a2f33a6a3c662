"""What the viewer's friends did lately."""

from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.model import Page, Photo, Status, User, Window

MOST_NEWS = 100
MOST_STATUSES = 100
SUFFICIENT = 1000
"""News are counted up to this number where the server does not say how many there are; VK's newsfeed does not."""


class News(Calls):
    """Section `newsfeed` of a VK-style server, and the statuses of friends."""

    __slots__ = ()

    def statuses_of_friends(self, window: Window) -> Page[Status]:
        """Statuses of the viewer's friends, newest first."""
        return self.listing("status.getFriends", window, MOST_STATUSES, self._statuses)

    def new_friends_of_friends(self, window: Window) -> Page[User]:
        """People the viewer's friends became friends with, newest first."""
        news = self._news("friend", window)
        ids = [int(friend["user_id"]) for item in news.rows for friend in item["friends"]["items"]]
        people = self.users(ids)
        return Page(news.total, [people[user_id] for user_id in ids if user_id in people])

    def new_photos(self, window: Window) -> Page[Photo]:
        """Photos the viewer's friends uploaded, newest first."""
        return self._photos("photo", "photos", window)

    def newly_tagged_photos(self, window: Window) -> Page[Photo]:
        """Photos on which the viewer's friends were tagged, newest first."""
        return self._photos("photo_tag", "photo_tags", window)

    def _photos(self, kind: str, field: str, window: Window) -> Page[Photo]:
        news = self._news(kind, window)
        return Page(news.total, [parse.photo(row) for item in news.rows for row in item[field]["items"]])

    def _news(self, kind: str, window: Window) -> Page[dict[str, Any]]:
        """Page through the feed; the server says where to go on (`next_from`), not how much there is."""
        rows: list[dict[str, Any]] = []
        start: str | None = None
        while True:
            answer = self.read("newsfeed.get", filters=kind, count=MOST_NEWS, start_from=start)
            rows += answer["items"]
            start, total = answer.get("next_from"), answer.get("total_count")
            wanted = SUFFICIENT if total is None else window.stop
            if not start or len(rows) >= max(wanted, window.stop):
                return Page(len(rows) if total is None else int(total), rows[window.start : window.stop])

    def _statuses(self, answer: dict[str, Any]) -> list[Status]:
        people = self.users([int(row["user_id"]) for row in answer["items"]])
        return [parse.status(row, people[int(row["user_id"])]) for row in answer["items"]]
