"""Registrations that wait for their activation link."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.databases import TestDatabase
from userapi_gw.state import State


def test_a_cid_leads_to_the_code_until_it_is_used(state: State) -> None:
    cid, other = state.registrations.open("code of the backend"), state.registrations.open("another")
    assert re.fullmatch("[0-9a-f]{32}", cid)
    assert [state.registrations.find(cid) for _ in range(2)] == ["code of the backend"] * 2
    state.registrations.end(cid)
    assert (state.registrations.find(cid), state.registrations.find(other)) == (None, "another")


def test_three_days(state: State, clock: Any) -> None:
    cid = state.registrations.open("code")
    clock.now += 3 * 24 * 3600 - 1
    assert state.registrations.find(cid) == "code"
    clock.now += 1
    assert state.registrations.find(cid) is None


@pytest.mark.parametrize("cid", ["", "0" * 32, "0" * 31, "G" * 32, "\0", "\ud83d", "я" * 32, "x" * 10**6])
def test_what_is_no_cid(state: State, cid: str) -> None:
    state.registrations.open("code")
    assert state.registrations.find(cid) is None


def test_another_secret_key_loses_them_quietly(
    state: State, open_again: Callable[..., State], caplog: pytest.LogCaptureFixture
) -> None:
    cid = state.registrations.open("code of the backend")
    assert open_again("another secret key").registrations.find(cid) is None
    assert "was the secret key changed" in caplog.text
    assert cid not in caplog.text


def test_neither_cid_nor_code_is_stored(state: State, database: TestDatabase) -> None:
    cid = state.registrations.open("code of the backend")
    stored = database.stored()
    assert b"registrations" in stored
    assert cid.encode() not in stored
    assert b"code of the backend" not in stored
