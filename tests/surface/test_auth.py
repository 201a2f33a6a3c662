"""`/auth`: UserAPI documentation, "Authorisation", and what programs of 2009 do with it."""

import re

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.person import end_grant
from tests.program import Program, sid_of

RIGHT = "login=force&site=2&email=test@test.com&pass=7777777"
WRONG = "login=force&site=2&email=test@test.com&pass=wrong"


def test_login_in_2009(gateway: Flask) -> None:
    response = Program(gateway).auth(RIGHT)
    assert response.status == "302 Found"
    assert re.fullmatch(r"http://durov\.ru/index\.html#0;sid=[0-9a-f]{32}", response.headers["Location"])
    assert response.get_data() == b""
    cookies = response.headers.getlist("Set-Cookie")
    attributes = r"; expires=\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT; path=/; domain=login\.userapi\.com"
    assert len(cookies) == 2
    assert re.fullmatch(r"remixmid=1" + attributes, cookies[0])
    assert re.fullmatch(r"remixpassword=[0-9a-f]{56}" + attributes, cookies[1])


def test_the_page_asked_for_comes_back_in_the_fragment(gateway: Flask) -> None:
    program = Program(gateway)
    assert "index.html#5;sid=" in program.auth(RIGHT + "&id=5").headers["Location"]
    assert "index.html#5;sid=-1" in program.auth(WRONG + "&id=5").headers["Location"]


def test_login_by_post(gateway: Flask) -> None:
    form = "site=2&id=0&fccode=0&fcsid=0&login=force&email=test%40test.com&pass=7777777"
    response = gateway.test_client().post("/auth", data=form, content_type="application/x-www-form-urlencoded")
    assert len(sid_of(response)) == 32


def test_login_in_2008(make_gateway: MakeGateway) -> None:
    response = Program(make_gateway(dialect="2008")).auth(RIGHT)
    assert re.fullmatch(r"http://durov\.ru/index\.html#;sid=[0-9a-f]{32}", response.headers["Location"])
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert re.fullmatch(r"remixpassword=[0-9a-f]{56}; domain=login\.userapi\.com", cookie)


def test_cookies_name_their_domain_only_under_the_old_name(gateway: Flask) -> None:
    response = Program(gateway).auth(RIGHT, host="127.0.0.1:8080")
    assert [cookie for cookie in response.headers.getlist("Set-Cookie") if "domain" in cookie] == []


def test_site_1_is_the_gateway_itself(gateway: Flask) -> None:
    response = Program(gateway).auth(RIGHT.replace("site=2", "site=1"), host="127.0.0.1:8080")
    assert response.headers["Location"].startswith("http://127.0.0.1:8080/index.html#0;sid=")


@pytest.mark.parametrize("site", ["", "site=", "site=999", "site=-1", "site=x", "site=http://evil.example/"])
@pytest.mark.parametrize("login", ["force", "auto", "logout"])
def test_nobody_is_sent_to_a_site_that_is_not_registered(gateway: Flask, site: str, login: str) -> None:
    response = Program(gateway).auth(f"login={login}&{site}&email=test@test.com&pass=7777777")
    assert response.status_code == 404
    assert "Location" not in response.headers
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (WRONG, "-1"),
        (WRONG + "&fcsid=0&fccode=0", "-4"),
        ("login=force&site=2", "-1"),
        ("login=force&site=2&email=nobody@test.com&pass=7777777", "-1"),
        ("login=force&site=2&email=&pass=", "-1"),
        ("login=auto&site=2", "-1"),
        ("login=auto&site=2&remixpassword=deleted", "-1"),
        ("login=auto&site=2&remixpassword=" + "0" * 56, "-1"),
        ("login=nonsense&site=2", "-1"),
        ("site=2", "-1"),
        ("login=force&site=2&email=%00%ff&pass=%00", "-1"),
        ("login=force&site=2&email=a&pass=" + "x" * 100_000, "-1"),
    ],
)
def test_failed_logins(gateway: Flask, query: str, code: str) -> None:
    assert sid_of(Program(gateway).auth(query)) == code


def test_too_many_wrong_passwords_refuse_even_the_right_one_for_a_while(make_gateway: MakeGateway) -> None:
    gateway = make_gateway(login_failures=3, login_pause_seconds=60)
    program = Program(gateway)
    assert [sid_of(program.auth(WRONG)) for _ in range(4)] == ["-1", "-1", "-3", "-3"]
    assert sid_of(program.auth(RIGHT)) == "-3"
    assert len(sid_of(program.auth(RIGHT.replace("test@", "nikolay@")))) == 32


def test_a_right_password_clears_the_count(make_gateway: MakeGateway) -> None:
    program = Program(make_gateway(login_failures=3))
    for _ in range(3):
        assert [sid_of(program.auth(WRONG)) for _ in range(2)] == ["-1", "-1"]
        assert len(sid_of(program.auth(RIGHT))) == 32


def test_login_by_cookie(gateway: Flask) -> None:
    program = Program(gateway).log_in()
    sid = sid_of(program.auth("login=auto&site=2"))
    assert len(sid) == 32
    assert sid != program.sid
    program.sid = sid
    assert program.get("history", us=-1)["us"] == 1


def test_login_by_cookie_sent_as_a_parameter(gateway: Flask) -> None:
    login = Program(gateway).auth(RIGHT)
    remixpassword = re.search("remixpassword=([0-9a-f]{56})", str(login.headers))[1]  # type: ignore[index]
    other = Program(gateway)
    assert len(sid_of(other.auth(f"login=auto&site=2&remixpassword={remixpassword}"))) == 32


def test_a_cookie_that_is_no_good_any_more_is_taken_away(gateway: Flask) -> None:
    program = Program(gateway)
    program.client.set_cookie("remixpassword", "0" * 56, domain="login.userapi.com")
    response = program.auth("login=auto&site=2")
    assert sid_of(response) == "-1"
    cookies = response.headers.getlist("Set-Cookie")
    assert [cookie.split(";")[0] for cookie in cookies] == ["remixmid=deleted", "remixpassword=deleted"]
    assert all("expires=Thu, 01 Jan 1970 00:00:01 GMT" in cookie for cookie in cookies)


def test_logout_ends_sid_and_cookie(gateway: Flask) -> None:
    program = Program(gateway).log_in()
    response = program.auth(f"login=logout&site=2&sid={program.sid}")
    assert response.status_code == 302
    assert response.headers["Location"] == "http://durov.ru/index.html"
    assert "remixpassword=deleted" in str(response.headers)
    assert program.get("friends") == {"ok": -1}
    assert sid_of(program.auth("login=auto&site=2")) == "-1"


def test_logout_of_nobody(gateway: Flask) -> None:
    response = Program(gateway).auth("login=logout&site=2&sid=none")
    assert response.headers["Location"] == "http://durov.ru/index.html"


def test_logins_survive_a_restart(make_gateway: MakeGateway) -> None:
    program = Program(make_gateway()).log_in()
    cookie = program.client.get_cookie("remixpassword", domain="login.userapi.com")
    again = Program(make_gateway())
    again.sid = program.sid
    assert again.get("history", us=-1)["us"] == 1
    assert cookie is not None
    assert len(sid_of(again.auth(f"login=auto&site=2&remixpassword={cookie.value}"))) == 32


def test_a_dead_token_ends_sid_and_cookie_together(gateway: Flask) -> None:
    program = Program(gateway).log_in()
    rooms = gateway.extensions["userapi_gw"]
    end_grant(program)
    assert program.get("friends") == {"ok": -1}
    assert rooms.state.sessions.find(program.sid) is None
    assert sid_of(program.auth("login=auto&site=2")) == "-1"


def test_passwords_and_sids_stay_out_of_the_log(gateway: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    program = Program(gateway)
    program.auth(WRONG.replace("wrong", "very-secret"))
    program.log_in()
    program.get("friends", id=1)
    assert "very-secret" not in caplog.text
    assert program.sid not in caplog.text
