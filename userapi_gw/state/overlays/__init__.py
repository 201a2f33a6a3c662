"""What a backend lacks and the gateway keeps in its place. `userapi_gw.overlays` decides when."""

from collections.abc import Callable
from dataclasses import dataclass

from userapi_gw.state.database import Database
from userapi_gw.state.overlays.bookmarks import Bookmarks
from userapi_gw.state.overlays.mail_index import MailIndex
from userapi_gw.state.overlays.statuses import Statuses


@dataclass(frozen=True, slots=True)
class Overlays:
    """All overlays of one database."""

    bookmarks: Bookmarks
    mail: MailIndex
    statuses: Statuses

    @classmethod
    def on(cls, database: Database, clock: Callable[[], float]) -> "Overlays":
        """Return the overlays kept in `database`; `clock` gives unix seconds."""
        return cls(
            bookmarks=Bookmarks(database, clock), mail=MailIndex(database, clock), statuses=Statuses(database, clock)
        )


__all__ = ["Overlays"]
