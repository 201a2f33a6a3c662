"""Profiles: what differs between viewers and sites. Whole answers are in the fixtures."""

from tests.conftest import MakeGateway, OnBackend
from tests.program import Program

CLOSED, NO_MAIL = 301, 302


def flags(program: Program, user_id: int) -> dict[str, int]:
    found: dict[str, int] = program.get("profile", id=user_id)["pr"]
    return {name: found[name] for name in ("pa", "wa", "ms")}


def test_a_site_chooses_what_its_programs_take_for_allowed(make_gateway: MakeGateway, on_backend: OnBackend) -> None:
    sites = {1: {"url": "self"}, 2: {"url": "http://durov.ru", "options": {"privacy_allowed": 1}}}
    gateway = make_gateway(sites=sites)
    usual, reversed_ = Program(gateway).log_in(site=1), Program(gateway).log_in(site=2)
    assert flags(usual, CLOSED) == {"pa": 1, "wa": 1, "ms": 0}
    assert flags(reversed_, CLOSED) == {"pa": 0, "wa": 0, "ms": 1}
    takes_none = on_backend(1, openvk=0)  # which does not tell
    assert flags(usual, NO_MAIL) == {"pa": 0, "wa": 0, "ms": takes_none}
    assert flags(reversed_, NO_MAIL) == {"pa": 1, "wa": 1, "ms": 1 - takes_none}


def test_a_closed_page_tells_its_name_and_picture_alone(pavel: Program) -> None:
    profile = pavel.get("profile", id=CLOSED)
    hidden = {"mn": "", "ht": "", "coi": 0, "con": "", "cii": 0, "cin": "", "bd": 0, "bm": 0, "by": 0, "fs": 0, "pv": 0}
    assert {name: profile[name] for name in hidden} == hidden
    assert (profile["fn"], profile["ln"], profile["edu"], profile["actv"]) == ("Olga", "Zakrytaya", [], [])
    empty = {"n": 0, "d": []}
    assert [profile[name] for name in ("fr", "fro", "frm", "ph", "phw")] == [empty] * 5
    assert (profile["wa"]["n"], profile["wa"]["d"]) == (0, [])


def test_nobodys_profile(pavel: Program) -> None:
    assert pavel.get("profile", id=999_999_999) == {"ok": 0}
