"""Who learned where: VK's lists of a person's schools and universities, and the members of a school."""

from typing import Any

from sqlalchemy import Row, Select, or_, select

from userapi_gw.embedded.registry import Call
from userapi_gw.embedded.schema import cities, education, schools
from userapi_gw.reference import PART, UNIVERSITY

YEARS = range(1920, 2067)
"""Years of graduation UserAPI knows; 0 is not told."""


def schools_of(call: Call, user_id: int) -> list[dict[str, Any]]:
    """Return VK's `schools` of a person, by year of graduation."""
    return [
        {"id": str(row.id), **_place(row), "name": row.title, **_year(row, "year_graduated"), "type": row.kind}
        for row in _rows(call, user_id)
        if row.kind < UNIVERSITY
    ]


def universities_of(call: Call, user_id: int) -> list[dict[str, Any]]:
    """Return VK's `universities` of a person, by year of graduation; a part of one stands in `faculty`."""
    return [_university(row) for row in _rows(call, user_id) if row.kind >= UNIVERSITY]


def members(school_id: int, year: int) -> Select[tuple[int]]:
    """Return a query for the ids of all who learned at a school or a part of it, in the class of `year` unless 0."""
    parts = select(schools.c.id).where(or_(schools.c.id == school_id, schools.c.university_id == school_id))
    query = select(education.c.user_id).where(education.c.school_id.in_(parts))
    return query.where(education.c.year == year) if year else query


def _rows(call: Call, user_id: int) -> list[Row[Any]]:
    whole = schools.alias()
    tables = education.join(schools, schools.c.id == education.c.school_id).join(
        cities, cities.c.id == schools.c.city_id
    )
    query = (
        select(schools, education.c.year, cities.c.country_id, whole.c.title.label("university"))
        .select_from(tables.outerjoin(whole, whole.c.id == schools.c.university_id))
        .where(education.c.user_id == user_id)
        .order_by(education.c.year, schools.c.id)
    )
    return list(call.db.execute(query))


def _university(row: Row[Any]) -> dict[str, Any]:
    part = {"faculty": row.id, "faculty_name": row.title} if row.kind == PART else {}
    number, name = (row.university_id, row.university) if part else (row.id, row.title)
    return {"id": number, **_place(row), "name": name, **part, **_year(row, "graduation")}


def _place(row: Row[Any]) -> dict[str, Any]:
    return {"country": row.country_id, "city": row.city_id}


def _year(row: Row[Any], name: str) -> dict[str, Any]:
    return {name: row.year} if row.year else {}
