"""Comments on all photos of somebody, and deleting comments, where the server has no methods for it: OpenVK.

VK has no list of the comments on photos with somebody either.
"""

from functools import partial
from typing import Any

from userapi_gw.backend.model import Comment, Page, Photo, Window
from userapi_gw.errors import Failure, Kind
from userapi_gw.overlays.base import Overlaid

NEWEST_PHOTOS = Window(0, 20)
"""The photos whose comments are gathered, with a call for each."""


class OverlaidComments(Overlaid):
    """Lists over several photos are gathered from the newest of them; their totals count what was seen."""

    __slots__ = ()

    def comments_on_photos_of(self, owner_id: int, window: Window) -> Page[Comment]:
        """Comments on all photos a user uploaded, newest first."""
        asked = partial(super().comments_on_photos_of, owner_id, window)
        return self.instead(
            "photos.getAllComments", asked, lambda: self._gather(self.photos(owner_id, NEWEST_PHOTOS), window)
        )

    def comments_on_photos_with(self, user_id: int, window: Window) -> Page[Comment]:
        """Comments on all photos with a user, newest first."""
        asked = partial(super().comments_on_photos_with, user_id, window)
        return self.instead(
            "photos.getUserPhotosComments",
            asked,
            lambda: self._gather(self.photos_with(user_id, NEWEST_PHOTOS), window),
        )

    def delete_photo_comment(self, owner_id: int, photo_id: int, comment_id: int) -> None:
        """Delete a comment on a photo of a user."""
        asked = partial(super().delete_photo_comment, owner_id, photo_id, comment_id)
        self.instead("photos.deleteComment", asked, lambda: self._delete_by_wall(owner_id, photo_id, comment_id))

    def _gather(self, photos: Page[Photo], window: Window) -> Page[Comment]:
        first = Window(0, max(1, window.stop))
        pages = [self.comment_rows(photo.owner_id, photo.id, first) for photo in photos.rows]
        rows = sorted((row for page in pages for row in page.rows), key=_age, reverse=True)
        some = frozenset((photo.owner_id, photo.id) for photo in photos.rows)
        return Page(
            sum(page.total for page in pages),
            self.comments_of(rows[window.start : window.stop]),
            None if photos.total <= len(photos.rows) else some,
        )

    def _delete_by_wall(self, owner_id: int, photo_id: int, comment_id: int) -> None:
        """Delete it with the method for comments on posts, which asks for no photo: so look first what it is."""
        if not self.client.dialect.deletes_comments_together:
            raise Failure(Kind.UNSUPPORTED, "deleting comments on photos")
        comment = self.photo_comment(owner_id, photo_id, comment_id)
        if self.viewer not in (owner_id, comment.author.id):
            raise Failure(Kind.FORBIDDEN, "comment")
        self._delete_comment("wall.deleteComment", (owner_id, photo_id), comment_id)


def _age(row: dict[str, Any]) -> tuple[int, int]:
    return int(row["date"]), int(row["id"])
