"""Cities and schools. UserAPI documentation, "Getting information about cities in a country" and "... schools ..."."""

import re
from typing import Any

from userapi_gw.reference import City, School, Subdivision
from userapi_gw.shapes.text import escape

LOWER, HIGHER = 22, 21
"""Types of a city's subdivisions in the documentation's sample, whose table has them the other way round."""


def city_row(city: City, query: str) -> list[Any]:
    """Return `[[id, name, type, large, word], [id, name, 22], [id, name, 21], [country id]]`.

    `word` tells which word of the name begins with the query: 1, 2 for any later one, 0 when it stands inside a word.
    An unknown subdivision is `[0, "", ...]`.
    """
    return [
        [city.id, escape(city.title), city.kind, int(city.large), word(city.title, query)],
        _subdivision(city.lower, LOWER),
        _subdivision(city.higher, HIGHER),
        [city.country_id],
    ]


def word(name: str, query: str) -> int:
    """Return which word of `name` begins with `query`, in any case: 1, 2 for any later one, 0 for none."""
    name, query = name.casefold(), query.casefold()
    if name.startswith(query):
        return 1
    return 2 if re.search(rf"[\s-]{re.escape(query)}", name) else 0


def school_row(school: School) -> list[Any]:
    """Return `[id, name, type]`: type 0 to 20 schools, 100 a university, 110 a part of one."""
    return [school.id, escape(school.title), school.kind]


def _subdivision(subdivision: Subdivision, kind: int) -> list[Any]:
    return [subdivision.id, escape(subdivision.title), kind]
