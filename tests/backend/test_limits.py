"""Time and turns: deadlines, last known answers, pauses, and what happens to calls that meet them."""

import math
import re
from typing import Any

import pytest
import responses

from userapi_gw.backend import deadline, rate
from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.last_known import LastKnown
from userapi_gw.backend.rate import Pauses
from userapi_gw.errors import Failure, Kind, NoAnswer

URL = "http://backend.example"


def test_the_nearest_deadline_counts() -> None:
    assert deadline.left() == math.inf
    with deadline.within(1000):
        with deadline.within(10):
            assert 0 < deadline.left() <= 10
        with deadline.within(100_000):
            assert 10 < deadline.left() <= 1000
        with deadline.within(-1):
            assert deadline.left() == 0
            assert not deadline.sleep(0)
    assert deadline.left() == math.inf
    assert deadline.sleep(0)


def test_what_is_known_grows_old() -> None:
    now = [0.0]
    known = LastKnown(10, lambda: now[0])
    key = known.key(1, "friends.get", {"user_id": 1})
    known.keep(key, b"friends")
    now[0] = 9.0
    assert known.find(key) == b"friends"
    now[0] = 11.0
    assert known.find(key) is None


def test_nobody_knows_what_another_knows() -> None:
    known = LastKnown(10)
    known.keep(known.key(1, "friends.get", {"access_token": "a"}), b"friends")
    others = [(2, {"access_token": "a"}), (1, {"access_token": "b"}), (1, {}), (1, {"access_token": "a", "offset": 1})]
    assert [known.find(known.key(viewer, "friends.get", form)) for viewer, form in others] == [None] * 4
    assert known.find(known.key(1, "wall.get", {"access_token": "a"})) is None
    assert known.find(known.key(1, "friends.get", {"access_token": "a"})) == b"friends"


def test_what_was_asked_before_a_change_is_not_known_after_it() -> None:
    known = LastKnown(10)
    form: dict[str, Any] = {"user_id": 1}
    keys = known.key(1, "wall.get", form), known.key(2, "wall.get", form)
    known.forget(1)
    for key in keys:
        known.keep(key, b"wall")
    assert known.find(known.key(1, "wall.get", form)) is None
    assert known.find(known.key(2, "wall.get", form)) == b"wall"


def test_what_is_compared_is_kept_in_place_of_something_older_alone() -> None:
    known = LastKnown(10)
    seen, unseen = (known.key(1, "wall.get", {"count": count}) for count in (20, 50))
    known.keep(seen, b"old")
    for key in (seen, unseen):
        known.keep(key, b"new", fresh=True)
    assert [known.find(key) for key in (seen, unseen)] == [b"new", None]


def test_what_is_too_large_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("userapi_gw.backend.last_known.MOST_BYTES", 10)
    known = LastKnown(10)
    keys = [known.key(1, name, {}) for name in "abc"]
    for key, body in zip(keys, (b"123456", b"12345678901", b"12345"), strict=True):
        known.keep(key, body)
    assert [known.find(key) for key in keys] == [None, None, b"12345"]


def test_a_pause_is_for_calls_of_one_kind_with_one_token() -> None:
    pauses = Pauses(100)
    pauses.begin("secret", "wall.post", write=True)
    for method in ("wall.post", "wall.delete"):
        with pytest.raises(Failure, match="flood"):
            pauses.check("secret", method, write=True)
    pauses.check("secret", "messages.send", write=True)
    pauses.check("another", "wall.post", write=True)
    pauses.check("secret", "wall.get", write=False)
    assert "secret" not in repr(list(pauses._pausing))


@pytest.mark.parametrize("write", [True, False])
@responses.activate
def test_too_many_per_second_is_waited_for(write: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "SOON", (0.0, 0.001))
    too_many: Any = {"error": {"error_code": 6}}
    for answer in (too_many, too_many, {"response": 5}):
        responses.post(f"{URL}/method/wall.get", json=answer)
    client = Client(URL, Transports.over_http(), timeout=5)
    assert client.call("wall.get", "token", write=write) == 5
    client.close()


@responses.activate
def test_too_many_per_second_until_the_deadline() -> None:
    responses.post(f"{URL}/method/wall.get", json={"error": {"error_code": 6}})
    client = Client(URL, Transports.over_http(), timeout=0.1)
    with pytest.raises(Failure) as raised:
        client.call("wall.get", "token")
    assert (raised.value.kind, len(responses.calls)) == (Kind.FLOOD, 1)
    client.close()


@pytest.mark.parametrize("code", [9, 29])
@responses.activate
def test_a_backend_that_had_too_much_is_not_asked(code: int) -> None:
    responses.post(f"{URL}/method/wall.get", json={"error": {"error_code": code}})
    client = Client(URL, Transports.over_http(), timeout=5)
    for _ in range(3):
        with pytest.raises(Failure) as raised:
            client.call("wall.get", "token")
        assert raised.value.kind is Kind.FLOOD
    assert len(responses.calls) == 1
    client.close()


@responses.activate
def test_every_call_takes_a_turn() -> None:
    responses.add(responses.POST, re.compile(f"{URL}/method/.*"), json={"response": 5})
    turns, taken = iter([0.0, 0.001, None]), []

    def reserve(token: str, patience: float) -> float | None:
        taken.append((token, 0 < patience <= 5))
        return next(turns)

    client = Client(URL, Transports.over_http(), timeout=5, reserve=reserve)
    assert [client.call("wall.get", "a"), client.call("wall.post", "b", write=True)] == [5, 5]
    with pytest.raises(NoAnswer) as raised:
        client.call("wall.post", "b", write=True)
    assert not raised.value.uncertain
    assert taken == [("a", True), ("b", True), ("b", True)]
    assert len(responses.calls) == 2
    client.close()
