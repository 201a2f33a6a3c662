"""Methods `photos.*` by which pictures come and go.

VK's way: a method names an address, the file is sent there, and what that answers goes into a save method.
"""

import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from userapi_gw.embedded.errors import VkError
from userapi_gw.embedded.methods.albums import require_album
from userapi_gw.embedded.methods.photos import require_photo
from userapi_gw.embedded.objects import photo_object
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import comments, files, people, photos, received, tags, uploads
from userapi_gw.imaging import shrink

_HOST = "cs1.userapi.com"
_HOUR = 3600  # seconds that an address for uploads is good
_MAIN = {"photo_200": ("a", 200), "photo_100": ("b", 100), "photo_50": ("c", 50)}
_ALBUM = {"url_75": ("s", 75), "url_130": ("m", 130), "url_604": ("x", 604)}


@method("photos.getOwnerPhotoUploadServer", writes=True)
def get_owner_photo_upload_server(call: Call) -> dict[str, Any]:
    """Return the address to which the viewer's next main photo is sent."""
    return {"upload_url": _upload_url(call, 0)}


@method("photos.getUploadServer", writes=True)
def get_upload_server(call: Call) -> dict[str, Any]:
    """Return the address to which photos for the viewer's album `album_id` are sent. VK error 114 without album."""
    album = require_album(call, call.params.integer("album_id", minimum=1))
    return {"upload_url": _upload_url(call, album), "album_id": album, "user_id": call.viewer}


@method("photos.saveOwnerPhoto", writes=True)
def save_owner_photo(call: Call) -> dict[str, Any]:
    """Make the picture that was sent the viewer's main photo. VK error 121 for a wrong or used `hash`."""
    return {"photo_hash": "", "photo_src": set_main_photo(call, uploaded(call, 0)[0]), "saved": 1}


def set_main_photo(call: Call, body: bytes) -> str:
    """Make a picture the viewer's main photo and return the address of its largest size."""
    remove_main_photo(call)
    addresses = _keep(call, f"u{call.viewer:05d}", _MAIN, body)
    call.db.execute(update(people).where(people.c.id == call.viewer).values(addresses))
    return addresses["photo_200"]


@method("photos.save", writes=True)
def save(call: Call) -> list[dict[str, Any]]:
    """Put the pictures that were sent into the album `album_id`. VK error 121 for a wrong or used `hash`."""
    album = require_album(call, call.params.integer("album_id", minimum=1))
    return [photo_object(new_photo(call, album, body)) for body in uploaded(call, album)]


@method("photos.delete", writes=True)
def delete_photo(call: Call) -> int:
    """Delete a photo of the viewer. VK error 15 for somebody else's, 104 when there is none."""
    photo = require_photo(call)
    if photo.owner_id != call.viewer:
        raise VkError(15)
    remove_photo(call, photo)
    return 1


def remove_photo(call: Call, photo: Row[Any]) -> None:
    """Remove a photo with its files, tags and comments."""
    for table in (tags, comments):
        call.db.execute(delete(table).where(table.c.photo_id == photo.id))
    call.db.execute(delete(photos).where(photos.c.id == photo.id))
    _drop(call, (getattr(photo, name) for name in _ALBUM))


@method("photos.deleteOwnerPhoto", writes=True)
def delete_owner_photo(call: Call) -> int:
    """Take the viewer's main photo away. VK error 104 when there is none.

    No method of VK's: there the main photo is the newest of the album `profile`.
    """
    if not remove_main_photo(call):
        raise VkError(104)
    return 1


def _upload_url(call: Call, album: int) -> str:
    call.db.execute(delete(uploads).where(uploads.c.created < call.now - _HOUR))
    ticket, proof = secrets.token_hex(24), secrets.token_hex(16)
    values = {"ticket": ticket, "hash": proof, "user_id": call.viewer, "album_id": album, "created": call.now}
    call.db.execute(insert(uploads).values(values))
    return f"{call.address}/upload/{ticket}"


def uploaded(call: Call, album: int) -> list[bytes]:
    """Return what was sent with the hash of the call, which is used up by that."""
    proof = call.params.text("hash")
    mine = uploads.c.hash == proof, uploads.c.user_id == call.viewer, uploads.c.album_id == album
    ticket = call.db.scalar(select(uploads.c.ticket).where(*mine, uploads.c.created >= call.now - _HOUR))
    query = select(received.c.body).where(received.c.ticket == ticket).order_by(received.c.place)
    bodies = list(call.db.scalars(query))
    if not bodies:
        raise VkError(121)
    call.db.execute(delete(uploads).where(uploads.c.ticket == ticket))
    return bodies


def new_photo(call: Call, album: int, body: bytes) -> Row[Any]:
    """Put a picture into an album of the viewer and return the row of the photo."""
    values = {"owner_id": call.viewer, "album_id": album, "date": call.now}
    addresses = _keep(call, f"u{call.viewer:05d}/{album}", _ALBUM, body)
    return call.db.execute(insert(photos).values(values | addresses).returning(photos)).one()


def _keep(call: Call, folder: str, sizes: dict[str, tuple[str, int]], body: bytes) -> dict[str, str]:
    """Store a picture in all sizes, under one name, and return the addresses by column."""
    name = secrets.token_hex(4)
    addresses = {column: f"http://{_HOST}/{folder}/{letter}_{name}.jpg" for column, (letter, _) in sizes.items()}
    rows = [{"address": addresses[column], "body": shrink(body, width)} for column, (_, width) in sizes.items()]
    call.db.execute(insert(files), rows)
    return addresses


def remove_main_photo(call: Call) -> bool:
    """Take the viewer's main photo away; False when there is none."""
    columns = [people.c[name] for name in _MAIN]
    addresses = list(call.db.execute(select(*columns).where(people.c.id == call.viewer)).one())
    call.db.execute(update(people).where(people.c.id == call.viewer).values(dict.fromkeys(_MAIN, "")))
    _drop(call, addresses)
    return any(addresses)


def _drop(call: Call, addresses: Iterable[str]) -> None:
    call.db.execute(delete(files).where(files.c.address.in_(list(addresses))))
