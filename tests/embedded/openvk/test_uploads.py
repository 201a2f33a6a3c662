"""Pictures on their way in: address, file, save."""

import json
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from tests.embedded.openvk.conftest import Site
from tests.embedded.openvk.exchanges import ALBUM, ANNA, MAIN_PHOTO, recorded
from tests.embedded.openvk.forms import differences

RECORDED = recorded()


def picture() -> bytes:
    """Return a small JPEG."""
    file = BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, "JPEG")
    return file.getvalue()


def upload(site: Site, method: str, files: dict[str, bytes], **params: Any) -> TestResponse:
    """Ask for an address and send files there."""
    address = urlsplit(site(ANNA, method, **params)["upload_url"])
    data = {name: (BytesIO(body), f"{name}.jpg") for name, body in files.items()}
    return site.client.post(f"{address.path}?{address.query}", data=data)


@pytest.mark.parametrize(
    ("name", "method", "files"),
    [
        ("upload_owner", "photos.getOwnerPhotoUploadServer", {"photo": picture()}),
        ("upload_owner_badimage", "photos.getOwnerPhotoUploadServer", {"photo": b"no picture"}),
        ("upload_owner_nofile", "photos.getOwnerPhotoUploadServer", {}),
        ("upload_wall", "photos.getWallUploadServer", {"photo": picture()}),
        ("upload_album", "photos.getUploadServer", {"photo1": picture(), "photo2": picture()}),
        ("upload_album_wrongfield", "photos.getUploadServer", {"file": picture()}),
    ],
)
def test_a_file_is_taken_as_recorded(site: Site, name: str, method: str, files: dict[str, bytes]) -> None:
    answer, exchange = upload(site, method, files, album_id=ALBUM), RECORDED[name]
    assert (answer.status_code, answer.content_type) == (exchange.status, exchange.content_type)
    text = answer.get_data(as_text=True)
    if answer.status_code == 202:
        body = json.loads(text)
        assert differences(exchange.body, body) == []
        assert (
            "photos_list" not in body
            or differences(json.loads(exchange.body["photos_list"]), json.loads(body["photos_list"])) == []
        )
    else:
        assert text == exchange.body


def test_photos_of_an_album_are_kept_once(site: Site) -> None:
    before = site(ANNA, "photos.get", owner_id=ANNA, album_id=ALBUM)["count"]
    sent = json.loads(upload(site, "photos.getUploadServer", {"photo1": picture()}, album_id=ALBUM).get_data())
    given = {"photos_list": sent["photos_list"], "hash": sent["hash"], "album_id": ALBUM}
    saved = site(ANNA, "photos.save", **given)
    assert differences(RECORDED["photos.save"].body, {"response": saved}) == []
    assert site(ANNA, "photos.get", owner_id=ANNA, album_id=ALBUM)["count"] == before + 1
    assert site.error(ANNA, "photos.save", **given) == (500, "")
    assert site.error(ANNA, "photos.save", **{**given, "hash": "x"}) == (121, "Incorrect hash")


def test_the_main_photo_is_replaced_and_taken_away(site: Site) -> None:
    sent = json.loads(upload(site, "photos.getOwnerPhotoUploadServer", {"photo": picture()}).get_data())
    saved = site(ANNA, "photos.saveOwnerPhoto", photo=sent["photo"], hash=sent["hash"])
    assert differences(RECORDED["photos.saveOwnerPhoto"].body, {"response": saved}) == []
    assert site.client.get(urlsplit(saved["photo_src"]).path).get_data() == picture()
    (album,) = site(ANNA, "photos.get", owner_id=ANNA, album_id="profile")["items"]
    assert album["id"] != MAIN_PHOTO
    site(ANNA, "photos.delete", owner_id=ANNA, photo_id=MAIN_PHOTO)
    assert site(ANNA, "photos.get", owner_id=ANNA, album_id="profile")["count"] == 1, "that was the one before"
    site(ANNA, "photos.delete", owner_id=ANNA, photo_id=album["id"])
    assert site(ANNA, "photos.get", owner_id=ANNA, album_id="profile") == {"count": 0}


def test_what_is_no_picture_breaks_the_saving(site: Site) -> None:
    sent = json.loads(upload(site, "photos.getOwnerPhotoUploadServer", {"photo": b"no picture"}).get_data())
    assert site.error(ANNA, "photos.saveOwnerPhoto", photo=sent["photo"], hash=sent["hash"]) == (500, "")


def test_a_photo_for_a_wall_can_be_posted(site: Site) -> None:
    sent = json.loads(upload(site, "photos.getWallUploadServer", {"photo": picture()}).get_data())
    saved = site(ANNA, "photos.saveWallPhoto", photo=sent["photo"], hash=sent["hash"])
    assert differences(RECORDED["photos.saveWallPhoto"].body, {"response": saved}) == []
    number = saved[0]["id"]
    post = site(ANNA, "wall.post", owner_id=ANNA, attachments=f"photo{ANNA}_{number}")["post_id"]
    (shown,) = site(ANNA, "wall.getById", posts=f"{ANNA}_{post}", v="5.131")
    assert [one["photo"]["id"] for one in shown["attachments"]] == [number]
