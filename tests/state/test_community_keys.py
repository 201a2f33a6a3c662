"""Access keys of communities."""

from collections.abc import Callable
from typing import Any

from tests.databases import TestDatabase
from userapi_gw.state import State
from userapi_gw.state.community_keys import CommunityKey

OURS, OTHERS = 5, 2**40


def test_a_community_has_one_key_the_latest(state: State, clock: Any) -> None:
    state.community_keys.keep(OURS, "old", rights=0, giver=1)
    clock.now += 1
    state.community_keys.keep(OURS, "new", rights=2**27, giver=6)
    assert state.community_keys.find(OURS) == CommunityKey("new", 2**27, 6, clock.now)
    assert state.community_keys.find(OTHERS) is None


def test_a_key_that_is_no_good_is_forgotten_and_no_later_one(state: State, clock: Any) -> None:
    for token in ("old", "new"):
        clock.now += 1
        state.community_keys.keep(OURS, token, rights=0, giver=1)
    state.community_keys.end(OURS, "old")
    state.community_keys.end(OTHERS, "new")
    assert state.community_keys.find(OURS) == CommunityKey("new", 0, 1, clock.now)
    state.community_keys.end(OURS, "new")
    assert state.community_keys.find(OURS) is None


def test_a_key_is_stored_encrypted_and_shown_nowhere(
    state: State, database: TestDatabase, open_again: Callable[..., State]
) -> None:
    state.community_keys.keep(OURS, "key-to-look-for", rights=0, giver=1)
    assert b"to-look-for" not in database.stored()
    assert "to-look-for" not in repr(state.community_keys.find(OURS))
    assert open_again("another secret key").community_keys.find(OURS) is None
