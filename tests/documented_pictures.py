"""An OpenVK's pictures under the addresses that the tests know them by, those of the documentation's samples.

An OpenVK names pictures by numbers of its own. Nothing else differs in an answer that names one, so these names are put
back before a test sees it: each address for that of the same picture in the same size, and what is no such address
stays. What programs really get from an OpenVK is in `tests/pictures/test_openvk.py`.
"""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.test import run_wsgi_app

from userapi_gw.embedded.openvk.pictures import MAIN_PHOTOS
from userapi_gw.shapes.text import thumb_name

JSON: Final = ("application/json", "text/javascript")
PHOTOS: Final = {"miniscule": "url_75", "tiny": "url_130", "normal": "url_604"}
PEOPLE: Final = {"miniscule": "photo_50", "tiny": "photo_100", "normal": "photo_200"}
"""The sizes UserAPI has, by OpenVK's names: where the embedded world keeps their addresses."""


class DocumentedPictures:
    """A WSGI application whose JSON names pictures as the database of the embedded world does."""

    def __init__(self, application: WSGIApplication, host: str, world: Path) -> None:
        self._application, self._world = application, world
        self._address = re.compile(rf"http://{re.escape(host)}/photos/thumbnails/(\d+)_([a-z]+)\.jpeg")
        self._thumb_name = re.compile(r'(?<=")(\d{13,15})_(miniscule)(?=")')

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        parts, status, headers = run_wsgi_app(self._application, environ)
        if headers.get("Content-Type", "").startswith(JSON) and "Content-Encoding" not in headers:
            body = self._documented(b"".join(parts).decode()).encode()
            headers["Content-Length"], parts = str(len(body)), [body]
        start_response(status, headers.to_wsgi_list())
        return parts

    def _documented(self, text: str) -> str:
        with closing(sqlite3.connect(self._world)) as world:
            named = self._address.sub(lambda found: _stored(world, found) or found[0], text)
            return self._thumb_name.sub(lambda found: thumb_name(_stored(world, found)), named)


def _stored(world: sqlite3.Connection, found: re.Match[str]) -> str:
    number, size = int(found[1]), found[2]
    table, column = ("people", PEOPLE.get(size)) if number > MAIN_PHOTOS else ("photos", PHOTOS.get(size))
    if column is None:
        return ""
    row = world.execute(f"SELECT {column} FROM {table} WHERE id = ?", [number % MAIN_PHOTOS]).fetchone()
    return str(row[0]) if row else ""
