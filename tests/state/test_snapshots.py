"""Snapshots: who may look at whom, and what is kept of what was found."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from userapi_gw.state import Due, Found, Outcome, Round, Shown, Snapshots, State

VIEWER, KIND, PERIOD = 1, "photo", 300.0
Open = Callable[..., State]
ALL = Shown(("a",), whole=True)


@pytest.fixture
def snapshots(state: State) -> Snapshots:
    return state.snapshots


def begin(snapshots: Snapshots, *friends: int, viewer: int = VIEWER, kind: str = KIND) -> Round:
    """Take a round of looks over these friends."""
    round_ = snapshots.begin(viewer, kind, 0, PERIOD)
    assert round_ is not None
    snapshots.put_friends(round_, friends)
    return round_


def found(number: int, friend_id: int = 2, name: str = "a", date: int = 5) -> Found:
    return Found(number, friend_id, name, number, date, {"id": number})


def put(snapshots: Snapshots, round_: Round, *news: Found) -> None:
    """Let a look at friend 2 have found these."""
    (due,) = snapshots.claim(round_, 0, 1)
    snapshots.store(round_, [Outcome(due, Shown((str(due.revision),), whole=True), news)])


def kept(snapshots: Snapshots, recent: int | None = None, viewer: int = VIEWER, kind: str = KIND) -> list[int]:
    total, rows = snapshots.news(viewer, kind, recent, 0, 100)
    assert total == len(rows)
    return [row.number for row in rows]


def test_one_round_per_pause(state: State, open_again: Open, clock: Any) -> None:
    elsewhere = open_again().snapshots
    first = state.snapshots.begin(VIEWER, KIND, 3, PERIOD)
    assert first == Round(1, clock.now, friends_due=True)
    assert elsewhere.begin(VIEWER, KIND, 3, PERIOD) is None
    assert elsewhere.begin(VIEWER, "friend", 3, PERIOD) == Round(2, clock.now, friends_due=True)
    assert elsewhere.begin(2, KIND, 3, PERIOD) == Round(3, clock.now, friends_due=True)
    clock.now += 3
    assert elsewhere.begin(VIEWER, KIND, 3, PERIOD) == Round(1, clock.now, friends_due=True)
    state.snapshots.put_friends(Round(1, clock.now, friends_due=True), [2])
    clock.now += 3
    assert elsewhere.begin(VIEWER, KIND, 3, PERIOD) == Round(1, clock.now, friends_due=False)
    clock.now += PERIOD
    assert elsewhere.begin(VIEWER, KIND, 3, PERIOD) == Round(1, clock.now, friends_due=True)


def test_one_round_among_many_threads(state: State, open_again: Open) -> None:
    workers = [state.snapshots, open_again().snapshots]
    with ThreadPoolExecutor(8) as pool:
        rounds = list(pool.map(lambda i: workers[i % 2].begin(VIEWER, KIND, 3, PERIOD), range(24)))
    assert [round_ is None for round_ in rounds].count(False) == 1


def test_friends_are_due_in_turn(snapshots: Snapshots, clock: Any) -> None:
    round_ = begin(snapshots, 4, 2, 3)
    assert snapshots.claim(round_, PERIOD, 2) == [Due(2, 1, None), Due(3, 1, None)]
    assert snapshots.claim(round_, PERIOD, 2) == [Due(4, 1, None)]
    assert snapshots.claim(round_, PERIOD, 2) == []
    clock.now += 100
    round_ = begin(snapshots, 5, 4, 3, 2)
    assert snapshots.claim(round_, PERIOD, 2) == [Due(5, 1, None)]
    clock.now += 200
    assert snapshots.claim(begin(snapshots, 5, 4, 3, 2), PERIOD, 2) == [Due(2, 2, None), Due(3, 2, None)]
    assert snapshots.friends(round_) == {2, 3, 4, 5}


def test_no_friend_is_given_out_twice(state: State, open_again: Open) -> None:
    workers = [state.snapshots, open_again().snapshots]
    round_ = begin(state.snapshots, *range(2, 42))
    with ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(lambda i: workers[i % 2].claim(round_, PERIOD, 3), range(16)))
    assert sorted(due.friend_id for part in parts for due in part) == list(range(2, 42))


def test_who_was_not_looked_at_is_due_again(snapshots: Snapshots) -> None:
    round_ = begin(snapshots, 2, 3, 4)
    due = snapshots.claim(round_, PERIOD, 3)
    snapshots.release(round_, due[1:])
    assert snapshots.claim(round_, PERIOD, 3) == [Due(3, 2, None), Due(4, 2, None)]
    snapshots.release(round_, [])
    assert snapshots.claim(round_, PERIOD, 3) == []


def test_what_was_shown_is_remembered(snapshots: Snapshots) -> None:
    round_ = begin(snapshots, 2, 3)
    shown = Shown(("b", "a"), whole=False)
    two, three = snapshots.claim(round_, 0, 2)
    snapshots.store(round_, [Outcome(two, shown), Outcome(three, None)])
    two, three = snapshots.claim(round_, 0, 2)
    assert (two, three) == (Due(2, 2, shown), Due(3, 2, None))
    snapshots.store(round_, [Outcome(two, None)])
    assert snapshots.claim(round_, 0, 2)[0] == Due(2, 3, None)


def test_of_two_looks_at_once_one_counts(snapshots: Snapshots) -> None:
    round_ = begin(snapshots, 2)
    slow, quick = (snapshots.claim(round_, 0, 1)[0] for _ in range(2))
    snapshots.store(round_, [Outcome(quick, ALL, [found(10)])])
    snapshots.store(round_, [Outcome(slow, ALL, [found(11)])])
    assert kept(snapshots) == [10]


def test_news_by_the_time_they_were_found_and_by_their_dates(snapshots: Snapshots) -> None:
    round_ = begin(snapshots, 2)
    put(snapshots, round_, found(10, date=500), found(11, date=90), found(12, date=400))
    assert kept(snapshots) == [12, 11, 10]
    assert kept(snapshots, recent=409) == [10, 12]
    assert kept(snapshots, recent=410) == [10, 12, 11]
    assert snapshots.news(VIEWER, KIND, None, 1, 1) == (3, [found(11, date=90)])
    assert snapshots.news(VIEWER, KIND, 410, 2, 5) == (3, [found(11, date=90)])
    assert snapshots.news(VIEWER, KIND, None, 0, 0) == (3, [])


def test_news_belong_to_one_viewer_and_kind(snapshots: Snapshots) -> None:
    put(snapshots, begin(snapshots, 2), found(10))
    put(snapshots, begin(snapshots, 2, viewer=2), found(20))
    put(snapshots, begin(snapshots, 2, kind="friend"), found(30))
    assert (kept(snapshots), kept(snapshots, viewer=2), kept(snapshots, kind="friend")) == ([10], [20], [30])
    assert kept(snapshots, viewer=3) == []


def test_what_a_friend_takes_away_is_no_news_any_more(snapshots: Snapshots) -> None:
    round_ = begin(snapshots, 2, 3)
    two, three = snapshots.claim(round_, 0, 2)
    news = [found(10, name="a"), found(11, name="b")]
    snapshots.store(round_, [Outcome(two, ALL, news), Outcome(three, ALL, [found(12, 3), found(13, 3, "b")])])
    two, three = snapshots.claim(round_, 0, 2)
    snapshots.store(round_, [Outcome(two, Shown(("b",), whole=True), gone={"a"}), Outcome(three, None)])
    assert kept(snapshots) == [11]


def test_news_of_somebody_who_is_no_friend_any_more(snapshots: Snapshots) -> None:
    round_ = begin(snapshots, 2, 3)
    two, three = snapshots.claim(round_, 0, 2)
    snapshots.store(round_, [Outcome(two, ALL, [found(10)]), Outcome(three, ALL, [found(11, 3)])])
    late = snapshots.claim(round_, 0, 2)[0]
    snapshots.put_friends(round_, [3])
    snapshots.store(round_, [Outcome(late, Shown(("b",), whole=True), [found(12)])])
    assert kept(snapshots) == [11]
    snapshots.put_friends(round_, [2, 3])
    assert snapshots.claim(round_, 0, 2)[0] == Due(2, 1, None)


def test_the_same_number_is_kept_once(snapshots: Snapshots) -> None:
    round_ = begin(snapshots, 2)
    put(snapshots, round_, found(10), found(11))
    put(snapshots, round_, found(11), found(12))
    assert kept(snapshots) == [12, 11, 10]


def test_only_the_newest_are_kept(open_again: Open) -> None:
    snapshots = open_again(keep_news=3).snapshots
    round_ = begin(snapshots, 2)
    put(snapshots, round_, found(10), found(13), found(11))
    put(snapshots, round_, found(12), found(14))
    assert kept(snapshots) == [14, 13, 12]


def test_what_nobody_asks_for_is_thrown_out(open_again: Open, clock: Any) -> None:
    snapshots = open_again(stream_unused_time=1000, purge_step=10).snapshots
    put(snapshots, begin(snapshots, 2), found(10))
    clock.now += 600
    put(snapshots, begin(snapshots, 2, kind="friend"), found(20))
    clock.now += 600
    begin(snapshots, 2, kind="status")  # making a new list looks for old ones
    assert (kept(snapshots), kept(snapshots, kind="friend")) == ([], [20])
    assert snapshots.claim(begin(snapshots, 2), 0, 5) == [Due(2, 1, None)]
