"""Countries, cities, schools, and who learned where: the reference data and what the samples need beyond it."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from userapi_gw.embedded.world.filler import Row
from userapi_gw.reference import CITIES, COUNTRIES, SCHOOLS

_FIRST_CITY, _FIRST_STATE, _FIRST_SCHOOL = 6_000_001, 5_900_001, 7_000_001  # ids of filler
_SCHOOL_YEARS = 17  # somebody's age at graduation, where only the year of birth is known
_COMMON_YEAR = 2004


def countries() -> list[Row]:
    """Return all countries."""
    return [{"id": country.id, "title": country.title, "code": country.code} for country in COUNTRIES.values()]


def cities(facts: dict[str, Any]) -> list[Row]:
    """Return the cities of the reference data and the namesakes the sample counts."""
    known = [
        _city(city.id, city.title, city.country_id)
        | {"kind": city.kind, "large": int(city.large)}
        | {"lower_id": city.lower.id, "lower": city.lower.title}
        | {"higher_id": city.higher.id, "higher": city.higher.title}
        for city in CITIES.values()
    ]
    return known + list(_namesakes(facts["namesakes"], known))


def schools(facts: dict[str, Any]) -> list[Row]:
    """Return the schools of the reference data (a university before its parts) and numbered ones in large cities."""
    known = [
        _school(school.id, school.title, school.city_id)
        | {"kind": school.kind, "university_id": school.university_id or None}
        for school in SCHOOLS.values()
    ]
    wanted = facts["schools_in_each_large_city"]
    large = [city.id for city in CITIES.values() if city.large and city.country_id in wanted["countries"]]
    pairs = enumerate(product(large, range(1, wanted["total"] + 1)), _FIRST_SCHOOL)
    return known + [_school(number, f"School # {place}", city) for number, (city, place) in pairs]


def education(facts: dict[str, Any], people: list[Row]) -> list[Row]:
    """Return who graduated where and when. "Searching users by school and graduation year": the members of one."""
    school, first = facts["members"]["school"], facts["members"]["first"]
    others = [person for person in sorted(people, key=_id) if person["id"] > max(first) and _is_open(person)]
    named = [person for person in people if person["id"] in first]
    members = named + others[: facts["members"]["total"] - len(named)]
    rows = [(person["id"], school, _year(person)) for person in members] + facts["education"]
    return [dict(zip(("user_id", "school_id", "year"), row, strict=True)) for row in rows]


def _namesakes(facts: dict[str, Any], known: list[Row]) -> Iterator[Row]:
    """Cities of the wanted country whose names hold the word searched for, until there are as many as wanted."""
    there = sum(facts["like"] in row["title_key"] and row["country_id"] == facts["country"] for row in known)
    for place, (title, state) in enumerate(product(facts["titles"], facts["states"])):
        if place == facts["total"] - there:
            return
        higher = {"higher_id": _FIRST_STATE + facts["states"].index(state), "higher": state}
        yield _city(_FIRST_CITY + place, title, facts["country"]) | higher


def _city(number: int, title: str, country: int) -> Row:
    return {"id": number, "title": title, "title_key": title.casefold(), "country_id": country}


def _school(number: int, title: str, city: int) -> Row:
    return {"id": number, "title": title, "title_key": title.casefold(), "city_id": city}


def _id(person: Row) -> int:
    return int(person["id"])


def _is_open(person: Row) -> bool:
    return not person.get("closed") and not person.get("deactivated")


def _year(person: Row) -> int:
    born = person.get("birth_year", 0)
    return born + _SCHOOL_YEARS if born else _COMMON_YEAR
