"""Schools on servers without `education.*`, and on one that does not search by school."""

from flask import Flask

from tests.conftest import MakeGateway
from tests.person import Person
from tests.program import Program

SCHOOL, PART, UNIVERSITY = 3378, 9100014, 9100013
KEPT = [SCHOOL, 0, 0, "School # 3378", 2004]
FACULTY = [PART, UNIVERSITY, 110, "Faculty of Philology", 2006]


def edu(program: Program, user_id: int) -> list[list[object]]:
    rows: list[list[object]] = program.get("profile", id=user_id)["edu"]
    return rows


def test_schools_stand_beside_those_of_the_server(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(lacks=("education.",))
    pavel, nikolay = Program(gateway).log_in(), Program(gateway).log_in("nikolay@test.com")
    before = edu(nikolay, 1)
    for _ in range(2):
        assert pavel.get("add_school", school=SCHOOL, year=2004) == {"ok": 1}
    assert edu(nikolay, 1) == [KEPT, *before]
    assert pavel.get("add_school", school=424242, year=2004) == {"ok": 0}
    assert pavel.get("delete_school", school=SCHOOL, year=2003) == {"ok": 0}
    assert pavel.get("delete_school", school=SCHOOL, year=2004) == {"ok": 1}
    assert pavel.get("delete_school", school=SCHOOL, year=2004) == {"ok": 0}
    assert edu(nikolay, 1) == before


def test_a_school_the_server_tells_is_shown_once(make_gateway: MakeGateway) -> None:
    pavel = Program(make_gateway()).log_in()
    pavel.get("add_school", school=SCHOOL, year=2004)
    again = Program(make_gateway(lacks=("education.",))).log_in()
    again.get("add_school", school=SCHOOL, year=2004)
    assert edu(again, 1).count(KEPT) == 1


def test_people_of_a_school_on_openvk(anna: Program, boris: Program) -> None:
    nobody = {"belongs": -1, "n": 0, "d": []}
    assert anna.get("search_results", parent=UNIVERSITY) == nobody
    anna.get("add_school", school=PART, year=2006)
    boris.get("add_school", school=UNIVERSITY, year=2001)
    assert (edu(boris, 1), edu(anna, 6)) == (
        [FACULTY],
        [[UNIVERSITY, 0, 100, "Saint Petersburg State University", 2001]],
    )
    found = boris.get("search_results", parent=UNIVERSITY)
    assert (found["belongs"], found["n"], [row[:2] for row in found["d"]]) == (
        1, 2, [[1, "Pavel Durov"], [6, "Nikolay Durov"]],
    )  # fmt: skip
    for parameters, ids in (
        ({"parent": PART}, [1]),
        ({"parent": UNIVERSITY, "year": 2001}, [6]),
        ({"parent": UNIVERSITY, "q": "nik DUR"}, [6]),
        ({"parent": UNIVERSITY, "q": "urov"}, []),
        ({"parent": UNIVERSITY, "from": 1, "to": 2}, [6]),
    ):
        assert [row[0] for row in anna.get("search_results", **parameters)["d"]] == ids, parameters
    assert anna.get("search_results", parent=SCHOOL) == nobody


def test_a_closed_page_tells_strangers_no_school(openvk: Flask, anna: Program, boris: Program) -> None:
    Person(openvk, 308).program().get("add_school", school=SCHOOL, year=2004)
    assert anna.get("search_results", parent=SCHOOL)["n"] == 1
    assert boris.get("search_results", parent=SCHOOL) == {"belongs": -1, "n": 0, "d": []}
    assert (edu(anna, 308), edu(boris, 308)) == ([KEPT], [])
