"""Cities and schools."""

from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.model import Page, Window
from userapi_gw.reference import City, School, Subdivision

MOST_CITIES = 1000
MOST_SCHOOLS = 10_000


class Places(Calls):
    """Section `database` of a VK-style server. OpenVK has none: `Failure(UNSUPPORTED)`."""

    __slots__ = ()

    def cities(self, country_id: int, query: str, window: Window) -> Page[City]:
        """Cities of a country whose names contain `query`, all for the empty one."""

        def rows(answer: dict[str, Any]) -> list[City]:
            return [_city(row, country_id) for row in answer["items"]]

        asked = {"country_id": country_id, "q": query or None, "need_all": 1}
        return self.listing("database.getCities", window, MOST_CITIES, rows, **asked)

    def schools(self, city_id: int, window: Window) -> Page[School]:
        """Schools of a city; on the embedded server with universities and their parts."""

        def rows(answer: dict[str, Any]) -> list[School]:
            return [_school(row, city_id) for row in answer["items"]]

        return self.listing("database.getSchools", window, MOST_SCHOOLS, rows, city_id=city_id)

    def school_count(self) -> int:
        """How many schools there are in all cities (a method of the embedded server alone)."""
        return self.read("database.getSchoolsCount", int)


def _city(row: dict[str, Any], country_id: int) -> City:
    return City(
        id=int(row["id"]),
        title=parse.text(row.get("title")),
        country_id=country_id,
        kind=int(row.get("type") or 1),
        large=bool(row.get("important")),
        lower=Subdivision(int(row.get("area_id") or 0), parse.text(row.get("area"))),
        higher=Subdivision(int(row.get("region_id") or 0), parse.text(row.get("region"))),
    )


def _school(row: dict[str, Any], city_id: int) -> School:
    kind, university_id = int(row.get("type") or 0), int(row.get("university_id") or 0)
    return School(int(row["id"]), parse.text(row.get("title")), city_id, kind, university_id)
