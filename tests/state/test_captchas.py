"""Captchas: one use, expiry, hostile names, bounds, and two who answer at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.databases import TestDatabase
from userapi_gw.state import State
from userapi_gw.state.captchas import ALPHABET

CSID = "0.615638748369059"


def test_five_characters_nobody_mixes_up(state: State) -> None:
    codes = [state.captchas.issue(CSID) for _ in range(50)]
    assert {len(code) for code in codes} == {5}
    assert set("".join(codes)) <= set(ALPHABET)
    assert set(ALPHABET).isdisjoint("0o1lij5s2zq")
    assert len(set(codes)) > 40


def test_an_answer_works_once(state: State) -> None:
    code = state.captchas.issue(CSID)
    assert [state.captchas.redeem(CSID, code) for _ in range(2)] == [True, False]


def test_a_wrong_answer_was_the_only_try(state: State) -> None:
    code = state.captchas.issue(CSID)
    assert [state.captchas.redeem(CSID, given) for given in ("wrong", code)] == [False, False]


def test_case_and_blanks_do_not_matter(state: State) -> None:
    assert state.captchas.redeem(CSID, f" {state.captchas.issue(CSID).upper()} ")


def test_a_new_picture_makes_the_old_answer_useless(state: State) -> None:
    first = state.captchas.issue(CSID)
    second = next(code for code in iter(lambda: state.captchas.issue(CSID), "") if code != first)
    assert not state.captchas.redeem(CSID, first)
    third = state.captchas.issue(CSID)
    assert state.captchas.redeem(CSID, third)
    assert not state.captchas.redeem(CSID, second)


def test_answers_belong_to_their_picture(state: State) -> None:
    code = state.captchas.issue(CSID)
    state.captchas.issue("another")
    assert not state.captchas.redeem("another", code)
    assert state.captchas.redeem(CSID, code)


def test_ten_minutes(state: State, clock: Any) -> None:
    code = state.captchas.issue(CSID)
    clock.now += 599
    assert state.captchas.redeem(CSID, code)
    code = state.captchas.issue(CSID)
    clock.now += 600
    assert not state.captchas.redeem(CSID, code)


def test_the_oldest_are_forgotten(open_again: Callable[..., State], clock: Any) -> None:
    captchas = open_again(keep_captchas=3).captchas
    codes = {}
    for csid in "abcd":
        codes[csid] = captchas.issue(csid)
        clock.now += 1
    assert [captchas.redeem(csid, code) for csid, code in codes.items()] == [False, True, True, True]


@pytest.mark.parametrize("text", ["\0", "\ud83d", "' or 1=1 --", "я" * 64, "x" * 10**6])
def test_any_text_is_a_name_or_an_answer(state: State, text: str) -> None:
    assert state.captchas.redeem(text, state.captchas.issue(text))
    state.captchas.issue(CSID)
    assert not state.captchas.redeem(CSID, text)


def test_of_two_answers_at_once_one_wins(open_again: Callable[..., State]) -> None:
    workers = [open_again() for _ in range(2)]
    for _ in range(10):
        code = workers[0].captchas.issue(CSID)
        with ThreadPoolExecutor(4) as pool:
            won = list(pool.map(lambda i, code=code: workers[i % 2].captchas.redeem(CSID, code), range(4)))
        assert sorted(won) == [False, False, False, True]


def test_neither_name_nor_answer_is_stored(state: State, database: TestDatabase) -> None:
    code = state.captchas.issue("a-name-to-look-for")
    stored = database.stored()
    assert b"captchas" in stored
    assert b"a-name-to-look-for" not in stored
    assert code.encode() not in stored
