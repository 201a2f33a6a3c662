"""Rows of cities and schools, as the samples of the UserAPI documentation show them."""

import pytest

from userapi_gw.backend.model import Education
from userapi_gw.reference import City, School, Subdivision
from userapi_gw.shapes.places import city_row, school_row, word
from userapi_gw.shapes.profile import education_row


def test_city_row() -> None:
    boston = City(
        1515864, "Boston", 9, lower=Subdivision(5035939, "Suffolk County"), higher=Subdivision(5135820, "Massachusetts")
    )
    sample = [[1515864, "Boston", 1, 0, 1], [5035939, "Suffolk County", 22], [5135820, "Massachusetts", 21], [9]]
    assert city_row(boston, "bosto") == sample


def test_a_village_without_subdivisions() -> None:
    assert city_row(City(7, "A & <B>", 1, kind=2, large=True), "") == [
        [7, "A &amp; &lt;B&gt;", 2, 1, 1],
        [0, "", 22],
        [0, "", 21],
        [1],
    ]


@pytest.mark.parametrize(
    ("name", "query", "place"),
    [
        ("Boston", "BOSTO", 1),
        ("New Boston", "bosto", 2),
        ("New South Boston", "bosto", 2),
        ("Rostov-on-Don", "don", 2),
        ("Boston", "oston", 0),
        ("Йошкар-Ола", "ЙОШ", 1),
        ("New York", "new y", 1),
        ("a.b", ".", 0),
        ("x", "", 1),
    ],
)
def test_which_word_begins_with_the_query(name: str, query: str, place: int) -> None:
    assert word(name, query) == place


def test_school_row() -> None:
    assert school_row(School(2101401, "st. Antonio # 34.5", 1933819)) == [2101401, "st. Antonio # 34.5", 0]
    assert school_row(School(374587, '"Duni"', 1516340, 100)) == [374587, "&quot;Duni&quot;", 100]


def test_education_row() -> None:
    assert education_row(Education(5, 4, 110, "<i>", 2006)) == [5, 4, 110, "&lt;i&gt;", 2006]
