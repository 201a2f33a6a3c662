"""`act=register` and `login=confirm`. UserAPI documentation, "Registration of new users"."""

import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.conftest import MakeGateway
from tests.letters import send, texts
from tests.mail_server import MailServer, mail_server
from tests.program import Program, answer_of, sid_of

IWAN = {
    "fn": "Iwan",
    "ln": "Smirnow",
    "email": "iwan-sm100@mail.ru",
    "pass": "777777777",
    "sex": "2",
    "site": "2",
    "s": "397539",
    "year": "2013",
}
CSID = "0.24627315661712001"


def code(gateway: Flask) -> str:
    return str(gateway.extensions["userapi_gw"].state.captchas.issue(CSID))


def register(gateway: Flask, **changes: str) -> Any:
    """Register Iwan, apart from some changes, with a right captcha."""
    sent = {**IWAN, "csid": CSID, "ccode": code(gateway), **changes}
    return answer_of(Program(gateway).raw(urlencode({"act": "register", **sent})))


def cid(gateway: Flask) -> str:
    found = re.search(r"^http://durov\.ru/#;confirm=([0-9a-f]{32})$", texts(gateway)[-1], re.MULTILINE)
    assert found
    return found[1]


def confirm(gateway: Flask, confirmation: str, site: int = 2) -> str:
    return sid_of(Program(gateway).auth(login="confirm", site=site, cid=confirmation))


def log_in(gateway: Flask, **more: str) -> str:
    sent = {"login": "force", "site": "2", "email": IWAN["email"], "pass": IWAN["pass"], **more}
    return sid_of(Program(gateway).auth(urlencode(sent)))


def test_the_answer_is_a_bare_number(gateway: Flask) -> None:
    query = urlencode({"act": "register", **IWAN, "csid": CSID, "ccode": code(gateway)})
    assert Program(gateway).raw(query).get_data() == b"1"
    assert Program(gateway).raw(query + "&back=registered").get_data() == b"registered(-1);"


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({}, 1),
        ({"ccode": "wrong"}, -1),
        ({"ccode": ""}, -1),
        ({"csid": "", "ccode": ""}, -1),
        ({"csid": "another"}, -1),
        ({"csid": "x" * 100_000}, -1),
        ({"fn": ""}, -2),
        ({"fn": " \t\n\u200b"}, -2),
        ({"fn": "x" * 65}, -2),
        ({"ln": ""}, -3),
        ({"ln": "x" * 65}, -3),
        ({"email": ""}, -4),
        ({"email": "iwan"}, -4),
        ({"email": "iwan@mail"}, -4),
        ({"email": "iwan@mail.ru\r\nBcc: all@mail.ru"}, -4),
        ({"email": "iwan@mail.ru, all@mail.ru"}, -4),
        ({"email": "<iwan@mail.ru>"}, -4),
        ({"email": "=?utf-8?q?all=40evil.example=2C?=@mail.ru"}, -4),
        ({"email": "iwan=?utf-8?q?a=0D=0ABcc=3Ax?=@mail.ru"}, -4),
        ({"email": "иван@почта.рф"}, -4),
        ({"email": "x" * 250 + "@mail.ru"}, -4),
        ({"pass": ""}, -5),
        ({"pass": "77777"}, -5),
        ({"pass": "777777"}, 1),
        ({"email": "test@test.com"}, -6),
        ({"email": " TEST@test.com "}, -6),
        ({"email": "me@spam.example"}, -7),
        ({"email": "Me@SPAM.example"}, -7),
        ({"site": "999"}, 0),
        ({"site": ""}, 0),
        ({"site": "http://evil.example/"}, 0),
        ({"sex": "3", "s": "-1", "year": "1e9"}, 1),
        ({"sex": "x", "s": "9" * 40, "year": "-5"}, 1),
    ],
)
def test_codes(make_gateway: MakeGateway, changes: dict[str, str], number: int) -> None:
    gateway = make_gateway(banned_emails=["*@spam.example"])
    assert register(gateway, **changes) == number
    assert len(texts(gateway)) == (number == 1)


def test_who_registered_is_registered(gateway: Flask) -> None:
    assert [register(gateway) for _ in range(2)] == [1, -6]
    assert len(confirm(gateway, cid(gateway))) == 32
    assert register(gateway) == -6
    assert len(texts(gateway)) == 1


def test_a_typing_mistake_does_not_cost_the_captcha(gateway: Flask) -> None:
    read = code(gateway)
    assert [register(gateway, ccode=read, **{"pass": "1"})] == [-5]
    assert register(gateway, csid=CSID + "1", ccode=read) == -1


def test_a_captcha_registers_one(gateway: Flask) -> None:
    read = code(gateway)
    query = {"act": "register", **IWAN, "csid": CSID, "ccode": read}
    queries = [urlencode(query | {"email": f"iwan{n}@mail.ru"}) for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda query: Program(gateway).raw(query).get_data(), queries))
    assert sorted(answers) == [b"-1", b"-1", b"-1", b"1"]


def test_registrations_are_limited_by_address(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(limits={"register": "2/3600"})
    answers = [register(gateway, email=f"iwan{n}@mail.ru", sid=Program(gateway).log_in().sid) for n in range(3)]
    assert answers == [1, 1, {"ok": -2}]
    assert len(texts(gateway)) == 2


def test_a_limit_does_not_cost_the_captcha(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(limits={"register": "1/3600"})
    assert register(gateway, ccode="wrong") == -1  # counts for nothing
    assert register(gateway) == 1
    read = code(gateway)
    query = urlencode({"act": "register", **IWAN, "email": "other@mail.ru", "csid": CSID, "ccode": read})
    assert answer_of(Program(gateway).raw(query)) == {"ok": -2}
    assert gateway.extensions["userapi_gw"].state.captchas.redeem(CSID, read)


def test_a_backend_that_takes_nobody_new(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(backend="openvk", backend_url="http://127.0.0.1:1", sites={2: {"url": "http://durov.ru"}})
    assert register(gateway) == 0


def test_nobody_can_log_in_before_the_confirmation(gateway: Flask) -> None:
    assert register(gateway) == 1
    assert (log_in(gateway), log_in(gateway, fcsid="0", fccode="0")) == ("-1", "-4")


def test_the_link_logs_in_once(gateway: Flask) -> None:
    register(gateway)
    program = Program(gateway)
    response = program.auth(login="confirm", site=2, cid=cid(gateway))
    assert re.fullmatch(r"http://durov\.ru/index\.html#0;sid=[0-9a-f]{32}", response.headers["Location"])
    cookies = [cookie.partition("=")[0] for cookie in response.headers.getlist("Set-Cookie")]
    assert cookies == ["remixmid", "remixpassword"]
    program.sid = sid_of(response)
    profile = program.get("profile")
    assert (profile["fn"], profile["ln"], profile["sx"], profile["us"]) == ("Iwan", "Smirnow", 2, profile["id"])
    assert program.get("add_wall", message="first")["ok"] == 1
    assert confirm(gateway, cid(gateway)) == "-1"
    assert len(sid_of(program.auth("login=auto&site=2"))) == 32
    assert len(log_in(gateway)) == 32


def test_of_two_confirmations_at_once_one_wins(gateway: Flask) -> None:
    register(gateway)
    confirmation = cid(gateway)
    with ThreadPoolExecutor(4) as pool:
        sids = list(pool.map(lambda _: confirm(gateway, confirmation), range(4)))
    assert sorted(map(len, sids)) == [2, 2, 2, 32]


def test_a_backend_that_is_away_costs_nothing(gateway: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    register(gateway)
    client = gateway.extensions["userapi_gw"].client

    def away(*_: Any) -> None:
        raise requests.ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(client._writes, "_url", "ftp://nowhere")  # no transport knows the way
        assert confirm(gateway, cid(gateway)) == "-1"
    assert len(confirm(gateway, cid(gateway))) == 32


@pytest.mark.parametrize("table", ["registrations", "signups"])
def test_the_link_ends_after_three_days(gateway: Flask, tmp_path: Path, table: str) -> None:
    register(gateway)
    file, column = {"registrations": ("gateway", "expires_at"), "signups": ("embedded", "date")}[table]
    with closing(sqlite3.connect(tmp_path / "data" / f"{file}.sqlite3")) as raw, raw:
        raw.execute(f"UPDATE {table} SET {column} = {column} - 3 * 24 * 3600")
    assert confirm(gateway, cid(gateway)) == "-1"


@pytest.mark.parametrize("confirmation", ["", "0", "0" * 32, "x" * 100_000, "' or 1=1 --", "\0", "я"])
def test_what_is_no_cid(gateway: Flask, confirmation: str) -> None:
    register(gateway)
    assert confirm(gateway, confirmation) == "-1"


def test_site_1_gets_links_to_the_public_address(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(public_url="http://gateway.example/")
    sent = {**IWAN, "csid": CSID, "ccode": code(gateway), "site": "1"}
    query = urlencode({"act": "register", **sent})
    assert Program(gateway).raw(query, host="evil.example").get_data() == b"1"
    assert "\nhttp://gateway.example/#;confirm=" in texts(gateway)[0]
    assert "evil" not in texts(gateway)[0]
    landing = gateway.test_client().get("/").get_data(as_text=True)
    assert '"/auth?login=confirm&site=1&cid="' in landing


def test_names_are_one_line_and_stay_out_of_the_mail(gateway: Flask) -> None:
    assert register(gateway, fn="Buy\r\nat", ln="  spam.example\x07 ") == 1
    assert "spam" not in texts(gateway)[0]
    program = Program(gateway)
    program.sid = confirm(gateway, cid(gateway))
    profile = program.get("profile")
    assert (profile["fn"], profile["ln"]) == ("Buy at", "spam.example")


def test_school_by_either_name(gateway: Flask, tmp_path: Path) -> None:
    register(gateway)
    register(gateway, email="other@mail.ru", s="0", school="7", year="1")
    with closing(sqlite3.connect(tmp_path / "data" / "embedded.sqlite3")) as raw:
        rows = raw.execute("SELECT school_id, school_year FROM signups ORDER BY email").fetchall()
    assert rows == [(397539, 2013), (7, 0)]


@pytest.fixture
def post_office() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def test_the_mail_goes_by_smtp(make_gateway: MakeGateway, post_office: MailServer) -> None:
    gateway = make_gateway(smtp_url=post_office.url, mail_from="network@example.org")
    assert register(gateway) == 1
    send(gateway)
    ((sender, recipients, message),) = post_office.letters
    assert (sender, recipients) == ("network@example.org", ["iwan-sm100@mail.ru"])
    found = re.search(r"http://durov\.ru/#;confirm=([0-9a-f]{32})", message.get_content())
    assert found
    assert texts(gateway) == []
    assert len(confirm(gateway, found[1])) == 32


def test_a_mail_that_fails_loses_nothing(make_gateway: MakeGateway, post_office: MailServer) -> None:
    post_office.refuse = "554 No thanks"
    gateway = make_gateway(smtp_url=post_office.url)
    assert register(gateway) == 1
    send(gateway)
    assert len(confirm(gateway, cid(gateway))) == 32


def test_a_mail_that_cannot_be_kept_does_not_block_its_address(
    gateway: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("", None, Exception("disk full"))

    with monkeypatch.context() as patched:
        patched.setattr(gateway.extensions["userapi_gw"].state.notifications, "post", fail)
        assert register(gateway) == 0
    assert "registration: the letter cannot be kept: OperationalError" in caplog.text
    assert register(gateway) == 1
    assert len(confirm(gateway, cid(gateway))) == 32


def test_secrets_stay_out_of_the_log(make_gateway: MakeGateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    gateway = make_gateway(smtp_url="smtp://me:mail-secret@127.0.0.1:1")
    read = code(gateway)
    for _ in range(2):
        register(gateway, ccode=read, **{"pass": "very-secret"})
    register(gateway, **{"pass": "very-secret"})
    send(gateway)
    confirmation = cid(gateway)
    sid = confirm(gateway, confirmation)
    confirm(gateway, confirmation)
    assert len(sid) == 32
    assert "kept in the outbox" in caplog.text
    assert [secret for secret in ("very-secret", "mail-secret", read, confirmation, sid) if secret in caplog.text] == []
    assert IWAN["email"] not in caplog.text
