"""Methods `database.*`: countries, cities and schools. None of them needs a token, as on UserAPI."""

from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select

from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import cities, countries, schools
from userapi_gw.reference import PART

_FIRST_COUNTRIES = 18  # what VK lists unless it is asked for all: the states that were one country once, and some more


@method("database.getCountries", auth=False)
def get_countries(call: Call) -> dict[str, Any]:
    """List countries by id: the first ones, all with `need_all`, or those of `code` (ISO 3166, comma separated)."""
    codes = [code.upper() for code in call.params.words("code")]
    query = select(countries).order_by(countries.c.id)
    if codes:
        query = query.where(countries.c.code.in_(codes))
    elif not call.params.flag("need_all"):
        query = query.where(countries.c.id <= _FIRST_COUNTRIES)
    total, rows = call.page(query, 100, 1000)
    return {"count": total, "items": [{"id": row.id, "title": row.title} for row in rows]}


@method("database.getCities", auth=False)
def get_cities(call: Call) -> dict[str, Any]:
    """List the cities of `country_id`: large ones, all with `need_all`, or those whose names contain `q`.

    Names that begin with `q` stand first, then those with a later word that does. `type` and the ids of `area` and
    `region` are this server's additions: UserAPI tells them.
    """
    words = call.params.text("q", "", maximum=255).strip().casefold()
    query = select(cities).where(cities.c.country_id == call.params.integer("country_id", minimum=1))
    if words:
        query = query.where(cities.c.title_key.contains(words, autoescape=True))
    elif not call.params.flag("need_all"):
        query = query.where(cities.c.large == 1)
    total, rows = call.page(
        query.order_by(_word(words), cities.c.large.desc(), cities.c.title_key, cities.c.id), 100, 1000
    )
    return {"count": total, "items": [_city(row) for row in rows]}


@method("database.getSchools", auth=False)
def get_schools(call: Call) -> dict[str, Any]:
    """List the schools of `city_id` by name, the parts of a university behind it, or those whose names contain `q`.

    On this server universities (`type` 100) and their parts (110, with `university_id`) are in the same list and share
    one range of ids, as they did on UserAPI. VK itself tells neither and lists universities apart.
    """
    words = call.params.text("q", "", maximum=255).strip().casefold()
    whole = schools.alias()
    query = select(schools).outerjoin(whole, whole.c.id == schools.c.university_id)
    query = query.where(schools.c.city_id == call.params.integer("city_id", minimum=1))
    query = query.where(schools.c.title_key.contains(words, autoescape=True))
    order = (func.coalesce(whole.c.title_key, schools.c.title_key), schools.c.kind == PART, schools.c.title_key)
    total, rows = call.page(query.order_by(*order, schools.c.id), 100, 10_000)
    return {"count": total, "items": [_school(row) for row in rows]}


@method("database.getSchoolsCount", auth=False)
def get_schools_count(call: Call) -> int:
    """Count the schools of all cities. No method of VK's; UserAPI's `get_school_num`."""
    return call.db.scalar(select(func.count()).select_from(schools)) or 0


def _word(words: str) -> ColumnElement[int]:
    """The place of the word that begins with `words`: 1 the first, 2 a later one, 3 none."""
    key = cities.c.title_key
    later = or_(*(key.contains(mark + words, autoescape=True) for mark in (" ", "-")))
    return case((key.startswith(words, autoescape=True), 1), (later, 2), else_=3)


def _city(row: Row[Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"id": row.id, "title": row.title, "type": row.kind}
    answer |= {"important": 1} if row.large else {}
    answer |= {"area": row.lower, "area_id": row.lower_id} if row.lower else {}
    return answer | ({"region": row.higher, "region_id": row.higher_id} if row.higher else {})


def _school(row: Row[Any]) -> dict[str, Any]:
    part = {"university_id": row.university_id} if row.university_id else {}
    return {"id": row.id, "title": row.title, "type": row.kind, **part}
