"""Pictures decoded, refused, shrunk."""

import struct
import zlib
from functools import partial
from io import BytesIO

import pytest
from PIL import Image

from tests.files import colours_of, image, jpeg, size_of, written
from userapi_gw.imaging import NotAPictureError, check_jpeg, shrink


def bomb(side: int) -> bytes:
    """A PNG of few bytes that claims `side` times `side` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def jpeg_bomb(width: int, height: int) -> bytes:
    """A JPEG whose frame header claims another size."""
    body = bytearray(jpeg(16, 16))
    frame = body.index(b"\xff\xc0")
    body[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(body)


def slow(scans: int) -> bytes:
    """A JPEG of few bytes that goes over all of its pixels many times."""
    body = written(Image.new("L", (2000, 2000), 128), "JPEG", progressive=True)
    last = body[body.rindex(b"\xff\xda") : -2]
    return body[:-2] + last * scans + b"\xff\xd9"


BAD = {
    "empty": b"",
    "text": b"GIF89a, or so I was told",
    "truncated": jpeg(600, 400)[:-500],
    "header alone": jpeg()[:20],
    "bomb": jpeg_bomb(60_000, 60_000),
    "below Pillow's own limit": jpeg_bomb(9_000, 9_000),
    "a thousand scans": slow(1000),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_what_is_no_picture(body: bytes) -> None:
    with pytest.raises(NotAPictureError):
        check_jpeg(body)


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "BMP"])
def test_a_check_for_jpeg_goes_by_the_content(form: str) -> None:
    body = written(image(30, 20), form)
    with pytest.raises(NotAPictureError):
        check_jpeg(body)
    assert size_of(shrink(body, 100)) == ("JPEG", 30, 20)


def test_a_jpeg_passes() -> None:
    check_jpeg(jpeg())
    check_jpeg(written(image(40, 40, "L").convert("CMYK"), "JPEG", progressive=True))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((400, 200), (100, 50)),
        ((200, 400), (100, 200)),
        ((100, 30), (100, 30)),
        ((40, 30), (40, 30)),
        ((2000, 1), (100, 1)),
    ],
)
def test_pictures_are_made_narrower_and_never_larger(before: tuple[int, int], after: tuple[int, int]) -> None:
    assert size_of(shrink(written(image(*before), "PNG"), 100)) == ("JPEG", *after)
    assert size_of(shrink(jpeg(*before), 100)) == ("JPEG", *after)


def test_what_is_to_be_seen_stays() -> None:
    assert colours_of(shrink(jpeg(800, 600), 50)) == ("red", "blue")


def test_a_jpeg_that_fits_is_not_written_anew() -> None:
    body = jpeg(100, 100)
    assert shrink(body, 100) is body


def test_a_damaged_jpeg_that_fits_is_not_handed_on() -> None:
    with pytest.raises(NotAPictureError):
        shrink(BAD["truncated"], 1000)


def camera(width: int) -> bytes:
    """A photo that tells where it was taken, held upright, with a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right by 90 degrees
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[1] = "N"
    return written(image(width, 60), "JPEG", exif=exif, comment=b"at home")


@pytest.mark.parametrize("width", [80, 100, 800])
def test_what_a_camera_tells_is_left_out(width: int) -> None:
    body = shrink(camera(width), 100)
    with Image.open(BytesIO(body)) as opened:
        assert (dict(opened.getexif()), sorted(opened.info)) == ({}, SIZES)
    assert size_of(body) == ("JPEG", 60, width)
    assert b"home" not in body


SIZES = ["jfif", "jfif_density", "jfif_unit", "jfif_version"]
"""What Pillow tells of a JPEG that holds nothing but its picture."""


@pytest.mark.parametrize(
    "body",
    [
        jpeg(80, 80) + b"PK\x03\x04 or a page",
        jpeg(80, 80) + b"<script>\xff\xd9",
        written(image(80, 80), "MPO", save_all=True, append_images=[image(80, 80)]),
        written(image(80, 80), "JPEG", icc_profile=b"x" * 200),
        written(image(80, 80).convert("CMYK"), "JPEG"),
    ],
    ids=["archive", "page", "MPO", "profile", "CMYK"],
)
def test_nothing_but_the_picture_is_handed_on(body: bytes) -> None:
    made = shrink(body, 100)
    assert (size_of(made), made.count(b"\xff\xd9"), made[-2:]) == (("JPEG", 80, 80), 1, b"\xff\xd9")
    with Image.open(BytesIO(made)) as opened:
        assert (opened.mode, sorted(opened.info)) == ("RGB", SIZES)


@pytest.mark.parametrize("form", ["TIFF", "ICO", "EPS", "PDF", "TGA", "PPM", "JPEG2000", "SGI", "PCX"])
def test_what_no_web_server_has_is_not_decoded(form: str) -> None:
    body = written(image(64, 64), form)
    for check in (check_jpeg, partial(shrink, width=100)):
        with pytest.raises(NotAPictureError, match="UnidentifiedImageError"):
            check(body)


def test_of_a_moving_picture_the_first_is_shown() -> None:
    for form in ("GIF", "WEBP", "PNG"):
        body = written(image(64, 64), form, save_all=True, append_images=[Image.new("RGB", (64, 64), "white")] * 20)
        assert (size_of(shrink(body, 32)), colours_of(shrink(body, 32))) == (("JPEG", 32, 32), ("red", "blue"))


def test_a_colour_that_stands_for_transparent() -> None:
    body = written(image(64, 64), "PNG", transparency=(0, 0, 255))
    assert [colours_of(shrink(body, width)) for width in (32, 64)] == [("red", "white")] * 2


def test_a_heavy_jpeg_is_written_anew() -> None:
    body = jpeg(100, 100) + b"\0" * (1024 * 1024)
    assert len(shrink(body, 100)) < 10_000


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16", "CMYK"])
def test_every_kind_of_pixel(mode: str) -> None:
    picture = Image.new(mode, (64, 64))
    body = written(picture, "JPEG" if mode == "CMYK" else "PNG")
    assert size_of(shrink(body, 32)) == ("JPEG", 32, 32)


def test_what_is_transparent_becomes_white() -> None:
    picture = image(64, 64, "RGBA")
    picture.paste((0, 0, 0, 0), (32, 0, 64, 64))
    assert colours_of(shrink(written(picture, "PNG"), 32)) == ("red", "white")


def test_cameras_that_were_held_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right by 90 degrees
    assert size_of(shrink(written(image(400, 200), "JPEG", exif=exif), 100)) == ("JPEG", 100, 200)


def test_small_files_with_many_pixels_are_refused() -> None:
    with pytest.raises(NotAPictureError):
        shrink(bomb(8_000), 100)
    with pytest.raises(NotAPictureError):
        shrink(bomb(60_000), 100)
