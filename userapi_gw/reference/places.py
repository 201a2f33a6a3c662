"""Reads the reference data once, when this module is imported."""

import json
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

UNIVERSITY, PART = 100, 110
"""UserAPI's types of places of higher education, above the 0 to 20 of schools: a university, and a part of one."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its ISO 3166-1 alpha-2 code."""

    id: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A part of a country; id 0 and no title where none is known."""

    id: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class City:
    """A city inside a lower and a higher subdivision of its country (county and state, say)."""

    id: int
    title: str
    country_id: int
    kind: int = 1  # 1 city, 2 village
    large: bool = False
    lower: Subdivision = Subdivision()
    higher: Subdivision = Subdivision()


@dataclass(frozen=True, slots=True)
class School:
    """A place of education: `kind` 0 to 20 schools, 100 a university, 110 a part of the university `university_id`."""

    id: int
    title: str
    city_id: int
    kind: int = 0
    university_id: int = 0


def _facts(name: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(files(__package__).joinpath(f"{name}.json").read_text("utf-8"))
    return facts


def _countries() -> dict[int, Country]:
    return {row[0]: Country(*row) for row in _facts("countries")["countries"]}


def _cities() -> dict[int, City]:
    facts = _facts("cities")
    plain = [
        City(number, title, group["country"], large=bool(large))
        for group in facts["countries"]
        for number, title, large in group["cities"]
    ]
    known = [
        City(
            row["id"],
            row["title"],
            row["country"],
            lower=Subdivision(*row["lower"]),
            higher=Subdivision(*row["higher"]),
        )
        for row in facts["samples"]
    ]
    return {city.id: city for city in plain + known}


def _schools() -> dict[int, School]:
    facts = _facts("schools")
    rows = facts["schools"] + facts["samples"]
    return {number: School(number, title, city, kind, *part) for number, city, kind, title, *part in rows}


COUNTRIES: Final = MappingProxyType(_countries())
"""All countries by id (1-254)."""

CITIES: Final = MappingProxyType(_cities())
"""Some hundred cities by id; most countries have only their largest, many none."""

SCHOOLS: Final = MappingProxyType(_schools())
"""Well-known universities, and the schools of the documentation's samples, by id."""
