"""What the viewer's friends did lately."""

from collections.abc import Callable
from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls, Row
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
        news = self._news(
            "friend", window, lambda item: [int(friend["user_id"]) for friend in item["friends"]["items"]]
        )
        people = self.users(news.rows)
        return Page(news.total, [people[user_id] for user_id in news.rows if user_id in people])

    def new_photos(self, window: Window) -> Page[Photo]:
        """Photos the viewer's friends uploaded, newest first."""
        return self._news("photo", window, lambda item: [parse.photo(row) for row in item["photos"]["items"]])

    def newly_tagged_photos(self, window: Window) -> Page[Photo]:
        """Photos on which the viewer's friends were tagged, newest first."""
        return self._news("photo_tag", window, lambda item: [parse.photo(row) for row in item["photo_tags"]["items"]])

    def _news(self, kind: str, window: Window, read_item: Callable[[Any], list[Row]]) -> Page[Row]:
        """Page through the feed; the server says where to go on (`next_from`), VK's not how much there is."""

        def part(answer: Any) -> tuple[list[Row], str | None, int | None]:
            rows = [row for item in answer["items"] for row in read_item(item)]
            return rows, answer.get("next_from"), answer.get("total_count")

        rows: list[Row] = []
        start: str | None = None
        while True:
            more, start, total = self.read("newsfeed.get", part, filters=kind, count=MOST_NEWS, start_from=start)
            rows += more
            enough = max(window.stop, SUFFICIENT if total is None else 0)
            if not start or len(rows) >= enough:
                return Page(len(rows) if total is None else total, rows[window.start : window.stop])

    def _statuses(self, answer: dict[str, Any]) -> list[Status]:
        people = self.users([int(row["user_id"]) for row in answer["items"]])
        return [parse.status(row, people[int(row["user_id"])]) for row in answer["items"]]
