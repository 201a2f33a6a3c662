"""Search. UserAPI documentation, "Searching users by name"."""

from typing import Any

from tests.conftest import OnBackend
from tests.program import Program

ANNA = [309, "Анна Петрова", "0", 0]
IRINA = [311, "Ирина Петрова-Водкина", "0", 0]
FYODOR = [310, "Фёдор Ёлкин", "0", 0]
PAVEL = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", 1]
NIKOLAY = [6, "Nikolay Durov", "http://cs1024.userapi.com/u00006/b_37a43719.jpg", 1]
VYACHESLAV = [3, "Vyacheslav ", "http://cs47.userapi.com/u00003/b_4fd0a4bc.jpg", 0]
CLOSED = [301, "Olga Zakrytaya", "0", 0]
HUGE = 10**18


def part(start: int, stop: int) -> dict[str, Any]:
    return {"from": start, "to": stop}


def test_each_word_begins_a_name(nikolay: Program, on_backend: OnBackend) -> None:
    for query, people in (
        ("Петрова", [ANNA, IRINA]),
        ("петр", [ANNA, IRINA]),
        ("анна ПЕТРОВА", [ANNA]),
        ("Петрова Анна", [ANNA]),
        ("  ёлкин \t фёд\n", [FYODOR]),
        ("zakrytaya", [CLOSED]),
        ("vyacheslav", [VYACHESLAV]),
        ("Петрова Nikolay", []),
        ("водкина", on_backend([], openvk=[IRINA])),  # which finds parts of words
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("<b>Анна</b>", []),
        ("🙂", []),
        ("\\", []),
    ):
        found = on_backend(people, openvk=people[::-1])  # which shows the newest first
        assert nikolay.get("quick_search", q=query) == {"n": len(people), "d": found}, query


def test_blank_queries_find_nobody(pavel: Program) -> None:
    query: dict[str, str]
    for query in ({}, {"q": ""}, {"q": "  \n\t "}, {"q": "\u00a0"}):
        assert pavel.get("quick_search", **query) == {"n": 0, "d": []}, query


def test_a_query_longer_than_the_backend_takes(pavel: Program, on_backend: OnBackend) -> None:
    assert pavel.get("quick_search", q="Ж" * 255) == {"n": 0, "d": []}
    assert pavel.get("quick_search", q="Ж" * 5000) == on_backend({"ok": 0}, openvk={"n": 0, "d": []})


def test_deleted_pages_are_not_found(pavel: Program) -> None:
    assert pavel.get("quick_search", q="deleted") == {"n": 0, "d": []}


def test_windows(pavel: Program, on_backend: OnBackend) -> None:
    first = pavel.get("quick_search", q="durov", **part(0, 40))["d"]
    window, oldest = on_backend((part(0, 2), [PAVEL, NIKOLAY]), openvk=(part(1187, 1189), [NIKOLAY, PAVEL]))
    assert pavel.get("quick_search", q="durov", **window)["d"] == oldest
    for window, rows in (
        (part(2, 5), first[2:5]),
        ({"to": 3}, first[:3]),
        (part(0, 0), []),
        (part(9, 4), []),
        (part(1189, 1200), []),
    ):
        assert pavel.get("quick_search", q="durov", **window) == {"n": 1189, "d": rows}, window
    last = pavel.get("quick_search", q="durov", **part(1188, HUGE))
    assert (last["n"], len(last["d"])) == (1189, 1)


def test_everybody_when_no_window_is_given(pavel: Program) -> None:
    """A missing window means everything for lists of people."""
    found = pavel.get("quick_search", q="durov")
    assert found["n"] == len({row[0] for row in found["d"]}) == 1189
