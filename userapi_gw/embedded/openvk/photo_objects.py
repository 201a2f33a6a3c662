"""OpenVK's photo objects. Without sizes there is no address in one; no photo tells its caption or its album."""

from typing import Any, Final

from sqlalchemy import Row, func, select

from userapi_gw.embedded.openvk.pictures import SIZES, blob, main_photo_number, thumbnail
from userapi_gw.embedded.openvk.registry import Call
from userapi_gw.embedded.schema import comments

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
    answer = _photo(call, (row.id, row.owner_id, row.date), row.url_604, with_sizes)
    return answer | (_reactions(call, row.id) if call.number("extended", 0) else {})


def main_photo(call: Call, row: Row[Any]) -> dict[str, Any]:
    """Return a person's main photo as one of the album `profile`; `row` is one of `people`."""
    return _photo(call, (main_photo_number(row.id, row.photo_200), row.id, row.last_seen), row.photo_200, True)


def sizes(call: Call, number: int, stored: str) -> list[dict[str, Any]]:
    """Return all sizes of a photo. Those nobody has looked at have no width and height, as all of them here."""
    made = [_size(call, thumbnail(call, number, name), kind, None) for kind, name in SIZES.items()]
    return [*made, _size(call, call.address + blob(stored), "UPLOADED_MAXRES", False)]


def _reactions(call: Call, number: int) -> dict[str, Any]:
    written = comments.c.photo_id == number, comments.c.deleted_by == 0
    return {
        "likes": {"likes": 0, "user_likes": 0, "can_like": 1, "can_publish": 1},
        "comments": {"count": call.db.scalar(select(func.count()).where(*written)) or 0, "can_post": 1},
        "can_comment": 1,
        "can_repost": 1,
    }


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
