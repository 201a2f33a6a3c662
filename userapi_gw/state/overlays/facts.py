"""Parts of profiles that a backend does not store."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from userapi_gw.state.database import Database
from userapi_gw.state.overlays.schema import facts


class Facts:
    """What people told about themselves, by the names of `model.ProfileChanges`; numbers and texts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, user_id: int, values: Mapping[str, Any]) -> None:
        """Set parts of a profile; the others stay."""
        with self._database.write() as connection:
            for name, value in values.items():
                told = {"value": json.dumps(value)}
                new = self._database.insert(facts).values({"user_id": user_id, "name": name, **told})
                connection.execute(new.on_conflict_do_update(index_elements=["user_id", "name"], set_=told))

    def of(self, user_id: int) -> dict[str, Any]:
        """The parts that are kept of a profile."""
        query = select(facts.c.name, facts.c.value).where(facts.c.user_id == user_id)
        with self._database.read() as connection:
            return {row.name: json.loads(row.value) for row in connection.execute(query)}
