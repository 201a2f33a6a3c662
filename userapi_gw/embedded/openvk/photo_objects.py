"""OpenVK's photo objects. Without sizes there is no address in one; no photo tells its caption or its album."""

from typing import Any, Final

from sqlalchemy import Row

from userapi_gw.embedded.openvk.pictures import MAIN_PHOTOS, SIZES, blob, thumbnail
from userapi_gw.embedded.openvk.registry import Call

_WIDTH, _HEIGHT = 604, 453  # pixels; nothing larger is kept
_ALIASES: Final = {
    "miniscule": ("photo_75", "src_small"),
    "tiny": ("photo_130", "src"),
    "normal": ("photo_604", "src_big"),
    "large": ("photo_807", "src_xbig"),
    "larger": ("photo_1280", "src_xxbig"),
    "original": ("photo_2560", "src_xxxbig"),
}
_FIRST_URL = (5, 77)  # versions of the API before this find an address in `src`, not in `url`


def photo(call: Call, row: Row[Any], *, with_sizes: bool) -> dict[str, Any]:
    """Return a photo of an album; `row` is one of `photos`."""
    return _photo(call, (row.id, row.owner_id, row.date), row.url_604, with_sizes)


def main_photo(call: Call, row: Row[Any]) -> dict[str, Any]:
    """Return a person's main photo as one of the album `profile`; `row` is one of `people`."""
    return _photo(call, (MAIN_PHOTOS + row.id, row.id, row.last_seen), row.photo_200, True)


def sizes(call: Call, number: int, stored: str) -> list[dict[str, Any]]:
    """Return all sizes of a photo. Those nobody has looked at have no width and height, as all of them here."""
    made = [_size(call, thumbnail(call, number, name), kind, None) for kind, name in SIZES.items()]
    return [*made, _size(call, call.address + blob(stored), "UPLOADED_MAXRES", False)]


def _size(call: Call, url: str, kind: str, crop: bool | None) -> dict[str, Any]:
    width, height = (None, None) if crop is None else (_WIDTH, _HEIGHT)
    name = "url" if call.version() >= _FIRST_URL else "src"
    return {name: url, "width": width, "height": height, "crop": crop, "type": kind}


def _photo(call: Call, numbers: tuple[int, int, int], stored: str, with_sizes: bool) -> dict[str, Any]:
    number, owner, date = numbers
    answer: dict[str, Any] = {
        "pid": number,
        "id": number,
        "user_id": owner,
        "owner_id": owner,
        "album_id": 0,
        "aid": 0,
        "width": _WIDTH,
        "height": _HEIGHT,
        "created": date,
        "date": date,
    }
    if not with_sizes:
        return answer
    answer["sizes"] = sizes(call, number, stored)
    for name, aliases in _ALIASES.items():
        answer |= dict.fromkeys(aliases, thumbnail(call, number, name))
    whole = call.address + blob(stored)
    original = {"height": _HEIGHT, "width": _WIDTH, "type": "base", "url": whole}
    return {**answer, "url": whole, "src_original": whole, "orig_photo": original}
