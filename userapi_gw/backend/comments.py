"""Comments on photos."""

import time
from collections.abc import Callable
from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.looking import LOOKED_THROUGH, gone, newest_own, there
from userapi_gw.backend.model import Comment, Page, Photo, PhotoName, Window
from userapi_gw.backend.pages import MOST_ROWS
from userapi_gw.errors import Failure, Kind

MOST_COMMENTS = 100


class Comments(Calls):
    """The methods of section `photos` of a VK-style server that are about comments."""

    __slots__ = ()

    def photo_comments(self, owner_id: int, photo_id: int, window: Window) -> Page[Comment]:
        """Comments on one photo, newest first."""
        page = self.comment_rows(owner_id, photo_id, window)
        return Page(page.total, self.comments_of(page.rows))

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
        if "photos.getComments" in self.client.dialect.oldest_first:
            every = self.comment_rows(owner_id, photo_id, Window(0, MOST_ROWS)).rows
            found = [row for row in every if int(row["id"]) == comment_id]
            if not found:
                raise Failure(Kind.NOT_FOUND, "comment")
            return self.comments_of(found)[0]

        def only(answer: dict[str, Any]) -> Comment:
            rows = [row for row in answer["items"] if int(row["id"]) == comment_id]
            if not rows:
                raise Failure(Kind.NOT_FOUND, "comment")
            return self._comments(rows, (owner_id, photo_id))[0]

        where: dict[str, Any] = {"owner_id": owner_id, "photo_id": photo_id, "start_comment_id": comment_id}
        return self.read("photos.getComments", only, sort="desc", count=MOST_COMMENTS, **where)

    def add_photo_comment(self, owner_id: int, photo_id: int, text: str) -> int:
        """Write a comment on a photo; returns its id."""

        def find() -> int | None:
            newest = self.freshly().photo_comments(owner_id, photo_id, LOOKED_THROUGH).rows
            return newest_own(newest, self.viewer, text, since)

        since, photo = time.time(), {"owner_id": owner_id, "photo_id": photo_id}
        return self.write("photos.createComment", int, took_effect=find, **photo, message=text)

    def delete_photo_comment(self, owner_id: int, photo_id: int, comment_id: int) -> None:
        """Delete a comment on a photo of a user."""
        self._delete_comment("photos.deleteComment", (owner_id, photo_id), comment_id)

    def _delete_comment(self, method: str, photo: PhotoName, comment_id: int) -> None:
        def look() -> Comment:
            return self.freshly().photo_comment(*photo, comment_id)

        self.write(method, took_effect=lambda: gone(look), owner_id=photo[0], comment_id=comment_id)

    def restore_photo_comment(self, owner_id: int, photo_id: int, comment_id: int) -> int:
        """Bring a deleted comment back; returns the id it has now. `Failure(NOT_FOUND)` when it is not deleted."""

        def look() -> Comment:
            return self.freshly().photo_comment(owner_id, photo_id, comment_id)

        comment: dict[str, Any] = {"owner_id": owner_id, "comment_id": comment_id}
        if not self.write("photos.restoreComment", took_effect=lambda: there(look), **comment):
            raise Failure(Kind.NOT_FOUND, "deleted comment")
        return comment_id

    def comment_rows(self, owner_id: int, photo_id: int, window: Window) -> Page[dict[str, Any]]:
        """Comments on one photo as the server has them, each with the photo's name, newest first."""
        photo = {"owner_id": owner_id, "photo_id": photo_id}
        named = {"owner_id": owner_id, "pid": photo_id}

        def rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
            return [{**row, **named} for row in answer["items"]]

        try:
            return self.listing("photos.getComments", window, MOST_COMMENTS, rows, sort="desc", **photo)
        except Failure as failure:
            # OpenVK breaks over a photo that is not there.
            if failure.kind is not Kind.BACKEND_BROKEN or self.photos_named([(owner_id, photo_id)]):
                raise
            return Page(0, [])

    def comments_of(self, rows: list[dict[str, Any]]) -> list[Comment]:
        """Read rows of `comment_rows`."""
        return self._comments(rows, (0, 0))

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
