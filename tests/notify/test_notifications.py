"""`nf` and `nm` of `edit_page`: who is told of what, by which channel, and never twice."""

import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.conftest import MakeGateway
from tests.letters import send, texts
from tests.mail_server import MailServer
from tests.notify.news import outcomes, rooms, token_of, wrote
from tests.program import Program
from userapi_gw.backend.groups import Groups
from userapi_gw.embedded import make_community_key
from userapi_gw.gateway import Gateway

pytestmark = pytest.mark.usefixtures("database")

PAVEL, NIKOLAY, GROUP = 1, 6, 5
AT_ONCE = {"notify_window_seconds": 0.0, "notify_pause_seconds": 0.0}


@pytest.fixture
def gateway(make_gateway: MakeGateway, post_office: MailServer) -> Flask:
    return make_gateway(smtp_url=post_office.url, mail_from="network@example.org", **AT_ONCE)


@pytest.fixture
def pavel(gateway: Flask) -> Program:
    """Wants to be told, and has not been here."""
    pavel = Program(gateway).log_in()
    assert pavel.get("edit_page", nm=1, nf=1) == {"ok": 1}
    return pavel


def test_who_switched_it_on_gets_a_mail_without_the_text(
    gateway: Flask, pavel: Program, nikolay: Program, post_office: MailServer
) -> None:
    for message in ("buy my pills", "please"):
        wrote(nikolay, message)
    send(gateway)
    ((sender, recipients, mail),) = post_office.letters
    assert (sender, recipients) == ("network@example.org", ["test@test.com"])
    assert mail["Subject"] == "Новое сообщение / New message"
    text = mail.get_content()
    assert "new messages: 2" in text
    assert "\nhttp://durov.ru/" in text.replace("\r", "")
    assert "pills" not in text
    assert outcomes(gateway) == [("message", 2, "done", "email", "")]
    wrote(nikolay)
    send(gateway)
    assert len(post_office.letters) == 2


def test_a_friend_request(gateway: Flask, pavel: Program, post_office: MailServer) -> None:
    asker = Program(gateway).log_in("nikolay@test.com")
    asker.get("del_friend", id=PAVEL)
    send(gateway)
    assert asker.get("add_friend", id=PAVEL) == {"ok": 1}
    send(gateway)
    assert [mail["Subject"] for _, _, mail in post_office.letters] == ["Новая заявка в друзья / New friend request"]


def test_who_did_not_switch_it_on_or_has_no_session_is_not_told(
    gateway: Flask, nikolay: Program, post_office: MailServer
) -> None:
    wrote(nikolay)
    assert outcomes(gateway) == []  # nobody knows Pavel here
    pavel = Program(gateway).log_in()
    pavel.get("edit_page", nm=0)
    wrote(nikolay)
    send(gateway)
    pavel.get("edit_page", nm=1)
    wrote(nikolay)
    pavel.auth(login="logout", site=2, sid=pavel.sid)
    send(gateway)
    assert outcomes(gateway) == [
        ("message", 1, "done", "", "not wanted"),
        ("message", 1, "done", "", "nobody is logged in"),
    ]
    assert post_office.letters == []


def test_a_login_that_the_backend_ended_tells_nothing_and_its_address_gets_nothing(
    gateway: Flask, pavel: Program, nikolay: Program, post_office: MailServer
) -> None:
    wrote(nikolay)
    rooms(gateway).client.call("account.logout", token_of(pavel), write=True)
    send(gateway)
    assert outcomes(gateway) == [("message", 1, "done", "", "nobody is logged in")]
    assert post_office.letters == []
    assert not rooms(gateway).state.sessions.is_known(PAVEL)


def test_who_has_read_it_is_not_told(gateway: Flask, pavel: Program, nikolay: Program) -> None:
    wrote(nikolay)
    unread = rooms(gateway).client.call("messages.get", token_of(pavel), count=200)["items"]
    ids = ",".join(str(item["id"]) for item in unread)
    rooms(gateway).client.call("messages.markAsRead", token_of(pavel), write=True, message_ids=ids)
    send(gateway)
    ((kind, _, state, channel, reason),) = outcomes(gateway)
    assert (kind, state, channel, reason) == ("message", "done", "", "seen")


def test_whose_program_polls_is_told_when_it_has_gone(
    make_gateway: MakeGateway, gateway: Flask, pavel: Program, nikolay: Program, post_office: MailServer
) -> None:
    version = pavel.version("inbox")
    wrote(nikolay)
    assert pavel.get("history", message=version)["message"]["h"] != []
    send(gateway)
    assert outcomes(gateway) == [("message", 1, "waiting", "", "their program polls")]
    wrote(nikolay)  # still gathers
    gone = make_gateway(smtp_url=post_office.url, notify_away_seconds=0.001, **AT_ONCE)
    time.sleep(0.002)
    rooms(gone).state.notifications.retry()
    send(gone)
    assert outcomes(gateway) == [("message", 2, "done", "email", "")]


def test_news_gather_and_come_no_more_often_than_told(
    make_gateway: MakeGateway, pavel: Program, nikolay: Program, post_office: MailServer
) -> None:
    hurried = rooms(pavel.gateway)
    patient = make_gateway(smtp_url=post_office.url, notify_window_seconds=50.0, notify_pause_seconds=7000.0)
    now = hurried.state.notifications.now()
    rooms(patient).announcer.wrote(NIKOLAY, PAVEL)
    assert due(patient) == pytest.approx(now + 50, abs=20)
    rooms(patient).announcer.wrote(NIKOLAY, PAVEL)
    send(patient)
    assert outcomes(patient) == [("message", 2, "waiting", "", "")]
    rooms(patient).state.notifications.retry()
    wrote(nikolay)
    send(patient)
    rooms(patient).announcer.wrote(NIKOLAY, PAVEL)
    assert due(patient) == pytest.approx(now + 7000, abs=30)
    assert len(post_office.letters) == 1


def due(gateway: Flask) -> float:
    database = rooms(gateway).state.notifications._database
    with database.read() as connection:
        found = connection.exec_driver_sql("SELECT due_at FROM notifications ORDER BY id DESC").first()
    assert found is not None
    return float(found[0])


class TestCommunity:
    """A site that belongs to a community writes in its name to who allowed that."""

    @pytest.fixture
    def gateway(self, make_gateway: MakeGateway, post_office: MailServer, tmp_path: Any) -> Flask:
        first = make_gateway()
        key = make_community_key(rooms(first).settings.embedded_database, GROUP)
        community = {"group": GROUP, "token": key}
        sites = {2: {"url": "http://durov.ru", "community": community}}
        return make_gateway(smtp_url=post_office.url, sites=sites, **AT_ONCE)

    def test_it_comes_as_a_message_of_the_community_and_is_no_mail(
        self, gateway: Flask, pavel: Program, nikolay: Program, post_office: MailServer
    ) -> None:
        Groups(rooms(gateway).client, PAVEL, token_of(pavel)).allow_messages(GROUP)
        before = pavel.get("inbox", **{"from": 0, "to": 5})["n"]
        wrote(nikolay)
        with_nobody_here(rooms(gateway))
        send(gateway)
        assert outcomes(gateway) == [("message", 1, "done", "community", "")]
        assert post_office.letters == []
        inbox = pavel.get("inbox", **{"from": 0, "to": 5})
        assert inbox["n"] == before + 2
        assert inbox["d"][0][2][0].startswith("Вам написали (новых сообщений: 1).")

    def test_without_leave_it_is_a_mail(
        self, gateway: Flask, pavel: Program, nikolay: Program, post_office: MailServer
    ) -> None:
        wrote(nikolay)
        send(gateway)
        assert outcomes(gateway) == [("message", 1, "done", "email", "")]
        assert len(post_office.letters) == 1

    def test_a_repeat_is_no_second_message(self, gateway: Flask, pavel: Program, nikolay: Program) -> None:
        """A process that died between sending and recording left the row to another one."""
        Groups(rooms(gateway).client, PAVEL, token_of(pavel)).allow_messages(GROUP)
        wrote(nikolay)
        notifications = rooms(gateway).state.notifications
        done, notifications.jobs.done = notifications.jobs.done, lambda *_: True  # type: ignore[method-assign]
        send_once(gateway)
        assert outcomes(gateway) == [("message", 1, "waiting", "community", "")]
        notifications.jobs.done = done  # type: ignore[method-assign]
        with notifications._database.write() as connection:
            connection.exec_driver_sql("UPDATE notifications SET claimed_until = 0")
        send_once(gateway)
        assert outcomes(gateway) == [("message", 1, "done", "community", "")]
        rows = pavel.get("inbox", **{"from": 0, "to": 5})["d"]
        assert sum(row[2][0].startswith("Вам написали") for row in rows) == 1


def test_nothing_outside_is_waited_for(make_gateway: MakeGateway, post_office: MailServer) -> None:
    """The mail server hangs: the worker hangs, those who cause mails do not."""
    post_office.hang()
    gateway = make_gateway(smtp_url=post_office.url, notify_worker=True, **AT_ONCE)
    pavel, nikolay = Program(gateway).log_in(), Program(gateway).log_in("nikolay@test.com")
    pavel.get("edit_page", nm=1)
    wrote(nikolay)
    assert post_office.asked.wait(20)  # the worker is on its way, woken by the first message
    began = time.monotonic()
    wrote(nikolay)
    assert pavel.get("edit_page", nm=0) == {"ok": 1}
    code = rooms(gateway).state.captchas.issue("0.1")
    wish = {"fn": "Iwan", "ln": "Smirnow", "email": "iwan@mail.example", "pass": "777777777", "site": 2}
    assert pavel.get("register", **wish, csid="0.1", ccode=code) == 1
    assert time.monotonic() - began < post_office.HANGS / 2
    post_office.go_on.set()


def test_an_outbox_that_fails_fails_nobody_else(
    gateway: Flask, pavel: Program, nikolay: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("", None, Exception("disk full"))

    monkeypatch.setattr(rooms(gateway).state.notifications, "note", fail)
    wrote(nikolay)
    assert outcomes(gateway) == []


def test_a_mail_server_that_comes_back_gets_what_waits(
    make_gateway: MakeGateway, post_office: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    gateway = make_gateway(smtp_url="smtp://me:mail-secret@127.0.0.1:1", **AT_ONCE)
    pavel, nikolay = Program(gateway).log_in(), Program(gateway).log_in("nikolay@test.com")
    pavel.get("edit_page", nm=1)
    wrote(nikolay)
    send(gateway)
    assert outcomes(gateway) == [("message", 1, "waiting", "", "email: ConnectionRefusedError")]
    again = make_gateway(smtp_url=post_office.url, **AT_ONCE)
    rooms(again).state.notifications.retry()
    send(again)
    assert len(post_office.letters) == 1
    assert [secret for secret in ("mail-secret", "test@test.com", pavel.sid) if secret in caplog.text] == []


def test_letters_and_addresses_are_stored_encrypted_and_forgotten(
    gateway: Flask, pavel: Program, post_office: MailServer, database: Any
) -> None:
    code = rooms(gateway).state.captchas.issue("0.1")
    wish = {"fn": "Iwan", "ln": "Smirnow", "email": "iwan@mail.example", "pass": "777777777", "site": 2}
    assert pavel.get("register", **wish, csid="0.1", ccode=code) == 1
    (text,) = texts(gateway)
    link = text.partition("confirm=")[2][:32]
    assert [secret for secret in (link, "iwan@mail", "test@test.com") if secret.encode() in database.stored()] == []
    send(gateway)
    assert texts(gateway) == []
    assert len(post_office.letters) == 1


def with_nobody_here(gateway: Gateway) -> None:
    """Let all polls be long ago."""
    with gateway.state.notifications._database.write() as connection:
        connection.exec_driver_sql("UPDATE streams SET refreshed_at = 0")


def send_once(gateway: Flask) -> None:
    rooms(gateway).sender().do()
