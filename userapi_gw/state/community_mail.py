"""Whether a community may write to a person, as far as its events or the backend told."""

import math
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

    def is_allowed(self, group: int, user: int, within: float = math.inf) -> bool | None:
        """Tell whether a community may write to a person; None when nobody told within so many seconds."""
        who = (community_mail.c.group_id == group, community_mail.c.user_id == user)
        query = select(community_mail.c.allowed, community_mail.c.told_at).where(*who)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None or row.told_at <= self._clock() - within else bool(row.allowed)
