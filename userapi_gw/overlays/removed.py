"""Bringing deleted posts and comments back where the server cannot: OpenVK.

What its author deletes is written anew, and has another id and date then. What others deleted, or had more than a text,
is gone for good.
"""

from collections.abc import Callable
from functools import partial

from userapi_gw.backend.model import Comment, Post
from userapi_gw.errors import Failure, Kind
from userapi_gw.overlays.comments import OverlaidComments
from userapi_gw.state.overlays.removed import ThingName

RESTORE_POST, RESTORE_COMMENT = "wall.restore", "photos.restoreComment"


class OverlaidRemoved(OverlaidComments):
    """Whether the server restores is found out before something is deleted."""

    __slots__ = ()

    def delete_wall_post(self, owner_id: int, post_id: int) -> None:
        """Delete a post."""
        delete, look = partial(super().delete_wall_post, owner_id, post_id), partial(self.wall_post, owner_id, post_id)
        self._remove(RESTORE_POST, ThingName("wall", owner_id, 0, post_id), look, delete)

    def restore_wall_post(self, owner_id: int, post_id: int) -> int:
        """Bring back a deleted post; returns the id it has now."""
        thing, write = ThingName("wall", owner_id, 0, post_id), partial(self.add_wall_post, owner_id)
        asked = partial(super().restore_wall_post, owner_id, post_id)
        return self.instead(RESTORE_POST, asked, lambda: self._write_anew(thing, write))

    def delete_photo_comment(self, owner_id: int, photo_id: int, comment_id: int) -> None:
        """Delete a comment on a photo of a user."""
        comment = owner_id, photo_id, comment_id
        delete, look = partial(super().delete_photo_comment, *comment), partial(self.photo_comment, *comment)
        self._remove(RESTORE_COMMENT, ThingName("photos_comments", *comment), look, delete)

    def restore_photo_comment(self, owner_id: int, photo_id: int, comment_id: int) -> int:
        """Bring a deleted comment back; returns the id it has now."""
        thing = ThingName("photos_comments", owner_id, photo_id, comment_id)
        write = partial(self.add_photo_comment, owner_id, photo_id)
        asked = partial(super().restore_photo_comment, owner_id, photo_id, comment_id)
        return self.instead(RESTORE_COMMENT, asked, lambda: self._write_anew(thing, write))

    def _remove(
        self, restoring: str, thing: ThingName, look: Callable[[], Post | Comment], delete: Callable[[], None]
    ) -> None:
        """Delete something, and keep its text if the viewer wrote it and the server could not bring it back."""
        if self.client.has(restoring, self.token):
            delete()
            return
        written = look()
        delete()
        if written.author.id == self.viewer and written.text and written.attachment is None:
            self.kept.removed.keep(self.viewer, thing, written.text)

    def _write_anew(self, thing: ThingName, write: Callable[[str], int]) -> int:
        text = self.kept.removed.take(self.viewer, thing)
        if text is None:
            raise Failure(Kind.NOT_FOUND, "nothing to restore")
        try:
            return write(text)
        except Failure as failure:
            if not failure.uncertain:
                self.kept.removed.keep(self.viewer, thing, text)
            raise
