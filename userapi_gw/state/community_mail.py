"""Whether a community may write to a person, as far as its events or the backend told."""

from collections.abc import Callable

from sqlalchemy import select

from userapi_gw.state.database import Database, repeatable
from userapi_gw.state.schema import community_mail


class CommunityMail:
    """What is known, by community and user. What is told last counts."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    @repeatable
    def note(self, group: int, user: int, *, allowed: bool) -> None:
        """Keep that a person lets a community write, or does not."""
        facts = {"allowed": allowed, "told_at": self._clock()}
        row = self._database.insert(community_mail).values(group_id=group, user_id=user, **facts)
        with self._database.write() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["group_id", "user_id"], set_=facts))

    def is_allowed(self, group: int, user: int) -> bool | None:
        """Tell whether a community may write to a person; None when nobody told."""
        who = (community_mail.c.group_id == group, community_mail.c.user_id == user)
        with self._database.read() as connection:
            return connection.scalar(select(community_mail.c.allowed).where(*who))
