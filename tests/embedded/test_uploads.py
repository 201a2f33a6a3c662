"""Uploads, albums and deletion: photos.* that write."""

from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlsplit

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from tests.files import colours_of, image, jpeg, size_of, written
from userapi_gw.embedded import files as files_module
from userapi_gw.embedded.database import Database
from userapi_gw.embedded.schema import files, received, uploads

from .conftest import AsUser, Caller


def send(app: Flask, url: str, *bodies: bytes) -> Any:
    """Send files to an address given out for uploads."""
    parts = {f"file{place}": (BytesIO(body), "a.jpg") for place, body in enumerate(bodies, 1)}
    response = app.test_client().post(urlsplit(url).path, data=parts)
    return response.get_json() if response.status_code == 200 else response.status_code


def picture(app: Flask, address: str) -> bytes:
    """Ask for a picture under its own host name."""
    url = urlsplit(address)
    response = app.test_client().get(url.path, base_url=f"http://{url.netloc}")
    assert (response.status_code, response.content_type) == (200, "image/jpeg")
    return response.get_data()


def rows(path: Path) -> list[int]:
    """How many files, addresses for uploads and waiting files there are."""
    with Database(path).read() as db:
        return [db.scalar(select(func.count()).select_from(table)) or 0 for table in (files, uploads, received)]


@pytest.fixture
def pavel(as_user: AsUser) -> Caller:
    return as_user(1)


def test_a_main_photo(app: Flask, pavel: Caller, database_path: Path) -> None:
    server = pavel("photos.getOwnerPhotoUploadServer")
    assert list(server) == ["upload_url"]
    sent = send(app, server["upload_url"], jpeg(400, 400))
    assert sorted(sent) == ["hash", "photo", "server"]
    saved = pavel("photos.saveOwnerPhoto", **sent)
    (user,) = pavel("users.get", fields="photo_50,photo_100,photo_200,has_photo")
    assert saved == {"photo_hash": "", "photo_src": user["photo_200"], "saved": 1}
    sizes = [size_of(picture(app, user[f"photo_{width}"])) for width in (50, 100, 200)]
    assert sizes == [("JPEG", 50, 50), ("JPEG", 100, 100), ("JPEG", 200, 200)]
    folders = {user[f"photo_{width}"].replace(f"/{letter}_", "/") for width, letter in ((50, "c"), (100, "b"))}
    assert len(folders) == 1
    assert rows(database_path) == [3, 0, 0]


def test_the_next_main_photo_takes_the_place_of_the_last(app: Flask, pavel: Caller, database_path: Path) -> None:
    for _ in range(2):
        server = pavel("photos.getOwnerPhotoUploadServer")
        pavel("photos.saveOwnerPhoto", **send(app, server["upload_url"], jpeg()))
    assert rows(database_path) == [3, 0, 0]
    assert pavel("photos.deleteOwnerPhoto") == 1
    assert pavel("users.get", fields="has_photo")[0]["has_photo"] == 0
    assert rows(database_path) == [0, 0, 0]
    assert pavel.error("photos.deleteOwnerPhoto") == (104, "Not found")


def test_photos_for_an_album(app: Flask, pavel: Caller, database_path: Path) -> None:
    server = pavel("photos.getUploadServer", album_id=5433484)
    assert (server["album_id"], server["user_id"]) == (5433484, 1)
    sent = send(app, server["upload_url"], jpeg(700, 350), written(image(100, 100), "PNG"))
    assert sent["aid"] == 5433484
    photos = pavel("photos.save", album_id=5433484, **sent)
    assert [photo["album_id"] for photo in photos] == [5433484, 5433484]
    assert pavel("photos.getAll", count=2)["items"] == photos[::-1]
    shown = [picture(app, size["url"]) for size in photos[0]["sizes"]]
    assert [size_of(body) for body in shown] == [("JPEG", 75, 38), ("JPEG", 130, 65), ("JPEG", 604, 302)]
    assert {colours_of(body) for body in shown} == {("red", "blue")}
    assert rows(database_path) == [6, 0, 0]
    assert pavel("photos.delete", photo_id=photos[0]["id"]) == 1
    assert rows(database_path) == [3, 0, 0]


def test_numbers_of_photos_are_given_once(app: Flask, pavel: Caller) -> None:
    numbers = []
    for _ in range(2):
        server = pavel("photos.getUploadServer", album_id=5433484)
        (photo,) = pavel("photos.save", album_id=5433484, **send(app, server["upload_url"], jpeg()))
        numbers.append(photo["id"])
        pavel("photos.delete", owner_id=1, photo_id=photo["id"])
    assert numbers[1] == numbers[0] + 1


def test_an_upload_is_saved_once_by_its_owner_in_its_album(app: Flask, pavel: Caller, as_user: AsUser) -> None:
    sent = send(app, pavel("photos.getUploadServer", album_id=5433484)["upload_url"], jpeg())
    wrong = (121, "Invalid hash")
    assert pavel.error("photos.save", album_id=25797999, **sent) == wrong
    assert pavel.error("photos.saveOwnerPhoto", **sent) == wrong
    assert pavel.error("photos.save", album_id=5433484, **{**sent, "hash": "x"}) == wrong
    assert as_user(6).error("photos.saveOwnerPhoto", **sent) == wrong
    assert len(pavel("photos.save", album_id=5433484, **sent)) == 1
    assert pavel.error("photos.save", album_id=5433484, **sent) == wrong
    empty = pavel("photos.getUploadServer", album_id=5433484)
    assert pavel.error("photos.save", album_id=5433484, hash=urlsplit(empty["upload_url"]).path[-32:]) == wrong


@pytest.mark.parametrize("body", [b"", b"text", jpeg()[:-200]])
def test_what_is_no_picture_is_not_taken(app: Flask, pavel: Caller, body: bytes) -> None:
    url = pavel("photos.getOwnerPhotoUploadServer")["upload_url"]
    assert send(app, url, body) == {"error": "ERR_UPLOAD_BAD_IMAGE"}


def test_addresses_for_uploads(app: Flask, pavel: Caller) -> None:
    assert send(app, "/upload/none", jpeg()) == 404
    url = pavel("photos.getOwnerPhotoUploadServer")["upload_url"]
    assert send(app, url) == {"error": "ERR_UPLOAD_NO_FILE"}
    assert send(app, url, jpeg(), jpeg()) == {"error": "ERR_UPLOAD_NO_FILE"}
    assert pavel.error("photos.getUploadServer", album_id=77)[0] == 114
    assert pavel.error("photos.getUploadServer")[0] == 100


def test_nothing_of_strangers_is_decoded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_module, "shrink", Mock(side_effect=AssertionError))
    assert send(app, "/upload/none", jpeg()) == 404


def test_albums(pavel: Caller, as_user: AsUser) -> None:
    albums = pavel("photos.getAlbums")
    assert albums["count"] == len(albums["items"]) == 4
    assert [(album["id"], album["can_upload"]) for album in albums["items"][:2]] == [(25797999, 1), (5433484, 1)]
    assert sum(album["size"] for album in albums["items"]) == pavel("photos.getAll")["count"]
    nikolay = as_user(6)
    assert nikolay("photos.getAlbums") == {"count": 0, "items": []}
    assert nikolay("photos.getAlbums", owner_id=1)["items"][0]["can_upload"] == 0
    made = nikolay("photos.createAlbum", title="<Mine>")
    assert nikolay("photos.getAlbums")["items"] == [made]
    assert (made["owner_id"], made["title"], made["size"], made["can_upload"]) == (6, "&lt;Mine&gt;", 0, 1)
    assert pavel.error("photos.getUploadServer", album_id=made["id"])[0] == 114


def test_photos_of_others_are_not_deleted(pavel: Caller) -> None:
    assert pavel.error("photos.delete", owner_id=7275620, photo_id=117953590)[0] == 15
    assert pavel.error("photos.delete", photo_id=117953590)[0] == 104
    assert pavel("photos.getById", photos="7275620_117953590")[0]["id"] == 117953590


def test_tags_and_comments_go_with_their_photo(pavel: Caller) -> None:
    assert pavel("photos.delete", photo_id=79435064) == 1
    assert pavel.error("photos.getComments", photo_id=79435064)[0] == 104
    assert pavel("photos.getById", photos="1_79435064") == []


@pytest.mark.parametrize(
    ("address", "size"),
    [
        ("http://cs137.userapi.com/u00001/a_6261d317.jpg", (200, 200)),
        ("http://cs137.userapi.com/u00001/b_6261d317.jpg", (100, 100)),
        ("http://cs137.userapi.com/u00001/c_015fd76c.jpg", (50, 50)),
        ("http://cs37.userapi.com/u00001/5433484/s_5ac5c794.jpg", (75, 56)),
        ("http://cs37.userapi.com/u00001/5433484/m_5ac5c794.jpg", (130, 97)),
        ("http://cs37.userapi.com/u00001/5433484/x_2e4eddbb.jpg", (604, 453)),
    ],
)
def test_pictures_of_the_world_are_drawn(app: Flask, pavel: Caller, address: str, size: tuple[int, int]) -> None:
    assert size_of(picture(app, address)) == ("JPEG", *size)
    assert picture(app, address) == picture(app, address)


def test_people_have_colours_of_their_own(app: Flask, one: Caller) -> None:
    people = one("users.get", user_ids="1,3,5,6,7", fields="photo_100")
    grounds = [Image.open(BytesIO(picture(app, person["photo_100"]))).getpixel((5, 5)) for person in people]
    assert len(set(grounds)) == 5


@pytest.mark.parametrize(
    "address",
    [
        "http://cs1.userapi.com/u00001/b_6261d317.jpg",
        "http://cs137.userapi.com/u00001/x_6261d317.jpg",
        "http://a/u0/b_.jpg",
    ],
)
def test_other_pictures_are_not_found(app: Flask, address: str) -> None:
    url = urlsplit(address)
    assert app.test_client().get(url.path, base_url=f"http://{url.netloc}").status_code == 404
