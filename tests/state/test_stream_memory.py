"""What a process remembers of streams: nothing that somebody, in any process, has changed since."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import SQLite, TestDatabase
from tests.state.conftest import Clock
from userapi_gw.state import Change, Seen, State, StreamKey, open_state, stream_memory
from userapi_gw.state.database import Database
from userapi_gw.state.shared_marks import SharedMarks
from userapi_gw.state.stream_memory import Stands, StreamMemory

KEY = StreamKey(5, "wall", 1)
NEIGHBOUR = StreamKey(5 + 4096, "wall", 1)
"""Has its mark together with `KEY`."""
OTHER = StreamKey(6, "wall", 1)
WEEK = 7 * 24 * 3600
Open = Callable[..., State]


def changes_of(state: State) -> list[Callable[[], object]]:
    """Everything that changes streams."""
    streams = state.streams

    def look() -> None:
        claim = streams.claim(KEY, 0)
        assert claim is not None
        streams.apply(claim, [Seen(7, {}, True)], False)

    return [lambda: streams.record(KEY, [Change("add", 1, {})]), lambda: streams.claim(KEY, 0), look]


def test_every_change_is_seen_by_every_process(open_again: Open, clock: Clock) -> None:
    here, there = open_again(), open_again()
    keys = {KEY: None, NEIGHBOUR: None, OTHER: None}
    for change in changes_of(here) * 2:
        for state in (here, there, here):
            state.streams.answers(keys)
        clock.now += 1
        change()
        fresh = open_again().streams.answers(keys)
        for state in (here, there):
            found = state.streams.answers(keys)
            assert [(found[key], found[key].looked_at) for key in keys] == [
                (fresh[key], fresh[key].looked_at) for key in keys
            ]


def test_streams_thrown_out_are_forgotten_everywhere(open_again: Open, clock: Clock) -> None:
    here, there = open_again(), open_again()
    here.streams.record(KEY, [Change("add", 1, {})])
    version = there.streams.answer(KEY, None).version
    clock.now += 8 * WEEK
    here.streams.purge()
    assert there.streams.answer(KEY, version).known is False
    assert there.streams.answer(KEY, None) == open_again().streams.answer(KEY, None)


@pytest.fixture
def memory(tmp_path: Path) -> StreamMemory:
    open_state(SQLite(tmp_path / "one.sqlite3").url, "key").close()
    return StreamMemory(Database(SQLite(tmp_path / "one.sqlite3").url))


def test_what_was_being_read_while_somebody_wrote_is_not_kept(memory: StreamMemory) -> None:
    def read_before_a_write() -> Stands:
        with memory.changing(KEY.viewer):
            pass
        return {}

    new: Stands = {}
    assert memory.of((KEY,), read_before_a_write) is not new
    assert memory.of((KEY,), lambda: new) is new
    assert memory.of((KEY,), dict) is new


def test_a_change_that_failed_counts_as_one(memory: StreamMemory) -> None:
    before = memory.of((KEY, OTHER), dict)
    with pytest.raises(KeyError), memory.changing(OTHER.viewer):
        raise KeyError
    assert memory.of((KEY, OTHER), dict) is not before


def test_others_changes_leave_it_alone(memory: StreamMemory) -> None:
    before = memory.of((KEY,), dict)
    with memory.changing(OTHER.viewer):
        pass
    assert memory.of((KEY,), dict) is before


def test_nothing_is_believed_for_long(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process may be killed between its writing and its mark."""
    monkeypatch.setattr(stream_memory, "BELIEVED_SECONDS", 1e-9)
    memory = StreamMemory(Database(database.url))
    assert memory.of((KEY,), dict) is not memory.of((KEY,), dict)


def test_marks_stay_where_others_have_fewer(tmp_path: Path) -> None:
    many, one = SharedMarks(tmp_path / "marks", 3), SharedMarks(tmp_path / "marks")
    before = [many.of(number) for number in range(3)]
    one.change(2)
    assert [many.of(number) for number in range(3)] != before
    assert [many.of(number) for number in (1, 2)] == before[1:]
    many.change_all()
    assert before[1] not in {many.of(1), many.of(4)}
    assert (tmp_path / "marks").stat().st_mode & 0o077 == 0
