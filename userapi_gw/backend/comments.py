"""Comments on photos."""

from collections.abc import Callable
from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.model import Comment, Page, Photo, PhotoName, Window
from userapi_gw.errors import Failure, Kind

MOST_COMMENTS = 100


class Comments(Calls):
    """The methods of section `photos` of a VK-style server that are about comments."""

    __slots__ = ()

    def photo_comments(self, owner_id: int, photo_id: int, window: Window) -> Page[Comment]:
        """Comments on one photo, newest first."""
        read_rows = self._reader((owner_id, photo_id))
        photo = {"owner_id": owner_id, "photo_id": photo_id}
        return self.listing("photos.getComments", window, MOST_COMMENTS, read_rows, sort="desc", **photo)

    def comments_on_photos_of(self, owner_id: int, window: Window) -> Page[Comment]:
        """Comments on all photos a user uploaded, newest first."""
        read_rows = self._reader((owner_id, 0))
        return self.listing("photos.getAllComments", window, MOST_COMMENTS, read_rows, owner_id=owner_id)

    def comments_on_photos_with(self, user_id: int, window: Window) -> Page[Comment]:
        """Comments on all photos with a user, newest first; `Failure(UNSUPPORTED)` from VK, which has no such list."""
        read_rows = self._reader((user_id, 0))
        return self.listing("photos.getUserPhotosComments", window, MOST_COMMENTS, read_rows, user_id=user_id)

    def photo_comment(self, owner_id: int, photo_id: int, comment_id: int) -> Comment:
        """One comment; raises `Failure(NOT_FOUND)` when there is none. Servers may ignore `start_comment_id`."""

        def only(answer: dict[str, Any]) -> Comment:
            rows = [row for row in answer["items"] if int(row["id"]) == comment_id]
            if not rows:
                raise Failure(Kind.NOT_FOUND, "comment")
            return self._comments(rows, (owner_id, photo_id))[0]

        where: dict[str, Any] = {"owner_id": owner_id, "photo_id": photo_id, "start_comment_id": comment_id}
        return self.read("photos.getComments", only, sort="desc", count=MOST_COMMENTS, **where)

    def add_photo_comment(self, owner_id: int, photo_id: int, text: str) -> int:
        """Write a comment on a photo; returns its id."""
        return self.write("photos.createComment", int, owner_id=owner_id, photo_id=photo_id, message=text)

    def delete_photo_comment(self, owner_id: int, comment_id: int) -> None:
        """Delete a comment on a photo of a user."""
        self.write("photos.deleteComment", owner_id=owner_id, comment_id=comment_id)

    def restore_photo_comment(self, owner_id: int, comment_id: int) -> None:
        """Bring a deleted comment back; raises `Failure(NOT_FOUND)` when it is not deleted."""
        if not self.write("photos.restoreComment", owner_id=owner_id, comment_id=comment_id):
            raise Failure(Kind.NOT_FOUND, "deleted comment")

    def _reader(self, asked: PhotoName) -> Callable[[dict[str, Any]], list[Comment]]:
        return lambda answer: self._comments(answer["items"], asked)

    def _comments(self, rows: list[dict[str, Any]], asked: PhotoName) -> list[Comment]:
        """Read comments; what a row does not say about its photo is as `asked` for."""
        names = [(int(row.get("owner_id") or asked[0]), int(row.get("pid") or asked[1])) for row in rows]
        photos, people = self._photos_by_name(names), self.users([int(row["from_id"]) for row in rows])
        return [parse.comment(row, people, photos[name]) for row, name in zip(rows, names, strict=True)]

    def _photos_by_name(self, names: list[PhotoName]) -> dict[PhotoName, Photo]:
        """Fetch photos; one that is gone meanwhile has no addresses."""
        found = {name: Photo(*name, 0) for name in names}
        if found:
            found |= {(photo.owner_id, photo.id): photo for photo in self.photos_named(list(found))}
        return found
