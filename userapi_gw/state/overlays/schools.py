"""Who learned at which school, for backends that do not let it be told."""

from collections.abc import Collection

from sqlalchemy import delete, select

from userapi_gw.state.database import Database
from userapi_gw.state.overlays.schema import schools


class Schools:
    """Schools of people by the ids of `userapi_gw.reference`, each with the year of graduation (0: not told)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, user_id: int, school_id: int, year: int) -> None:
        """Note that somebody learned there; once more changes nothing."""
        row = {"user_id": user_id, "school_id": school_id, "year": year}
        with self._database.write() as connection:
            connection.execute(self._database.insert(schools).values(row).on_conflict_do_nothing())

    def remove(self, user_id: int, school_id: int, year: int) -> bool:
        """Take such a note back; tells whether there was one."""
        this = (schools.c.user_id == user_id, schools.c.school_id == school_id, schools.c.year == year)
        with self._database.write() as connection:
            return connection.execute(delete(schools).where(*this)).rowcount > 0

    def of(self, user_id: int) -> list[tuple[int, int]]:
        """The schools of somebody with their years, earliest year first."""
        query = select(schools.c.school_id, schools.c.year).where(schools.c.user_id == user_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(schools.c.year, schools.c.school_id))
            return [(row.school_id, row.year) for row in rows]

    def members(self, school_ids: Collection[int], year: int, most: int) -> list[int]:
        """The people who learned at one of the schools, in the class of `year` unless 0: at most so many, by id."""
        query = select(schools.c.user_id).distinct().where(schools.c.school_id.in_(school_ids))
        query = query.where(schools.c.year == year) if year else query
        with self._database.read() as connection:
            return list(connection.scalars(query.order_by(schools.c.user_id).limit(most)))
