"""Pictures the viewer adds and takes away."""

from typing import Any

from userapi_gw.backend.calls import Calls
from userapi_gw.backend.media import Media
from userapi_gw.errors import Failure, Kind

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

    def save_album_photo(self, media: Media, album_id: int, jpeg: bytes) -> None:
        """Put a JPEG file into an album of the viewer."""
        url = self.write("photos.getUploadServer", _upload_url, album_id=album_id)
        answer = media.send(url, "file1", jpeg)
        self.write("photos.save", album_id=album_id, **_answered(answer))

    def create_album(self) -> int:
        """Make an album for uploads and return its id."""
        return self.write("photos.createAlbum", lambda answer: int(answer["id"]), title=ALBUM_TITLE)

    def delete_photo(self, owner_id: int, photo_id: int) -> None:
        """Delete a photo."""
        self.write("photos.delete", owner_id=owner_id, photo_id=photo_id)

    def delete_profile_photo(self) -> None:
        """Delete the viewer's main photo; raises `Failure(NOT_FOUND)` when there is none.

        The embedded server has a method for it. VK and OpenVK keep the main photo in the album `profile`, newest last.
        """
        try:
            self.write("photos.deleteOwnerPhoto")
        except Failure as failure:
            if failure.kind is not Kind.UNSUPPORTED:
                raise
            self.delete_photo(self.viewer, self._newest_profile_photo())

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


def _upload_url(answer: dict[str, Any]) -> str:
    return str(answer["upload_url"])


def _answered(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in ANSWERED if name in answer}
