"""Pictures the viewer adds and takes away."""

import logging
from collections.abc import Iterable
from typing import Any

from userapi_gw.backend.calls import Calls
from userapi_gw.backend.looking import Happened, happened
from userapi_gw.backend.media import Media
from userapi_gw.errors import Failure, Kind

log = logging.getLogger(__name__)

ALBUM_TITLE = "UserAPI"
"""The album made for somebody who has none yet."""

ANSWERED = ("server", "hash", "photo", "photos_list")
"""What the save calls want of the answer to an upload."""


class Uploads(Calls):
    """The writing half of section `photos` of a VK-style server.

    VK's way of uploading: ask for an address, send the file there, tell the server to keep it.
    """

    __slots__ = ()

    def upload_album(self) -> int:
        """The viewer's first album that takes uploads; 0 when there is none."""
        return self.read("photos.getAlbums", _taking_uploads, owner_id=self.viewer)

    def save_profile_photo(self, media: Media, jpeg: bytes) -> None:
        """Make a JPEG file the viewer's main photo."""
        answer = media.send(self.write("photos.getOwnerPhotoUploadServer", _upload_url), "photo", jpeg)
        self.write("photos.saveOwnerPhoto", **_answered(answer))

    def save_album_photos(self, media: Media, album_id: int, jpegs: Iterable[bytes]) -> None:
        """Put JPEG files into an album of the viewer: all of them or none.

        They are kept when all have arrived. Where a server then keeps some alone, these are deleted, and the failure
        raised.
        """
        sent = [self._send_photo(media, album_id, jpeg) for jpeg in jpegs]
        kept: list[int] = []
        try:
            for answer in sent:
                kept += self.write("photos.save", _photo_ids, album_id=album_id, **answer)
        except Failure:
            self._take_back(kept)
            raise

    def _send_photo(self, media: Media, album_id: int, jpeg: bytes) -> dict[str, Any]:
        url = self.write("photos.getUploadServer", _upload_url, album_id=album_id)
        return _answered(media.send(url, self.client.dialect.album_field, jpeg))

    def _take_back(self, photo_ids: Iterable[int]) -> None:
        for photo_id in photo_ids:
            try:
                self.delete_photo(self.viewer, photo_id)
            except Failure as failure:
                log.warning("a photo of an upload that failed stays: %s", failure)

    def create_album(self) -> int:
        """Make an album for uploads and return its id."""
        return self.write("photos.createAlbum", lambda answer: int(answer["id"]), title=ALBUM_TITLE)

    def delete_photo(self, owner_id: int, photo_id: int) -> None:
        """Delete a photo.

        Where the server says yes to everything, what is not the viewer's is refused here, and what is not there is
        `Failure(NOT_FOUND)`.
        """
        if self.client.dialect.deletes_for_everybody:
            if owner_id != self.viewer:
                raise Failure(Kind.FORBIDDEN, "photo")
            if not self.freshly().photos_named([(owner_id, photo_id)]):
                raise Failure(Kind.NOT_FOUND, "photo")
        self._delete_photo(owner_id, photo_id)

    def _delete_photo(self, owner_id: int, photo_id: int) -> None:
        def find() -> Happened:
            return happened(not self.freshly().photos_named([(owner_id, photo_id)]))

        self.write("photos.delete", took_effect=find, owner_id=owner_id, photo_id=photo_id)

    def delete_profile_photo(self) -> None:
        """Delete the viewer's main photo; raises `Failure(NOT_FOUND)` when there is none.

        The embedded server has a method for it. VK and OpenVK keep the main photo in the album `profile`, newest last.
        """
        try:
            self.write("photos.deleteOwnerPhoto")
        except Failure as failure:
            if failure.kind is not Kind.UNSUPPORTED:
                raise
            self._delete_photo(self.viewer, self._newest_profile_photo())

    def _newest_profile_photo(self) -> int:
        album = {"owner_id": self.viewer, "album_id": "profile", "rev": 1, "count": 1}
        ids = self.read("photos.get", lambda answer: [int(row["id"]) for row in answer.get("items") or ()], **album)
        if not ids:
            raise Failure(Kind.NOT_FOUND, "profile photo")
        return ids[0]


def _taking_uploads(answer: dict[str, Any]) -> int:
    """The first album of the viewer's own making; those of the system have ids below 0 at VK, cannot be at OpenVK."""
    taking = (int(album["id"]) for album in answer["items"] if album.get("can_upload", 1))
    return next((album_id for album_id in taking if album_id > 0), 0)


def _photo_ids(answer: Any) -> list[int]:
    """VK answers a list of photos, OpenVK one with a count."""
    return [int(photo["id"]) for photo in (answer["items"] if isinstance(answer, dict) else answer)]


def _upload_url(answer: dict[str, Any]) -> str:
    return str(answer["upload_url"])


def _answered(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in ANSWERED if name in answer}
