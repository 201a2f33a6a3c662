"""Sessions: what a program may do with its sid and its remixpassword, and for how long."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.databases import TestDatabase
from tests.state.conftest import Open
from userapi_gw.state import Opened, Session, State, sessions
from userapi_gw.state.schema import grants, remixpasswords, sids
from userapi_gw.state.sessions import Sessions

HOUR = 3600
DAY = 24 * HOUR
TOKEN = "vk1.a.secret-token-of-the-backend"
MALFORMED = [None, "", "0", "deleted", "\0" * 32, "g" * 32, "A" * 32, "é" * 32, "0" * 31, "0" * 32 + "\n", "0" * 10**6]


def _count(state: State) -> dict[str, int | None]:
    with state._database.read() as connection:
        tables = (grants, sids, remixpasswords)
        return {table.name: connection.scalar(select(func.count()).select_from(table)) for table in tables}


def _session(opened: Opened, state: State, site: int = 77) -> Session:
    found = state.sessions.find(opened.sid)
    assert found is not None
    assert found == Session(opened.viewer, TOKEN, site, found.grant_id)
    return found


def test_open_gives_a_sid_and_a_remixpassword(state: State) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    assert opened.viewer == 5
    assert re.fullmatch("[0-9a-f]{32}", opened.sid)
    assert re.fullmatch("[0-9a-f]{56}", opened.remixpassword or "")
    _session(opened, state)


def test_each_login_is_a_grant_of_its_own(state: State) -> None:
    first, second = (_session(state.sessions.open(5, TOKEN, 77), state) for _ in range(2))
    assert first.grant_id != second.grant_id


@pytest.mark.parametrize("value", MALFORMED, ids=lambda value: repr(value)[:12])
def test_malformed_values_are_refused_without_sql(state: State, value: str | None) -> None:
    state.close()
    refuse_sql(state)
    assert state.sessions.find(value) is None
    assert state.sessions.prolong(value, 77) is None
    state.sessions.close(value, value)


def refuse_sql(state: State) -> None:
    class NoDatabase:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(f"SQL was asked for: {name}")

    state.sessions._database = NoDatabase()  # type: ignore[assignment]


def test_unknown_values_are_refused(state: State) -> None:
    assert state.sessions.find("0" * 32) is None
    assert state.sessions.prolong("0" * 56, 77) is None
    state.sessions.close("0" * 32, "0" * 56)


def test_a_poll_costs_no_sql(state: State) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    first = _session(opened, state)
    refuse_sql(state)
    assert state.sessions.find(opened.sid) == first


def test_a_sid_dies_30_days_after_its_last_use(state: State, clock: Any) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    clock.now += 29 * DAY
    _session(opened, state)
    clock.now += 29 * DAY
    _session(opened, state)
    clock.now += 30 * DAY
    assert state.sessions.find(opened.sid) is None


def test_use_is_written_down_at_most_once_an_hour(state: State, clock: Any) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    clock.now += HOUR - 1
    _session(opened, state)
    clock.now += 30 * DAY - HOUR + 1
    assert state.sessions.find(opened.sid) is None


def test_prolong_gives_a_new_sid_for_another_site_on_the_same_grant(state: State) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    again = state.sessions.prolong(opened.remixpassword, 78)
    assert again is not None
    assert again == Opened(again.sid, None, 5)
    assert again.sid != opened.sid
    assert _session(again, state, site=78).grant_id == _session(opened, state).grant_id


def test_an_old_remixpassword_is_replaced_and_stays_good_for_a_day(state: State, clock: Any) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    clock.now += 7 * DAY
    first = state.sessions.prolong(opened.remixpassword, 77)
    assert first is not None
    assert first.remixpassword not in (None, opened.remixpassword)
    clock.now += DAY - 1
    second = state.sessions.prolong(opened.remixpassword, 77)
    assert second is not None
    assert second.remixpassword not in (None, opened.remixpassword, first.remixpassword)
    clock.now += 1
    assert state.sessions.prolong(opened.remixpassword, 77) is None
    for successor in (first, second):
        prolonged = state.sessions.prolong(successor.remixpassword, 77)
        assert prolonged == Opened(prolonged.sid if prolonged else "", None, 5)


def test_a_remixpassword_lives_a_year(state: State, clock: Any) -> None:
    unused, used = (state.sessions.open(5, TOKEN, 77) for _ in range(2))
    clock.now += 365 * DAY - 1
    assert state.sessions.prolong(used.remixpassword, 77) is not None
    clock.now += 1
    assert state.sessions.prolong(used.remixpassword, 77) is None
    assert state.sessions.prolong(unused.remixpassword, 77) is None


def test_logout_ends_what_was_given_and_nothing_else(state: State) -> None:
    opened, other = (state.sessions.open(5, TOKEN, 77) for _ in range(2))
    again = state.sessions.prolong(opened.remixpassword, 77)
    assert again is not None
    _session(opened, state)
    state.sessions.close(opened.sid, None)
    assert state.sessions.find(opened.sid) is None
    _session(again, state)
    assert state.sessions.prolong(opened.remixpassword, 77) is not None
    _session(other, state)
    assert _count(state) == {"grants": 2, "sids": 3, "remixpasswords": 2}


def test_logout_ends_the_grant_when_nothing_is_left(state: State) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    state.sessions.close(None, opened.remixpassword)
    assert state.sessions.prolong(opened.remixpassword, 77) is None
    _session(opened, state)
    state.sessions.close(opened.sid, "deleted")
    assert state.sessions.find(opened.sid) is None
    assert _count(state) == {"grants": 0, "sids": 0, "remixpasswords": 0}


def test_logout_ends_a_replaced_remixpassword_too(state: State, clock: Any) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    clock.now += 8 * DAY
    again = state.sessions.prolong(opened.remixpassword, 77)
    assert again is not None
    state.sessions.close(again.sid, again.remixpassword)
    assert state.sessions.prolong(opened.remixpassword, 77) is None
    assert _count(state) == {"grants": 1, "sids": 1, "remixpasswords": 0}


def test_a_refused_token_goes_with_everything(state: State) -> None:
    opened, other = (state.sessions.open(5, TOKEN, 77) for _ in range(2))
    again = state.sessions.prolong(opened.remixpassword, 77)
    assert again is not None
    _session(again, state)
    state.sessions.revoke(_session(opened, state).grant_id)
    assert state.sessions.find(opened.sid) is None
    assert state.sessions.find(again.sid) is None
    assert state.sessions.prolong(opened.remixpassword, 77) is None
    _session(other, state)
    assert _count(state) == {"grants": 1, "sids": 1, "remixpasswords": 1}


@pytest.mark.parametrize("how", ["close", "revoke"])
def test_another_process_notices_the_end_within_seconds(state: State, open_again: Open, clock: Any, how: str) -> None:
    elsewhere = open_again(session_cache_time=3)
    opened = state.sessions.open(5, TOKEN, 77)
    session = _session(opened, elsewhere)
    if how == "close":
        state.sessions.close(opened.sid, opened.remixpassword)
    else:
        state.sessions.revoke(session.grant_id)
    assert state.sessions.find(opened.sid) is None
    clock.now += 2.9
    assert elsewhere.sessions.find(opened.sid) == session
    clock.now += 0.1
    assert elsewhere.sessions.find(opened.sid) is None


def test_a_clock_set_back_does_not_keep_an_ended_session(state: State, open_again: Open, clock: Any) -> None:
    elsewhere = open_again()
    opened = state.sessions.open(5, TOKEN, 77)
    session = _session(opened, elsewhere)
    clock.now -= HOUR
    state.sessions.revoke(session.grant_id)
    assert elsewhere.sessions.find(opened.sid) is None


def test_a_session_read_while_it_is_revoked_is_not_remembered(
    state: State, open_again: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    grant_id = open_again().sessions.find(opened.sid).grant_id  # type: ignore[union-attr]
    decrypt = Sessions._decrypt

    def revoke_meanwhile(self: Sessions, encrypted: str) -> str | None:
        self.revoke(grant_id)
        return decrypt(self, encrypted)

    monkeypatch.setattr(Sessions, "_decrypt", revoke_meanwhile)
    state.sessions.find(opened.sid)
    assert state.sessions.find(opened.sid) is None


@contextmanager
def held_up(pool: ThreadPoolExecutor, place: Any, step: str, work: Callable[[], Any]) -> Iterator[Future[Any]]:
    """Let `work` run in a thread until it has done `step`, and go on at the end of the block."""
    inside, go_on, real_step = Event(), Event(), getattr(place, step)

    def hesitate(*arguments: Any) -> Any:
        result = real_step(*arguments)
        inside.set()
        assert go_on.wait(5)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, step, hesitate)
        running = pool.submit(work)
        assert inside.wait(5)
    yield running
    go_on.set()


def test_a_logout_ends_what_is_prolonged_at_the_same_time(state: State, open_again: Open, clock: Any) -> None:
    opened, elsewhere = state.sessions.open(5, TOKEN, 77), open_again().sessions
    clock.now += 8 * DAY

    def prolong() -> Opened | None:
        return elsewhere.prolong(opened.remixpassword, 77)

    with ThreadPoolExecutor(2) as pool, held_up(pool, Sessions, "_new_sid", prolong) as prolonging:
        closing = pool.submit(state.sessions.close, opened.sid, opened.remixpassword)
        assert wait([closing], timeout=0.1).done == set()
    assert closing.result() is None
    assert state.sessions.prolong(opened.remixpassword, 77) is None
    assert state.sessions.prolong(prolonging.result().remixpassword, 77) is None
    assert _count(state) == {"grants": 1, "sids": 1, "remixpasswords": 0}


def test_nothing_is_prolonged_that_is_being_closed(state: State, open_again: Open) -> None:
    opened, elsewhere = state.sessions.open(5, TOKEN, 77), open_again().sessions

    def close() -> None:
        elsewhere.close(opened.sid, opened.remixpassword)

    with ThreadPoolExecutor(2) as pool, held_up(pool, sessions, "_end_remixpassword", close) as closing:
        prolonging = pool.submit(state.sessions.prolong, opened.remixpassword, 77)
        assert wait([prolonging], timeout=0.1).done == set()
    assert (closing.result(), prolonging.result()) == (None, None)
    assert _count(state) == {"grants": 0, "sids": 0, "remixpasswords": 0}


def test_what_a_token_may_do_is_known_to_all_its_sids(state: State, open_again: Open) -> None:
    opened, unknown = state.sessions.open(5, TOKEN, 77, rights=4096), state.sessions.open(5, TOKEN, 77)
    prolonged = state.sessions.prolong(opened.remixpassword, 77)

    def rights(state: State) -> list[int | None]:
        found = [state.sessions.find(one.sid if one else None) for one in (opened, prolonged, unknown)]
        return [session.rights if session else -1 for session in found]

    assert rights(state) == [4096, 4096, None]
    first = state.sessions.find(opened.sid)
    assert first is not None
    state.sessions.allow(first.grant_id, 2**40)
    assert rights(state) == rights(open_again()) == [2**40, 2**40, None]
    state.sessions.allow(1, 0)


def test_purge_throws_out_what_has_expired(state: State, clock: Any) -> None:
    state.sessions.open(5, TOKEN, 77)
    clock.now += 31 * DAY
    state.sessions.purge()
    assert _count(state) == {"grants": 1, "sids": 0, "remixpasswords": 1}
    clock.now += 365 * DAY
    fresh = state.sessions.open(6, TOKEN, 77)  # purges by itself
    assert _count(state) == {"grants": 1, "sids": 1, "remixpasswords": 1}
    _session(fresh, state)


def test_sessions_survive_a_restart(state: State, open_again: Open) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    session = _session(opened, state)
    state.close()
    later = open_again()
    assert later.sessions.find(opened.sid) == session
    assert later.sessions.prolong(opened.remixpassword, 77) is not None


def test_with_another_secret_key_nobody_is_logged_in(
    state: State, open_again: Open, caplog: pytest.LogCaptureFixture
) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    other = open_again("another key").sessions
    assert other.find(opened.sid) is None
    assert other.prolong(opened.remixpassword, 77) is None
    assert caplog.messages == ["a stored token cannot be read: was the secret key changed?"] * 2
    assert state.sessions.find(opened.sid) is not None


def test_secrets_are_neither_shown_nor_stored(state: State, database: TestDatabase, clock: Any) -> None:
    opened = state.sessions.open(5, TOKEN, 77)
    clock.now += 8 * DAY
    again = state.sessions.prolong(opened.remixpassword, 77)
    assert again is not None
    session = _session(again, state)
    shown = repr((opened, again, session, state, state.sessions))
    stored = database.stored()
    assert b"grants" in stored
    for secret in (opened.sid, opened.remixpassword, again.sid, again.remixpassword, TOKEN):
        assert secret is not None
        assert secret not in shown
        assert secret.encode() not in stored
        assert bytes.fromhex(secret) not in stored if secret != TOKEN else True


def test_where_a_user_can_be_reached(state: State, open_again: Any, clock: Any) -> None:
    assert (state.sessions.is_known(5), state.sessions.reachable(5)) == (False, [])
    first = state.sessions.open(5, "first", 2, email="a@mail.example")
    clock.now += 1
    state.sessions.open(5, "second", 77)
    clock.now += 1
    state.sessions.prolong(first.remixpassword, 3)
    state.sessions.open(6, "other", 2, email="other@mail.example")
    assert state.sessions.is_known(5)
    found = [(each.session.token, each.session.site, each.email) for each in state.sessions.reachable(5)]
    assert found == [("first", 3, "a@mail.example"), ("second", 77, "")]
    assert "a@mail" not in repr(state.sessions.reachable(5))
    assert open_again("another secret key").sessions.reachable(5) == []
