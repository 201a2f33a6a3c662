"""What a backend lacks and the gateway keeps in its place. `userapi_gw.overlays` decides when."""

from collections.abc import Callable
from dataclasses import dataclass

from userapi_gw.state.database import Database
from userapi_gw.state.overlays.bookmarks import Bookmarks
from userapi_gw.state.overlays.facts import Facts
from userapi_gw.state.overlays.hidden_requests import HiddenRequests
from userapi_gw.state.overlays.mail_index import MailIndex
from userapi_gw.state.overlays.removed import Removed
from userapi_gw.state.overlays.schools import Schools
from userapi_gw.state.overlays.statuses import Statuses
from userapi_gw.state.overlays.tags import Tags
from userapi_gw.state.overlays.transfer import Transfer, TransferError


@dataclass(frozen=True, slots=True)
class Overlays:
    """All overlays of one database."""

    bookmarks: Bookmarks
    facts: Facts
    hidden_requests: HiddenRequests
    mail: MailIndex
    removed: Removed
    schools: Schools
    statuses: Statuses
    tags: Tags
    transfer: Transfer

    @classmethod
    def on(cls, database: Database, clock: Callable[[], float]) -> "Overlays":
        """Return the overlays kept in `database`; `clock` gives unix seconds."""
        return cls(
            bookmarks=Bookmarks(database, clock),
            facts=Facts(database),
            hidden_requests=HiddenRequests(database, clock),
            mail=MailIndex(database, clock),
            removed=Removed(database, clock),
            schools=Schools(database),
            statuses=Statuses(database, clock),
            tags=Tags(database, clock),
            transfer=Transfer(database, clock),
        )


__all__ = ["Overlays", "TransferError"]
