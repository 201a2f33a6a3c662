"""Profiles. UserAPI documentation, "Getting a user's profile information"."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway, OnBackend
from tests.program import Program

PAVEL = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", 1]
NIKOLAY = [6, "Nikolay Durov", "http://cs1024.userapi.com/u00006/b_37a43719.jpg", 1]
CLOSED, CLOSED_BUT_FRIEND_OF_PAVEL, SILENT, DELETED, BANNED, BLOCKS_PAVEL = 301, 308, 302, 304, 305, 306
ASKS_PAVEL = 18369759
NOBODY = 777_777_777
HUGE = 10**18
EMPTY: dict[str, Any] = {"n": 0, "d": []}


def part(start: int, stop: int) -> dict[str, Any]:
    return {"from": start, "to": stop}


def listed(rows: list[Any]) -> dict[str, Any]:
    return {"n": len(rows), "d": rows}


def bare(user_id: int, first_name: str, last_name: str, sex: int, **more: Any) -> dict[str, Any]:
    """The profile of somebody who tells nothing, as Pavel sees it."""
    return {
        "id": user_id, "fn": first_name, "ln": last_name, "mn": "", "ht": "", "coi": 0, "con": "", "cii": 0, "cin": "",
        "sx": sex, "bp": "0", "bd": 0, "bm": 0, "by": 0, "fs": 0, "pv": 0, "pr": {"pa": 0, "wa": 0, "ms": 0}, "us": 1,
        "on": 0, "isf": 0, "isi": 0, "f": 0, "edu": [], "actv": [], "fr": EMPTY, "fro": EMPTY, "frm": EMPTY,
        "ph": EMPTY, "phw": EMPTY, **more,
    }  # fmt: skip


def with_versions(program: Program, profile: dict[str, Any]) -> dict[str, Any]:
    """The same with an empty wall, and the versions as other acts tell them."""
    wall = EMPTY | {"h": program.version("wall", id=profile["id"])}
    return profile | {"wa": wall, "mts": program.version("message")}


def test_everything_about_somebody(pavel: Program, nikolay: Program) -> None:
    assert pavel.get("profile", id=6) == {
        "id": 6, "fn": "Nikolay", "ln": "Durov", "mn": "", "ht": "Saint Petersburg", "coi": 1, "con": "RU", "cii": 2,
        "cin": "Saint Petersburg", "sx": 2, "bp": "http://cs1024.userapi.com/u00006/a_37a43719.jpg", "bd": 21,
        "bm": 11, "by": 1980, "fs": 1, "pv": 8, "pr": {"pa": 0, "wa": 0, "ms": 0}, "us": 1, "on": 1, "isf": 0,
        "isi": 0, "f": 1, "edu": [[9100015, 9100013, 110, "Faculty of Mathematics and Mechanics", 2002]],
        "actv": ["6_139695600", 6, 2, "Nikolay Durov", 1224506800, "tired &amp; happy"],
        "fr": listed(nikolay.get("friends")),
        "fro": listed(nikolay.get("friends_online")),
        "frm": listed(pavel.get("friends_mutual", id=6)),
        "ph": EMPTY,
        "phw": EMPTY,
        "wa": pavel.get("wall", id=6),
        "mts": pavel.version("message"),
    }  # fmt: skip


def test_long_lists_begin_with_their_first_rows(pavel: Program, nikolay: Program) -> None:
    profile = nikolay.get("profile", id=1)
    lists = {name: profile[name] for name in ("fr", "fro", "frm", "ph", "phw", "wa")}
    assert lists == {
        "fr": {"n": 349, "d": pavel.get("friends", **part(0, 30))},
        "fro": {"n": 34, "d": pavel.get("friends_online", **part(0, 30))},
        "frm": listed(pavel.get("friends_mutual", id=6)),
        "ph": listed(pavel.get("photos")),
        "phw": listed(pavel.get("photos_with")),
        "wa": nikolay.get("wall", id=1, **part(0, 27)),
    }
    assert nikolay.get("profile", id=1, **part(5, 7)) == profile, "a profile has no window"


def test_no_id_means_the_viewer(nikolay: Program) -> None:
    own = nikolay.get("profile", id=6)
    assert (own["id"], own["us"]) == (6, 6)
    for nobody in ({}, {"id": -1}, {"id": "abc"}):
        assert nikolay.get("profile", **nobody) == own, nobody


def test_versions_in_a_profile_serve_for_polling(pavel: Program, nikolay: Program) -> None:
    profile = pavel.get("profile", id=6)
    nikolay.get("add_wall", message="news")
    nikolay.get("add_message", id=1, message="news")
    polled = pavel.get("history", id=6, wall=profile["wa"]["h"], message=profile["mts"])
    assert [entry[:2] for entry in polled["wall"]["h"]] == [[profile["wa"]["h"] + 1, "add"]]
    assert [entry[:2] for entry in polled["message"]["h"]] == [[profile["mts"] + 1, "add"]]


def test_facts_of_some_people(pavel: Program) -> None:
    anna = {"fr": listed([NIKOLAY]), "fro": listed([NIKOLAY]), "ht": "Псков", "coi": 1, "con": "RU", "cii": 2}
    for profile in (
        bare(309, "Анна", "Петрова", 1, **anna, cin="Saint Petersburg"),
        bare(311, "Ирина", "Петрова-Водкина", 1, mn="Водкина"),
        bare(ASKS_PAVEL, "Dmitry", "Lebedev", 2, isi=1),
    ):
        assert pavel.get("profile", id=profile["id"]) == with_versions(pavel, profile)


def test_dates_of_birth_that_are_partly_hidden(pavel: Program) -> None:
    dates = {10: (3, 4, 1983), 5: (18, 11, 0), 302: (0, 0, 0)}
    for user_id, date in dates.items():
        profile = pavel.get("profile", id=user_id)
        assert (profile["bd"], profile["bm"], profile["by"]) == date


@pytest.mark.parametrize(("dialect", "open_", "shut"), [("2009", 0, 1), ("2008", 1, 0)])
def test_privacy(make_gateway: MakeGateway, on_backend: OnBackend, dialect: str, open_: int, shut: int) -> None:
    """The documentation says 1 for allowed, programs of 2009 take 1 for closed.

    OpenVK does not tell who takes no messages, and who has the viewer on a blacklist has a closed page for them.
    """
    untold, blocked = on_backend((shut, open_), openvk=(open_, shut))
    pavel = Program(make_gateway(dialect=dialect)).log_in()
    for profile, flags in (
        (bare(CLOSED, "Olga", "Zakrytaya", 1), {"pa": shut, "wa": shut, "ms": open_}),
        (bare(SILENT, "Pyotr", "Molchanov", 2), {"pa": open_, "wa": open_, "ms": untold}),
        (bare(BLOCKS_PAVEL, "Grigory", "Serditov", 2), {"pa": blocked, "wa": shut, "ms": untold}),
    ):
        assert pavel.get("profile", id=profile["id"]) == with_versions(pavel, profile | {"pr": flags})


def test_a_closed_page_is_open_to_friends_alone(pavel: Program, nikolay: Program) -> None:
    closed = bare(CLOSED_BUT_FRIEND_OF_PAVEL, "Polina", "Tihaya", 1, pr={"pa": 1, "wa": 1, "ms": 0}, us=6)
    assert nikolay.get("profile", id=CLOSED_BUT_FRIEND_OF_PAVEL) == with_versions(nikolay, closed)
    shown = pavel.get("profile", id=CLOSED_BUT_FRIEND_OF_PAVEL)
    assert (shown["pr"], shown["isf"], shown["ht"]) == ({"pa": 0, "wa": 0, "ms": 0}, 1, "Pskov")
    assert (shown["bd"], shown["bm"], shown["by"], shown["wa"]["n"]) == (9, 9, 1986, 7)


def test_pages_that_are_gone_or_never_were(pavel: Program) -> None:
    for user_id in (DELETED, BANNED, NOBODY, HUGE):
        assert pavel.get("profile", id=user_id) == {"ok": 0}, user_id


def test_how_viewer_and_user_stand_to_each_other(pavel: Program, nikolay: Program) -> None:
    def stand(viewer: Program, user_id: int) -> dict[str, int]:
        profile = viewer.get("profile", id=user_id)
        return {name: profile[name] for name in ("isf", "isi", "f")}

    assert stand(nikolay, 1) == {"isf": 0, "isi": 0, "f": 1}
    pavel.get("add_friend", id=6)
    nikolay.get("del_fave", id=1)
    assert stand(nikolay, 1) == {"isf": 0, "isi": 1, "f": 0}
    assert stand(pavel, 6) == {"isf": 0, "isi": 0, "f": 1}
    nikolay.get("add_friend", id=1)
    assert stand(nikolay, 1) == {"isf": 1, "isi": 0, "f": 0}
    assert PAVEL in pavel.get("profile", id=6)["fr"]["d"]


def test_names_and_places_are_escaped(gateway: Flask, pavel: Program) -> None:
    """Programs put them into innerHTML. Where the backend keeps no maiden names, the gateway does."""
    gateway.extensions["userapi_gw"].state.overlays.facts.keep(311, {"maiden_name": '"&'})
    changes = "first_name = '<b>', last_name = 'O''Hara', maiden_name = '\"&', home_town = '&lt;'"
    with closing(sqlite3.connect(gateway.extensions["userapi_gw"].settings.embedded_database)) as db, db:
        db.execute(f"UPDATE people SET {changes} WHERE id = 311")
    profile = bare(311, "&lt;b&gt;", "O'Hara", 1, mn="&quot;&amp;", ht="&amp;lt;")
    assert pavel.get("profile", id=311) == with_versions(pavel, profile)
