"""`/app/{site}`: who gets in by a launch, what the rest see, and what is said to a browser about frames."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from time import time
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import MakeGateway
from tests.databases import TestDatabase
from tests.inbound.conftest import SITES, MakeLaunch
from tests.inbound.launches import APP, SECRET, Sent, concatenated, mini, named, query
from tests.program import Program
from userapi_gw.errors import NoAnswer
from userapi_gw.state.unlocked import Unlocked

ANCESTORS = "frame-ancestors https://vk.com https://m.vk.com https://vk.ru https://m.vk.ru"
AGAIN = "Not opened: the launch was used or is too old: open the app again in VK."


def visit(gateway: Flask, sent: Sent | str = "", path: str = "/app/7", **more: Any) -> TestResponse:
    raw = sent if isinstance(sent, str) else query(sent)
    return gateway.test_client().get(path, query_string=raw, **more)


def told(response: TestResponse) -> str:
    found = re.search(r'<p class="told" role="status">(.*?)</p>', response.get_data(as_text=True), re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", found[1])).split()) if found else ""


def sid_of(response: TestResponse, page: str = "0", base: str = "http://old.example") -> str:
    assert (response.status_code, response.get_data()) == (302, b""), told(response)
    address = response.headers["Location"]
    assert re.fullmatch(re.escape(f"{base}/index.html#{page};sid=") + "[0-9a-f]{32}", address), address
    return address[-32:]


def profile(gateway: Flask, sid: str) -> Any:
    program = Program(gateway)
    program.sid = sid
    return program.get("profile")


@pytest.mark.parametrize("form", [concatenated, named, mini])
def test_a_launch_lets_in(gateway: Flask, make_launch: MakeLaunch, form: Any) -> None:
    response = visit(gateway, make_launch(6, form=form))
    assert profile(gateway, sid_of(response))["id"] == 6
    assert "Content-Type" not in response.headers
    assert (response.headers["Cache-Control"], response.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_its_cookies_are_kept_in_frames(gateway: Flask, make_launch: MakeLaunch) -> None:
    names, rest = [], []
    for cookie in visit(gateway, make_launch(6)).headers.getlist("Set-Cookie"):
        names.append(cookie.partition("=")[0])
        rest.append(re.sub("expires=[^;]*", "expires", cookie.partition("; ")[2]))
    assert names == ["remixmid", "remixpassword"]
    assert rest == ["expires; path=/; SameSite=None; Secure; Partitioned"] * 2


def test_a_login_in_a_frame_renews_them(gateway: Flask, make_launch: MakeLaunch) -> None:
    client = gateway.test_client()
    client.get("/app/7", query_string=query(make_launch(6)), base_url="https://gateway.example")
    framed = {"Sec-Fetch-Dest": "iframe"}
    opened = client.get("/auth?login=auto&site=7", headers=framed, base_url="https://gateway.example")
    assert profile(gateway, sid_of(opened))["id"] == 6
    out = client.get(f"/auth?login=logout&site=7&sid={opened.headers['Location'][-32:]}", headers=framed)
    assert all(cookie.endswith("; SameSite=None; Secure; Partitioned") for cookie in out.headers.getlist("Set-Cookie"))
    assert len(out.headers.getlist("Set-Cookie")) == 2


def test_the_gateway_s_own_site_is_at_its_public_address(gateway: Flask, make_launch: MakeLaunch) -> None:
    response = visit(gateway, make_launch(6, api_id=APP + 1, group_id=6), "/app/8")
    sid_of(response, base="https://gateway.example")


@pytest.mark.parametrize(
    ("sent", "page"),
    [
        ("wall", "wall"),
        ("id6", "id6"),
        ("A-z_0", "A-z_0"),
        ("", "0"),
        (None, "0"),
        ("a;sid=1", "0"),
        ("a\r\nSet-Cookie: x=1", "0"),
        ("../x", "0"),
        ("стена", "0"),
        ("a" * 65, "0"),
        ("a\n", "0"),
    ],
)
def test_the_hash_selects_the_page(gateway: Flask, make_launch: MakeLaunch, sent: str | None, page: str) -> None:
    sid_of(visit(gateway, make_launch(6, hash=sent)), page)


def test_the_letter_of_2008_knows_no_page(make_gateway: MakeGateway, make_launch: MakeLaunch) -> None:
    old = make_gateway(sites={7: {**SITES[7], "dialect": "2008"}})
    response = visit(old, make_launch(6, hash="wall"))
    sid_of(response, "")
    assert response.headers["Set-Cookie"].endswith("; path=/; SameSite=None; Secure; Partitioned")


def test_a_launch_lets_in_once(
    gateway: Flask, database: TestDatabase, make_launch: MakeLaunch, make_gateway: MakeGateway
) -> None:
    """Also in another process on the same database, and as another cut of the same values, and for another site."""
    sent = make_launch(6)
    sid_of(visit(gateway, sent))
    other = make_gateway(sites={**SITES, 10: SITES[7]})
    again = {**sent, "hash": "elsewhere"}
    for one, path in ((gateway, "/app/7"), (other, "/app/7"), (other, "/app/10")):
        for launch in (sent, again):
            assert (told(visit(one, launch, path)), visit(one, launch, path).status_code) == (AGAIN, 403)
    moved = {name: value for name, value in sent.items() if name not in ("timestamp", "sign")}
    moved = {**moved, "other": sent["timestamp"], "sign": sent["sign"]}
    assert told(visit(gateway, moved)) == AGAIN


def test_of_many_at_once_one_gets_in(gateway: Flask, make_launch: MakeLaunch) -> None:
    sent = query(make_launch(6, form=mini))
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda _: visit(gateway, sent).status_code, range(8)))
    assert sorted(statuses) == [302] + [403] * 7


@pytest.mark.parametrize("form", [concatenated, named, mini])
def test_a_stale_launch_lets_nobody_in(gateway: Flask, make_launch: MakeLaunch, form: Any) -> None:
    moment = "vk_ts" if form is mini else "timestamp"
    assert told(visit(gateway, make_launch(6, form=form, **{moment: int(time()) - 601}))) == AGAIN


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"viewer_id": 0}, "nobody is logged in at VK: log in there and open the app again"),
        ({"access_token": ""}, "the launch brings no access token, and none of yours is known from /login"),
        ({"group_id": 6}, "the app was not opened in the community of this site"),
        ({"group_id": 0}, "the app was not opened in the community of this site"),
        ({"api_id": APP + 1}, "the launch is one of another app"),
        ({"secret": "of another site"}, "the launch is not signed by this app"),
        ({"auth_key": "0" * 32}, "the launch is not signed by this app"),
        ({"auth_key": None}, "the launch has no auth_key"),
    ],
)
def test_who_is_not_let_in(gateway: Flask, make_launch: MakeLaunch, changes: dict[str, Any], reason: str) -> None:
    response = visit(gateway, make_launch(6, **changes))
    assert (response.status_code, told(response)) == (403, f"Not opened: {reason}.")
    assert "Set-Cookie" not in response.headers


def test_the_token_has_to_be_the_viewer_s(gateway: Flask, make_launch: MakeLaunch) -> None:
    theirs = make_launch(1)["access_token"]
    response = visit(gateway, make_launch(6, access_token=theirs))
    assert told(response) == "Not opened: the access token is somebody else's."
    response = visit(gateway, make_launch(6, access_token="6-not-a-token-jill"))
    assert (response.status_code, told(response)) == (
        *(403, "The backend does not take this token, at least not from the gateway's address."),
    )


def test_a_mini_app_s_launch_brings_no_token(gateway: Flask, make_launch: MakeLaunch) -> None:
    """The one the viewer gave at /login stands in for it, and what the app's own may do does not count."""
    facts: dict[str, Any] = {"form": mini, "access_token": None, "vk_access_token_settings": ""}
    reason = "Not opened: the launch brings no access token, and none of yours is known from /login."
    assert told(visit(gateway, make_launch(6, **facts))) == reason
    theirs = Unlocked(6, make_launch(6)["access_token"])
    gateway.extensions["userapi_gw"].state.unlocked.keep("kolya", "a-password", theirs, is_theirs=False)
    program = Program(gateway)
    program.sid = sid_of(visit(gateway, make_launch(6, **facts)))
    assert (program.get("profile")["id"], program.get("inbox")["n"] >= 0) == (6, True)
    assert told(visit(gateway, make_launch(1, **facts))) == reason


def test_a_launch_is_not_used_up_while_the_backend_is_away(
    gateway: Flask, make_launch: MakeLaunch, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, client = make_launch(6), gateway.extensions["userapi_gw"].client

    def away(token: str) -> int:
        raise NoAnswer("users.get", sent=False)

    with monkeypatch.context() as patched:
        patched.setattr(client, "whose", away)
        response = visit(gateway, sent)
    assert (response.status_code, told(response)) == (503, "The backend does not answer. Try again later.")
    sid_of(visit(gateway, sent))


def test_whatever_else_fails_is_told_and_is_no_500(
    gateway: Flask, make_launch: MakeLaunch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(gateway.extensions["userapi_gw"].state.launches, "use", broken)
    response = visit(gateway, make_launch(6))
    assert (response.status_code, told(response)) == (503, "Something went wrong. The operator's log tells more.")


def test_api_settings_are_what_the_session_may_do(gateway: Flask, make_launch: MakeLaunch) -> None:
    for rights, answer in ((8192, True), (2, False)):
        program = Program(gateway)
        program.sid = sid_of(visit(gateway, make_launch(6, api_settings=rights)))
        wrote = program.get("add_wall", id=6, message="hello")
        assert (wrote != {"ok": -3}) is answer


def test_sites_without_an_app_have_none(gateway: Flask, make_launch: MakeLaunch) -> None:
    for path in ("/app/9", "/app/10", "/app/9/installed", "/app/99999999999999999999"):
        response = visit(gateway, make_launch(6), path)
        assert (response.status_code, response.get_data()) == (404, b"There is no such app.\n")
    for path in ("/app", "/app/", "/app/x", "/app/-1", "/app/7/x", "/app/7/settings"):
        assert visit(gateway, "", path).status_code in (404, 405)


def test_any_address_is_answered(gateway: Flask) -> None:
    for raw in ("%FF", "a=1&a=1", "x" * 200_000, "viewer_id=%00", "&&&", "=", "api_result=" + "[" * 9000, "sign=1"):
        response = visit(gateway, raw)
        assert response.status_code in (200, 403), raw
        assert "Set-Cookie" not in response.headers


def test_no_page_of_ours_is_framed_but_those_of_apps(gateway: Flask, make_gateway: MakeGateway) -> None:
    def policy(gateway: Flask, path: str) -> str:
        directives = gateway.test_client().get(path).headers["Content-Security-Policy"].split("; ")
        return next(directive for directive in directives if directive.startswith("frame-ancestors "))

    assert policy(gateway, "/app/7") == ANCESTORS
    assert policy(gateway, "/app/7?api_id=1") == ANCESTORS
    assert policy(gateway, "/login") == "frame-ancestors 'none'"
    other = make_gateway(sites={**SITES, 1: {"url": "http://x.example"}}, frame_ancestors=("https://vk.example",))
    assert policy(other, "/app/8") == policy(other, "/") == policy(other, "/index.html")
    assert policy(other, "/") == "frame-ancestors https://vk.example"
    assert policy(make_gateway(), "/") == "frame-ancestors 'none'"


def test_pages_are_not_kept_and_tell_nobody_where_they_were(gateway: Flask) -> None:
    headers = visit(gateway).headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "script-src 'self'; " in headers["Content-Security-Policy"]


def test_secrets_stay_out_of_log_answers_and_database(
    gateway: Flask, make_launch: MakeLaunch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    launches = [make_launch(6), make_launch(6, form=mini), make_launch(1, viewer_id=16), make_launch(6, api_id=3)]
    seen = "".join(visit(gateway, sent).get_data(as_text=True) for sent in launches for _ in range(2))
    settings = gateway.extensions["userapi_gw"].settings
    stored = b"".join(path.read_bytes() for path in settings.data_dir.glob("gateway.sqlite3*"))
    everything = seen + caplog.text + stored.decode(errors="replace")
    secrets = [sent[name] for sent in launches for name in ("access_token", "sign", "auth_key") if name in sent]
    assert [secret for secret in [*secrets, SECRET] if secret in everything] == []
    assert "app of site 7: user 6 is in" in caplog.text
