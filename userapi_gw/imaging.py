"""What is done to pictures themselves: decode, check, shrink, write as JPEG."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import BoundedSemaphore

from PIL import Image, ImageOps

MOST_PIXELS = 25_000_000
"""Pictures of more pixels are refused before they are decoded: a small file can unpack to gigabytes."""

AT_ONCE = BoundedSemaphore(2)
"""So many pictures are decoded at the same time in one process: each may take 100 megabytes."""

QUALITY = 88
MOST_UNTOUCHED = 1024 * 1024
"""A JPEG of at most so many bytes and of the right width is handed on as it is."""


class NotAPictureError(ValueError):
    """The bytes are no picture of an accepted format, are damaged, or have too many pixels."""


def check_jpeg(body: bytes) -> None:
    """Decode a whole JPEG file, whatever it is called; raises `NotAPictureError` unless all of it is fine."""
    with _decoding(), Image.open(BytesIO(body), formats=["JPEG"]) as image:
        _limit(image)
        image.load()


def shrink(body: bytes, width: int) -> bytes:
    """Return a picture as JPEG of at most `width` pixels across; it is never enlarged.

    Raises `NotAPictureError`.
    """
    with _decoding(), Image.open(BytesIO(body)) as image:
        _limit(image)
        if image.format == "JPEG" and image.width <= width and len(body) <= MOST_UNTOUCHED:
            image.load()  # so that a damaged one is not handed on
            return body
        image.draft("RGB", (2 * width, 2 * width))  # lets the JPEG decoder skip what would be thrown away
        return jpeg(_narrowed(_opaque(ImageOps.exif_transpose(image)), width))


def jpeg(image: Image.Image) -> bytes:
    """Write a picture as JPEG."""
    written = BytesIO()
    image.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


@contextmanager
def _decoding() -> Iterator[None]:
    try:
        with AT_ONCE:
            yield
    except NotAPictureError:
        raise
    except Exception as error:  # decoders raise whatever their parsers do: OSError, SyntaxError, struct.error ...
        raise NotAPictureError(type(error).__name__) from None


def _limit(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise NotAPictureError("too many pixels")


def _opaque(image: Image.Image) -> Image.Image:
    """JPEG knows no transparency: what is transparent becomes white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
