"""Methods `photos.*` that list, change and delete photos."""

import re
from typing import Any

from sqlalchemy import Row, select, update

from userapi_gw.embedded.methods.uploads import remove_main_photo, remove_photo
from userapi_gw.embedded.openvk.errors import DENIED, INVALID, crash_unless, fail
from userapi_gw.embedded.openvk.methods.comments import find_photo
from userapi_gw.embedded.openvk.people import require_owner
from userapi_gw.embedded.openvk.photo_objects import main_photo, photo
from userapi_gw.embedded.openvk.pictures import main_photo_number
from userapi_gw.embedded.openvk.registry import Call, method, size_of
from userapi_gw.embedded.people import visible_owners
from userapi_gw.embedded.schema import albums, people, photos

_PAIR = re.compile(r"(-?\d{1,15})_(\d{1,15})")
_NEWEST = (photos.c.date.desc(), photos.c.id.desc())
_MOST = 1000


@method("photos.getAll", "owner_id")
def get_all(call: Call) -> dict[str, Any]:
    """List the photos of `owner_id`, newest first; only with `photo_sizes` they have addresses."""
    owner = require_owner(call, call.number("owner_id"))
    query = select(photos).where(photos.c.owner_id == owner.id)
    return _page(call, query, bool(call.number("photo_sizes", 0)))


@method("photos.get", "owner_id")
def get(call: Call) -> dict[str, Any]:
    """List the photos of the album `album_id` of `owner_id`; `profile` holds the main photo, which may be missing."""
    owner, album = require_owner(call, call.number("owner_id")), call.given.text("album_id", "")
    if album == "profile":
        row = call.db.execute(select(people).where(people.c.id == owner.id)).one()
        return {"count": 1, "items": [main_photo(call, row)]} if row.photo_200 else {"count": 0}
    known = albums.c.owner_id == owner.id, albums.c.id == call.number("album_id")
    if call.db.scalar(select(albums.c.id).where(*known)) is None:
        fail(15, DENIED)
    query = select(photos).where(photos.c.owner_id == owner.id, photos.c.album_id == call.number("album_id"))
    return _page(call, query, True)


@method("photos.getById", "photos")
def get_by_id(call: Call) -> list[dict[str, Any]]:
    """Return the photos of `photos` that are there and may be seen."""
    pairs = [(int(m[1]), int(m[2])) for word in call.given.text("photos").split(",") if (m := _PAIR.fullmatch(word))]
    owners = visible_owners(call, (owner for owner, _ in pairs))
    rows = call.db.execute(select(photos).where(photos.c.id.in_([number for _, number in pairs])))
    found = {(row.owner_id, row.id): row for row in rows if row.owner_id in owners}
    sizes = bool(call.number("photo_sizes", 0))
    return [photo(call, found[pair], with_sizes=sizes) for pair in pairs if pair in found]


@method("photos.edit", limited=True)
def edit(call: Call) -> int:
    """Give a photo of the viewer the text `caption`, which no answer shows."""
    row = _own(call, find_photo(call)) or fail(21, INVALID)
    call.db.execute(update(photos).where(photos.c.id == row.id).values(text=call.given.text("caption", "")))
    return 1


@method("photos.delete", limited=True)
def delete(call: Call) -> int:
    """Delete `photo_id` of `owner_id` or each of `photos`. What is not the viewer's stays, and the answer is 1 too."""
    pairs = [_PAIR.fullmatch(word) for word in call.given.words("photos")]
    stored = call.db.scalar(select(people.c.photo_200).where(people.c.id == call.viewer)) or ""
    numbers = [(int(pair[1]), int(pair[2])) for pair in pairs if pair]
    for owner, number in numbers or [(call.number("owner_id"), call.number("photo_id"))]:
        if owner == call.viewer and number == main_photo_number(owner, stored):
            remove_main_photo(call)
        row = call.db.execute(select(photos).where(photos.c.id == number, photos.c.owner_id == owner)).one_or_none()
        if row is not None and _own(call, row) is not None:
            remove_photo(call, row)
    return 1


def _own(call: Call, row: Row[Any] | None) -> Row[Any] | None:
    return row if row is not None and row.owner_id == call.viewer else None


def _page(call: Call, query: Any, with_sizes: bool) -> dict[str, Any]:
    start, count = call.number("offset", 0), call.number("count", 100)
    crash_unless(start >= 0 and count >= 0)
    rows = call.db.execute(query.order_by(*_NEWEST).offset(start).limit(min(count, _MOST))).all()
    return {"count": size_of(call.db, query), "items": [photo(call, row, with_sizes=with_sizes) for row in rows]}
