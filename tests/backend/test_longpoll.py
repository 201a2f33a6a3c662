"""Long polls: lines and answers as OpenVK gave them, VK's as its documentation has them, and servers that fail."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from userapi_gw.backend.calls import Calls
from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.longpoll import TOPICS, Heard, Line, LongPoll, LongPollHttp, Topic
from userapi_gw.errors import Failure, Kind

HOME = "https://openvk.example"
NIM = f"{HOME}/nim3"
KEY = "key-nobody-may-see"
LINE = Line(NIM, KEY, 100, 7)
VK = (".vk.com", ".vk.ru")
RECORDED = Path(__file__).parent.parent.parent / "fixtures" / "openvk" / "recorded.jsonl"


def recorded(name: str) -> dict[str, Any]:
    """One exchange with a running OpenVK."""
    rows = map(json.loads, RECORDED.read_text(encoding="utf-8").splitlines())
    return next(row for row in rows if row["name"] == name)


@pytest.fixture
def longpoll() -> Iterator[LongPoll]:
    with requests.Session() as session:
        client = Client(HOME, Transports.over_http(), timeout=5)
        yield LongPoll(Calls(client, 1, "token"), LongPollHttp(session, HOME, VK))
        client.close()


@responses.activate
@pytest.mark.parametrize("name", ["messages.getLongPollServer", "messages.getLongPollServer_nov"])
def test_the_line_of_openvk_is_on_the_backends_host_and_scheme(longpoll: LongPoll, name: str) -> None:
    answer = recorded(name)["body"]
    responses.post(f"{HOME}/method/messages.getLongPollServer", json=answer)
    line = longpoll.line()
    assert line == Line(NIM, answer["response"]["key"], answer["response"]["ts"], -1)
    assert line.is_lossy
    assert responses.calls[0].request.body == "need_pts=1&lp_version=3&v=5.131&access_token=token"


@responses.activate
def test_the_line_of_vk_is_below_its_domain(longpoll: LongPoll) -> None:
    answer = {"response": {"server": "im.vk.com/nim1", "key": KEY, "ts": "55", "pts": 9}}
    responses.post(f"{HOME}/method/messages.getLongPollServer", json=answer)
    assert longpoll.line() == Line("https://im.vk.com/nim1", KEY, 55, 9)


@pytest.mark.parametrize(
    ("home", "server", "url"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000/nim3", "http://127.0.0.1:8000/nim3"),
        ("https://openvk.example", "openvk.example:443/nim3", NIM),
        ("https://openvk.example", "OPENVK.example/nim3?x=1#y", NIM),
        ("http://[::1]:80", "[::1]/nim3", "http://[::1]:80/nim3"),
        ("https://api.vk.com", "https://vk.com/nim", "https://vk.com/nim"),
    ],
)
def test_hosts_of_the_backend(home: str, server: str, url: str) -> None:
    with requests.Session() as session:
        assert LongPollHttp(session, home, VK).url(server) == url


@pytest.mark.parametrize(
    "server",
    [
        "evil.example/nim",
        "http://169.254.169.254/",
        "openvk.example:8080/nim",
        "evil-vk.com/",
        "im.vk.com:22/",
        "",
        "/",
    ],
)
def test_hosts_that_are_not_the_backends_are_refused(server: str) -> None:
    with requests.Session() as session, pytest.raises(Failure) as raised:
        LongPollHttp(session, HOME, VK).url(server)
    assert raised.value.kind is Kind.BACKEND_BROKEN


@responses.activate
@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("longpoll_first", Heard(Line(NIM, KEY, 1795178881, 7))),
        ("longpoll_newmsg", Heard(Line(NIM, KEY, 1795178882, 7), frozenset({Topic.MAIL}))),
        ("longpoll_typing", Heard(Line(NIM, KEY, 1795178885, 7), frozenset({Topic.TYPING}))),
    ],
)
def test_what_openvk_told(longpoll: LongPoll, name: str, heard: Heard) -> None:
    responses.get(NIM, json=recorded(name)["body"])
    assert longpoll.listen(LINE, 25) == heard
    asked = {"act": "a_check", "key": KEY, "ts": "100", "wait": "25", "mode": "42", "version": "3"}
    assert responses.calls[0].request.params == asked  # type: ignore[union-attr]


@responses.activate
def test_events_of_unknown_kinds_are_told_apart(longpoll: LongPoll) -> None:
    updates = [[4, 1, 1, 6], [8, -6, 0, 1], [80, 3, 0], [999, "x"], [70], [114, {"peer_id": 1}]]
    responses.get(NIM, json={"ts": 101, "pts": 8, "updates": updates})
    topics = frozenset({Topic.MAIL, Topic.PRESENCE, Topic.COUNTER, Topic.SETTINGS})
    assert longpoll.listen(LINE, 25) == Heard(Line(NIM, KEY, 101, 8), topics, (999, 70))


def test_all_codes_of_the_documentation_are_known() -> None:
    assert sorted(TOPICS) == [*range(1, 15), 51, 52, 61, 62, 63, 64, 80, 114]


@responses.activate
@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ({"failed": 1, "ts": 150}, Heard(Line(NIM, KEY, 150, 7), renewed=True, whole=False)),
        ({"failed": 2}, Heard(Line(NIM, "new", 100, 20), renewed=True)),
        ({"failed": 3}, Heard(Line(NIM, "new", 200, 20), renewed=True, whole=False)),
    ],
)
def test_a_line_that_is_refused_is_renewed(longpoll: LongPoll, answer: dict[str, int], heard: Heard) -> None:
    line = {"server": "openvk.example/nim3", "key": "new", "ts": 200, "pts": 20}
    responses.post(f"{HOME}/method/messages.getLongPollServer", json={"response": line})
    responses.get(NIM, json=answer)
    assert longpoll.listen(LINE, 25) == heard


@responses.activate
@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ({"json": {"failed": 4, "min_version": 0, "max_version": 2}}, Kind.UNSUPPORTED),
        ({"json": {"failed": "x"}}, Kind.BACKEND_BROKEN),
        ({"json": {"failed": 1}}, Kind.BACKEND_BROKEN),
        ({"json": {"ts": 1}}, Kind.BACKEND_BROKEN),
        ({"json": {"ts": 1, "updates": [[]]}}, Kind.BACKEND_BROKEN),
        ({"json": {"ts": 1, "updates": [None]}}, Kind.BACKEND_BROKEN),
        ({"json": {"ts": None, "updates": []}}, Kind.BACKEND_BROKEN),
        ({"json": []}, Kind.BACKEND_BROKEN),
        ({"body": "<h1>Whoops</h1>"}, Kind.BACKEND_BROKEN),
        ({"body": "", "status": 500}, Kind.BACKEND_BROKEN),  # OpenVK without its Redis
        ({"body": "", "status": 403}, Kind.BACKEND_BROKEN),
        ({"body": "", "status": 302, "headers": {"Location": "http://evil.example/"}}, Kind.BACKEND_BROKEN),
        ({"body": "Bad Gateway", "status": 502}, Kind.BACKEND_AWAY),
        ({"body": requests.exceptions.ConnectTimeout(f"{NIM}?key={KEY}")}, Kind.BACKEND_AWAY),
    ],
)
def test_answers_that_are_none(longpoll: LongPoll, reply: dict[str, Any], kind: Kind) -> None:
    responses.get(NIM, **reply)
    with pytest.raises(Failure) as raised:
        longpoll.listen(LINE, 25)
    assert raised.value.kind is kind
    assert KEY not in str(raised.value)
    assert len(responses.calls) == 1


def test_the_key_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    assert KEY not in repr(Heard(LINE))
    with caplog.at_level(logging.DEBUG, "urllib3.connectionpool"):
        log = logging.getLogger("urllib3.connectionpool")
        log.debug('%s://%s "%s %s"', "https", "openvk.example", "GET", f"/nim3?act=a_check&key={KEY}&ts=1")
        log.debug("something else")
    assert caplog.messages == ["something else"]
