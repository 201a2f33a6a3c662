"""Draws stand-ins for the pictures of the documentation's world, whose files are lost."""

import colorsys

from PIL import Image, ImageDraw, ImageFont

from userapi_gw.imaging import jpeg

SIZES = {"a": (200, 200), "b": (100, 100), "c": (50, 50), "s": (75, 56), "m": (130, 97), "x": (604, 453)}
"""Width and height in pixels by the first letter of the file name."""

_GOLDEN = 0.618034  # numbers that follow each other get colours far apart


def draw(letter: str, number: int, text: str) -> bytes:
    """Return a JPEG with `text` on a ground whose colour follows from `number`; `letter` is a key of `SIZES`."""
    width, height = SIZES[letter]
    image = Image.new("RGB", (width, height), _colour(number, 0.55))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, height * 3 // 4, width, height), fill=_colour(number, 0.4))
    pen.text((width / 2, height / 2), text, fill="white", font=ImageFont.load_default(height * 0.45), anchor="mm")
    return jpeg(image)


def _colour(number: int, brightness: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(number * _GOLDEN % 1, 0.5, brightness)
    return round(255 * red), round(255 * green), round(255 * blue)
