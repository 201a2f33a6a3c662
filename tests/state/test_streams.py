"""Streams: numbers, stamps, own writes, refreshes."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Select, event, func, select, update
from sqlalchemy.exc import StatementError

from userapi_gw.state import Action, Change, Claim, Entry, Seen, Since, State, StreamKey
from userapi_gw.state.schema import seen_objects, streams
from userapi_gw.state.stream_model import epoch_at

KEY = StreamKey(viewer=5, kind="wall", owner=1)
OTHER = StreamKey(viewer=6, kind="wall", owner=1)
EPOCH = 993_000_000
WEEK = 7 * 24 * 3600
Open = Callable[..., State]


def body(i: int) -> dict[str, Any]:
    return {"row": [i, 1224866627, ["test"]], "text": "тест\0"}


def change(action: Action, i: int) -> Change:
    return Change(action, i, body(i))


def entry(counter: int, action: Action, i: int) -> Entry:
    return Entry(EPOCH + counter, action, i, body(i))


def page(*ids: int, read: bool = True) -> list[Seen]:
    return [Seen(i, body(i), read) for i in ids]


def refresh(state: State, *ids: int, complete: bool = False, read: bool = True, key: StreamKey = KEY) -> list[Entry]:
    claim = state.streams.claim(key, 0)
    assert claim is not None
    return state.streams.apply(claim, page(*ids, read=read), complete)


def test_an_untouched_stream_stands_at_2(state: State) -> None:
    assert state.streams.answer(KEY, None) == Since(EPOCH + 2, [], True)
    assert state.streams.answer(KEY, EPOCH + 2) == Since(EPOCH + 2, [], True)


@pytest.mark.parametrize(
    ("day", "epoch"),
    [((2007, 1, 1), 1), ((2008, 1, 1), 1), ((2008, 1, 15), 2), ((2026, 11, 21), 985), ((2048, 12, 31), 2139)],
)
def test_epochs_are_weeks_since_2008(day: tuple[int, int, int], epoch: int) -> None:
    assert epoch_at(datetime(*day, tzinfo=UTC).timestamp()) == epoch


def test_entries_are_odd_and_versions_even(state: State) -> None:
    written = state.streams.record(KEY, [change("add", 10), change("add", 11)])
    assert written == [entry(3, "add", 10), entry(5, "add", 11)]
    assert state.streams.record(KEY, [change("del", 10)]) == [entry(7, "del", 10)]
    assert state.streams.answer(KEY, None) == Since(EPOCH + 8, [], True)


def test_no_change_is_no_write(state: State) -> None:
    claim = state.streams.claim(KEY, 0)
    assert state.streams.record(KEY, []) == []
    assert state.streams.claim(KEY, 0) == claim


def test_a_stamp_may_be_the_version_or_the_last_entry(state: State) -> None:
    entries = state.streams.record(KEY, [change("add", i) for i in (10, 11, 12)])
    for counter, rest in ((2, entries), (3, entries[1:]), (4, entries[1:]), (5, entries[2:]), (7, []), (8, [])):
        assert state.streams.answer(KEY, EPOCH + counter) == Since(EPOCH + 8, rest, True)


@pytest.mark.parametrize(
    "ts",
    [0, 1, -1, 3, EPOCH, EPOCH + 1, EPOCH + 5, EPOCH + 999_999, EPOCH - 1_000_000 + 2, EPOCH + 1_000_002, 10**400],
)
def test_bogus_stamps_are_unknown(state: State, ts: int) -> None:
    state.streams.record(KEY, [change("add", 10)])
    assert state.streams.answer(KEY, ts) == Since(EPOCH + 4, [], False)


def test_only_the_newest_entries_are_kept(open_again: Open) -> None:
    state = open_again(keep_entries=3)
    entries = state.streams.record(KEY, [change("add", i) for i in range(10, 15)])
    assert state.streams.answer(KEY, EPOCH + 6) == Since(EPOCH + 12, entries[2:], True)
    assert state.streams.answer(KEY, EPOCH + 5) == Since(EPOCH + 12, entries[2:], True)
    assert state.streams.answer(KEY, EPOCH + 4) == Since(EPOCH + 12, [], False)
    wider = open_again(keep_entries=100)
    assert wider.streams.answer(KEY, EPOCH + 6) == Since(EPOCH + 12, entries[2:], True)
    assert wider.streams.answer(KEY, EPOCH + 4) == Since(EPOCH + 12, [], False)


def test_several_streams_are_answered_at_once(state: State) -> None:
    mine = state.streams.record(KEY, [change("add", 10)])
    theirs = state.streams.record(OTHER, [change("add", 10), change("del", 10)])
    fresh = StreamKey(5, "activity", -7)
    wanted = {KEY: EPOCH + 2, OTHER: EPOCH + 4, fresh: EPOCH + 2, StreamKey(6, "wall", 2): None}
    assert state.streams.answers(wanted) == {
        KEY: Since(EPOCH + 4, mine, True),
        OTHER: Since(EPOCH + 6, theirs[1:], True),
        fresh: Since(EPOCH + 2, [], True),
        StreamKey(6, "wall", 2): Since(EPOCH + 2, [], True),
    }
    assert state.streams.answers({}) == {}


def _statements(state: State) -> list[str]:
    """The kinds of statements sent from now on, in order."""
    seen: list[str] = []
    rows = state._database.rows

    def noted(statement: Select[Any], parameters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        seen.append(str(statement).split()[0])
        return rows(statement, parameters)

    state._database.rows = noted  # type: ignore[method-assign]
    event.listen(state._database._engine, "before_cursor_execute", lambda *args: seen.append(args[2].split()[0]))
    return seen


@pytest.mark.sqlite_only  # on PostgreSQL `rows` goes the usual way, so that each would be noted twice
def test_an_idle_poll_is_one_query_and_none_when_asked_again(state: State) -> None:
    wanted = {StreamKey(5, "wall", i): EPOCH + 2 for i in range(5)}
    state.streams.answers(wanted)
    state.streams.record(KEY, [change("add", 10)])
    statements = _statements(state)
    for _ in range(3):
        state.streams.answers(wanted | {KEY: EPOCH + 4})
        assert statements == ["SELECT"]
    state.streams.answers(wanted | {KEY: EPOCH + 2})
    assert statements == ["SELECT"] * 2  # the entries


def test_a_change_that_a_refresh_saw_first_is_recorded_once(state: State) -> None:
    refresh(state, 10)
    added = refresh(state, 11, 10)
    assert added == [entry(3, "add", 11)]
    assert state.streams.record(KEY, [change("add", 11)]) == added
    deleted = refresh(state, 10, complete=True)
    assert state.streams.record(KEY, [change("del", 11)]) == deleted == [entry(5, "del", 11)]
    restored = refresh(state, 11, 10)
    assert state.streams.record(KEY, [change("undel", 11)]) == restored == [entry(7, "undel", 11)]
    assert state.streams.answer(KEY, None) == Since(EPOCH + 8, [], True)


def test_a_late_own_write_is_recorded_once_though_the_object_was_read_since(state: State) -> None:
    refresh(state, complete=True)
    added = refresh(state, 11, complete=True, read=False)
    read = refresh(state, 11, complete=True)
    assert read == [entry(5, "read", 11)]
    assert state.streams.record(KEY, [change("add", 11), change("read", 11)]) == [*added, *read]


def test_a_refresh_does_not_double_an_own_write(state: State) -> None:
    refresh(state, 10)
    state.streams.record(KEY, [change("add", 11)])
    assert refresh(state, 11, 10) == []
    state.streams.record(KEY, [change("del", 10)])
    assert refresh(state, 11) == []
    state.streams.record(KEY, [change("undel", 10)])
    assert refresh(state, 11, 10) == []


def test_own_reading_sets_the_flag(state: State) -> None:
    refresh(state, 10, read=False)
    assert state.streams.record(KEY, [change("read", 10)]) == [entry(3, "read", 10)]
    assert refresh(state, 10) == []


def test_an_own_unread_message_is_read_later(state: State) -> None:
    refresh(state, 9)
    state.streams.record(KEY, [Change("add", 10, body(10), read=False)])
    assert refresh(state, 10, 9) == [entry(5, "read", 10)]


def test_a_message_of_somebody_else_just_before_an_own_one_is_not_missed(state: State) -> None:
    refresh(state, 9)
    state.streams.record(KEY, [change("add", 11)])
    assert refresh(state, 11, 10, 9) == [entry(5, "add", 10)]


def test_own_writes_before_the_first_page_are_not_doubled(state: State) -> None:
    state.streams.record(KEY, [change("add", 11)])
    assert refresh(state, 12, 11, 10) == []
    assert refresh(state, 13, 12, 11, 10) == [entry(5, "add", 13)]


def test_an_edited_object_is_deleted_with_its_newest_payload(state: State) -> None:
    refresh(state, 10, 9)
    claim = state.streams.claim(KEY, 0)
    assert claim is not None
    assert state.streams.apply(claim, [Seen(10, {"text": "edited"}), *page(9)], False) == []
    assert refresh(state, 9) == [Entry(EPOCH + 3, "del", 10, {"text": "edited"})]


def test_a_gap_begins_a_new_epoch(state: State) -> None:
    refresh(state, 10, 9)
    state.streams.record(KEY, [change("add", 11)])
    assert refresh(state, 31, 30) == []
    assert state.streams.answer(KEY, EPOCH + 4) == Since(EPOCH + 1_000_002, [], False)
    assert refresh(state, 32, 31, 30) == [Entry(EPOCH + 1_000_003, "add", 32, body(32))]
    assert state.streams.answer(KEY, EPOCH + 1_000_002).known


def test_a_new_epoch_is_that_of_the_day_when_that_is_higher(state: State, clock: Any) -> None:
    refresh(state, 10, 9)
    clock.now += 4 * WEEK
    refresh(state, 31, 30)
    assert state.streams.answer(KEY, None) == Since(EPOCH + 4_000_002, [], True)


def test_numbers_do_not_go_back_with_the_clock(state: State, clock: Any) -> None:
    refresh(state, 10, 9)
    clock.now -= 100 * WEEK
    assert state.streams.answer(KEY, None) == Since(EPOCH + 2, [], True)
    refresh(state, 31, 30)
    assert state.streams.answer(KEY, None) == Since(EPOCH + 1_000_002, [], True)


def test_a_full_epoch_is_followed_by_a_new_one(state: State) -> None:
    state.streams.record(KEY, [change("add", 10)])
    with state._database.write() as connection:
        connection.execute(update(streams).values(counter=999_996))
    assert state.streams.record(KEY, [change("add", 11)]) == [entry(999_997, "add", 11)]
    assert state.streams.answer(KEY, None) == Since(EPOCH + 999_998, [], True)
    assert state.streams.record(KEY, [change("add", 12)]) == [entry(1_000_003, "add", 12)]
    assert state.streams.answer(KEY, EPOCH + 999_998) == Since(EPOCH + 1_000_004, [], False)
    assert state.streams.answer(KEY, EPOCH + 1_000_002).entries == [entry(1_000_003, "add", 12)]


def test_one_refresher_per_period(state: State, open_again: Open, clock: Any) -> None:
    elsewhere = open_again()
    assert state.streams.claim(KEY, 5) == Claim(KEY, 0, None, clock.now, 0.0)
    assert elsewhere.streams.claim(KEY, 5) is None
    assert elsewhere.streams.claim(OTHER, 5) == Claim(OTHER, 0, None, clock.now, 0.0)
    clock.now += 4.9
    assert state.streams.claim(KEY, 5) is None
    assert elsewhere.streams.claim(KEY, 0) == Claim(KEY, 0, None, clock.now, 0.0)
    clock.now += 5
    assert elsewhere.streams.claim(KEY, 5) == Claim(KEY, 0, None, clock.now, 0.0)


def test_a_claim_tells_when_the_last_page_was_taken_in(state: State, clock: Any) -> None:
    first = clock.now
    refresh(state, 10)
    clock.now += 5
    assert state.streams.claim(KEY, 0) == Claim(KEY, 1, 10, clock.now, first), "this one fails on the way"
    clock.now += 5
    state.streams.record(KEY, [change("add", 11)])
    assert state.streams.claim(KEY, 0) == Claim(KEY, 2, 10, clock.now, first), "an own write is no look"
    claim = state.streams.claim(KEY, 0)
    assert claim is not None
    assert state.streams.apply(claim, [], False) == []
    assert state.streams.claim(KEY, 0) == Claim(KEY, 3, 10, clock.now, first), "an empty part says nothing"
    refresh(state, 11, 10)
    assert state.streams.claim(KEY, 0) == Claim(KEY, 4, 11, clock.now, clock.now)


def test_what_is_older_than_news_is_taken_in_silently(state: State) -> None:
    refresh(state, 10, complete=True)
    claim = state.streams.claim(KEY, 0)
    assert claim is not None
    assert state.streams.apply(claim, page(12, 11, 10, 9), True, oldest_news=12) == [entry(3, "add", 12)]
    assert refresh(state, 12, 10, 9, complete=True) == [entry(5, "del", 11)]


def test_one_refresher_among_many_threads(state: State, open_again: Open, clock: Any) -> None:
    workers = [state, open_again()]
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda i: workers[i % 2].streams.claim(KEY, 5), range(24)))
    assert sorted(claims, key=repr) == [Claim(KEY, 0, None, clock.now, 0.0), *[None] * 23]


@pytest.mark.parametrize("write", ["record", "apply"])
def test_a_page_from_before_a_write_is_dropped_and_asked_for_again(state: State, write: str) -> None:
    refresh(state, 10)
    claim = state.streams.claim(KEY, 0)
    assert claim is not None
    assert state.streams.claim(KEY, 5) is None
    if write == "record":
        state.streams.record(KEY, [change("add", 11)])
    else:
        refresh(state, 11, 10)
    assert state.streams.apply(claim, page(10), True) == []
    assert state.streams.answer(KEY, EPOCH + 2) == Since(EPOCH + 4, [entry(3, "add", 11)], True)
    again = state.streams.claim(KEY, 5)
    assert again is not None
    assert state.streams.apply(again, page(11, 10), True) == []


def test_an_empty_page_of_a_longer_list_says_nothing(state: State) -> None:
    refresh(state, 10)
    assert refresh(state) == []
    assert refresh(state, 11, 10) == [entry(3, "add", 11)]


def test_knows(state: State) -> None:
    assert state.streams.knows(KEY, [])
    assert not state.streams.knows(KEY, [1])
    state.streams.record(KEY, [change("add", 12)])
    assert state.streams.knows(KEY, [12])
    assert not state.streams.knows(KEY, [11, 12])
    refresh(state, 10, 9)
    assert state.streams.knows(KEY, [3, 10])
    assert not state.streams.knows(KEY, [3, 11])
    assert not state.streams.knows(OTHER, [10])


def test_only_the_newest_objects_are_remembered(open_again: Open) -> None:
    state = open_again(keep_seen=3)
    refresh(state, 4, 3, 2, 1)
    state.streams.record(KEY, [change("add", 5)])
    with state._database.read() as connection:
        assert connection.scalars(select(seen_objects.c.object_id).order_by(seen_objects.c.object_id)).all() == [
            3,
            4,
            5,
        ]
    assert refresh(state, 5, 4, 3, 2, 1) == []
    assert refresh(state, 6, 5, 4) == [entry(5, "add", 6)]
    with state._database.read() as connection:
        assert connection.scalars(select(seen_objects.c.object_id).order_by(seen_objects.c.object_id)).all() == [
            4,
            5,
            6,
        ]


def test_streams_of_two_viewers_are_apart(state: State) -> None:
    state.streams.record(KEY, [change("add", 10)])
    assert state.streams.answer(OTHER, EPOCH + 2) == Since(EPOCH + 2, [], True)


def test_streams_survive_a_restart(state: State, open_again: Open, clock: Any) -> None:
    refresh(state, 10, 9)
    written = state.streams.record(KEY, [change("add", 11)])
    state.close()
    clock.now += 10 * WEEK
    later = open_again()
    assert later.streams.answer(KEY, EPOCH + 2) == Since(EPOCH + 4, written, True)
    assert refresh(later, 11, 9) == [entry(5, "del", 10)]


def test_streams_nobody_looks_at_are_thrown_out_and_begin_higher(state: State, clock: Any) -> None:
    refresh(state, 10, 9)
    state.streams.record(KEY, [change("add", 11)])
    clock.now += 3 * WEEK
    refresh(state, 11, 10, 9)
    clock.now += 4 * WEEK
    state.streams.purge()
    assert state.streams.answer(KEY, EPOCH + 4).known
    clock.now += 1 * WEEK
    state.streams.purge()
    assert state.streams.answer(KEY, EPOCH + 4) == Since(EPOCH + 8 * 1_000_000 + 2, [], False)
    refresh(state, 11, 10, 9)
    assert state.streams.record(KEY, [change("add", 12)]) == [entry(8 * 1_000_000 + 3, "add", 12)]


def test_asking_for_a_stream_does_not_make_it(state: State) -> None:
    asked = {StreamKey(1, "wall", owner): 1 for owner in range(50)}
    assert {since.known for since in state.streams.answers(asked).values()} == {False}
    with state._database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(streams)) == 0


def test_a_failed_write_leaves_nothing_behind(state: State) -> None:
    with pytest.raises((TypeError, StatementError), match="not JSON serializable"):
        state.streams.record(KEY, [change("add", 10), Change("add", 11, {"not JSON": object()})])
    assert state.streams.answer(KEY, EPOCH + 2) == Since(EPOCH + 2, [], True)
    assert state.streams.record(KEY, [change("add", 10)]) == [entry(3, "add", 10)]
