"""Pairs of e-mail address and password that stand for tokens."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.databases import TestDatabase
from userapi_gw.state import State
from userapi_gw.state.unlocked import Unlocked

ANNA, BORIS = Unlocked(2, "token of Anna"), Unlocked(3, "token of Boris")


def test_a_pair_stands_for_a_token(state: State) -> None:
    unlocked = state.unlocked
    assert unlocked.keep("Anna@Example.org ", "password", ANNA, is_theirs=True)
    assert [unlocked.find(name, "password") for name in ("anna@example.org", "boris@example.org")] == [ANNA, None]
    assert unlocked.find("anna@example.org", "Password") is None
    assert [unlocked.knows(name) for name in ("ANNA@example.org", "boris@example.org")] == [True, False]


def test_for_thirty_days(state: State, clock: Any) -> None:
    state.unlocked.keep("anna", "password", ANNA, is_theirs=True)
    clock.now += 30 * 24 * 3600 - 1
    assert state.unlocked.find("anna", "password") == ANNA
    clock.now += 1
    assert (state.unlocked.find("anna", "password"), state.unlocked.knows("anna")) == (None, False)
    assert state.unlocked.keep("anna", "other password", BORIS, is_theirs=False)


def test_the_token_of_somebody_who_was_recognised_otherwise(
    state: State, clock: Any, open_again: Callable[..., State]
) -> None:
    state.unlocked.keep("anna", "password", ANNA, is_theirs=False)
    assert (state.unlocked.token_of(2), state.unlocked.token_of(3)) == (ANNA.token, "")
    assert open_again("another secret key").unlocked.token_of(2) == ""
    clock.now += 30 * 24 * 3600
    assert state.unlocked.token_of(2) == ""


def test_a_person_has_one_pair(state: State) -> None:
    for name in ("anna", "anna2"):
        state.unlocked.keep(name, "password", ANNA, is_theirs=False)
    assert [state.unlocked.find(name, "password") for name in ("anna", "anna2")] == [None, ANNA]


def test_an_address_has_one_person_and_its_owner_comes_first(state: State) -> None:
    unlocked = state.unlocked
    assert unlocked.keep("anna", "boris's", BORIS, is_theirs=False)
    assert not unlocked.keep("anna", "anna's", ANNA, is_theirs=False)
    assert [unlocked.find("anna", password) for password in ("boris's", "anna's")] == [BORIS, None]
    assert unlocked.keep("anna", "anna's", ANNA, is_theirs=True)
    assert [unlocked.find("anna", password) for password in ("boris's", "anna's")] == [None, ANNA]


def test_a_refused_token_ends_its_pair_alone(state: State) -> None:
    state.unlocked.keep("anna", "password", ANNA, is_theirs=True)
    state.unlocked.end(2, "another token")
    state.unlocked.end(3, ANNA.token)
    assert state.unlocked.find("anna", "password") == ANNA
    state.unlocked.end(2, ANNA.token)
    assert state.unlocked.find("anna", "password") is None


def test_nothing_secret_is_stored(state: State, database: TestDatabase) -> None:
    state.unlocked.keep("name-to-look-for", "password-to-look-for", Unlocked(2, "token-to-look-for"), is_theirs=True)
    stored = database.stored()
    assert b"argon2id" in stored
    assert b"to-look-for" not in stored


@pytest.mark.parametrize("text", ["", "\0", "\ud83d", "я" * 64, "x" * 10**5])
def test_any_text_is_a_name_or_a_password(state: State, text: str) -> None:
    assert state.unlocked.find(text, text) is None
    state.unlocked.keep(text, text, ANNA, is_theirs=False)
    assert state.unlocked.find(text, text) == ANNA


def test_with_another_key_all_pairs_end(open_again: Callable[..., State]) -> None:
    open_again().unlocked.keep("anna", "password", ANNA, is_theirs=True)
    assert open_again("another secret key").unlocked.find("anna", "password") is None
