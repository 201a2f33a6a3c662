"""OpenVK's long poll: tells only what happens while somebody waits."""

import threading
from typing import Any

import pytest

from tests.embedded.openvk.conftest import Site
from tests.embedded.openvk.exchanges import ANNA, BORIS, recorded
from tests.embedded.openvk.forms import differences

RECORDED = recorded()


@pytest.fixture
def wait(site: Site) -> Any:
    """Wait for what happens to Boris: `wait(seconds)` or with other parameters."""
    server = site(BORIS, "messages.getLongPollServer", v="5.131")

    def answer(wait: int, **params: Any) -> Any:
        values = {"act": "a_check", "key": server["key"], "ts": server["ts"], "wait": wait, **params}
        return site.client.get(f"/nim{BORIS}", query_string={k: v for k, v in values.items() if v is not None})

    return answer


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("longpoll_first", {}),
        ("longpoll_badkey", {"key": "0" * 32}),
        ("longpoll_noact", {"act": None}),
        ("longpoll_nokey", {"key": None}),
    ],
)
def test_waiting_is_answered_as_recorded(wait: Any, name: str, params: dict[str, str | None]) -> None:
    answer, exchange = wait(0, **params), RECORDED[name]
    assert (answer.status_code, answer.content_type) == (exchange.status, exchange.content_type)
    assert (answer.get_json() if answer.data else "") == (
        {"ts": answer.get_json()["ts"], "updates": []} if name == "longpoll_first" else exchange.body
    )


def test_a_message_ends_the_waiting(site: Site, wait: Any) -> None:
    answers: list[Any] = []
    waiting = threading.Thread(target=lambda: answers.append(wait(20).get_json()))
    waiting.start()
    while not answers:  # the one who waits may not have begun when the first message comes
        number = site(ANNA, "messages.send", user_id=BORIS, message="ping <lp>")
        waiting.join(0.3)
    update = answers[0]["updates"][0]
    assert differences(RECORDED["longpoll_newmsg"].body, answers[0]) == []
    assert number >= update[1]
    told = update[1]
    assert update == [4, told, 256, ANNA, update[4], "ping &lt;lp&gt;", {}, {}, told << 2, ANNA, 0]


def test_what_happened_before_is_not_told_but_stands_in_the_history(site: Site, wait: Any) -> None:
    number = site(ANNA, "messages.send", user_id=BORIS, message="lost?")
    site(BORIS, "messages.send", user_id=ANNA, message="sent, not told")
    assert wait(0).get_json()["updates"] == []
    history = site(BORIS, "messages.getLongPollHistory", v="5.131")
    assert [update[:4] for update in history["history"]] == [[4, number, 256, ANNA]]
    assert differences(RECORDED["messages.getLongPollHistory"].body, {"response": history}) == []
    assert site(BORIS, "messages.getLongPollHistory", ts=1, v="5.131") == history
    assert site(BORIS, "messages.getLongPollHistory", ts=2**31)["history"] == []


def test_a_key_is_good_for_one_person_alone(site: Site) -> None:
    key = site(ANNA, "messages.getLongPollServer")["key"]
    answer = site.client.get(f"/nim{BORIS}", query_string={"act": "a_check", "key": key, "wait": 0})
    assert answer.get_json() == {"failed": 3}


def test_writing_is_told(site: Site, wait: Any) -> None:
    answers: list[Any] = []
    waiting = threading.Thread(target=lambda: answers.append(wait(20).get_json()["updates"]))
    waiting.start()
    while not answers:
        site(ANNA, "messages.setActivity", user_id=BORIS, type="typing")
        waiting.join(0.3)
    assert answers == [[[61, ANNA, 1]]]


def test_the_address_has_no_scheme_for_callers_with_a_version(site: Site) -> None:
    assert site(BORIS, "messages.getLongPollServer", v="5.131")["server"] == f"localhost/nim{BORIS}"
    assert site(BORIS, "messages.getLongPollServer")["server"] == f"http://localhost/nim{BORIS}"
