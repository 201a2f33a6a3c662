"""What is done to pictures themselves: decode, check, shrink, write as JPEG."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import BoundedSemaphore

from PIL import Image, ImageOps
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
"""What web servers have pictures in. Pillow knows many formats more, some of which (EPS) are programs to be run."""

MOST_PIXELS = 25_000_000
"""Pictures of more pixels are refused before they are decoded: a small file can unpack to gigabytes."""

MOST_WORK = 100 * MOST_PIXELS
"""The most pixels times scans of a JPEG. Ten scans are usual; one of a few bytes takes as long as one of megabytes."""

AT_ONCE = BoundedSemaphore(2)
"""So many pictures are decoded at the same time in one process: each may take some 200 megabytes."""

QUALITY = 88
MOST_UNTOUCHED = 1024 * 1024
"""A JPEG of at most so many bytes and of the right width is handed on as it is, if it holds nothing but the picture."""

_MIXED = ("L", "LA", "RGB", "RGBA", "CMYK")
"""The kinds of pixels of which means can be made; of numbers in a palette there are none."""

_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_BARE = frozenset({"APP0", "APP14"})
"""The application segments that say how to read the pixels; others hold places, cameras, texts, other pictures."""


class NotAPictureError(ValueError):
    """The bytes are no picture of an accepted format, are damaged, or have too many pixels."""


def check_jpeg(body: bytes) -> None:
    """Decode a whole JPEG file, whatever it is called; raises `NotAPictureError` unless all of it is fine."""
    with _opened(body, ("JPEG",)) as image:
        image.draft(None, (image.width // 8, image.height // 8))  # all bytes are read, few pixels made of them
        image.load()


def size_of(body: bytes) -> tuple[int, int] | None:
    """Return width and height of a picture in pixels, None for bytes that are none."""
    try:
        with _opened(body, FORMATS) as image:
            return image.size
    except NotAPictureError:
        return None


def shrink(body: bytes, width: int) -> bytes:
    """Return a picture as JPEG of at most `width` pixels across; it is never enlarged.

    What else the file holds (where and when a photo was taken) is left out. Raises `NotAPictureError`.
    """
    with _opened(body, FORMATS) as image:
        if image.width <= width and _is_bare(image, body):
            image.load()  # so that a damaged one is not handed on
            return body
        image.draft("RGB", (2 * width, 2 * width))  # lets the JPEG decoder skip what would be thrown away
        ImageOps.exif_transpose(image, in_place=True)
        return jpeg(_opaque(_narrowed(image, width)))


def jpeg(image: Image.Image) -> bytes:
    """Write a picture as JPEG, without the comment that may have come with it."""
    written = BytesIO()
    image.save(written, "JPEG", quality=QUALITY, comment=b"")
    return written.getvalue()


@contextmanager
def _opened(body: bytes, formats: tuple[str, ...]) -> Iterator[ImageFile]:
    with _decoding(), Image.open(BytesIO(body), formats=formats) as image:
        scans = body.count(_SCAN) if isinstance(image, JpegImageFile) else 0
        if image.width * image.height > min(MOST_PIXELS, MOST_WORK // max(scans, 1)):
            raise NotAPictureError("too many pixels")
        yield image


@contextmanager
def _decoding() -> Iterator[None]:
    try:
        with AT_ONCE:
            yield
    except NotAPictureError:
        raise
    except Exception as error:  # decoders raise whatever their parsers do: OSError, SyntaxError, struct.error ...
        raise NotAPictureError(type(error).__name__) from None


def _is_bare(image: ImageFile, body: bytes) -> bool:
    """Tell whether a file is a JPEG of a usual size that any program shows and that holds nothing but its picture."""
    if not isinstance(image, JpegImageFile) or image.mode == "CMYK" or len(body) > MOST_UNTOUCHED:
        return False
    return {name for name, _ in image.applist} <= _BARE and body.find(_END) == len(body) - len(_END)


def _opaque(image: Image.Image) -> Image.Image:
    """JPEG knows no transparency: what is transparent becomes white."""
    if not image.has_transparency_data:
        return image if image.mode in ("RGB", "L") else image.convert("RGB")
    image = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    if image.mode not in _MIXED or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
