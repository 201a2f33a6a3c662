"""Notifications by Devino, over HTTP: limits, errors, faults after acceptance, and what Devino tells afterwards."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.conftest import MakeGateway
from tests.letters import send
from tests.mail_server import MailServer
from tests.notify.devino_server import FIRST_ID, KEY, SERVICE, TEMPLATE, DevinoServer, devino_server
from tests.notify.news import outcomes, rooms, token_of, wrote
from tests.program import Program
from userapi_gw.embedded import make_community_key
from userapi_gw.notify.devino import DevinoChannel
from userapi_gw.notify.devino_http import DevinoHttp
from userapi_gw.notify.devino_model import Result, lenient, results, statuses
from userapi_gw.notify.outcome import Fate, Outcome
from userapi_gw.notify.parcel import Parcel, Person
from userapi_gw.notify.recipients import usable_phone
from userapi_gw.settings.notify import Devino
from userapi_gw.state import State
from userapi_gw.state.jobs import Job

SECRET = "callbacks-do-not-show"
DONE = ("message", 1, "done", "devino", "")
GROUP, PAVEL, NIKOLAY = 5, 1, 6


@pytest.fixture
def devino() -> Iterator[DevinoServer]:
    with devino_server() as running:
        yield running


def account(devino: DevinoServer, **changes: Any) -> dict[str, Any]:
    usual = {"url": devino.url, "key": KEY, "service": SERVICE, "templates": {"message": {"id": TEMPLATE, "name": "n"}}}
    return {**usual, "callback_secret": SECRET, **changes}


@pytest.fixture
def gateway(make_gateway: MakeGateway, devino: DevinoServer, post_office: MailServer) -> Flask:
    at_once = {"notify_window_seconds": 0.0, "notify_pause_seconds": 0.0}
    return make_gateway(devino=account(devino), smtp_url=post_office.url, public_url="http://gw.example", **at_once)


@pytest.fixture
def pavel(gateway: Flask) -> Program:
    pavel = Program(gateway).log_in()
    assert pavel.get("edit_page", nm=1, mo="+7 (999) 999-99-99") == {"ok": 1}
    return pavel


@pytest.fixture
def told(gateway: Flask, pavel: Program, nikolay: Program) -> Flask:
    """Nikolay wrote, and what follows was sent."""
    wrote(nikolay)
    send(gateway)
    return gateway


def notice(gateway: Flask) -> Any:
    (found,) = rooms(gateway).state.notifications.notices(with_done=True)
    return found


def post(gateway: Flask, what: str, body: Any, secret: str = SECRET, site: int = 2) -> tuple[int, str]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = gateway.test_client().post(f"/devino/{site}/{secret}/{what}", data=data)
    return response.status_code, response.get_data(as_text=True)


def status(name: str, number: Any = FIRST_ID + 1, **more: Any) -> dict[str, Any]:
    return {"channel": "VK", "messageId": str(number), "ts": 1672137286244, "status": name, "errorCode": 0, **more}


def test_a_message_goes_out_as_documented(told: Flask, devino: DevinoServer, post_office: MailServer) -> None:
    (sent,) = devino.accepted
    assert sent == {
        "phone": "79999999999",
        "service": SERVICE,
        "routes": ["VK"],
        "ttl": 3600,
        "templateId": TEMPLATE,
        "tmpl": "n",
        "tmpl_data": {"count": "1", "link": "http://durov.ru/"},
        "callbackData": {"notification": 1},
        "status_url": f"http://gw.example/devino/2/{SECRET}/status",
    }
    assert outcomes(told) == [DONE]
    assert post_office.letters == []


@pytest.mark.parametrize("spelling", ["number", "text", "array", "id"])
def test_ids_are_kept_whole_however_they_are_spelled(
    devino: DevinoServer, gateway: Flask, pavel: Program, nikolay: Program, spelling: str
) -> None:
    devino.spells = spelling
    wrote(nikolay)
    send(gateway)
    assert post(gateway, "status", [status("DELIVERED", FIRST_ID + 2)]) == (200, "ok")  # of nobody
    assert notice(gateway).status == ""
    assert post(gateway, "status", [status("DELIVERED", FIRST_ID + 1)]) == (200, "ok")
    assert (notice(gateway).state, notice(gateway).status) == ("done", "DELIVERED")


@pytest.mark.parametrize(
    ("code", "state", "channel"),
    [
        ("service.not.found", "done", "email"),
        ("billing.error", "done", "email"),
        ("message.contains.invalid.templateId", "done", "email"),
        ("is.spam", "done", "email"),
        ("login.must.be.not.null", "done", "email"),
        ("something.new", "done", "email"),
        ("too.many.messages", "waiting", "devino"),
    ],
)
def test_what_becomes_of_a_message_by_its_error_code(
    devino: DevinoServer,
    gateway: Flask,
    pavel: Program,
    nikolay: Program,
    code: str,
    state: str,
    channel: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    devino.says = code
    wrote(nikolay)
    send(gateway)
    assert (notice(gateway).state, notice(gateway).channel) == (state, channel)
    assert ("notifications need you: devino: " in caplog.text) is (code != "too.many.messages")
    assert [secret for secret in (KEY, SECRET, "79999999999") if secret in caplog.text] == []


def test_without_another_channel_an_empty_purse_is_waited_for(
    make_gateway: MakeGateway, devino: DevinoServer, gateway: Flask, pavel: Program, nikolay: Program
) -> None:
    devino.balance = False
    only = make_gateway(devino=account(devino), notify_channels=["devino"])
    wrote(nikolay)
    send(only)
    assert (notice(only).state, notice(only).reason) == ("waiting", "devino: billing.error")
    devino.balance = True
    rooms(only).state.notifications.retry()
    send(only)
    assert outcomes(only) == [DONE]


@pytest.mark.parametrize("fault", ["500", "cut", "garbage", "silence"])
def test_what_may_have_been_accepted_is_never_sent_again(
    monkeypatch: pytest.MonkeyPatch,
    devino: DevinoServer,
    gateway: Flask,
    pavel: Program,
    nikolay: Program,
    fault: str,
    post_office: MailServer,
) -> None:
    monkeypatch.setattr("userapi_gw.notify.channels.REACH_SECONDS", 0.3)
    devino.fault = fault
    wrote(nikolay)
    send(gateway)
    assert notice(gateway).state == "uncertain"
    rooms(gateway).state.notifications.retry()
    send(gateway)
    assert (len(devino.accepted), devino.requests, post_office.letters) == (1, [1], [])
    # Devino tells what it was after all, and whose: by what we sent along.
    assert post(gateway, "status", [status("SENT", callbackData={"notification": 1})]) == (200, "ok")
    assert (notice(gateway).state, notice(gateway).status) == ("done", "SENT")


def test_devino_away_means_mail(
    make_gateway: MakeGateway,
    devino: DevinoServer,
    gateway: Flask,
    pavel: Program,
    nikolay: Program,
    post_office: MailServer,
) -> None:
    away = make_gateway(devino=account(devino, url="http://127.0.0.1:1"), smtp_url=post_office.url)
    wrote(nikolay)
    send(away)
    assert [outcome[2:4] for outcome in outcomes(away)] == [("done", "email")]


def test_a_mail_server_that_is_away_means_devino_where_that_is_next(
    make_gateway: MakeGateway, devino: DevinoServer, gateway: Flask, pavel: Program, nikolay: Program
) -> None:
    other = {"smtp_url": "smtp://127.0.0.1:1", "notify_channels": ["email", "devino"]}
    wrote(nikolay)
    send(mailless := make_gateway(devino=account(devino), **other))
    assert outcomes(mailless) == [DONE]


def test_without_a_usable_number_or_template_it_is_a_mail(
    gateway: Flask, pavel: Program, nikolay: Program, devino: DevinoServer
) -> None:
    pavel.get("edit_page", mo="123")
    wrote(nikolay)
    send(gateway)
    assert (notice(gateway).channel, devino.requests) == ("email", [])


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+7 (999) 999-99-99", "79999999999"),
        ("8 999 999 99 99", "79999999999"),
        ("79999999999", "79999999999"),
        ("+44 20 7946 0958", "442079460958"),
        ("9999999999", ""),
        ("02 999 99 99 99 9", ""),
        ("+0999999999999", ""),
        ("+7 999", ""),
        ("", ""),
    ],
)
def test_usable_numbers(text: str, phone: str) -> None:
    assert usable_phone(text) == phone


def test_the_mail_is_sent_when_devino_could_not_deliver(
    told: Flask, post_office: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("userapi_gw.state.notifications.GRACE", 0.0)
    assert post(told, "status", [status("EXPIRED"), status("SENT")]) == (200, "ok")
    assert (notice(told).state, notice(told).reason) == ("waiting", "EXPIRED")
    send(told)
    assert (notice(told).state, notice(told).channel, len(post_office.letters)) == ("done", "email", 1)
    assert post(told, "status", [status("EXPIRED")] * 2) == (200, "ok")
    send(told)
    assert len(post_office.letters) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 5000, b'{"status": ', b"nul"],
)
def test_what_is_no_callback_is_refused(told: Flask, body: bytes) -> None:
    for what in ("status", "incoming"):
        assert post(told, what, body) == (400, "refused\n")


@pytest.mark.parametrize(
    "body",
    [
        [], {}, None, 1, "x", [None, 1, "x", [[]]], [{}], [status("NEW")], [status("SENT", "x" * 65)],
        [status("SENT", "\x00")], [{**status("SENT"), "messageId": None}], [{**status("SENT"), "messageId": True}],
        [status("SENT", 9, callbackData={"notification": 2**70})], [status("SENT", 9, callbackData=[1])],
        [status("SENT", FIRST_ID + 7, callbackData={"notification": 1})],
    ],
)  # fmt: skip
def test_odd_callbacks_change_nothing(told: Flask, body: Any) -> None:
    before = notice(told)
    assert post(told, "status", body) == (200, "ok")
    assert notice(told) == before


def test_nobody_else_gets_in(told: Flask, make_gateway: MakeGateway, devino: DevinoServer) -> None:
    for secret in ("wrong", SECRET + "x", SECRET[:-1], "%00", "ю"):
        assert post(told, "status", [status("READ")], secret)[0] == 404
    assert post(told, "status", [status("READ")], site=99)[0] == 404
    assert told.test_client().get(f"/devino/2/{SECRET}/status").status_code == 405
    assert notice(told).status == ""
    without = make_gateway(devino=account(devino, callback_secret=None))
    assert post(without, "status", [status("READ")], "")[0] == 404
    assert post(make_gateway(), "status", [status("READ")])[0] == 404


def test_a_callback_that_is_too_long_or_cannot_be_kept(told: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("", None, Exception("away"))

    assert post(told, "status", b" " * (1024 * 1024 + 1))[0] == 413
    monkeypatch.setattr(rooms(told).state.notifications, "told", fail)
    assert post(told, "status", [status("SENT")]) == (503, "later\n")


def incoming(**changes: Any) -> dict[str, Any]:
    message = {"id": 1, "date": 1657543344, "peer_id": NIKOLAY, "from_id": NIKOLAY, "text": "text", "out": 0}
    message["message_tag"] = str(FIRST_ID + 1)
    event = {"group_id": str(GROUP), "type": "message_new", "event_id": "07c0da23", "v": "5.131"}
    return {**event, "object": {"message": message, "client_info": {"keyboard": True}}, **changes}


def test_an_answer_is_noted_and_is_an_event_of_the_community(
    make_gateway: MakeGateway, devino: DevinoServer, told: Flask
) -> None:
    sites = {2: {"url": "http://durov.ru", "community": {"group": GROUP}}}
    gateway = make_gateway(devino=account(devino), sites=sites)
    assert not notice(gateway).answered
    assert [post(gateway, "incoming", incoming()) for _ in range(2)] == [(200, "ok")] * 2
    assert notice(gateway).answered
    callbacks = rooms(gateway).state.callbacks
    assert callbacks.site(2).last_event == "message_new"
    assert sum(callbacks.jobs.counts().values()) == 1


@pytest.mark.parametrize("body", [[], 1, {"type": 5}, {"type": "message_new", "object": []}, {"object": {}}])
def test_what_is_no_incoming_message(told: Flask, body: Any) -> None:
    assert post(told, "incoming", body)[0] == 400


def test_of_another_community_only_the_answer_is_noted(told: Flask) -> None:
    assert post(told, "incoming", incoming(group_id=213243638)) == (200, "ok")
    assert notice(told).answered
    assert rooms(told).state.callbacks.waiting(2) == 0


class TestLimits:
    """The channel alone, for many people at once."""

    @pytest.fixture
    def channel(self, devino: DevinoServer, gateway: Flask) -> DevinoChannel:
        return self.channel_of(devino, rooms(gateway).state)

    def channel_of(self, devino: DevinoServer, state: State, **changes: Any) -> DevinoChannel:
        settings = Devino(**account(devino, **changes))
        return DevinoChannel(settings, DevinoHttp(settings, 5), state.call_rates.reserve, "")

    def parcels(self, count: int, phone: int = 0) -> list[Parcel]:
        people = [Person(number, 2, "l", phone=str(phone or 79990000000 + number)) for number in range(count)]
        rows = [{"kind": "message", "count": 1, "added_at": 0.0} for _ in people]
        return [
            Parcel(Job(number, "c", 1, row), "", person, lambda *_: True)
            for number, (row, person) in enumerate(zip(rows, people, strict=True))
        ]

    def test_fifty_a_second_for_all_workers_together(self, devino: DevinoServer, gateway: Flask) -> None:
        channels = [self.channel_of(devino, rooms(gateway).state) for _ in range(2)]
        first = [outcome for _, outcome in channels[0].send(self.parcels(40))]
        rest = [outcome for _, outcome in channels[1].send(self.parcels(40))]
        later = [outcome for outcome in first + rest if outcome.fate is Fate.LATER]
        assert len(devino.accepted) + len(later) == 80
        assert {outcome.after for outcome in later} == {1.0}
        assert devino.broken == []

    def test_five_a_day_for_each_user(self, devino: DevinoServer, channel: DevinoChannel) -> None:
        fates = [outcome.fate for _, outcome in channel.send(self.parcels(7, phone=79998887766))]
        assert sorted(fate.value for fate in fates) == ["next"] * 2 + ["sent"] * 5
        assert devino.broken == []

    def test_a_thousand_in_a_request(self, devino: DevinoServer, gateway: Flask) -> None:
        class Free(DevinoChannel):
            """Whose turn always comes: what is tried is the size of requests."""

        settings = Devino(**account(devino))
        channel = Free(settings, DevinoHttp(settings, 5), lambda *_, **__: 0.0, "")
        outcomes = [outcome.fate for _, outcome in channel.send(self.parcels(1001))]
        assert outcomes == [Fate.SENT] * 1001
        assert devino.requests == [1000, 1]
        assert "more than 1000 in a request" not in devino.broken

    def test_results_belong_to_messages_by_their_place(self, devino: DevinoServer, channel: DevinoChannel) -> None:
        devino.says_to = {"79990000001": "is.spam", "79990000003": "odd\ncode"}
        found = [(parcel.job.id, outcome) for parcel, outcome in channel.send(self.parcels(5))]
        assert [(number, outcome.fate.value) for number, outcome in found] == [
            (0, "sent"),
            (1, "next"),
            (2, "sent"),
            (3, "next"),
            (4, "sent"),
        ]
        assert found[3][1] == Outcome(Fate.NEXT, "refused: oddcode", alarm=True)
        assert found[4][1].outside_id == str(FIRST_ID + 3)

    def test_what_the_settings_say_goes_along(self, devino: DevinoServer, gateway: Flask) -> None:
        said = {"routes": ["VK", "OK"], "delivery_policy": "ANY", "ttl": 60, "scheme": "Key"}
        channel = self.channel_of(devino, rooms(gateway).state, **said)
        assert [outcome.fate for _, outcome in channel.send(self.parcels(1))] == [Fate.SENT]
        (message,) = devino.accepted
        assert (message["routes"], message["delivery_policy"], message["ttl"]) == (["VK", "OK"], "ANY", 60)
        assert "status_url" not in message

    def test_a_wrong_key(self, devino: DevinoServer, gateway: Flask) -> None:
        channel = self.channel_of(devino, rooms(gateway).state, key="another")
        ((_, outcome),) = channel.send(self.parcels(1))
        assert outcome == Outcome(Fate.NEXT_OR_LATER, "login.must.be.not.null", alarm=True)

    def test_messages_the_answer_passes_over_are_uncertain(self, devino: DevinoServer, channel: DevinoChannel) -> None:
        devino.fault = "short"
        assert [outcome.fate.value for _, outcome in channel.send(self.parcels(3))] == ["sent", *["uncertain"] * 2]

    @pytest.mark.parametrize(("code", "fate"), [(401, Fate.NEXT_OR_LATER), (429, Fate.LATER), (302, Fate.SENT)])
    def test_http_codes(self, devino: DevinoServer, channel: DevinoChannel, code: int, fate: Fate) -> None:
        devino.status = code
        assert [outcome.fate for _, outcome in channel.send(self.parcels(1))] == [fate]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"result": [{"code": "OK", "messageId": 2354676865423253}, {"code": "OK"}]}, ["2354676865423253", ""]),
        ({"result": {"code": "OK", "messageId": ["9007199254740993"]}}, ["9007199254740993", ""]),
        ({"result": None}, ["", ""]),
        ([], ["", ""]),
        ({"result": [None, {"code": "OK", "messageId": 1.5}]}, ["", ""]),
        ({"result": [{"code": "OK", "messageId": 1}] * 3}, ["1", "1"]),
    ],
)
def test_answers(answer: Any, expected: list[str]) -> None:
    assert [result.message_id for result in results(answer, 2)] == expected


def test_an_error_of_the_whole_request_is_one_of_each_message() -> None:
    rejected = {"code": "REJECTED", "reasons": [{"key": "too.many.messages"}]}
    for answer in ({"result": [rejected]}, rejected):
        assert results(answer, 3) == [Result(errors=("too.many.messages",))] * 3


def test_a_comma_too_many_is_none() -> None:
    assert lenient(b'[{"a": ",]", "b": [1, 2, ], },]') == [{"a": ",]", "b": [1, 2]}]
    assert (
        statuses(lenient(b'[{"messageId": 9007199254740993, "status": "read"},]'))[0].message_id == "9007199254740993"
    )


def test_the_path_of_the_callbacks_is_the_one_we_name(told: Flask, devino: DevinoServer) -> None:
    address = urlsplit(devino.accepted[0]["status_url"])
    assert told.test_client().post(address.path, json=[status("READ")]).status_code == 200
    assert notice(told).status == "READ"


def test_the_community_comes_before_devino(
    make_gateway: MakeGateway, devino: DevinoServer, gateway: Flask, pavel: Program, nikolay: Program
) -> None:
    key = make_community_key(rooms(gateway).settings.embedded_database, GROUP)
    sites = {2: {"url": "http://durov.ru", "community": {"group": GROUP, "token": key}}}
    both = make_gateway(devino=account(devino), sites=sites)
    token = token_of(pavel)
    rooms(gateway).client.call("messages.allowMessagesFromGroup", token, write=True, group_id=GROUP)
    wrote(nikolay)
    send(both)
    assert (notice(both).channel, devino.requests) == ("community", [])
