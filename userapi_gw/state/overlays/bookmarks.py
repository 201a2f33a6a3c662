"""Who bookmarked whom, for backends without bookmarks."""

from collections.abc import Callable

from sqlalchemy import Select, delete, select

from userapi_gw.state.database import Database
from userapi_gw.state.overlays.schema import bookmarks


class Bookmarks:
    """Bookmarks of people, first bookmark first."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def add(self, viewer: int, user_id: int) -> None:
        """Bookmark a user; once more changes nothing."""
        row = {"viewer": viewer, "user_id": user_id, "added_at": self._clock()}
        with self._database.write() as connection:
            connection.execute(self._database.insert(bookmarks).values(row).on_conflict_do_nothing())

    def remove(self, viewer: int, user_id: int) -> None:
        """Take a bookmark away, if there is one."""
        mine = (bookmarks.c.viewer == viewer, bookmarks.c.user_id == user_id)
        with self._database.write() as connection:
            connection.execute(delete(bookmarks).where(*mine))

    def has(self, viewer: int, user_id: int) -> bool:
        """Tell whether a viewer bookmarked a user."""
        mine = (bookmarks.c.viewer == viewer, bookmarks.c.user_id == user_id)
        with self._database.read() as connection:
            return connection.execute(select(bookmarks.c.user_id).where(*mine)).first() is not None

    def of(self, viewer: int) -> list[int]:
        """The users a viewer bookmarked."""
        query = select(bookmarks.c.user_id).where(bookmarks.c.viewer == viewer)
        return self._ids(query.order_by(bookmarks.c.added_at, bookmarks.c.user_id))

    def fans_of(self, user_id: int) -> list[int]:
        """The viewers who bookmarked a user; those who use this gateway, nobody knows of others."""
        query = select(bookmarks.c.viewer).where(bookmarks.c.user_id == user_id)
        return self._ids(query.order_by(bookmarks.c.added_at, bookmarks.c.viewer))

    def _ids(self, query: Select[tuple[int]]) -> list[int]:
        with self._database.read() as connection:
            return list(connection.scalars(query))
