"""Parts of a profile that OpenVK does not store, and those it stores in its own way."""

from typing import Any

import pytest
from flask import Flask

from tests.faults import Faulty, html_500, html_500_after
from tests.program import PASSWORD, Program

SAVE = "account.saveProfileInfo"
EDITED = ("fn", "ln", "mn", "ht", "coi", "con", "cii", "cin", "sx", "bd", "bm", "by", "fs", "pv")
PAVEL = {
    "fn": "Pavel", "ln": "Durov", "mn": "", "ht": "Saint Petersburg", "coi": 0, "con": "", "cii": 0,
    "cin": "Saint Petersburg", "sx": 2, "bd": 10, "bm": 10, "by": 1984, "fs": 1, "pv": 0,
}  # fmt: skip
SEEN_BY_OTHERS = PAVEL | {"fs": 0}
BOSTON = {"cii": 1515864, "cin": "Boston", "coi": 9, "con": "US"}


def page(program: Program) -> dict[str, Any]:
    profile = program.get("profile", id=1)
    return {name: profile[name] for name in EDITED}


@pytest.fixture
def saved(server: Faulty) -> Any:
    """What the server was told to store."""

    def saved() -> list[dict[str, str]]:
        told = [call.parameters for call in server.seen if call.method == SAVE]
        return [{name: value for name, value in one.items() if name not in ("v", "access_token")} for one in told]

    return saved


@pytest.mark.parametrize(
    ("sent", "shown", "travels"),
    [
        ({"pv": 3}, {"pv": 3}, []),
        ({"mn": "Ivanov"}, {"mn": "Ivanov"}, []),
        ({"cii": 1515864}, BOSTON, []),
        ({"ht": "Torino"}, {"ht": "Torino"}, [{"home_town": "Torino"}]),
        ({"fs": 5, "pv": 8}, {"fs": 5, "pv": 8}, [{"relation": "7"}]),
        ({"fn": "Anna", "fs": 4}, {"fn": "Anna", "fs": 4}, [{"first_name": "Anna"}, {"relation": "4"}]),
        ({"by": 0}, {"by": 0}, [{"bdate": "10.10.1984", "bdate_visibility": "2"}]),
        ({"bd": 11, "by": 1985}, {"bd": 11, "by": 1985}, [{"bdate": "11.10.1985", "bdate_visibility": "1"}]),
    ],
)
def test_each_part(
    anna: Program, boris: Program, saved: Any, sent: dict[str, Any], shown: dict[str, Any], travels: list[Any]
) -> None:
    assert page(boris) == SEEN_BY_OTHERS
    assert anna.get("edit_page", **sent) == {"ok": 1}
    assert saved() == travels
    assert page(anna) == PAVEL | shown
    assert page(boris) == SEEN_BY_OTHERS | shown
    assert anna.get("edit_page", **sent) == {"ok": 1}
    assert saved() == travels, "the second time nothing is new"


def test_a_relation_changed_elsewhere_is_shown_when_its_owner_has_looked(
    openvk: Flask, anna: Program, boris: Program
) -> None:
    anna.get("edit_page", fs=5)
    client = openvk.extensions["userapi_gw"].client
    token = client.grant("test@test.com", PASSWORD).token
    client.call(SAVE, token, write=True, relation=4)
    assert page(boris) == PAVEL | {"fs": 5}
    assert page(anna) == page(boris) == PAVEL | {"fs": 4}


def test_a_hidden_year_is_shown_again(anna: Program, saved: Any) -> None:
    anna.get("edit_page", by=0)
    anna.get("edit_page", bd=12)
    assert page(anna) == PAVEL | {"bd": 12, "by": 0}
    anna.get("edit_page", by=1984)
    assert page(anna) == PAVEL | {"bd": 12}
    assert saved()[1:] == [
        {"bdate": "12.10.1984", "bdate_visibility": "2"},
        {"bdate": "12.10.1984", "bdate_visibility": "1"},
    ]


@pytest.mark.parametrize("refused", [{"ht": ""}, {"sx": 0}, {"bd": 0, "bm": 0}, {"cii": 424242}])
def test_what_cannot_be_stored_changes_nothing(anna: Program, saved: Any, refused: dict[str, Any]) -> None:
    assert anna.get("edit_page", fs=4, pv=3, **refused) == {"ok": 0}
    assert saved() == []
    assert page(anna) == PAVEL


def test_a_name_that_is_declined_changes_nothing(anna: Program, saved: Any) -> None:
    assert anna.get("edit_page", fn="x1!", fs=4, pv=3) == {"ok": 0}
    assert saved() == [{"first_name": "x1!"}]
    assert page(anna) == PAVEL


def test_a_city_is_taken_away(anna: Program) -> None:
    anna.get("edit_page", cii=1515864)
    assert anna.get("edit_page", cii=0) == {"ok": 1}
    assert page(anna) == PAVEL | {"cin": ""}


def test_phone_and_notices_are_kept_for_the_viewer_alone(anna: Program, boris: Program, saved: Any) -> None:
    own = anna.gateway.extensions["userapi_gw"].state.overlays.facts
    assert anna.get("edit_page", mo="+7 812", nf=0) == {"ok": 1}
    assert anna.get("edit_page", mo="+7 812", nm=1) == {"ok": 1}
    assert own.of(1) == {"mobile_phone": "+7 812", "notify_friends": 0, "notify_messages": 1}
    assert (own.of(6), saved(), page(boris)) == ({}, [], SEEN_BY_OTHERS)


@pytest.mark.parametrize(("fault", "ok"), [(html_500_after, 1), (html_500, 0)])
def test_a_lost_answer(anna: Program, server: Faulty, fault: Any, ok: int) -> None:
    server.hit(fault, SAVE)
    assert anna.get("edit_page", fs=5, ht="Torino", bd=11) == {"ok": ok}
    server.heal()
    assert page(anna) == (PAVEL | {"fs": 5, "ht": "Torino", "bd": 11} if ok else PAVEL)
