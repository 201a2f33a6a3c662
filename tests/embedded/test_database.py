"""database.*: countries, cities and schools; and the members of a school."""

import pytest

from .conftest import AsUser, Caller

BOSTON = {
    "id": 1515864,
    "title": "Boston",
    "type": 1,
    "area": "Suffolk County",
    "area_id": 5035939,
    "region": "Massachusetts",
    "region_id": 5135820,
}


def titles(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["title"] for item in answer["items"]]


def test_countries(one: Caller) -> None:
    assert one("database.getCountries", code="us, It,xx") == {
        "count": 2,
        "items": [{"id": 9, "title": "USA"}, {"id": 88, "title": "Italy"}],
    }
    assert titles(one("database.getCountries"))[:4] == ["Russia", "Ukraine", "Belarus", "Kazakhstan"]
    assert one("database.getCountries")["count"] == 18
    every = one("database.getCountries", need_all=1, count=1000)
    assert (every["count"], len(every["items"])) == (249, 249)


def test_large_cities_alone_unless_all_are_asked_for(one: Caller) -> None:
    assert titles(one("database.getCities", country_id=7)) == ["Tbilisi"]
    assert titles(one("database.getCities", country_id=7, need_all=1)) == ["Tbilisi", "Batumi", "Kutaisi", "Rustavi"]
    assert one("database.getCities", country_id=7) == {
        "count": 1,
        "items": [{**one("database.getCities", country_id=7, need_all=1)["items"][0], "important": 1}],
    }


def test_cities_by_name(one: Caller) -> None:
    answer = one("database.getCities", country_id=9, q="BoSTo", count=1000)
    assert (answer["count"], len(answer["items"]), answer["items"][0]) == (63, 63, BOSTON)
    assert answer["items"][1]["id"] == 4978585
    assert titles(one("database.getCities", country_id=9, q="bosto", offset=61)) == ["South Boston", "South Boston"]
    assert one("database.getCities", country_id=999, q="bosto") == {"count": 0, "items": []}


def test_schools_of_a_city(one: Caller) -> None:
    assert one("database.getSchools", city_id=1516340) == {
        "count": 4,
        "items": [
            {"id": 374587, "title": "Conservatorio Egidio Romualdo Duni", "type": 100},
            {"id": 2151441, "title": "GLK", "type": 0},
            {"id": 2089411, "title": "Liceo Classico E. Duni", "type": 0},
            {"id": 2151440, "title": "Rossa vita", "type": 0},
        ],
    }
    assert one("database.getSchools", city_id=2, q="faculty of law")["items"] == [
        {"id": 9100017, "title": "Faculty of Law", "type": 110, "university_id": 9100013}
    ]
    assert one("database.getSchoolsCount") == 938


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("getCities", {}),
        ("getCities", {"country_id": 0}),
        ("getCities", {"country_id": "x"}),
        ("getCities", {"country_id": 9, "q": "x" * 256}),
        ("getSchools", {}),
        ("getSchools", {"city_id": -1}),
    ],
)
def test_wrong_parameters(one: Caller, method: str, parameters: dict[str, object]) -> None:
    assert one.error(f"database.{method}", **parameters)[0] == 100


def test_members_of_a_school(one: Caller) -> None:
    answer = one("users.search", school=2289, count=2)
    assert (answer["count"], [person["id"] for person in answer["items"]]) == (2937, [43433, 45307])
    assert one("users.search", school=2289, school_year=2004, q="leonov")["count"] == 1
    assert one("users.search", school=2289, school_year=2005, q="leonov")["count"] == 0
    assert one.error("users.search", school="x")[0] == 100


def test_members_on_a_closed_page_are_found_by_friends_alone(reader: AsUser) -> None:
    counts = [reader(viewer)("users.search", school=3378)["count"] for viewer in (1, 6)]
    assert counts == [1, 0]
    fields = [reader(viewer)("users.get", user_ids=308, fields="schools,universities")[0] for viewer in (1, 6)]
    assert fields[0]["schools"] == [
        {"id": "3378", "country": 1, "city": 2, "name": "School # 3378", "year_graduated": 2003, "type": 0}
    ]
    assert [("schools" in person, "universities" in person) for person in fields] == [(True, True), (False, False)]


def test_education_of_a_person(one: Caller) -> None:
    (person,) = one("users.get", user_ids=10, fields="schools,universities")
    university = {"id": 9100001, "country": 1, "city": 1, "name": "Moscow State University"}
    faculty = {"faculty": 9100003, "faculty_name": "Faculty of Mechanics and Mathematics"}
    assert (person["schools"], person["universities"]) == (
        [{"id": "2101401", "country": 9, "city": 1933819, "name": "st. Antonio # 34.5", "type": 0}],
        [{**university, **faculty, "graduation": 2005}, {**university, "graduation": 2008}],
    )


def test_adding_and_deleting(as_user: AsUser) -> None:
    seven = as_user(7)
    assert [seven("education.add", school_id=3378, year=2004) for _ in range(2)] == [1, 1]
    (person,) = seven("users.get", fields="schools")
    assert [(school["id"], school["year_graduated"]) for school in person["schools"]] == [("3378", 2004)]
    assert as_user(6).error("education.delete", school_id=3378, year=2004) == (104, "Not found")
    assert seven.error("education.delete", school_id=3378) == (104, "Not found")
    assert seven("education.delete", school_id=3378, year=2004) == 1
    assert seven.error("education.delete", school_id=3378, year=2004) == (104, "Not found")
    assert seven.error("education.add", school_id=424242) == (104, "Not found")
    assert seven.error("education.add", school_id=3378, year=1919)[0] == 100
    assert seven.error("education.add", year=2004)[0] == 100
