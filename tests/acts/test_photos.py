"""Photos. UserAPI documentation, "Getting photo list for a user"."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway, OnBackend
from tests.program import Program

NEW_TAGS = [
    [
        "590249_115998635",
        "http://cs1535.userapi.com/u590249/1590249/m_75008edc.jpg",
        "http://cs1535.userapi.com/u590249/1590249/x_b487c470.jpg",
    ],
    [
        "583146_115998648",
        "http://cs1259.userapi.com/u583146/1583146/m_44f064a6.jpg",
        "http://cs1259.userapi.com/u583146/1583146/x_85772e0a.jpg",
    ],
]
WITH_PAVEL = ["540528_115998726", "547631_115998713", "554734_115998700", "561837_115998687", "568940_115998674",
              "576043_115998661"]  # fmt: skip
WITHOUT_PHOTOS, CLOSED, CLOSED_BUT_FRIEND_OF_PAVEL, DELETED, BLOCKS_PAVEL = 6, 301, 308, 304, 306
NOBODY = 777_777_777
HUGE = 10**18


def part(start: int, stop: int) -> dict[str, Any]:
    return {"from": start, "to": stop}


def into_backend(gateway: Flask, statement: str, rows: list[tuple[Any, ...]]) -> None:
    """Write to the embedded backend's database: no method of its own puts tags or makes photos."""
    with closing(sqlite3.connect(gateway.extensions["userapi_gw"].settings.embedded_database)) as db, db:
        db.executemany(statement, rows)


def add_photos(gateway: Flask, *photos: tuple[int, int, str]) -> None:
    """Photos of user 6 as (id, date, address)."""
    into_backend(
        gateway,
        "INSERT INTO photos (id, owner_id, album_id, date, text, url_75, url_130, url_604) VALUES (?,6,1,?,'',?,?,?)",
        [(photo_id, date, *[url and f"{url}{letter}.jpg" for letter in "smx"]) for photo_id, date, url in photos],
    )


def tag(gateway: Flask, user_id: int, photo_id: int, *, count: int = 1, confirmed: int = 0) -> None:
    """Enter tags at the backend, and in the overlay, which is asked where the backend has none."""
    rooms = gateway.extensions["userapi_gw"]
    with closing(sqlite3.connect(rooms.settings.embedded_database)) as db:
        photo = db.execute("SELECT owner_id, id FROM photos WHERE id = ?", [photo_id]).fetchone()
    for _ in range(count):
        rooms.state.overlays.tags.put(photo, 1, user_id, "", (1, 1, 2, 2), confirmed=bool(confirmed))
    into_backend(
        gateway,
        "INSERT INTO tags (photo_id, user_id, name, placer_id, date, x, y, x2, y2, confirmed)"
        " VALUES (?,?,'',1,1,1,1,2,2,?)",
        [(photo_id, user_id, confirmed)] * count,
    )


def test_all_photos_when_no_window_is_given(pavel: Program) -> None:
    photos = pavel.get("photos")
    assert len({row[0] for row in photos}) == 34
    assert [row[0] for row in photos[:3]] == ["1_115456905", "1_90710441", "1_79435064"]
    assert photos == pavel.get("photos", id=1) == pavel.get("photos", id=0)


def test_windows(pavel: Program) -> None:
    photos = pavel.get("photos")
    for window, rows in (
        (part(0, 2), photos[:2]),
        (part(30, 34), photos[30:]),
        (part(33, 99), photos[33:]),
        (part(34, 40), []),
        (part(0, 0), []),
        (part(7, 3), []),
        ({"from": 32}, photos[32:]),
        ({"to": 1}, photos[:1]),
        (part(0, HUGE), photos),
    ):
        assert pavel.get("photos", **window) == rows, window


def test_newest_first_whatever_the_ids(gateway: Flask, nikolay: Program) -> None:
    add_photos(gateway, (500, 3000, "http://h/a"), (400, 5000, "http://h/b"), (600, 4000, "http://h/c"))
    assert nikolay.get("photos") == [
        ["6_400", "http://h/bm.jpg", "http://h/bx.jpg"],
        ["6_600", "http://h/cm.jpg", "http://h/cx.jpg"],
        ["6_500", "http://h/am.jpg", "http://h/ax.jpg"],
    ]


def test_a_photo_whose_files_are_gone(gateway: Flask, pavel: Program, on_backend: OnBackend) -> None:
    add_photos(gateway, (500, 3000, ""))
    named = [f"http://openvk.invalid/photos/thumbnails/500_{size}.jpeg" for size in ("tiny", "normal")]
    assert pavel.get("photos", id=6) == [["6_500", *on_backend(["0", "0"], openvk=named)]]


def test_addresses_are_harmless_inside_attributes(gateway: Flask, pavel: Program) -> None:
    add_photos(gateway, (500, 3000, "http://h/'\"<x> "))
    assert pavel.get("photos", id=6) == [["6_500", "http://h/%27%22%3Cx%3E%20m.jpg", "http://h/%27%22%3Cx%3E%20x.jpg"]]


def test_photos_with_a_user_are_those_with_confirmed_tags(
    gateway: Flask, pavel: Program, nikolay: Program, on_backend: OnBackend
) -> None:
    shown = pavel.get("photos_with")
    assert [row[0] for row in shown] == on_backend(WITH_PAVEL, openvk=WITH_PAVEL[::-1])  # the latest tag first
    assert nikolay.get("photos_with", id=1) == shown
    assert pavel.get("photos_with", id=1, **part(4, 9)) == shown[4:]
    assert nikolay.get("photos_with") == []
    tag(gateway, 6, 115456905, confirmed=1)
    tag(gateway, 6, 90710441)
    assert nikolay.get("photos_with") == pavel.get("photos", **part(0, 1))


def test_new_photos_are_those_whose_tags_wait_for_the_viewer(gateway: Flask, pavel: Program, nikolay: Program) -> None:
    assert pavel.get("photos_new") == NEW_TAGS
    assert pavel.get("photos_new", id=6, **part(1, 2)) == NEW_TAGS[1:]
    assert pavel.get("photos_new", **part(0, 0)) == []
    assert nikolay.get("photos_new", id=1) == []
    tag(gateway, 6, 115456905)
    assert nikolay.get("photos_new") == pavel.get("photos", **part(0, 1))
    assert nikolay.get("history") == {"nm": 0, "nf": 0, "nph": 1}


@pytest.mark.parametrize("act", ["photos", "photos_with"])
def test_hidden_and_unknown_lists_are_empty(pavel: Program, act: str) -> None:
    for hidden in (WITHOUT_PHOTOS, CLOSED, DELETED, BLOCKS_PAVEL, NOBODY):
        assert pavel.get(act, id=hidden) == [], hidden


def test_photos_of_a_closed_page_are_for_friends(gateway: Flask, pavel: Program, nikolay: Program) -> None:
    closed = pavel.get("photos", id=CLOSED_BUT_FRIEND_OF_PAVEL)
    assert [row[0] for row in closed] == ["308_115999753", "308_115995216", "308_115990679"]
    tag(gateway, 6, 115999753, confirmed=1)
    assert pavel.get("photos_with", id=6) == closed[:1]
    assert nikolay.get("photos", id=CLOSED_BUT_FRIEND_OF_PAVEL) == []
    assert nikolay.get("photos_with") == [], "a tag opens no closed page"


def test_more_than_one_page_of_the_backend(make_gateway: MakeGateway) -> None:
    gateway = make_gateway()
    nikolay = Program(gateway).log_in("nikolay@test.com")
    add_photos(gateway, *((1000 + number, number, "http://h/") for number in range(450)))
    assert [row[0] for row in nikolay.get("photos")] == [f"6_{1449 - number}" for number in range(450)]
    assert [row[0] for row in nikolay.get("photos", **part(199, 202))] == ["6_1250", "6_1249", "6_1248"]


def test_more_new_tags_than_one_page_of_the_backend(gateway: Flask, nikolay: Program) -> None:
    """VK hands out at most 100 of these at once."""
    add_photos(gateway, *((1000 + number, number, "http://h/") for number in range(250)))
    for number in range(250):
        tag(gateway, 6, 1000 + number)
    assert [row[0] for row in nikolay.get("photos_new")] == [f"6_{1249 - number}" for number in range(250)]
