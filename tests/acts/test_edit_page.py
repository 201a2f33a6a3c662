"""`edit_page`: every field, what travels to the backend, and that one wrong value changes nothing."""

from typing import Any

import pytest
import responses

from tests.conftest import MakeGateway, OnBackend
from tests.program import Program
from userapi_gw.backend.client import Client

SHOWN = ("fn", "ln", "mn", "ht", "coi", "con", "cii", "cin", "sx", "bd", "bm", "by", "fs", "pv")
PAVEL = {
    "fn": "Pavel", "ln": "Durov", "mn": "", "ht": "Saint Petersburg", "coi": 1, "con": "RU", "cii": 2,
    "cin": "Saint Petersburg", "sx": 2, "bd": 10, "bm": 10, "by": 1984, "fs": 1, "pv": 3,
}  # fmt: skip
BOSTON = {"cii": 1515864, "cin": "Boston", "coi": 9, "con": "US"}


SAME: Any = [{"as": "to others"}]
REFUSED = None
"""What an OpenVK is sent of a change: `SAME`, a list of calls, or nothing, since it would not take it."""


def page(program: Program, user_id: int = 1) -> dict[str, Any]:
    profile = program.get("profile", id=user_id)
    return {name: profile[name] for name in SHOWN}


def settings(program: Program) -> tuple[Any, ...]:
    """What only the backend tells: the phone, and whether to write about requests and about messages."""
    gateway = program.gateway.extensions["userapi_gw"]
    own = gateway.backend(gateway.state.sessions.find(program.sid), fresh=True).own_settings()
    return own.mobile_phone or "", own.notify_friends, own.notify_messages


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is sent to account.saveProfileInfo."""
    sent: list[dict[str, Any]] = []
    call = Client.call

    def spy(self: Client, method: str, token: str, *, write: bool = False, **parameters: Any) -> Any:
        if method == "account.saveProfileInfo":
            sent.append({name: value for name, value in parameters.items() if name != "viewer"})
        return call(self, method, token, write=write, **parameters)

    monkeypatch.setattr(Client, "call", spy)
    return sent


@pytest.mark.parametrize(
    ("sent", "shown", "travels", "to_openvk"),
    [
        ({"fn": "Павел"}, {"fn": "Павел"}, {"first_name": "Павел"}, SAME),
        ({"ln": "  O'Durov   & <b> "}, {"ln": "O'Durov &amp; &lt;b&gt;"}, {"last_name": "O'Durov & <b>"}, REFUSED),
        ({"mn": "Ivanov"}, {"mn": "Ivanov"}, {"maiden_name": "Ivanov"}, []),
        ({"ht": "Torino"}, {"ht": "Torino"}, {"home_town": "Torino"}, SAME),
        ({"ht": ""}, {"ht": ""}, {"home_town": ""}, REFUSED),
        ({"sx": 1}, {"sx": 1}, {"sex": 1}, SAME),
        ({"fs": 6}, {"fs": 6}, {"relation": 6}, [{"relation": 8}]),
        ({"fs": 0}, {"fs": 0}, {"relation": 0}, SAME),
        ({"pv": 8}, {"pv": 8}, {"political": 8}, []),
        ({"cii": 1515864}, BOSTON, {"city_id": 1515864}, []),
        ({"cii": 0}, {"cii": 0, "cin": "", "coi": 0, "con": ""}, {"city_id": 0}, []),
        ({"bd": 11}, {"bd": 11}, {"bdate": "11.10.1984", "bdate_visibility": 1}, SAME),
        (
            {"bd": 29, "bm": 2, "by": 2000},
            {"bd": 29, "bm": 2, "by": 2000},
            {"bdate": "29.2.2000", "bdate_visibility": 1},
            SAME,
        ),
        (
            {"by": 0},
            {"by": 0},
            {"bdate": "10.10", "bdate_visibility": 2},
            [{"bdate": "10.10.1984", "bdate_visibility": 2}],
        ),
        (
            {"bd": 29, "bm": 2, "by": 0},
            {"bd": 29, "bm": 2, "by": 0},
            {"bdate": "29.2", "bdate_visibility": 2},
            [{"bdate": "29.2.1984", "bdate_visibility": 2}],
        ),
        ({"bd": 0, "bm": 0}, {"bd": 0, "bm": 0, "by": 0}, {"bdate_visibility": 0}, REFUSED),
        ({"bd": 0, "bm": 0, "by": 0}, {"bd": 0, "bm": 0, "by": 0}, {"bdate_visibility": 0}, REFUSED),
        (
            {"sx": 1, "fs": 1, "ln": "Durova"},
            {"sx": 1, "ln": "Durova"},
            {"sex": 1, "last_name": "Durova"},
            [{"last_name": "Durova"}, {"sex": 1}],
        ),
    ],
)
def test_each_field(
    pavel: Program,
    nikolay: Program,
    written: list[dict[str, Any]],
    sent: dict[str, Any],
    shown: dict[str, Any],
    travels: dict[str, Any],
    to_openvk: list[dict[str, Any]] | None,
    on_backend: OnBackend,
) -> None:
    """An OpenVK judges names, so these travel alone, has no fields for some parts, and cannot empty others."""
    calls = on_backend([travels], openvk=[travels] if to_openvk == SAME else to_openvk)
    assert pavel.get("edit_page", **sent) == {"ok": 0 if calls is REFUSED else 1}
    assert [call for call in written if call.keys() != {"last_name"} or calls is not REFUSED] == (calls or [])
    assert page(pavel) == page(nikolay) == (PAVEL if calls is REFUSED else PAVEL | shown)


def test_phone_and_notices(pavel: Program, written: list[dict[str, Any]], on_backend: OnBackend) -> None:
    assert settings(pavel) == on_backend(("", 1, 1), openvk=("", None, None))
    assert pavel.get("edit_page", mo="+7 (812) 777-77-77", nf=0, nm=1) == {"ok": 1}
    assert settings(pavel) == ("+7 (812) 777-77-77", 0, 1)
    assert pavel.get("edit_page", mo="", nf=1, nm=0) == {"ok": 1}
    assert settings(pavel) == ("", 1, 0)
    calls = [
        {"mobile_phone": "+7 (812) 777-77-77", "notify_friends": 0},
        {"mobile_phone": "", "notify_friends": 1, "notify_messages": 0},
    ]
    assert written == on_backend(calls, openvk=[])


def test_what_is_the_same_does_not_travel(pavel: Program, written: list[dict[str, Any]]) -> None:
    same = {name: PAVEL[name] for name in ("fn", "ln", "ht", "mn", "cii", "sx", "bd", "bm", "by", "fs", "pv")}
    assert pavel.get("edit_page", **same, mo="", nf=1, nm=1) == {"ok": 1}
    assert written == []


def test_twice_is_once(pavel: Program, written: list[dict[str, Any]], on_backend: OnBackend) -> None:
    assert [pavel.get("edit_page", fs=4, ln="Twice") for _ in range(2)] == [{"ok": 1}] * 2
    assert len(written) == on_backend(1, openvk=2)  # names travel alone


def test_a_hidden_year_stays_hidden_when_the_page_is_sent_back(pavel: Program, written: list[dict[str, Any]]) -> None:
    pavel.get("edit_page", by=0)
    assert pavel.get("edit_page", bd=10, bm=10, by=0, sx=2) == {"ok": 1}
    assert len(written) == 1
    assert pavel.get("edit_page", by=1985) == {"ok": 1}
    assert page(pavel) == PAVEL | {"by": 1985}


def test_codes_userapi_does_not_know_survive_being_sent_back(
    pavel: Program, written: list[dict[str, Any]], on_backend: OnBackend
) -> None:
    gateway = pavel.gateway.extensions["userapi_gw"]
    token = gateway.state.sessions.find(pavel.sid).token
    in_love = on_backend(7, openvk=6)
    gateway.client.call("account.saveProfileInfo", token, write=True, relation=in_love, political=9)
    gateway.state.overlays.facts.keep(1, {"political": 9})
    written.clear()
    assert page(pavel) == PAVEL | {"fs": 2, "pv": 4}
    assert pavel.get("edit_page", fs=2, pv=4) == {"ok": 1}
    assert written == []


def test_a_new_name_is_found_by_search(pavel: Program) -> None:
    pavel.get("edit_page", fn="Ёжик", ln="Туманный")
    assert [row[:2] for row in pavel.get("quick_search", q="туман ёж")["d"]] == [[1, "Ёжик Туманный"]]


def test_by_post(pavel: Program) -> None:
    form = {"act": "edit_page", "sid": pavel.sid, "ln": "Дуров", "back": "done"}
    assert pavel.client.post("/data", data=form).get_data() == b'done({"ok":1});'
    assert page(pavel) == PAVEL | {"ln": "Дуров"}


BAD: dict[str, tuple[str, ...]] = {
    "sx": ("3", "-1", "abc", "1e9", "2x", "9" * 30, "٢"),
    "fs": ("7", "9", "-1", "single"),
    "pv": ("9", "-1", "x"),
    "bd": ("32", "-1", "abc", "0"),
    "bm": ("13", "-1", "abc", "0"),
    "by": ("3000", "2101", "1899", "84", "-1", "abc"),
    "cii": ("424242", "-1", "abc", "9" * 30, "9" * 16),
    "nf": ("2", "-1", "yes"),
    "nm": ("2", "-1", "yes"),
    "fn": ("x" * 65, "a\u0007b", "   "),
    "ln": ("x" * 65, "a\u0007b", "a\u202eb", "\ufffd\ufffd"),
    "mn": ("x" * 65, "a\u0007b"),
    "ht": ("x" * 256, "a\u0007b"),
    "mo": ("call me", "1" * 33, "<b>", "' or 1=1 --"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_wrong_value_changes_nothing(pavel: Program, name: str) -> None:
    before, others = settings(pavel), {"sx": 1, "fs": 4, "ln": "New", "mo": "5", "cii": 1}
    for value in BAD[name]:
        assert pavel.get("edit_page", **{**others, name: value}) == {"ok": 0}, value
    assert page(pavel) == PAVEL
    assert settings(pavel) == before


def test_dates_no_calendar_has(pavel: Program) -> None:
    for date in (
        {"bd": 31, "bm": 4},
        {"bd": 29, "bm": 2, "by": 1985},
        {"bd": 30, "bm": 2, "by": 0},
        {"bd": 0, "bm": 0, "by": 1984},
        {"bd": 0, "bm": 5, "by": 1984},
    ):
        assert pavel.get("edit_page", **date) == {"ok": 0}, date
    assert page(pavel) == PAVEL


def test_nothing_to_change(pavel: Program) -> None:
    for query in ("", "fn=", "ln=&sx=&bd=", "unknown=1"):
        assert pavel.raw(f"act=edit_page&sid={pavel.sid}&{query}").get_data() == b'{"ok":0}', query


def test_the_last_of_repeated_values_counts(pavel: Program) -> None:
    assert pavel.raw(f"act=edit_page&sid={pavel.sid}&sx=9&sx=1").get_data() == b'{"ok":1}'
    assert page(pavel) == PAVEL | {"sx": 1}


def test_bytes_that_are_not_utf_8_do_not_become_a_name(pavel: Program) -> None:
    raw = b"act=edit_page&ln=" + "Дуров".encode("cp1251") + b"&sid=" + pavel.sid.encode()
    response = pavel.client.get("/data", environ_overrides={"QUERY_STRING": raw.decode("latin-1")})
    assert response.get_data() == b'{"ok":0}'
    assert page(pavel) == PAVEL


def test_not_without_a_session(pavel: Program) -> None:
    pavel.sid = ""
    assert pavel.get("edit_page", sx=1) == {"ok": -1}


ANNA = {
    "id": 2, "first_name": "Анна", "last_name": "Петрова", "is_closed": 0, "can_access_closed": 1, "sex": 1,
    "bdate_visibility": 0, "bdate": None, "city": {"id": 0, "title": None}, "home_town": None, "relation": 0,
}  # fmt: skip

DECLINED = {
    "changed": 0,
    "name_request": {"id": 467, "status": "declined", "first_name": "x1!", "last_name": "Иванова"},
}


@responses.activate
@pytest.mark.parametrize(
    ("sent", "changed", "travels", "ok"),
    [
        ("sx=1&fs=4&pv=3&mo=777&cii=2", {"changed": 1}, {"relation=4"}, 1),
        ("pv=3&nf=0", {"changed": 0}, None, 1),
        ("pv=3&cii=424242", {"changed": 0}, None, 0),
        ("fs=4", {"changed": 0}, {"relation=4"}, 0),
        ("fs=4&sx=0", {"changed": 1}, None, 0),
        ("fn=x1!", DECLINED, {"first_name=x1%21"}, 0),
        ("fn=x1!&fs=4", DECLINED, {"first_name=x1%21"}, 0),
        ("sx=1&fs=0", {"changed": 1}, None, 1),
    ],
)
def test_openvk_keeps_what_it_has_fields_for(
    make_gateway: MakeGateway, sent: str, changed: dict[str, Any], travels: set[str] | None, ok: int
) -> None:
    """Answers as an OpenVK was recorded to give them; `{"changed": 0}` is its way to say that it kept nothing.

    What it has no fields for stays here. What it cannot store so is refused before anything is changed.
    """
    url = "http://openvk.example"
    responses.post(f"{url}/token", json={"access_token": "secret", "expires_in": 0, "user_id": 2})
    responses.post(f"{url}/method/users.get", json={"response": [ANNA]})
    responses.post(f"{url}/method/account.getProfileInfo", json={"response": {"id": 2, "sex": 1, "relation": 0}})
    unknown = {"error_code": 3, "error_msg": "Unknown method passed."}
    responses.post(f"{url}/method/execute", json=unknown, status=400)
    save = responses.post(f"{url}/method/account.saveProfileInfo", json={"response": changed})
    anna = Program(make_gateway(backend="openvk", backend_url=url, sites={2: {"url": "self"}})).log_in()
    assert anna.raw(f"act=edit_page&sid={anna.sid}&{sent}").get_data() == b'{"ok":%d}' % ok
    bodies = [str(call.request.body).split("&v=")[0] for call in save.calls]
    assert [set(body.split("&")) for body in bodies] == ([travels] if travels else [])
