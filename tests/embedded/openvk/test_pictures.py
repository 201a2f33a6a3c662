"""Addresses of pictures: made of the Host header, thumbnails sent on to blobs."""

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.embedded.openvk.conftest import Site
from tests.embedded.openvk.exchanges import ANNA, MAIN_PHOTO, PHOTO

MAKER = {"user_ids": ANNA, "fields": "photo_50"}


@pytest.mark.parametrize(
    ("headers", "start"),
    [
        ({"Host": "ovk.test"}, "http://ovk.test/"),
        ({"Host": "ovk.test", "X-Forwarded-Proto": "https"}, "https://ovk.test/"),
    ],
)
def test_addresses_are_those_of_the_request(site: Site, headers: dict[str, str], start: str) -> None:
    answer = site.send(ANNA, "GET", "/method/users.get", MAKER, headers=headers).get_json()
    assert answer["response"][0]["photo_50"] == f"{start}photos/thumbnails/{MAIN_PHOTO}_miniscule.jpeg"


def _width(site: Site, address: str) -> int:
    moved = site.client.get(urlsplit(address).path)
    assert (moved.status_code, moved.headers["Location"][:6]) == (302, "/blob_")
    file = site.client.get(moved.headers["Location"])
    assert (file.status_code, file.content_type) == (200, "image/jpeg")
    with Image.open(BytesIO(file.get_data())) as image:
        return image.width


def test_a_thumbnail_sends_on_to_the_picture(site: Site) -> None:
    (photo,) = site(ANNA, "photos.getById", photos=f"{ANNA}_{PHOTO}", photo_sizes=1)
    widths = {size["type"]: _width(site, size["url"]) for size in photo["sizes"] if size["type"] in "smx"}
    assert widths == {"s": 75, "m": 130, "x": 604}


def test_the_largest_size_is_the_picture_itself(site: Site) -> None:
    (photo,) = site(ANNA, "photos.getById", photos=f"{ANNA}_{PHOTO}", photo_sizes=1)
    assert site.client.get(urlsplit(photo["sizes"][-1]["url"]).path).content_type == "image/jpeg"


def test_who_has_no_photo_has_a_camera(site: Site) -> None:
    (person,) = site(ANNA, "users.get", user_ids=301, fields="photo_50,has_photo")
    camera = site.client.get(urlsplit(person["photo_50"]).path)
    assert (person["has_photo"], camera.status_code, camera.content_type) == (0, 200, "image/png")


@pytest.mark.parametrize(
    "path",
    [
        "/photos/thumbnails/99_tiny.jpeg",
        f"/photos/thumbnails/{PHOTO}_huge.jpeg",
        "/photos/thumbnails/99999999999999999999999_tiny.jpeg",
        "/blob_00/zz.jpeg",
        "/blob_00/2f752f.jpeg",
    ],
)
def test_what_is_not_there_is_not_found(site: Site, path: str) -> None:
    answer: Any = site.client.get(path)
    assert (answer.status_code, answer.content_type) == (404, "text/html; charset=UTF-8")
