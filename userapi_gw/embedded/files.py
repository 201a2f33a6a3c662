"""Pictures over HTTP: files that were uploaded, drawn stand-ins for the documentation's, and the way uploads come in.

Addresses are those the world has: `http://cs137.userapi.com/u00001/b_6261d317.jpg`. Whoever asks under that host name
gets the picture.
"""

import json
from typing import Any

from flask import Flask, Response, abort, request
from sqlalchemy import Connection, Row, delete, insert, or_, select

from userapi_gw.embedded.database import Database
from userapi_gw.embedded.drawing import draw
from userapi_gw.embedded.params import MAX_ID
from userapi_gw.embedded.schema import files, people, photos, received, uploads
from userapi_gw.imaging import NotAPictureError, shrink

MOST_BYTES = 50 * 1024 * 1024
"""The longest upload, in bytes: five photos of ten megabytes, as many as VK takes at once."""

MOST_FILES = 5
WIDEST = 604
"""Nothing wider than this is ever shown, so nothing wider is kept, in pixels."""


def add_routes(app: Flask, database: Database) -> None:
    """Serve pictures at `/u00001/...jpg` and take uploads at `/upload/<ticket>`."""

    def picture(owner: int, **_rest: Any) -> Response:
        with database.read() as db:
            body = find_picture(db, owner, f"http://{request.host}{request.path}")
        return Response(body, content_type="image/jpeg") if body else abort(404)

    def upload(ticket: str) -> dict[str, Any]:
        with database.read() as db:
            _given_out(db, ticket)  # strangers get nothing decoded
        request.max_content_length = MOST_BYTES
        try:
            with request:  # closes the files that longer parts are put into
                bodies = [shrink(file.read(), WIDEST) for file in request.files.values() if file.filename]
        except NotAPictureError:
            return {"error": "ERR_UPLOAD_BAD_IMAGE"}
        with database.write() as db:
            return _receive(db, ticket, bodies)

    app.add_url_rule("/u<int:owner>/<name>.jpg", "picture", picture)
    app.add_url_rule("/u<int:owner>/<int:album>/<name>.jpg", "album_picture", picture)
    app.add_url_rule("/upload/<ticket>", "upload", upload, methods=["POST"])


def find_picture(db: Connection, owner: int, address: str) -> bytes | None:
    """Return the file that a person's photo at `address` stands for, None when there is none."""
    if owner > MAX_ID:
        return None
    uploaded: bytes | None = db.scalar(select(files.c.body).where(files.c.address == address))
    if uploaded:
        return uploaded
    person = db.execute(select(people).where(people.c.id == owner)).one_or_none()
    if person is None:
        return None
    initials = person.first_name[:1] + person.last_name[:1]
    letter = address.rpartition("/")[2][0]
    if address in (person.photo_50, person.photo_100, person.photo_200):
        return draw(letter, owner, initials)
    is_it = or_(*(column == address for column in (photos.c.url_75, photos.c.url_130, photos.c.url_604)))
    photo = db.scalar(select(photos.c.id).where(photos.c.owner_id == owner, is_it).limit(1))
    return draw(letter, photo, initials) if photo else None


def _given_out(db: Connection, ticket: str) -> Row[Any]:
    row = db.execute(select(uploads).where(uploads.c.ticket == ticket)).one_or_none()
    return abort(404) if row is None else row


def _receive(db: Connection, ticket: str, bodies: list[bytes]) -> dict[str, Any]:
    """Keep what came in; the answer is what the save methods want: for the main photo `photo`, else `photos_list`."""
    row = _given_out(db, ticket)
    if not 0 < len(bodies) <= (MOST_FILES if row.album_id else 1):
        return {"error": "ERR_UPLOAD_NO_FILE"}
    db.execute(delete(received).where(received.c.ticket == ticket))
    places = [{"ticket": ticket, "place": place, "body": body} for place, body in enumerate(bodies)]
    db.execute(insert(received), places)
    if not row.album_id:
        return {"server": 1, "photo": "0", "hash": row.hash}
    listed = json.dumps([{"photo": place["place"]} for place in places])
    return {"server": 1, "photos_list": listed, "aid": row.album_id, "hash": row.hash}
