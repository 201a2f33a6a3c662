"""Events that came in: kept once, in bounds, forgotten when done; sites and whom communities may write to."""

import pytest

from tests.databases import TestDatabase
from tests.state.conftest import SOME_MONDAY, Clock, Open
from userapi_gw.state import State, StreamKey
from userapi_gw.state.callbacks import BACKOFF, KEEP_SECONDS, LEASE, CallbackSite, Taken
from userapi_gw.state.stream_model import Change

SITE = 7


def take(state: State, key: str = "1", body: str = '{"text": "private"}', most: int = 10) -> Taken:
    return state.callbacks.take(SITE, key, "wall_post_new", body, retries=2, most=most)


def test_an_event_is_kept_once_also_by_another_process(state: State, open_again: Open) -> None:
    other = open_again()
    assert [take(one) for one in (state, other, state)] == [Taken.NEW, Taken.KNOWN, Taken.KNOWN]
    assert other.callbacks.take(8, "1", "wall_post_new", "{}", retries=0, most=10) is Taken.NEW
    assert state.callbacks.waiting(SITE) == 1
    seen = other.callbacks.site(SITE)
    assert (seen.received, seen.last_event, seen.last_event_at, seen.retries) == (3, "wall_post_new", SOME_MONDAY, 2)


def test_no_more_than_so_many_wait(state: State) -> None:
    assert [take(state, str(number), most=2) for number in range(3)] == [Taken.NEW, Taken.NEW, Taken.NO_ROOM]
    state.callbacks.done(state.callbacks.jobs.claim()[0])
    assert take(state, "2", most=2) is Taken.NEW


def test_what_an_event_said_is_forgotten_when_it_is_done(state: State, database: TestDatabase, clock: Clock) -> None:
    take(state)
    assert b"private" in database.stored()
    (job,) = state.callbacks.jobs.claim()
    assert job.row["body"] == '{"text": "private"}'
    state.callbacks.done(job)
    assert (state.callbacks.site(SITE).last_success_at, take(state)) == (SOME_MONDAY, Taken.KNOWN)
    take(state, "2")
    state.callbacks.give_up(state.callbacks.jobs.claim()[0], "no sense")
    assert state.callbacks.site(SITE).last_fault == "wall_post_new: no sense"
    with state.callbacks._database.read() as connection:
        assert set(connection.exec_driver_sql("SELECT body FROM callback_events").scalars()) == {""}
    clock.now += KEEP_SECONDS + 1
    take(state, "3")
    state.callbacks.done(state.callbacks.jobs.claim()[0])
    assert take(state) is Taken.NEW


def test_what_is_tried_in_vain_is_given_up_and_forgotten(state: State, clock: Clock) -> None:
    take(state)
    for _ in range(BACKOFF.tries):
        (job,) = state.callbacks.jobs.claim()
        state.callbacks.again(job, "backend_away")
        clock.now += BACKOFF.longest
    assert state.callbacks.jobs.claim() == []
    with state.callbacks._database.read() as connection:
        kept = connection.exec_driver_sql("SELECT state, body, reason FROM callback_events").one()
    assert tuple(kept) == ("failed", "", "backend_away")


def test_what_a_killed_worker_held_is_done_by_another(state: State, open_again: Open, clock: Clock) -> None:
    take(state)
    assert len(state.callbacks.jobs.claim()) == 1
    other = open_again()
    assert other.callbacks.jobs.claim() == []
    clock.now += LEASE
    assert [job.row["key"] for job in other.callbacks.jobs.claim()] == ["1"]


def test_what_setup_arranged_is_kept_and_secret(state: State, open_again: Open, database: TestDatabase) -> None:
    assert state.callbacks.site(SITE) == CallbackSite()
    state.callbacks.arrange(SITE, "abc123", "s3cret-word")
    found = open_again().callbacks.site(SITE)
    assert (found.confirmation, found.secret, found.received) == ("abc123", "s3cret-word", 0)
    assert "s3cret-word" not in repr(found)
    assert b"s3cret-word" not in database.stored()
    assert open_again("another key").callbacks.site(SITE).secret == ""
    state.callbacks.fault(SITE, "refused")
    assert (state.callbacks.site(SITE).confirmation, state.callbacks.site(SITE).last_fault) == ("abc123", "refused")


def test_whom_a_community_may_write_to(state: State, clock: Clock) -> None:
    mail = state.community_mail
    assert mail.is_allowed(5, 6) is None
    mail.note(5, 6, allowed=True)
    mail.note(5, 7, allowed=False)
    mail.note(5, 6, allowed=True)
    assert [mail.is_allowed(5, user) for user in (6, 7, 8)] == [True, False, None]
    mail.note(5, 6, allowed=False)
    assert mail.is_allowed(5, 6) is False
    clock.now += 60
    assert [mail.is_allowed(5, 6, within=seconds) for seconds in (60, 61)] == [None, False]


@pytest.mark.parametrize("viewer", [None, 1])
def test_a_list_that_changed_is_due_at_once(state: State, open_again: Open, viewer: int | None) -> None:
    keys = [StreamKey(1, "wall", -5), StreamKey(6, "wall", -5), StreamKey(1, "wall", 5), StreamKey(1, "message", -5)]
    other = open_again()
    for key in keys:
        assert state.streams.claim(key, 3)
    assert not any(other.streams.is_due(found, 3) for found in other.streams.answers(dict.fromkeys(keys)).values())
    state.streams.make_due("wall", -5, viewer)
    found = other.streams.answers(dict.fromkeys(keys))
    assert [other.streams.is_due(found[key], 3) for key in keys] == [True, viewer is None, False, False]
    assert other.streams.claim(keys[0], 3)
    state.streams.make_due("wall", -99)
    found = other.streams.answers(dict.fromkeys(keys))
    assert not other.streams.is_due(found[keys[0]], 3)
    state.streams.make_due("wall", None)
    found = other.streams.answers(dict.fromkeys(keys))
    assert [other.streams.is_due(found[key], 3) for key in keys] == [True, True, True, False]


def test_a_list_that_changes_while_it_is_read_is_due_again(state: State) -> None:
    key = StreamKey(1, "wall", -5)
    claim = state.streams.claim(key, 3)
    assert claim
    state.streams.make_due("wall", -5)
    state.streams.apply(claim, [], complete=True)
    assert state.streams.claim(key, 3)
    state.streams.record(key, [Change("add", 1, {})])


def test_a_session_ends_at_one_site(state: State) -> None:
    mine = state.sessions.open(6, "token", SITE)
    elsewhere = state.sessions.open(6, "token", 8)
    moved = state.sessions.prolong(mine.remixpassword, 8)
    others = state.sessions.open(1, "token", SITE)
    assert moved
    state.sessions.end_at(SITE, 6)
    assert [state.sessions.find(one.sid) is not None for one in (mine, elsewhere, moved, others)] == [
        *(False, True, True, True)
    ]
    assert state.sessions.prolong(mine.remixpassword, SITE) is None
    assert state.sessions.prolong(elsewhere.remixpassword, 8) is not None
