"""Methods `photos.*` by which pictures come in: an address for the file, then a method that keeps what arrived."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from userapi_gw.embedded.errors import VkError
from userapi_gw.embedded.methods.uploads import new_photo, set_main_photo, uploaded
from userapi_gw.embedded.openvk.errors import DENIED, CrashError, crash_unless, fail
from userapi_gw.embedded.openvk.photo_objects import photo
from userapi_gw.embedded.openvk.pictures import blob
from userapi_gw.embedded.openvk.registry import Call, method
from userapi_gw.embedded.openvk.uploads import upload_url
from userapi_gw.embedded.schema import albums, uploads
from userapi_gw.imaging import NotAPictureError

_PROOF = re.compile(r"[0-9a-f]{56}")


@method("photos.getOwnerPhotoUploadServer", writes=True)
def get_owner_photo_upload_server(call: Call) -> dict[str, Any]:
    """Return the address to which the viewer's next main photo is sent."""
    return {"upload_url": upload_url(call, 0)}


@method("photos.getWallUploadServer", writes=True)
def get_wall_upload_server(call: Call) -> dict[str, Any]:
    """Return the address to which a photo for a wall is sent."""
    return {"upload_url": upload_url(call, 0), "album_id": 0, "user_id": call.viewer}


@method("photos.getUploadServer", "album_id", writes=True)
def get_upload_server(call: Call) -> dict[str, Any]:
    """Return the address to which photos for the viewer's album `album_id` are sent."""
    own = albums.c.owner_id == call.viewer, albums.c.id == call.number("album_id")
    if call.db.scalar(select(albums.c.id).where(*own)) is None:
        fail(15, DENIED)
    album = call.number("album_id")
    return {"upload_url": upload_url(call, album), "album_id": album, "user_id": call.viewer}


@method("photos.saveOwnerPhoto", "photo", "hash", limited=True)
def save_owner_photo(call: Call) -> dict[str, Any]:
    """Make the picture that was sent the viewer's main photo."""
    with _sent_pictures(call):
        return {"photo_hash": None, "photo_src": call.address + blob(set_main_photo(call, uploaded(call, 0)[0]))}


@method("photos.saveWallPhoto", "photo", "hash", limited=True)
def save_wall_photo(call: Call) -> list[dict[str, Any]]:
    """Keep the picture that was sent as a photo of no album."""
    with _sent_pictures(call):
        return [photo(call, new_photo(call, 0, uploaded(call, 0)[0]), with_sizes=True)]


@method("photos.save", "photos_list", "hash", limited=True)
def save(call: Call) -> dict[str, Any]:
    """Put the pictures that were sent into the album they were sent for."""
    mine = uploads.c.hash == call.given.text("hash"), uploads.c.user_id == call.viewer
    album = call.db.scalar(select(uploads.c.album_id).where(*mine)) or 0
    with _sent_pictures(call):
        bodies = uploaded(call, album)
        items = [photo(call, new_photo(call, album, body), with_sizes=True) for body in bodies]
    return {"count": len(items), "items": items}


@contextmanager
def _sent_pictures(call: Call) -> Iterator[None]:
    """Turn what goes wrong with files into what OpenVK does then: no picture and a hash that was used break it."""
    try:
        yield
    except NotAPictureError:
        raise CrashError from None
    except VkError:
        crash_unless(_PROOF.fullmatch(call.given.text("hash", "")) is None)
        fail(121, "Incorrect hash")
