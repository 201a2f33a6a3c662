"""What somebody deleted and may want back, for backends that do not restore. Texts are kept for a day."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from sqlalchemy import delete

from userapi_gw.state.database import Database
from userapi_gw.state.overlays.schema import removed

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class ThingName:
    """A post (`kind` "wall", `parent_id` 0) or a comment ("photos_comments", on the photo `parent_id`) of an owner."""

    kind: str
    owner_id: int
    parent_id: int
    object_id: int


class Removed:
    """Texts their authors deleted. Who else deletes something cannot bring it back."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def keep(self, viewer: int, thing: ThingName, text: str) -> None:
        """Keep the text of what a viewer wrote and deleted."""
        told = {"viewer": viewer, **asdict(thing), "text": text, "removed_at": self._clock()}
        new = self._database.insert(removed).values(told)
        with self._database.write() as connection:
            connection.execute(delete(removed).where(removed.c.removed_at < self._clock() - KEPT_SECONDS))
            unique = ["kind", "owner_id", "object_id"]
            connection.execute(new.on_conflict_do_update(index_elements=unique, set_=told))

    def take(self, viewer: int, thing: ThingName) -> str | None:
        """Return the text a viewer deleted within the last day, and forget it; None when there is none."""
        this = [removed.c[name] == value for name, value in asdict(thing).items()]
        with self._database.write() as connection:
            connection.execute(delete(removed).where(removed.c.removed_at < self._clock() - KEPT_SECONDS))
            taken = delete(removed).where(*this, removed.c.viewer == viewer).returning(removed.c.text)
            return connection.execute(taken).scalar_one_or_none()
