"""Cities and schools, asked for without a session: from the backend, and from the reference data where it has none."""

from collections.abc import Iterator
from typing import Any

import pytest
import responses
from flask import Flask

from tests.conftest import MakeGateway, OnBackend
from tests.program import Program

URL = "http://openvk.example"
BOSTON = [[1515864, "Boston", 1, 0, 1], [5035939, "Suffolk County", 22], [5135820, "Massachusetts", 21], [9]]
MATERA = [
    [374587, "Conservatorio Egidio Romualdo Duni", 100],
    [2151441, "GLK", 0],
    [2089411, "Liceo Classico E. Duni", 0],
    [2151440, "Rossa vita", 0],
]
UNKNOWN_METHOD = {"error_code": 3, "error_msg": "Unknown method passed.", "request_params": []}
NO_TOKEN = {"error": {"error_code": 5, "error_msg": "User authorization failed: no access_token passed."}}


@pytest.fixture
def stranger(gateway: Flask) -> Program:
    """A program without a session."""
    return Program(gateway)


def names(answer: dict[str, Any]) -> list[tuple[str, int]]:
    return [(row[0][1], row[0][4]) for row in answer["d"]]


def test_cities_by_the_beginning_of_a_word_first(stranger: Program, on_backend: OnBackend) -> None:
    answer = stranger.get("cities", parent=9, q="BOSTO", to=3000)
    # OpenVK has no places: those are of the list that comes with the gateway.
    most, places, others = on_backend(
        (63, [1] * 31 + [2] * 32, {"New Boston", "South Boston"}), openvk=(2, [1, 1], set())
    )
    assert (answer["n"], len(answer["d"]), answer["d"][0]) == (most, most, BOSTON)
    assert [place for _, place in names(answer)] == places
    assert {name for name, place in names(answer) if place == 2} == others


def test_cities_by_a_part_of_a_word_that_begins_none(stranger: Program) -> None:
    assert stranger.get("cities", parent=1, q="tersburg") == {
        "n": 1, "d": [[[2, "Saint Petersburg", 1, 1, 0], [0, "", 22], [0, "", 21], [1]]],
    }  # fmt: skip


def test_words_behind_a_hyphen_are_words(stranger: Program) -> None:
    assert names(stranger.get("cities", parent=1, q="don")) == [("Rostov-on-Don", 2)]


def test_all_cities_of_a_country_large_ones_first(stranger: Program) -> None:
    assert names(stranger.get("cities", parent=7)) == [("Tbilisi", 1), ("Batumi", 1), ("Kutaisi", 1), ("Rustavi", 1)]


def test_windows(stranger: Program) -> None:
    whole = stranger.get("cities", parent=7)
    assert stranger.get("cities", parent=7, **{"from": 1, "to": 3}) == {"n": 4, "d": whole["d"][1:3]}
    assert stranger.get("cities", parent=7, **{"from": 0, "to": 0}) == {"n": 4, "d": []}
    assert stranger.get("cities", parent=7, **{"from": 9, "to": 12}) == {"n": 4, "d": []}
    assert stranger.get("schools", parent=1516340, **{"from": 1, "to": 2}) == {"n": 4, "d": [MATERA[1]]}


def test_parts_of_a_university_stand_behind_it(stranger: Program) -> None:
    rows = [row[1:] for row in stranger.get("schools", parent=2)["d"]]
    place = rows.index(["Saint Petersburg State University", 100])
    assert rows[place : place + 5] == [
        ["Saint Petersburg State University", 100],
        ["Faculty of Law", 110],
        ["Faculty of Mathematics and Mechanics", 110],
        ["Faculty of Philology", 110],
        ["Faculty of Physics", 110],
    ]


@pytest.mark.parametrize("act", ["cities", "schools"])
def test_no_country_and_no_city(stranger: Program, act: str) -> None:
    assert stranger.get(act) == {"ok": 0}
    for parent in ("", "0", "-1", "abc", "NaN", "%00", "' or 1=1"):
        assert stranger.get(act, parent=parent) == {"ok": 0}, parent


@pytest.mark.parametrize("act", ["cities", "schools"])
def test_unknown_countries_and_cities_are_empty(stranger: Program, act: str) -> None:
    assert stranger.get(act, parent=999_999) == {"n": 0, "d": []}


def test_what_no_name_holds(stranger: Program) -> None:
    for q in ("%", "_", "\\", "' or 1=1 --", "<b>", "zzz", "б" * 200):
        assert stranger.get("cities", parent=9, q=q) == {"n": 0, "d": []}, q


def test_a_query_longer_than_any_name(stranger: Program, on_backend: OnBackend) -> None:
    assert stranger.get("cities", parent=9, q="x" * 5000) == on_backend({"ok": 0}, openvk={"n": 0, "d": []})


def test_the_number_of_schools_in_both_dialects(make_gateway: MakeGateway, on_backend: OnBackend) -> None:
    schools = on_backend(938, openvk=68)  # those of the list that comes with the gateway
    assert Program(make_gateway()).get("get_school_num", s=1) == {"num": schools, "n": schools}
    assert Program(make_gateway()).get("get_school_num") == {"num": schools, "n": schools}
    assert Program(make_gateway(dialect="2008")).get("get_school_num", s=1) == {"num": schools}


@pytest.fixture
def backend() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.mark.parametrize(("status", "refusal"), [(400, UNKNOWN_METHOD), (200, NO_TOKEN)], ids=["OpenVK", "VK"])
def test_a_backend_without_places_for_strangers(
    make_gateway: MakeGateway, backend: responses.RequestsMock, status: int, refusal: dict[str, Any]
) -> None:
    for method in ("getCities", "getSchools", "getSchoolsCount"):
        backend.post(f"{URL}/method/database.{method}", status=status, json=refusal)
    stranger = Program(make_gateway(backend="openvk", backend_url=URL))
    assert stranger.get("cities", parent=9, q="bosto") == {
        "n": 2,
        "d": [BOSTON, [[4978585, "Boston", 1, 0, 1], [4979613, "Highland County", 22], [5066570, "Ohio", 21], [9]]],
    }  # fmt: skip
    assert names(stranger.get("cities", parent=1, q="nov"))[:3] == [
        ("Novosibirsk", 1), ("Novokuznetsk", 1), ("Novorossiysk", 1),
    ]  # fmt: skip
    assert stranger.get("schools", parent=1516340, to=3) == {"n": 4, "d": MATERA[:3]}
    assert [row[2] for row in stranger.get("schools", parent=1, to=9)["d"]] == [100] * 5 + [110] * 4
    assert stranger.get("get_school_num", s=1) == {"num": 68, "n": 68}


def test_a_backend_that_fails_is_not_hidden_by_the_reference_data(
    make_gateway: MakeGateway, backend: responses.RequestsMock
) -> None:
    backend.post(f"{URL}/method/database.getCities", status=500, body="<html>")
    assert Program(make_gateway(backend="openvk", backend_url=URL)).get("cities", parent=9, q="bosto") == {"ok": 0}


def test_cities_and_schools_as_vk_tells_them(make_gateway: MakeGateway, backend: responses.RequestsMock) -> None:
    city = {"id": 5331, "title": "Gatchina", "area": "Gatchinsky District", "region": "Leningrad Oblast"}
    backend.post(f"{URL}/method/database.getCities", json={"response": {"count": 1, "items": [city]}})
    school = {"id": 77, "title": "№ 4 &amp; 5"}
    backend.post(f"{URL}/method/database.getSchools", json={"response": {"count": 1, "items": [school]}})
    program = Program(make_gateway(backend="openvk", backend_url=URL))
    assert program.get("cities", parent=1, q="gat") == {
        "n": 1,
        "d": [[[5331, "Gatchina", 1, 0, 1], [0, "Gatchinsky District", 22], [0, "Leningrad Oblast", 21], [1]]],
    }
    assert program.get("schools", parent=5331) == {"n": 1, "d": [[77, "№ 4 &amp; 5", 0]]}
