"""`/data`: dispatch, bad input, privacy of the outside. Every answer is the protocol's own, with status 200."""

import json
from io import BytesIO
from urllib.parse import parse_qsl, quote

import pytest
from flask import Flask, Request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import create_environ

from tests.conftest import MakeGateway
from tests.program import Program, answer_of
from userapi_gw.acts import ACTS, LIMITED
from userapi_gw.surface.request import query_parameters

BAD_SIDS = ["", "null", "-1", "deadbeef", "0" * 32, "x" * 100_000, "%00", "'%20or%201=1", "%ff%fe"]
HOSTILE = [
    "", "0", "-1", "1e9", "NaN", "99999999999999999999", "-99999999999999999999", "%00", "%ff", "%", "%zz", "<b>",
    "' or 1=1 --", "[]", "null", "undefined", "1_", "_", "_1", "1_99999999999999999999", "а" * 5000,
]  # fmt: skip


NAMES = """id from to ts wid message text q wall read inbox friends profile parent tid name x1 y1 x2 y2
    photos_comments updates_photos csid ccode fcsid fccode fn ln email pass sex site school s year photo"""


@pytest.mark.parametrize("sid", BAD_SIDS)
@pytest.mark.parametrize(
    "query", ["act=friends", "act=history", "friends=0-2&wall=0-2", "act=data&fave=3", "act=add_wall"]
)
def test_without_a_session(gateway: Flask, query: str, sid: str) -> None:
    response = Program(gateway).raw(f"{query}&sid={sid}")
    assert response.get_data() == b'{"ok":-1}'
    assert response.content_type == "application/json; charset=utf-8"


def test_errors_are_called_back_too(gateway: Flask) -> None:
    response = Program(gateway).raw("act=history&id=0&sid=deadbeef&back=getNewMessages")
    assert response.get_data() == b'getNewMessages({"ok":-1});'
    assert response.content_type == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("query", ["", "act=nonsense", "act=%D0%B0", "act=friends%00x", "act=__class__", "id=1"])
def test_unknown_acts(gateway: Flask, query: str) -> None:
    assert Program(gateway).raw(query).get_data() == b'{"ok":0}'


def test_unknown_acts_are_counted_by_name(gateway: Flask) -> None:
    program = Program(gateway)
    for act in ("gifts", "gifts", "notes"):
        program.raw(f"act={act}")
    rows = gateway.extensions["userapi_gw"].state.unknown.rows()
    assert [(name, count) for name, count, _ in rows] == [("gifts", 2), ("notes", 1)]


@pytest.mark.parametrize("act", ["", *sorted(ACTS)])
def test_hostile_values_get_an_answer_of_the_protocol(
    make_gateway: MakeGateway, act: str, caplog: pytest.LogCaptureFixture
) -> None:
    pavel = Program(make_gateway(limits=dict.fromkeys(LIMITED, "off"), refresh_seconds=60.0)).log_in()
    names = NAMES.split()
    for place, value in enumerate(HOSTILE):
        spelled = value if "%" in value else quote(value)
        alone = names[place % len(names)]
        for query in ("&".join(f"{name}={spelled}" for name in names), f"{alone}={spelled}"):
            response = pavel.raw(f"act={act}&sid={pavel.sid}&{query}")
            assert response.status_code == 200
            if response.content_type != "image/png":
                json.loads(response.get_data())
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_get_post_and_both_at_once(pavel: Program) -> None:
    by_get = pavel.get("friends", id=1, **{"from": 10, "to": 12})
    form = {"act": "friends", "id": "1", "from": "10", "to": "12", "sid": pavel.sid}
    assert answer_of(pavel.client.post("/data", data=form, base_url="http://userapi.com")) == by_get
    assert answer_of(pavel.client.post("/data?act=wall&id=5", data=form, base_url="http://userapi.com")) == by_get


def test_the_last_of_repeated_parameters_counts_and_empty_ones_do_not(pavel: Program) -> None:
    answer = answer_of(pavel.raw(f"&act=wall&act=friends&from=&id=1&from=10&to=12&sid=x&sid={pavel.sid}"))
    assert answer == pavel.get("friends", id=1, **{"from": 10, "to": 12})


def test_any_host_name(pavel: Program) -> None:
    query = f"act=activity&to=1&sid={pavel.sid}"
    assert len({pavel.raw(query, host=host).get_data() for host in ("userapi.com", "localhost:8080", "durov.ru")}) == 1


def test_a_megabyte_of_parameters(pavel: Program) -> None:
    long = "x" * 1_000_000
    assert answer_of(pavel.raw(f"act=friends&sid={pavel.sid}&x={long}")) == {"ok": 0}
    assert answer_of(pavel.client.post("/data", data={"act": "friends", "x": long})) == {"ok": 0}
    many = "&".join(f"a{n}=1" for n in range(20_000))
    assert answer_of(pavel.raw(f"act=friends&to=1&sid={pavel.sid}&{many}"))[0][0] == 3


def test_bodies_that_are_no_form(pavel: Program) -> None:
    for content_type in ("multipart/form-data; boundary=x", "multipart/form-data", "application/json", "x"):
        response = pavel.client.post(
            f"/data?act=friends&to=1&sid={pavel.sid}", data=b"\xff{broken", content_type=content_type
        )
        assert answer_of(response)[0][0] == 3


def test_dialect_of_the_site_and_of_the_program(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(
        sites={1: {"url": "self", "dialect": "2008"}, 2: {"url": "http://durov.ru", "options": {"compact": False}}},
        clients=[{"user_agent": "qutIM", "options": {"person_rows": "object"}}],
    )
    wall = "act=wall&to=1&id=1&sid="
    first, second = Program(gateway).log_in(site=1), Program(gateway).log_in(site=2)
    qutim = Program(gateway, {"User-Agent": "qutIM plugin VKontakte"}).log_in(site=1)
    rows = {name: program.raw(wall + program.sid) for name, program in locals().items() if isinstance(program, Program)}
    assert b'"d": [[48776839, ' in rows["first"].get_data()
    assert first.get("fave", **{"from": 6, "to": 7})["d"][0][0] == "32951"
    assert b'"d": [[48776839, ' in rows["second"].get_data()
    assert second.get("fave", **{"from": 6, "to": 7})["d"][0][0] == 32951
    assert b'{"0": 1, "1": "Pavel Durov"' in rows["qutim"].get_data()


def test_an_unforeseen_error_is_logged_and_answered(
    pavel: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("userapi_gw.backend.facade.Backend.friends", explode)
    assert pavel.get("friends") == {"ok": 0}
    assert "boom" in caplog.text
    assert pavel.sid not in caplog.text


def test_bytes_that_are_not_utf_8(pavel: Program) -> None:
    windows_1251 = "привет".encode("cp1251")
    base = "http://userapi.com"
    for query in (b"act=quick_search&q=" + windows_1251, b"act=friends&id=1\xe2\x80\x8b&to=1&x=%E0%F1"):
        raw = query + b"&sid=" + pavel.sid.encode()
        response = pavel.client.get("/data", base_url=base, environ_overrides={"QUERY_STRING": raw.decode("latin-1")})
        assert answer_of(response) in ({"n": 0, "d": []}, pavel.get("friends", id=1, to=1))
        by_post = pavel.client.post("/data", base_url=base, data=raw, content_type="application/x-www-form-urlencoded")
        assert answer_of(by_post) == answer_of(response)


def test_a_body_without_a_length_is_read_up_to_the_limit(pavel: Program) -> None:
    """Chunked bodies say nothing about their length beforehand."""
    for filler, answer in ((b"", pavel.get("friends", to=1)), (b"x" * 1_000_000, {"ok": 0})):
        body = f"act=friends&to=1&sid={pavel.sid}&y=".encode() + filler
        environ = {"wsgi.input": BytesIO(body), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
        response = pavel.client.post("/data", base_url="http://userapi.com", environ_overrides=environ)
        assert answer_of(response) == answer


def test_a_body_that_is_cut_off(pavel: Program, caplog: pytest.LogCaptureFixture) -> None:
    class Silent(BytesIO):
        def read(self, *_: object) -> bytes:
            raise TimeoutError

    environ = {"wsgi.input": Silent(), "CONTENT_LENGTH": "100"}
    response = pavel.client.post(f"/data?act=friends&sid={pavel.sid}", environ_overrides=environ)
    assert answer_of(response) == {"ok": 0}
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@given(st.text(st.sampled_from("ab=&;?# \\/\"'#0~"), max_size=20))
def test_plain_queries_are_read_as_the_standard_library_reads_them(query: str) -> None:
    request = Request({**create_environ(), "QUERY_STRING": query})
    assert dict(query_parameters(request).values) == dict(parse_qsl(query, keep_blank_values=True))
