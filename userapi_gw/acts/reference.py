"""Cities and schools to choose from. UserAPI documentation, "Getting search information". Nobody needs to be logged in.

They come from the backend. Where it has none (OpenVK), or shows them to logged in callers alone and there is no session
(VK), those of `userapi_gw.reference` are shown.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import ALL, Listing, act
from userapi_gw.backend.model import Page, Window
from userapi_gw.errors import Failure, Kind
from userapi_gw.reference import CITIES, PART, SCHOOLS, City, School
from userapi_gw.shapes.places import city_row, school_row, word

CITY = "Getting information about cities in a country"
SCHOOL = "Getting information about schools (educational institutes) in a city"

INSIDE_A_WORD = 3

Found = TypeVar("Found")


@act("cities", CITY, window=ALL, login=False, recent=True)
def cities(call: Call) -> Listing:
    """Cities of the country `parent` whose names contain `q`; all of them without `q`."""
    country_id, query = call.parent_id, call.parameters.text("q").strip()
    page = _known(
        call,
        lambda: call.backend.cities(country_id, query, call.window),
        lambda: _part(_cities(country_id, query), call.window),
    )
    return Listing(page.total, [city_row(city, query) for city in page.rows])


@act("schools", SCHOOL, window=ALL, login=False, recent=True)
def schools(call: Call) -> Listing:
    """Schools and universities of the city `parent`, by name."""
    city_id = call.parent_id
    page = _known(
        call, lambda: call.backend.schools(city_id, call.window), lambda: _part(_schools(city_id), call.window)
    )
    return Listing(page.total, [school_row(school) for school in page.rows])


@act("get_school_num", SCHOOL, form="whole", login=False, recent=True)
def get_school_num(call: Call) -> dict[str, Any]:
    """How many schools there are to choose from. What the parameter `s` of the sample means is not told."""
    number = _known(call, call.backend.school_count, lambda: len(SCHOOLS))
    return {"num": number, "n": number} if call.dialect.school_num_has_n else {"num": number}


def _known(call: Call, ask: Callable[[], Found], otherwise: Callable[[], Found]) -> Found:
    try:
        return ask()
    except Failure as failure:
        needs_login = failure.kind is Kind.TOKEN_REFUSED and not call.viewer
        if failure.kind is not Kind.UNSUPPORTED and not needs_login:
            raise
        return otherwise()


def _cities(country_id: int, query: str) -> list[City]:
    found = [city for city in CITIES.values() if city.country_id == country_id]
    found = [city for city in found if query.casefold() in city.title.casefold()]
    return sorted(
        found, key=lambda city: (word(city.title, query) or INSIDE_A_WORD, not city.large, city.title, city.id)
    )


def _schools(city_id: int) -> list[School]:
    """By name, the parts of a university behind it."""

    def order(school: School) -> tuple[str, bool, str]:
        whole = SCHOOLS.get(school.university_id, school)
        return whole.title.casefold(), school.kind == PART, school.title.casefold()

    return sorted((school for school in SCHOOLS.values() if school.city_id == city_id), key=order)


def _part(rows: list[Any], window: Window) -> Page[Any]:
    return Page(len(rows), rows[window.start : window.stop])
