"""The reference data: whole, consistent, and with the facts of the documentation's samples."""

from importlib.resources import files

from userapi_gw.reference import CITIES, COUNTRIES, PART, SCHOOLS, UNIVERSITY, City, Country, School, Subdivision


def test_countries_have_ids_of_the_documentations_range_and_codes_of_their_own() -> None:
    assert len(COUNTRIES) == 249
    assert set(COUNTRIES) <= set(range(1, 255))
    codes = {country.code for country in COUNTRIES.values()}
    assert len(codes) == 249
    assert all(len(code) == 2 and code.isupper() for code in codes)
    assert all(country.title for country in COUNTRIES.values())


def test_countries_spot_checked_along_the_alphabet() -> None:
    known = {1: ("RU", "Russia"), 9: ("US", "USA"), 65: ("DE", "Germany"), 88: ("IT", "Italy"), 229: ("JP", "Japan")}
    assert {number: COUNTRIES[number] for number in known} == {
        number: Country(number, code, title) for number, (code, title) in known.items()
    }


def test_cities_lie_in_countries_and_stand_there_once() -> None:
    assert len(CITIES) > 500
    assert {city.country_id for city in CITIES.values()} <= set(COUNTRIES)
    plain = [(city.country_id, city.title) for city in CITIES.values() if city.title != "Boston"]
    assert len(plain) == len(set(plain))
    assert all(city.kind == 1 for city in CITIES.values())


def test_cities_of_the_samples() -> None:
    suffolk = Subdivision(5035939, "Suffolk County"), Subdivision(5135820, "Massachusetts")
    highland = Subdivision(4979613, "Highland County"), Subdivision(5066570, "Ohio")
    assert CITIES[1515864] == City(1515864, "Boston", 9, lower=suffolk[0], higher=suffolk[1])
    assert CITIES[4978585] == City(4978585, "Boston", 9, lower=highland[0], higher=highland[1])
    assert CITIES[2] == City(2, "Saint Petersburg", 1, large=True)


def test_schools_lie_in_cities_and_parts_belong_to_universities_of_the_same_city() -> None:
    assert {school.city_id for school in SCHOOLS.values()} <= set(CITIES)
    assert {school.kind for school in SCHOOLS.values()} == {0, UNIVERSITY, PART}
    for school in SCHOOLS.values():
        assert bool(school.university_id) == (school.kind == PART)
        if school.university_id:
            whole = SCHOOLS[school.university_id]
            assert (whole.kind, whole.city_id) == (UNIVERSITY, school.city_id)


def test_schools_of_the_samples() -> None:
    assert sorted(school.id for school in SCHOOLS.values() if school.city_id == 1516340) == [
        374587, 2089411, 2151440, 2151441,
    ]  # fmt: skip
    assert SCHOOLS[2101401] == School(2101401, "st. Antonio # 34.5", 1933819)
    assert {2289, 3378, 397539} <= set(SCHOOLS)


def test_every_file_says_where_its_facts_come_from() -> None:
    names = sorted(path.name for path in files("userapi_gw.reference").iterdir() if path.name.endswith(".json"))
    assert names == ["cities.json", "countries.json", "schools.json"]
    for name in names:
        assert '"source": "' in files("userapi_gw.reference").joinpath(name).read_text("utf-8")
