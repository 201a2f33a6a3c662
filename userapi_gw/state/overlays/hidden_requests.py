"""Friend requests that were turned down, for backends that do not let them be."""

from collections.abc import Callable, Collection

from sqlalchemy import delete, select

from userapi_gw.state.database import Database
from userapi_gw.state.overlays.schema import hidden_requests


class HiddenRequests:
    """Whose requests a viewer does not want to see any more."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def hide(self, viewer: int, user_id: int) -> None:
        """Hide the request of a user; once more changes nothing."""
        row = {"viewer": viewer, "user_id": user_id, "hidden_at": self._clock()}
        with self._database.write() as connection:
            connection.execute(self._database.insert(hidden_requests).values(row).on_conflict_do_nothing())

    def show(self, viewer: int, user_ids: Collection[int]) -> None:
        """Hide the requests of these users no longer."""
        mine = (hidden_requests.c.viewer == viewer, hidden_requests.c.user_id.in_(user_ids))
        with self._database.write() as connection:
            connection.execute(delete(hidden_requests).where(*mine))

    def of(self, viewer: int) -> set[int]:
        """The users whose requests are hidden from a viewer."""
        query = select(hidden_requests.c.user_id).where(hidden_requests.c.viewer == viewer)
        with self._database.read() as connection:
            return set(connection.scalars(query))
