"""Captchas of the backend that wait to be solved."""

from collections.abc import Callable
from typing import Any

from tests.databases import TestDatabase
from userapi_gw.state import State
from userapi_gw.state.challenges import Challenge

PICTURE = Challenge("wall.post", sid="sid-to-look-for", picture="https://vk.example/picture-to-look-for")
PAGE = Challenge("wall.post", page="https://vk.example/page-to-look-for")
WHO = ["account 1", "address 192.0.2.1"]


def test_a_challenge_waits_until_it_is_shown_and_is_answered_once(open_again: Callable[..., State]) -> None:
    one, other = open_again().challenges, open_again().challenges
    one.keep(WHO, PICTURE)
    assert [other.find(subject) for subject in (*WHO, "account 2")] == [PICTURE, PICTURE, None]
    other.show(PICTURE, "0.5")
    assert [one.find(subject) for subject in WHO] == [None, None]
    assert [one.take(csid) for csid in ("0.6", "0.5", "0.5")] == [None, PICTURE, None]


def test_the_latest_counts(state: State) -> None:
    state.challenges.keep(WHO, PICTURE)
    state.challenges.keep(WHO[:1], PAGE)
    assert [state.challenges.find(subject) for subject in WHO] == [PAGE, PICTURE]
    state.challenges.show(PICTURE, "0.5")
    assert [state.challenges.find(subject) for subject in WHO] == [PAGE, None]


def test_ten_minutes(state: State, clock: Any) -> None:
    state.challenges.keep(WHO, PICTURE)
    clock.now += 300
    state.challenges.show(PAGE, "0.5")
    clock.now += 300
    assert state.challenges.find(WHO[0]) is None
    clock.now += 300
    assert state.challenges.take("0.5") is None


def test_nothing_of_it_is_stored_in_the_clear(state: State, database: TestDatabase) -> None:
    state.challenges.keep(["account to-look-for"], PICTURE)
    state.challenges.show(PAGE, "csid-to-look-for")
    stored = database.stored()
    assert b"challenges" in stored
    assert b"to-look-for" not in stored


def test_with_another_key_they_are_gone(open_again: Callable[..., State]) -> None:
    open_again().challenges.keep(WHO, PICTURE)
    assert open_again("another secret key").challenges.find(WHO[0]) is None
