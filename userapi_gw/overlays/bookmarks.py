"""Bookmarks where the server has none: OpenVK has no `fave.*` at all, today's VK no `fave.getUsers`."""

from dataclasses import replace
from functools import partial

from userapi_gw.backend.model import Page, Profile, User, Window
from userapi_gw.backend.people import People
from userapi_gw.overlays.base import Overlaid


class OverlaidBookmarks(Overlaid):
    """`fave`, `faved`, and the mark on a profile."""

    __slots__ = ()

    def bookmarks(self, window: Window) -> Page[User]:
        """People the viewer bookmarked."""
        return self.instead(
            "fave.getUsers",
            partial(super().bookmarks, window),
            lambda: self.people(self.kept.bookmarks.of(self.viewer), window),
        )

    def fans(self, window: Window) -> Page[User]:
        """People who bookmarked the viewer; from the overlay those who use this gateway."""
        return self.instead(
            "fave.getFans",
            partial(super().fans, window),
            lambda: self.people(self.kept.bookmarks.fans_of(self.viewer), window),
        )

    def bookmark(self, user_id: int) -> None:
        """Bookmark a user; raises `Failure(NOT_FOUND)` when there is nobody with that id."""
        self.instead("fave.addUser", partial(super().bookmark, user_id), partial(self._keep, user_id))

    def unbookmark(self, user_id: int) -> None:
        """Take a user out of the bookmarks; a server that came to know bookmarks lately must not keep ours alive."""
        was_kept = self.kept.bookmarks.has(self.viewer, user_id)
        self.kept.bookmarks.remove(self.viewer, user_id)
        self.instead(
            "fave.removeUser",
            partial(super().unbookmark, user_id),
            lambda: None if was_kept else self._require(user_id),
        )

    def profile(self, user_id: int) -> Profile:
        """Everything about one person, with the viewer's bookmark."""
        found = super().profile(user_id)
        return replace(found, is_bookmarked=found.is_bookmarked or self.kept.bookmarks.has(self.viewer, user_id))

    def _keep(self, user_id: int) -> None:
        self._require(user_id)
        self.kept.bookmarks.add(self.viewer, user_id)

    def _require(self, user_id: int) -> None:
        People.profile(self, user_id)
