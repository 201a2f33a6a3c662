"""Methods `photos.*` about albums. OpenVK has albums of its own, here one: the one with the main photo."""

from typing import Any, Final

from sqlalchemy import Row, func, insert, select

from userapi_gw.embedded.openvk.people import require_owner
from userapi_gw.embedded.openvk.photo_objects import sizes
from userapi_gw.embedded.openvk.pictures import CAMERA, blob, main_photo_number
from userapi_gw.embedded.openvk.registry import Call, method, size_of
from userapi_gw.embedded.schema import albums, photos

SYSTEM_ALBUMS: Final = 10**9
"""The album with the main photo of person 5 has the number SYSTEM_ALBUMS + 5."""


@method("photos.getAlbums")
def get_albums(call: Call) -> dict[str, Any]:
    """List the albums of `owner_id` (the viewer when missing), the system's first unless `need_system=0`."""
    owner = require_owner(call, call.number("owner_id", 0) or call.viewer)
    query = select(albums).where(albums.c.owner_id == owner.id).order_by(albums.c.created, albums.c.id)
    start, count = max(call.number("offset", 0), 0), max(call.number("count", 100), 0)
    system = [_system_album(call, owner)] if call.number("need_system", 1) else []
    items = [*system, *(_album_with_cover(call, row) for row in call.db.execute(query))]
    return {"count": size_of(call.db, query) + 1, "items": items[start : start + count]}


@method("photos.getAlbumsCount")
def get_albums_count(call: Call) -> int:
    """Count the albums of `user_id` (the viewer when missing)."""
    owner = require_owner(call, call.number("user_id", 0) or call.viewer)
    return size_of(call.db, select(albums.c.id).where(albums.c.owner_id == owner.id)) + 1


@method("photos.createAlbum", "title", limited=True)
def create_album(call: Call) -> dict[str, Any]:
    """Make an album called `title` for the viewer. The `description` is shown once and not kept."""
    number = (call.db.scalar(select(func.max(albums.c.id))) or 0) + 1
    values = {"owner_id": call.viewer, "id": number, "title": call.given.text("title"), "created": call.now}
    row = call.db.execute(insert(albums).values(values).returning(albums)).one()
    return _album(call, row) | {"description": call.given.text("description", "") or None}


def _album(call: Call, row: Row[Any]) -> dict[str, Any]:
    inside = photos.c.owner_id == row.owner_id, photos.c.album_id == row.id
    return {
        "id": row.id,
        "thumb_id": "0",
        "owner_id": row.owner_id,
        "title": row.title,
        "description": None,
        "created": row.created,
        "updated": row.created,
        "size": call.db.scalar(select(func.count()).select_from(photos).where(*inside)),
        "privacy_comment": 1,
        "upload_by_admins_only": 1,
        "comments_disabled": 0,
        "can_upload": int(row.owner_id == call.viewer),
    }


def _album_with_cover(call: Call, row: Row[Any]) -> dict[str, Any]:
    inside = select(photos).where(photos.c.owner_id == row.owner_id, photos.c.album_id == row.id)
    cover = call.db.execute(inside.order_by(photos.c.id).limit(1)).one_or_none()
    number, stored = (cover.id, cover.url_604) if cover else (0, "")
    return _covered(call, _album(call, row), number, stored)


def _system_album(call: Call, owner: Row[Any]) -> dict[str, Any]:
    number = main_photo_number(owner.id, owner.photo_200) if owner.photo_200 else 0
    fields = {"id": SYSTEM_ALBUMS + owner.id, "thumb_id": "0", "owner_id": owner.id, "title": "Фотографии со страницы"}
    times = {"description": None, "created": owner.last_seen, "updated": owner.last_seen, "size": int(bool(number))}
    rights = {"privacy_comment": 1, "upload_by_admins_only": 1, "comments_disabled": 0, "can_upload": 0}
    return _covered(call, {**fields, **times, **rights}, number, owner.photo_200)


def _covered(call: Call, album: dict[str, Any], number: int, stored: str) -> dict[str, Any]:
    if not number:
        empty = {"sizes": None} if call.number("photo_sizes", 0) else {}
        return {**album, "thumb_src": call.address + CAMERA, **empty}
    shown = {size["type"]: size for size in sizes(call, number, stored)} if call.number("photo_sizes", 0) else {}
    cover = {"thumb_id": number, "thumb_src": call.address + blob(stored)}
    return {**album, **cover, **({"sizes": shown} if shown else {})}
