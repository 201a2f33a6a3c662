"""Addresses of pictures, all under the name the caller knows the server by, and the pictures themselves.

An OpenVK names a thumbnail, and whoever asks for it is sent on to a blob. Main photos are photos too; the embedded
world keeps no number for them, so theirs follow from the person's.
"""

from io import BytesIO
from typing import Any, Final
from zlib import crc32

from flask import Flask, Request, Response, abort
from PIL import Image
from sqlalchemy import Connection, Row, select

from userapi_gw.embedded.database import Database
from userapi_gw.embedded.files import find_picture
from userapi_gw.embedded.openvk.registry import Call
from userapi_gw.embedded.params import MAX_ID
from userapi_gw.embedded.schema import people, photos

MAIN_PHOTOS: Final = 10**12
"""The numbers of main photos begin here; what is beyond the last multiple of it is whose the photo is."""

_NUMBERS = 1000
"""How many numbers the main photos of one person share."""

CAMERA: Final = "/assets/packages/static/openvk/img/camera_200.png"
SIZES: Final = {
    "s": "miniscule",
    "m": "tiny",
    "o": "tinier",
    "p": "xsmall",
    "q": "small",
    "r": "medium",
    "x": "normal",
    "y": "large",
    "z": "larger",
    "w": "original",
}
"""OpenVK's names of sizes by VK's letters."""

_SMALL = ("miniscule",)
_MIDDLE = ("tiny", "tinier", "xsmall", "small")


def add_routes(app: Flask, database: Database) -> None:
    """Serve thumbnails (redirects), blobs and the picture of those who have none."""

    def thumbnail(number: int, size: str) -> Response:
        with database.read() as db:
            stored = _stored(db, number, size)
        return Response(status=302, headers={"Location": blob(stored)}) if stored else abort(404)

    def body(name: str, **_folder: Any) -> Response:
        stored = _stored_address(name)
        with database.read() as db:
            found = find_picture(db, _owner(stored), stored) if stored else None
        return Response(found, content_type="image/jpeg") if found else abort(404)

    app.add_url_rule("/photos/thumbnails/<int:number>_<size>.jpeg", "thumbnail", thumbnail)
    app.add_url_rule("/blob_<folder>/<name>.jpeg", "blob", body)
    app.add_url_rule(CAMERA, "camera", lambda: Response(_camera(), content_type="image/png"))


def address(request: Request) -> str:
    """Return the server's address as the caller, or the proxy before it, spells it."""
    scheme = "https" if request.headers.get("X-Forwarded-Proto") == "https" else request.scheme
    return f"{scheme}://{request.host}"


def thumbnail(call: Call, number: int, size: str) -> str:
    """Return the address of a photo in one of `SIZES`."""
    return f"{call.address}/photos/thumbnails/{number}_{size}.jpeg"


def main_photo_number(user_id: int, stored: str) -> int:
    """Return the number of the main photo that is `stored` at an address: a new photo has another one."""
    return MAIN_PHOTOS * (1 + crc32(stored.encode()) % (_NUMBERS - 1)) + user_id


def person_picture(call: Call, row: Row[Any], size: str) -> str:
    """Return the address of a person's main photo, or of the picture of those who have none."""
    return thumbnail(call, main_photo_number(row.id, row.photo_200), size) if row.photo_200 else call.address + CAMERA


def blob(stored: str) -> str:
    """Return the path of the file the embedded server has under an address."""
    name = stored.encode().hex()
    return f"/blob_{name[-2:]}/{name}.jpeg"


def _stored(db: Connection, number: int, size: str) -> str:
    if size not in SIZES.values() or number > MAX_ID:
        return ""
    if number > MAIN_PHOTOS:
        row = db.execute(select(people).where(people.c.id == number % MAIN_PHOTOS)).one_or_none()
        sizes = (row.photo_50, row.photo_100, row.photo_200) if row else ("", "", "")
    else:
        row = db.execute(select(photos).where(photos.c.id == number)).one_or_none()
        sizes = (row.url_75, row.url_130, row.url_604) if row else ("", "", "")
    return sizes[0 if size in _SMALL else 1 if size in _MIDDLE else 2]


def _stored_address(name: str) -> str:
    try:
        return bytes.fromhex(name).decode()
    except ValueError:
        return ""


def _owner(stored: str) -> int:
    """The person a stored address belongs to: `http://cs1.userapi.com/u00005/...`."""
    digits = stored.partition("/u")[2].partition("/")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0


def _camera() -> bytes:
    file = BytesIO()
    Image.new("RGB", (200, 200), "#d7dde3").save(file, "PNG")
    return file.getvalue()
