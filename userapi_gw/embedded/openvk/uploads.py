"""Where files are sent: `POST /upload/photo/<ticket>?<what is expected>`, answered with 202."""

import json
import secrets
import struct
from base64 import b64encode
from typing import Any, Final

from flask import Flask, Response, request
from sqlalchemy import Connection, Row, delete, insert, select

from userapi_gw.embedded.database import Database
from userapi_gw.embedded.files import MOST_BYTES
from userapi_gw.embedded.openvk.pages import HTML
from userapi_gw.embedded.openvk.registry import Call
from userapi_gw.embedded.schema import received, uploads

ONE: Final = ("photo",)
MANY: Final = tuple(f"photo{place}" for place in range(1, 6))
"""The names of the fields: one file for a main photo or a wall, up to five for an album."""

_HOUR = 3600  # seconds that an address is good


def upload_url(call: Call, album_id: int) -> str:
    """Return an address for files; `album_id` 0 is for the main photo and the wall, which share one."""
    call.db.execute(delete(uploads).where(uploads.c.created < call.now - _HOUR))
    ticket = secrets.token_hex(28)
    values = {"ticket": ticket, "hash": secrets.token_hex(28), "user_id": call.viewer, "album_id": album_id}
    call.db.execute(insert(uploads).values(**values, created=call.now))
    expected = struct.pack("<H10sHHQQQ", 1, b"photo", int(album_id > 0), 0, call.now, call.viewer, 0)
    return f"{call.address}/upload/photo/{ticket}?{b64encode(expected).decode()}"


def add_routes(app: Flask, database: Database) -> None:
    """Take files. What they are is found out when they are saved."""

    def upload(ticket: str) -> Response:
        request.max_content_length = MOST_BYTES
        with request:  # closes the files that longer parts are put into
            bodies = {name: file.read() for name, file in request.files.items() if file.filename}
        with database.write() as db:
            row = db.execute(select(uploads).where(uploads.c.ticket == ticket)).one_or_none()
            files = [bodies[name] for name in (MANY if row and row.album_id else ONE) if name in bodies]
            if row is None or not files:
                return Response("No file" if row else "Invalid signature <3", 400 if row else 422, content_type=HTML)
            return Response(json.dumps(_receive(db, row, files)), 202, content_type=HTML)

    app.add_url_rule("/upload/photo/<ticket>", "upload", upload, methods=["POST"])


def _receive(db: Connection, row: Row[Any], files: list[bytes]) -> dict[str, Any]:
    db.execute(delete(received).where(received.c.ticket == row.ticket))
    places = [{"ticket": row.ticket, "place": place, "body": body} for place, body in enumerate(files)]
    db.execute(insert(received), places)
    if not row.album_id:
        return {"server": "ephemeral", "photo": f"{row.user_id}|1|0", "hash": row.hash}
    listed = [{"keyholder": row.user_id, "resource": place + 1, "club": 0} for place in range(len(files))]
    photos_list = json.dumps(listed, separators=(",", ":"))
    return {"server": "ephemeral", "photos_list": photos_list, "album_id": "undefined", "hash": row.hash}
