"""Who is where on which photo, for backends without tags."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.overlays.schema import tags

Corners = tuple[float, float, float, float]
PhotoName = tuple[int, int]
"""Owner and id of a photo."""


@dataclass(frozen=True, slots=True)
class KeptTag:
    """A tag. `user_id` is 0 for somebody who is not on the site; corners are percent of the photo's sides."""

    id: int
    placer_id: int
    user_id: int
    name: str
    corners: Corners
    confirmed: bool


class Tags:
    """The tags of all photos."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def on(self, photo: PhotoName) -> list[KeptTag]:
        """The tags on a photo, oldest first."""
        query = select(tags).where(*_on(photo)).order_by(tags.c.id)
        with self._database.read() as connection:
            return [_tag(row) for row in connection.execute(query)]

    @repeatable
    def put(
        self, photo: PhotoName, placer_id: int, user_id: int, name: str, corners: Corners, *, confirmed: bool
    ) -> None:
        """Enter a tag."""
        owner_id, photo_id = photo
        row = {"owner_id": owner_id, "photo_id": photo_id, "placer_id": placer_id, "user_id": user_id, "name": name}
        row |= dict(zip(("x", "y", "x2", "y2"), corners, strict=True))
        with self._database.write() as connection:
            connection.execute(insert(tags).values(**row, date=self._clock(), confirmed=confirmed))

    @repeatable
    def remove(self, photo: PhotoName, tag_id: int) -> None:
        """Take a tag away."""
        with self._database.write() as connection:
            connection.execute(delete(tags).where(*_on(photo), tags.c.id == tag_id))

    @repeatable
    def confirm(self, photo: PhotoName, tag_id: int) -> None:
        """Note that the person tagged agrees."""
        with self._database.write() as connection:
            connection.execute(update(tags).where(*_on(photo), tags.c.id == tag_id).values(confirmed=True))

    def photos_with(self, user_id: int, *, confirmed: bool) -> list[PhotoName]:
        """The photos on which somebody is tagged and agreed, or has not so far; latest tag first."""
        query = select(tags.c.owner_id, tags.c.photo_id).where(tags.c.user_id == user_id, tags.c.confirmed == confirmed)
        latest = func.max(tags.c.id).desc()
        with self._database.read() as connection:
            rows = connection.execute(query.group_by(tags.c.owner_id, tags.c.photo_id).order_by(latest))
            return [(row.owner_id, row.photo_id) for row in rows]


def _on(photo: PhotoName) -> tuple[Any, Any]:
    return tags.c.owner_id == photo[0], tags.c.photo_id == photo[1]


def _tag(row: Any) -> KeptTag:
    corners = (row.x, row.y, row.x2, row.y2)
    return KeptTag(row.id, row.placer_id, row.user_id, row.name, corners, row.confirmed)
