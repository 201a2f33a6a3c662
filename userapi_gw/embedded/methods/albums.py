"""Methods `photos.*` for albums."""

from typing import Any

from sqlalchemy import Row, func, insert, select

from userapi_gw.embedded.errors import VkError
from userapi_gw.embedded.people import plain_to_html, require_open
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import albums, photos

_MAX_TITLE = 255  # characters


@method("photos.getAlbums")
def get_albums(call: Call) -> dict[str, Any]:
    """List the albums of `owner_id` (the viewer when missing), newest first."""
    owner = require_open(call, call.params.user("owner_id", call.viewer)).id
    query = select(albums).where(albums.c.owner_id == owner).order_by(albums.c.created.desc(), albums.c.id.desc())
    total, rows = call.page(query, 1000, 1000)
    return {"count": total, "items": [_album(call, row) for row in rows]}


@method("photos.createAlbum", writes=True)
def create_album(call: Call) -> dict[str, Any]:
    """Make an album called `title` for the viewer."""
    title = call.params.text("title", maximum=_MAX_TITLE)
    number = (call.db.scalar(select(func.max(albums.c.id))) or 0) + 1
    values = {"owner_id": call.viewer, "id": number, "title": title, "created": call.now}
    return _album(call, call.db.execute(insert(albums).values(values).returning(albums)).one())


def require_album(call: Call, album_id: int) -> int:
    """Return the id of an album of the viewer; VK error 114 when there is none."""
    own = albums.c.owner_id == call.viewer, albums.c.id == album_id
    if call.db.scalar(select(albums.c.id).where(*own)) is None:
        raise VkError(114)
    return album_id


def _album(call: Call, row: Row[Any]) -> dict[str, Any]:
    inside = photos.c.owner_id == row.owner_id, photos.c.album_id == row.id
    return {
        "id": row.id,
        "owner_id": row.owner_id,
        "title": plain_to_html(row.title),
        "created": row.created,
        "size": call.db.scalar(select(func.count()).select_from(photos).where(*inside)),
        "can_upload": int(row.owner_id == call.viewer),
    }
