"""People: friends, requests, bookmarks, search, profiles."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.calls import MOST_PEOPLE, Calls, user_rows
from userapi_gw.backend.looking import Happened, happened
from userapi_gw.backend.model import (
    FRIENDS,
    INVITED_VIEWER,
    STRANGERS,
    VIEWER_ASKED,
    Counters,
    Page,
    Profile,
    User,
    Window,
)
from userapi_gw.backend.together import together
from userapi_gw.errors import Failure, Kind

MOST_FRIENDS = 5000
MOST_BOOKMARKS = 500


class People(Calls):
    """Sections `users`, `friends`, `fave` and `account` of a VK-style server."""

    __slots__ = ()

    def friends(self, user_id: int, window: Window) -> Page[User]:
        """All friends of a user, by ascending id: sorted here, up to 5000, where the server does not sort them."""
        if "friends.get" not in self.client.dialect.unsorted:
            return self._friends(user_id, window)
        page = self._friends(user_id, Window(0, MOST_FRIENDS))
        rows = sorted(page.rows, key=lambda friend: friend.id)
        return Page(page.total, rows[window.start : window.stop])

    def _friends(self, user_id: int, window: Window) -> Page[User]:
        return self.listing("friends.get", window, MOST_FRIENDS, user_rows, user_id=user_id, fields=parse.USER_FIELDS)

    def all_friends(self, user_id: int) -> list[User]:
        """Every friend of a user, by ascending id, up to VK's limit of 5000."""
        return self.friends(user_id, Window(0, MOST_FRIENDS)).rows

    def friends_online(self, user_id: int) -> list[User]:
        """The friends of a user who are online, by ascending id."""
        return [friend for friend in self.all_friends(user_id) if friend.online]

    def friends_mutual(self, user_id: int) -> list[User]:
        """The friends the viewer and a user share. Compares two lists, because OpenVK has no friends.getMutual."""
        mine, theirs = together(lambda: self.all_friends(self.viewer), lambda: self.all_friends(user_id))
        own = {friend.id for friend in mine}
        return [friend for friend in theirs if friend.id in own]

    def friend_requests(self, window: Window) -> Page[User]:
        """People who ask to be the viewer's friends, newest first."""
        return self.listing("friends.getRequests", window, MOST_PEOPLE, user_rows, fields=parse.USER_FIELDS)

    def friend_status(self, user_id: int) -> int:
        """VK's friend_status between the viewer and a user (`FRIENDS` when they are friends).

        Raises `Failure(NOT_FOUND)` when there is nobody with that id, if the server tells.
        """

        def status(rows: Any) -> int:
            return int(rows[0]["friend_status"]) if rows else STRANGERS

        try:
            found = self.read("friends.areFriends", status, user_ids=user_id)
        except Failure as failure:
            if failure.kind is Kind.BACKEND_BROKEN:  # as OpenVK is over a number that nobody has
                People.profile(self, user_id)
            raise
        return self._settled(found, user_id)

    def _settled(self, status: int, user_id: int) -> int:
        """Return a friend_status whose 1 and 2 mean what they do at VK, whatever the server means by them."""
        if status in (STRANGERS, FRIENDS) or self.client.dialect.sure_of_requests:
            return status
        asking = self.friend_requests(Window(0, MOST_PEOPLE)).rows
        return INVITED_VIEWER if any(user.id == user_id for user in asking) else VIEWER_ASKED

    def add_friend(self, user_id: int) -> int:
        """Ask for or accept a friendship: 1 asked, 2 accepted, 4 asked again."""

        def find() -> int | None:
            return {FRIENDS: 2, VIEWER_ASKED: 1}.get(self.freshly().friend_status(user_id))

        return self.write("friends.add", int, took_effect=find, user_id=user_id)

    def delete_friend(self, user_id: int, before: int) -> bool:
        """End a friendship or turn down a request; tells whether it was an incoming request.

        `before` is the friend_status there was.
        """

        def find() -> bool | None:
            status = self.freshly().friend_status(user_id)
            over = status != FRIENDS if before == FRIENDS else status == STRANGERS
            return before == INVITED_VIEWER if over else None

        def was_request(answer: Any) -> bool:
            return isinstance(answer, dict) and bool(answer.get("in_request_deleted"))

        return self.write("friends.delete", was_request, took_effect=find, user_id=user_id)

    def bookmarks(self, window: Window) -> Page[User]:
        """People the viewer bookmarked, latest first."""
        return self.listing("fave.getUsers", window, MOST_BOOKMARKS, user_rows, fields=parse.USER_FIELDS)

    def fans(self, window: Window) -> Page[User]:
        """People who bookmarked the viewer."""
        return self.listing("fave.getFans", window, MOST_BOOKMARKS, user_rows, fields=parse.USER_FIELDS)

    def bookmark(self, user_id: int) -> None:
        """Bookmark a user."""
        self.write("fave.addUser", took_effect=lambda: self._marked(user_id, True), user_id=user_id)

    def unbookmark(self, user_id: int) -> None:
        """Take a user out of the bookmarks."""
        self.write("fave.removeUser", took_effect=lambda: self._marked(user_id, False), user_id=user_id)

    def _marked(self, user_id: int, bookmarked: bool) -> Happened:
        return happened(self.freshly().profile(user_id).is_bookmarked == bookmarked)

    def search(self, query: str, window: Window, school_id: int = 0, year: int = 0) -> Page[User]:
        """People whose first or last name begins with the words of `query`, of one school and class unless 0."""
        school = {"school": school_id or None, "school_year": year or None}
        return self.listing("users.search", window, MOST_PEOPLE, user_rows, q=query, fields=parse.USER_FIELDS, **school)

    def profile(self, user_id: int) -> Profile:
        """Everything about one person; raises `Failure(NOT_FOUND)` when there is nobody with that id."""

        def only(answer: Any) -> Profile:
            rows = parse.rows_of(answer)
            if not rows or rows[0].get("deactivated"):
                raise Failure(Kind.NOT_FOUND, "user")
            return parse.profile(rows[0], self.client.dialect.relations_read)

        asked: list[Callable[[], Any]] = [
            partial(self.read, "users.get", only, user_ids=user_id, fields=parse.PROFILE_FIELDS)
        ]
        if user_id == self.viewer and self.client.dialect.shows_owner_more:
            asked.append(partial(self.read, "account.getProfileInfo", parse.own_profile))
        found: Profile
        found, *more = together(*asked)
        for add in more:
            found = add(found)
            found = replace(found, relation=self.client.dialect.relations_read.get(found.relation, found.relation))
        return replace(found, friend_status=self._settled(found.friend_status, user_id))

    def counters(self) -> Counters:
        """What waits for the viewer. VK leaves out counters that are zero."""

        def counters(answer: Any) -> Counters:
            known = answer or {}  # VK says [] when there is nothing at all
            return Counters(*(int(known.get(name) or 0) for name in ("messages", "friends", "photos")))

        return self.read("account.getCounters", counters, filter="messages,friends,photos")
