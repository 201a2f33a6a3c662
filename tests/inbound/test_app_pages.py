"""The app's pages: what links show, installing, the settings of who manages the community, asking for rights."""

import html
import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert
from werkzeug.test import TestResponse

from tests.conftest import MakeGateway
from tests.inbound.conftest import COMMUNITY, SITES, MakeLaunch
from tests.inbound.launches import APP, GROUP, concatenated, mini, query
from tests.inbound.test_community import told, visit
from tests.person import Person
from tests.program import Program
from userapi_gw.backend.groups import Groups
from userapi_gw.embedded import make_community_key
from userapi_gw.embedded.database import Database
from userapi_gw.embedded.groups import groups, members
from userapi_gw.embedded.schema import people
from userapi_gw.errors import NoAnswer
from userapi_gw.inbound.tickets import Tickets

ADMIN = 4
NO_MANAGER = "This is for those who manage the community."
TOO_OLD = "The page was open for too long. Open the app again in VK."
NOT_OURS = "The backend does not take this key for one of this community."


def state(gateway: Flask) -> Any:
    return gateway.extensions["userapi_gw"].state


def database(gateway: Flask) -> Database:
    return Database(gateway.extensions["userapi_gw"].settings.embedded_database)


def key_of(gateway: Flask, group: int = GROUP) -> str:
    key = make_community_key(gateway.extensions["userapi_gw"].settings.embedded_database, group)
    assert key is not None
    return key


def hidden(response: TestResponse) -> str:
    (ticket,) = re.findall(r'name="ticket" value="([^"]*)"', response.get_data(as_text=True))
    return str(html.unescape(ticket))


def redeemed(gateway: Flask, page: str, ticket: str) -> Any:
    room = gateway.extensions["userapi_gw"]
    return Tickets(room.settings.load_secret_key(), room.state.sessions).redeem(7, page, ticket)


def settings_page(gateway: Flask, make_launch: MakeLaunch, viewer: int = 1, role: int = ADMIN) -> TestResponse:
    return visit(gateway, make_launch(viewer, hash="settings", viewer_type=role))


def send(gateway: Flask, page: str, site: int = 7, **fields: Any) -> TestResponse:
    return gateway.test_client().post(f"/app/{site}/{page}", data=fields)


@pytest.mark.parametrize("sent", ["", "api_url=https://api.vk.com/api.php&api_id=6736218&group_id=5", "group_id=5"])
def test_links_show_the_community(gateway: Flask, sent: str) -> None:
    assert 'og:title" content="http://old.example"' in visit(gateway, sent).get_data(as_text=True)
    state(gateway).community_keys.keep(GROUP, key_of(gateway), rights=0, giver=1)
    response = visit(gateway, sent)
    text = response.get_data(as_text=True)
    assert (response.status_code, "Set-Cookie" in response.headers) == (200, False)
    assert re.findall(r'<meta property="(og:\w+)" content="([^"]*)">', text) == [
        ("og:type", "website"),
        ("og:title", "UserAPI programs"),
        ("og:url", "https://vk.com/app6736218_-5"),
        ("og:image", "https://vk.com/images/community_50.png"),
    ]
    assert "sid" not in text


def test_links_show_what_the_settings_say(make_gateway: MakeGateway) -> None:
    texts = {"title": 'A "site" <b>', "description": "of 2008 & later", "image": "https://x.example/a.png"}
    gateway = make_gateway(sites={7: {"url": "http://old.example", "community": {**COMMUNITY, **texts}}})
    tags = re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', visit(gateway).get_data(as_text=True))
    shown = {name: html.unescape(value) for name, value in tags}
    assert {name: shown[name] for name in texts} == texts
    assert "<b>" not in visit(gateway).get_data(as_text=True)


def test_links_show_the_site_while_the_backend_does_not_tell(gateway: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is not asked for each of them."""
    asked = []

    def away(self: Any, group: int) -> Any:
        asked.append(group)
        raise NoAnswer("groups.getById", sent=False)

    state(gateway).community_keys.keep(GROUP, key_of(gateway), rights=0, giver=1)
    monkeypatch.setattr(Groups, "community", away)
    for _ in range(3):
        assert 'og:title" content="http://old.example"' in visit(gateway).get_data(as_text=True)
    assert asked == [GROUP]


@pytest.mark.parametrize("sent", ["api_id=1", "group_id=6", f"api_id={APP}&group_id=6", "group_id=05"])
def test_links_of_other_apps_show_nothing(gateway: Flask, sent: str) -> None:
    response = visit(gateway, sent)
    assert response.status_code == 403
    assert "og:title" not in response.get_data(as_text=True)


def test_a_look_at_the_head_uses_no_launch_up(gateway: Flask, make_launch: MakeLaunch) -> None:
    sent = query(make_launch(6))
    assert gateway.test_client().head("/app/7", query_string=sent).status_code == 200
    assert visit(gateway, sent).status_code == 302


def test_installing(gateway: Flask) -> None:
    at = "/app/7/installed"
    assert told(visit(gateway, f"aid={APP}&gid=5", at)) == "The app is installed in the community."
    elsewhere = visit(gateway, f"aid={APP}&gid=77", at)
    assert told(elsewhere).startswith("The app was installed in community 77. This site belongs to community 5:")
    for sent in ("", "aid=1&gid=5", f"aid={APP}", f"aid={APP}&gid=<b>", f"aid={APP}&gid=5&gid=6", f"aid={APP}&gid=0"):
        assert visit(gateway, sent, at).status_code == 403, sent


def test_who_manages_the_community_sees_the_settings(gateway: Flask, make_launch: MakeLaunch) -> None:
    text = html.unescape(settings_page(gateway, make_launch).get_data(as_text=True))
    for fact in (
        "https://gateway.example/app/7",
        "https://gateway.example/callback/7",
        "https://vk.com/add_community_app.php?aid=6736218&url=https%3A%2F%2Fgateway.example%2Fapp%2F7%2Finstalled",
        '<td id="key-state">none</td>',
    ):
        assert fact in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("viewer", "role", "reason"),
    [
        (6, 4, NO_MANAGER),  # says so, and is not even a member
        (5, 3, NO_MANAGER),  # a member
        (1, 2, "Not opened: the settings are for the community's editors and administrators."),
        (1, 0, "Not opened: the settings are for the community's editors and administrators."),
    ],
)
def test_nobody_else_does(gateway: Flask, make_launch: MakeLaunch, viewer: int, role: int, reason: str) -> None:
    for form in (concatenated, mini):
        name, value = ("viewer_type", role) if form is concatenated else ("vk_viewer_group_role", _ROLES[role])
        response = visit(gateway, make_launch(viewer, form=form, hash="settings", **{name: value}))
        assert (response.status_code, told(response)) == (403, reason)


_ROLES = ("none", "member", "moder", "editor", "admin")


@pytest.mark.parametrize(
    ("role", "allowed"), [("creator", True), ("administrator", True), ("editor", True), ("moderator", False)]
)
def test_the_backend_s_roles_count(gateway: Flask, make_launch: MakeLaunch, role: str, allowed: bool) -> None:
    with database(gateway).write() as db:
        db.execute(insert(members).values(group_id=GROUP, user_id=6, date=1, role=role))
    assert (settings_page(gateway, make_launch, 6).status_code == 200) is allowed


def test_a_manager_gives_a_key(gateway: Flask, make_launch: MakeLaunch) -> None:
    page, key = settings_page(gateway, make_launch), key_of(gateway)
    kept = send(gateway, "settings", ticket=hidden(page), access_token=f" {key} ", mask="4096")
    assert told(kept) == "The key is kept."
    assert key not in kept.get_data(as_text=True)
    assert "given by user 1; it may: messages" in " ".join(kept.get_data(as_text=True).split())
    assert gateway.extensions["userapi_gw"].community_key(7) == key
    found = state(gateway).community_keys.find(GROUP)
    assert (found.rights, found.giver) == (4096, 1)
    again = send(gateway, "settings", ticket=hidden(kept), access_token=key_of(gateway), mask="x" * 9)
    assert (told(again), state(gateway).community_keys.find(GROUP).rights) == ("The key is kept.", 0)


def test_what_is_no_key_of_the_community(gateway: Flask, make_launch: MakeLaunch) -> None:
    ticket = hidden(settings_page(gateway, make_launch))
    with database(gateway).write() as db:
        db.execute(insert(people).values(id=-6, first_name="Other", first_key="other", last_seen=1))
        db.execute(insert(groups).values(id=6, screen_name="other", confirmation="c"))
    own = Person(gateway, 1)._token
    for key, reason in {
        "": "That is no key.",
        "<script>": "That is no key.",
        "a b" * 9: "That is no key.",
        "я" * 20: "That is no key.",
        "5-not-a-key-at-all": NOT_OURS,
        own: NOT_OURS,
        key_of(gateway, 6): NOT_OURS,
    }.items():
        assert told(send(gateway, "settings", ticket=ticket, access_token=key)) == reason
    assert state(gateway).community_keys.find(GROUP) is None


def test_a_manager_who_is_none_any_more_gives_none(gateway: Flask, make_launch: MakeLaunch) -> None:
    ticket = hidden(settings_page(gateway, make_launch))
    with database(gateway).write() as db:
        db.execute(members.update().where(members.c.user_id == 1).values(role=""))
    response = send(gateway, "settings", ticket=ticket, access_token=key_of(gateway))
    assert (response.status_code, told(response)) == (403, NO_MANAGER)
    assert state(gateway).community_keys.find(GROUP) is None


def test_forms_of_other_pages_do_nothing(gateway: Flask, make_launch: MakeLaunch, make_gateway: MakeGateway) -> None:
    """Made up, of another page, of another site, cut off; with the session ended."""
    other = make_gateway(sites={**SITES, 10: SITES[7]})
    page, key = hidden(settings_page(other, make_launch)), key_of(gateway)
    rights = hidden(visit(other, make_launch(1, hash="rights")))
    for site, ticket in ((7, ""), (7, "forged"), (7, rights), (10, page), (7, page[:-1]), (8, page)):
        response = send(other, "settings", site, ticket=ticket, access_token=key)
        assert (response.status_code, told(response)) == (403, TOO_OLD)
    assert told(send(other, "rights", ticket=page, mask="1")) == TOO_OLD
    sid, _ = redeemed(other, "settings", page)
    state(other).sessions.revoke(state(other).sessions.find(sid).grant_id)
    assert told(send(other, "settings", ticket=page, access_token=key)) == TOO_OLD
    assert state(gateway).community_keys.find(GROUP) is None


@pytest.mark.parametrize("body", [b"", b"\xff=\xff", b"ticket=" + b"x" * 300_000, b"ticket=a&ticket=%00", b"{}"])
@pytest.mark.parametrize("page", ["settings", "rights"])
def test_any_body_is_answered(gateway: Flask, page: str, body: bytes) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"):
        response = gateway.test_client().post(f"/app/7/{page}", data=body, content_type=kind)
        assert response.status_code == 403


def test_the_page_of_rights(gateway: Flask, make_launch: MakeLaunch) -> None:
    page = visit(gateway, make_launch(6, hash="rights", api_settings=2))
    assert 'You let the app use: <span id="rights">friends</span>' in page.get_data(as_text=True)
    noted = send(gateway, "rights", ticket=hidden(page), mask="8194")
    assert told(noted) == "Noted."
    assert "friends, wall</span>" in noted.get_data(as_text=True)
    for mask, shown in (("-1", "what everybody sees"), ("x", "what everybody sees"), ("9" * 30, "")):
        assert shown in send(gateway, "rights", ticket=hidden(page), mask=mask).get_data(as_text=True)


def test_a_new_mask_is_that_of_the_session(gateway: Flask, make_launch: MakeLaunch) -> None:
    page = visit(gateway, make_launch(6, hash="rights", api_settings=2))
    program = Program(gateway)
    program.sid, _ = redeemed(gateway, "rights", hidden(page))
    assert program.get("add_wall", id=6, message="hello") == {"ok": -3}
    send(gateway, "rights", ticket=hidden(page), mask="8194")
    assert program.get("add_wall", id=6, message="hello") != {"ok": -3}


def test_whether_the_community_may_write_is_asked_with_its_key(gateway: Flask, make_launch: MakeLaunch) -> None:
    ticket = hidden(visit(gateway, make_launch(6, hash="rights")))
    without = send(gateway, "rights", ticket=ticket, mask="")
    assert told(without) == "The community has no key here, so it cannot write to you."
    state(gateway).community_keys.keep(GROUP, key_of(gateway), rights=4096, giver=1)
    assert told(send(gateway, "rights", ticket=ticket, mask="")) == "The community may not write to you."
    Person(gateway, 6)("messages.allowMessagesFromGroup", group_id=GROUP)
    assert told(send(gateway, "rights", ticket=ticket, mask="")) == "The community may write to you."
    assert state(gateway).community_mail.is_allowed(GROUP, 6)
    state(gateway).community_keys.keep(GROUP, "5-not-a-key-at-all", rights=4096, giver=1)
    refused = "The community's key is no good for that. Its managers can give another."
    assert told(send(gateway, "rights", ticket=ticket, mask="")) == refused
    assert told(send(gateway, "rights", ticket=ticket, mask="")).startswith("The community has no key here")
    assert state(gateway).community_mail.is_allowed(GROUP, 6)


@pytest.mark.parametrize(
    ("answer", "greeted"),
    [
        ({"response": [{"id": 6, "first_name": "Nikolay", "last_name": "<b>"}]}, "Good day, Nikolay <b>."),
        ({"response": [{"uid": 6, "first_name": "Nikolay", "last_name": ""}]}, "Good day, Nikolay."),
        ({"response": [{"id": 5, "first_name": "Boris", "last_name": ""}]}, ""),
        ({"response": [{"id": 6, "first_name": "x" * 101, "last_name": ""}]}, ""),
        ({"response": [{"id": 6, "first_name": "\u202enay", "last_name": ""}]}, ""),
        ({"response": {"items": []}}, ""),
        ({"response": [6]}, ""),
        ({"error": {}}, ""),
        ([], ""),
        ("[" * 5000, ""),
        ("", ""),
    ],
)
def test_the_first_answer_of_the_api_is_a_name_on_the_page(
    gateway: Flask, make_launch: MakeLaunch, answer: Any, greeted: str
) -> None:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    page = visit(gateway, make_launch(6, hash="rights", api_result=text)).get_data(as_text=True)
    assert html.unescape("".join(re.findall(r"<p>(Good day, [^\n]*)</p>", page))) == greeted


def test_vk_s_script_is_loaded_when_the_setting_says_so(make_gateway: MakeGateway, make_launch: MakeLaunch) -> None:
    gateway = make_gateway(sites=SITES, vk_script="https://vk.com/js/api/xd_connection.js")
    page = visit(gateway, make_launch(6, hash="rights"))
    scripts = re.findall(r'<script src="([^"]*)">', page.get_data(as_text=True))
    assert scripts == ["https://vk.com/js/api/xd_connection.js", "/static/app.js"]
    assert "script-src 'self' https://vk.com; " in page.headers["Content-Security-Policy"]
    with gateway.test_client().get("/static/app.js") as served:
        assert (served.status_code, served.mimetype) == (200, "text/javascript")
