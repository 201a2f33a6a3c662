"""The viewer's schools: added, shown, searched by, taken away."""

import pytest

from tests.program import Program

SCHOOL, FACULTY, UNIVERSITY = 3378, 9100014, 9100013
EDU = [[FACULTY, UNIVERSITY, 110, "Faculty of Philology", 2006]]
LEONOV = [43433, "Sergey Leonov", "http://cs100.userapi.com/u43433/b_8b09b08a.jpg", 0]
POLINA = [308, "Polina Tihaya", "0", 0]
PAVEL = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", 1]


def edu(program: Program, user_id: int = 0) -> list[list[object]]:
    schools: list[list[object]] = program.get("profile", id=user_id)["edu"]
    return schools


def test_a_school_comes_and_goes(pavel: Program, nikolay: Program) -> None:
    assert edu(pavel) == EDU
    assert pavel.get("add_school", school=SCHOOL, year=2004) == {"ok": 1}
    assert pavel.get("add_school", school=SCHOOL, year=2004) == {"ok": 1}
    assert edu(nikolay, 1) == [[SCHOOL, 0, 0, "School # 3378", 2004], *EDU]
    assert pavel.get("delete_school", school=SCHOOL, year=2003) == {"ok": 0}
    assert pavel.get("delete_school", school=SCHOOL) == {"ok": 0}
    assert pavel.get("delete_school", school=SCHOOL, year=2004) == {"ok": 1}
    assert pavel.get("delete_school", school=SCHOOL, year=2004) == {"ok": 0}
    assert edu(nikolay, 1) == EDU


def test_the_same_school_twice_and_without_a_year(pavel: Program) -> None:
    for parameters in ({"year": 2004}, {"year": 1920}, {"year": 2066}, {"year": 0}, {}):
        assert pavel.get("add_school", school=SCHOOL, **parameters) == {"ok": 1}
    schools = [row for row in edu(pavel) if row[0] == SCHOOL]
    assert schools == [[SCHOOL, 0, 0, "School # 3378", year] for year in (0, 1920, 2004, 2066)]
    assert pavel.get("delete_school", school=SCHOOL) == {"ok": 1}
    assert [row[4] for row in edu(pavel) if row[0] == SCHOOL] == [1920, 2004, 2066]


def test_universities_and_their_parts_are_schools_too(pavel: Program) -> None:
    assert pavel.get("add_school", school=UNIVERSITY, year=2010) == {"ok": 1}
    assert pavel.get("delete_school", school=FACULTY, year=2006) == {"ok": 1}
    assert edu(pavel) == [[UNIVERSITY, 0, 100, "Saint Petersburg State University", 2010]]


BAD: list[dict[str, object]] = [
    {},
    {"year": 2004},
    *({"school": school, "year": 2004} for school in ("", "0", "-1", "abc", "1e9", "3378x", "9" * 30, "٣٣٧٨", "%00")),
    *({"school": SCHOOL, "year": year} for year in ("1919", "2067", "-1", "abc", "20o4", "2004.5", "9" * 30)),
    {"school": 424242, "year": 2004},
]


@pytest.mark.parametrize("act", ["add_school", "delete_school"])
def test_bad_input_changes_nothing(pavel: Program, act: str) -> None:
    for parameters in BAD:
        assert pavel.get(act, **parameters) == {"ok": 0}, parameters
    assert edu(pavel) == EDU


def test_nobody_adds_schools_without_a_session(pavel: Program) -> None:
    pavel.sid = ""
    assert pavel.get("add_school", school=SCHOOL, year=2004) == {"ok": -1}


def test_search_by_school_and_class(pavel: Program) -> None:
    assert pavel.get("search_results", parent=SCHOOL, searching=1) == {"belongs": -1, "n": 1, "d": [POLINA]}
    pavel.get("add_school", school=SCHOOL, year=2004)
    assert pavel.get("search_results", parent=SCHOOL) == {"belongs": 1, "n": 2, "d": [PAVEL, POLINA]}
    assert pavel.get("search_results", parent=SCHOOL, year=2004) == {"belongs": 1, "n": 1, "d": [PAVEL]}
    assert pavel.get("search_results", parent=SCHOOL, year=2005) == {"belongs": 1, "n": 0, "d": []}
    assert pavel.get("search_results", parent=SCHOOL, year=0)["n"] == 2
    assert pavel.get("search_results", parent=SCHOOL, q="pav dur") == {"belongs": 1, "n": 1, "d": [PAVEL]}


def test_a_closed_page_does_not_tell_strangers_its_school(nikolay: Program) -> None:
    assert nikolay.get("search_results", parent=SCHOOL) == {"belongs": -1, "n": 0, "d": []}
    assert edu(nikolay, 308) == []


def test_the_parts_of_a_university_count_with_it(pavel: Program) -> None:
    found = pavel.get("search_results", parent=UNIVERSITY)
    assert (found["belongs"], [person[0] for person in found["d"]]) == (1, [1, 5, 6])
    assert pavel.get("search_results", parent=FACULTY) == {"belongs": 1, "n": 1, "d": [PAVEL]}


def test_search_by_name_within_a_school(pavel: Program) -> None:
    assert pavel.get("quick_search", q="leonov", parent=2289) == {"belongs": -1, "n": 1, "d": [LEONOV]}
    assert pavel.get("quick_search", q="leonov", parent=2289, year=2005) == {"belongs": -1, "n": 0, "d": []}
    assert pavel.get("quick_search", q="leonov", parent=2290) == {"belongs": -1, "n": 0, "d": []}
    nameless = pavel.get("quick_search", parent=2289, to=1)
    assert nameless == {"belongs": -1, "n": 2937, "d": [LEONOV]}
    assert pavel.get("quick_search", year=2004) == {"n": 0, "d": []}


BAD_SEARCHES: list[dict[str, object]] = [
    *({"parent": parent} for parent in ("-1", "-9e9")),
    *({"parent": 2289, "year": year} for year in ("1919", "2067", "-1", "abc", "9" * 30)),
]


@pytest.mark.parametrize("act", ["search_results", "quick_search"])
def test_bad_searches(pavel: Program, act: str) -> None:
    for parameters in BAD_SEARCHES:
        assert pavel.get(act, q="leonov", **parameters) == {"ok": 0}, parameters


def test_a_school_search_needs_a_school(pavel: Program) -> None:
    by_name = pavel.get("quick_search", q="leonov")
    assert by_name == {"n": 1, "d": [LEONOV]}
    for parent in ("", "0", "abc", "null"):
        assert pavel.get("search_results", parent=parent) == {"ok": 0}, parent
        assert pavel.get("quick_search", q="leonov", parent=parent) == by_name, parent
    assert pavel.get("search_results", parent=424242) == {"belongs": -1, "n": 0, "d": []}
