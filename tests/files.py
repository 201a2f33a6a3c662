"""Files that people upload, and some they should not."""

from io import BytesIO

from PIL import Image


def image(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new(mode, (width, height), "blue")
    made.paste("red", (0, 0, width // 2, height))
    return made


def written(picture: Image.Image, form: str, **options: object) -> bytes:
    """The file of a picture."""
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def jpeg(width: int = 300, height: int = 200) -> bytes:
    """A JPEG file."""
    return written(image(width, height), "JPEG")


def size_of(body: bytes) -> tuple[str | None, int, int]:
    """Format, width and height of a file; all of it is decoded."""
    with Image.open(BytesIO(body)) as opened:
        opened.load()
        return opened.format, opened.width, opened.height


def colours_of(body: bytes) -> tuple[str, str]:
    """Which colours the left and the right half of a file have."""
    with Image.open(BytesIO(body)) as opened:
        small = opened.convert("RGB").resize((8, 8))
    return _name(small.getpixel((1, 4))), _name(small.getpixel((6, 4)))


def _name(pixel: object) -> str:
    assert isinstance(pixel, tuple)
    names = {(True, False, False): "red", (False, False, True): "blue", (True, True, True): "white"}
    return names.get(tuple(part > 128 for part in pixel), str(pixel))
