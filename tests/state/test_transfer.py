"""Overlays written as JSON lines and taken over: whole tables compared."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert, make_url, select

from tests.databases import SQLite, TestDatabase
from tests.state.conftest import Clock, Open
from userapi_gw.state import State, open_state
from userapi_gw.state.engines import open_engine
from userapi_gw.state.overlays import TransferError
from userapi_gw.state.overlays.schema import (
    TABLES,
    bookmarks,
    conversations,
    facts,
    hidden_requests,
    messages,
    removed,
    schools,
    statuses,
    tags,
)

BIG = 2**40
TAG = {"owner_id": 1, "photo_id": BIG, "placer_id": 6, "user_id": 0, "name": "кот «Ы»", "x": 1.5, "y": 0.1, "x2": 99.99}
REMOVED = {"viewer": 1, "kind": "wall", "owner_id": 6, "parent_id": 0, "text": 'a\n"b" <c>', "removed_at": 1.8e9}
TALK = {"viewer": 1, "peer_id": 6, "newest_id": BIG, "newest_date": 1.8e9, "looked_at": 1.8e9 + 1 / 3}
MESSAGE = {"viewer": 1, "peer_id": 6, "outgoing": True, "date": 1.5e9}
ROWS: dict[Table, list[dict[str, Any]]] = {
    bookmarks: [{"viewer": 1, "user_id": 6, "added_at": 0.1 + 0.2}, {"viewer": BIG, "user_id": 1, "added_at": 5.0}],
    tags: [
        {**TAG, "id": 3, "y2": 100.0, "date": 1.5, "confirmed": False},
        {**TAG, "id": 9, "y2": 2.0, "date": 2.5, "confirmed": True},
    ],
    statuses: [
        {"id": 4, "user_id": 1, "date": 1.5e9, "text": "one \U0001f600", "deleted": False},
        {"id": 7, "user_id": 1, "date": 1.5e9, "text": "one \U0001f600", "deleted": True},  # twice the same
        {"id": 8, "user_id": 6, "date": 1.6e9, "text": "", "deleted": False},
    ],
    schools: [{"user_id": 1, "school_id": 2, "year": 0}],
    facts: [{"user_id": 1, "name": "political", "value": "3"}],
    hidden_requests: [{"viewer": 1, "user_id": 9, "hidden_at": 7.0}],
    removed: [{**REMOVED, "id": 2, "object_id": 5}, {**REMOVED, "id": 5, "object_id": 6}],
    messages: [
        {**MESSAGE, "message_id": 1, "read": False},
        {**MESSAGE, "message_id": BIG, "read": True},
    ],
    conversations: [{**TALK, "complete": True}],
}
HEAD = {"format": "userapi-gw overlays", "version": 1, "date": "2027-01-15T08:00:00+00:00"}
Tables = dict[str, list[dict[str, Any]]]


def fill(url: str, rows: dict[Table, list[dict[str, Any]]]) -> None:
    engine = open_engine(make_url(url))
    with engine.execution_options(writing=True).begin() as connection:
        for table, some in rows.items():
            connection.execute(insert(table), some)
    engine.dispose()


def tables(url: str) -> Tables:
    engine = open_engine(make_url(url))
    with engine.connect() as connection:
        found = {
            table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in TABLES
        }
    engine.dispose()
    return found


ALL = {table.name: rows for table, rows in ROWS.items()}
EMPTY: Tables = {table.name: [] for table in TABLES}


@pytest.fixture
def written(tmp_path: Path, clock: Clock) -> list[str]:
    """The lines of a database with rows in every table."""
    (tmp_path / "other").mkdir()
    url = SQLite(tmp_path / "other" / "other.sqlite3").url
    with closing(open_state(url, "0" * 32, clock=clock)) as state:
        fill(url, ROWS)
        return list(state.overlays.transfer.lines())


def test_there_are_rows_for_every_table() -> None:
    assert ROWS.keys() == set(TABLES)


def test_what_is_written(written: list[str]) -> None:
    rows = [{"table": table.name, "row": row} for table in sorted(TABLES, key=str) for row in ROWS[table]]
    assert [json.loads(line) for line in written] == [HEAD, *rows, {"rows": len(rows)}]
    assert all("\n" not in line for line in written)


def test_there_and_back(state: State, database: TestDatabase, written: list[str]) -> None:
    assert state.overlays.transfer.take(written) == 15
    assert tables(database.url) == ALL
    assert list(state.overlays.transfer.lines()) == written


def test_a_second_time_changes_nothing(state: State, database: TestDatabase, written: list[str]) -> None:
    state.overlays.transfer.take(written)
    assert state.overlays.transfer.take(written) == 0
    assert tables(database.url) == ALL


def test_what_is_there_stays_and_ids_make_room(state: State, database: TestDatabase, written: list[str]) -> None:
    own: dict[Table, list[dict[str, Any]]] = {
        bookmarks: [{"viewer": 1, "user_id": 6, "added_at": 99.0}],
        tags: [{**TAG, "id": 40, "y2": 100.0, "date": 1.5, "confirmed": True}],  # confirmed since
        statuses: [{"id": 4, "user_id": 9, "date": 3.0, "text": "mine", "deleted": False}],
        removed: [{**REMOVED, "id": 1, "object_id": 5, "text": "other"}],
        messages: [{**MESSAGE, "message_id": 1, "read": True}],
    }
    fill(database.url, own)
    moved = {name: value for name, value in ROWS[statuses][0].items() if name != "id"}
    expected = {
        **ALL,
        "overlay_bookmarks": [*own[bookmarks], ROWS[bookmarks][1]],
        "overlay_tags": [ROWS[tags][1], *own[tags]],
        "overlay_statuses": [*own[statuses], *ROWS[statuses][1:], moved],
        "overlay_removed": [*own[removed], ROWS[removed][1]],
        "overlay_messages": [*own[messages], ROWS[messages][1]],
    }
    for added in (11, 0):
        assert state.overlays.transfer.take(written) == added
        found = tables(database.url)
        assert found["overlay_statuses"][-1].pop("id") > 8
        assert found == expected


def test_new_rows_have_ids_of_their_own_afterwards(state: State, database: TestDatabase, written: list[str]) -> None:
    state.overlays.transfer.take(written)
    state.overlays.statuses.add(1, "new", 0)
    state.overlays.tags.put((1, 2), 3, 4, "", (0, 0, 1, 1), confirmed=True)
    found = tables(database.url)
    *known, new = [row["id"] for row in found["overlay_statuses"]]
    assert (known, new > 8) == ([4, 7, 8], True)
    *known, new = [row["id"] for row in found["overlay_tags"]]
    assert (known, new > 9) == ([3, 9], True)


@pytest.mark.postgresql
def test_ids_that_were_given_out_are_not_given_out_again(state: State, database: TestDatabase) -> None:
    def put() -> int:
        state.overlays.tags.put((1, 2), 3, 4, "", (0, 0, 1, 1), confirmed=True)
        (row,) = tables(database.url)["overlay_tags"]
        state.overlays.tags.remove((1, 2), row["id"])
        return int(row["id"])

    before = put()
    state.overlays.transfer.take([json.dumps(HEAD), json.dumps({"rows": 0})])
    assert put() == before + 1


def test_nothing_is_written_as_nothing(state: State, database: TestDatabase) -> None:
    lines = list(state.overlays.transfer.lines())
    assert [json.loads(line) for line in lines] == [HEAD, {"rows": 0}]
    assert state.overlays.transfer.take(lines) == 0
    assert tables(database.url) == EMPTY


@pytest.mark.postgresql
def test_from_postgresql_to_sqlite(open_again: Open, database: TestDatabase, written: list[str], clock: Clock) -> None:
    open_again().overlays.transfer.take(written)
    assert list(open_again().overlays.transfer.lines()) == written


def row(table: str, **values: Any) -> str:
    return json.dumps({"table": table, "row": values})


def bookmark(**values: Any) -> str:
    return row("overlay_bookmarks", **{"viewer": 1, "user_id": 2, "added_at": 3, **values})


def fact(**values: Any) -> str:
    return row("overlay_facts", **{"user_id": 1, "name": "n", "value": "v", **values})


def status(**values: Any) -> str:
    known: dict[str, Any] = {"id": 1, "user_id": 1, "date": 1, "text": "t", "deleted": False}
    return row("overlay_statuses", **{**known, **values})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        (b"\xff", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("", "not JSON"),
        ("3", "not an object"),
        ("{}", "not a row of a table"),
        ('{"table": "overlay_tags", "row": {}, "more": 1}', "not a row of a table"),
        (row("grants", id=1), "unknown table 'grants'"),
        ('{"table": [], "row": {}}', "unknown table []"),
        ('{"table": "overlay_tags", "row": []}', "not a row of overlay_tags"),
        (bookmark(colour="red"), "unknown column 'colour' of overlay_bookmarks"),
        (row("overlay_bookmarks", viewer=1, user_id=2), "missing column 'added_at' of overlay_bookmarks"),
        (bookmark(viewer="1"), "viewer of overlay_bookmarks has a wrong value"),
        (bookmark(viewer=True), "viewer of overlay_bookmarks has a wrong value"),
        (bookmark(viewer=2**63), "viewer of overlay_bookmarks has a wrong value"),
        (bookmark(added_at=None), "added_at of overlay_bookmarks has a wrong value"),
        (bookmark(added_at=float("nan")), "added_at of overlay_bookmarks has a wrong value"),
        (bookmark(added_at=10**400), "added_at of overlay_bookmarks has a wrong value"),
        (fact(name="n" * 33), "name of overlay_facts has a wrong value"),
        (fact(value="a\0b"), "value of overlay_facts has a wrong value"),
        (fact(value="\ud800"), "value of overlay_facts has a wrong value"),
        (status(deleted=0), "deleted of overlay_statuses has a wrong value"),
        (status(id=2**31), "id of overlay_statuses has a wrong value"),
        (status(id=0), "id of overlay_statuses has a wrong value"),
        ('{"rows": 2}', "after the end"),
    ],
)
def test_a_line_that_is_wrong_changes_nothing(
    state: State, database: TestDatabase, written: list[str], line: str | bytes, reason: str
) -> None:
    broken = [*written[:3], line, *written[3:]]
    number = 5 if reason == "after the end" else 4
    with pytest.raises(TransferError) as refused:
        state.overlays.transfer.take(broken)
    assert str(refused.value) == f"line {number}: {reason}"
    assert tables(database.url) == EMPTY


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ({**HEAD, "version": 2}, "version 2 is not known here, only 1"),
        ({**HEAD, "version": True}, "version True is not known here, only 1"),
        ({**HEAD, "version": "1"}, "version '1' is not known here, only 1"),
        ({**HEAD, "format": "other"}, 'not a file of "userapi-gw overlays"'),
        ({}, 'not a file of "userapi-gw overlays"'),
    ],
)
def test_other_files_are_refused(
    state: State, database: TestDatabase, written: list[str], head: Any, reason: str
) -> None:
    with pytest.raises(TransferError) as refused:
        state.overlays.transfer.take([json.dumps(head), *written[1:]])
    assert str(refused.value) == f"line 1: {reason}"
    assert tables(database.url) == EMPTY


Cut = Callable[[list[str]], list[str]]
CUTS: dict[str, Cut] = {
    "before the end": lambda lines: lines[:-1],
    "after some rows": lambda lines: lines[:5],
    "after the head": lambda lines: lines[:1],
    "everything": lambda lines: [],
    "a row in the middle": lambda lines: lines[:4] + lines[5:],
}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_a_file_that_is_not_whole_changes_nothing(
    state: State, database: TestDatabase, written: list[str], cut: Cut
) -> None:
    lines = cut(written)
    with pytest.raises(TransferError) as refused:
        state.overlays.transfer.take(lines)
    assert str(refused.value) == f"line {len(lines)}: the file is not whole"
    assert tables(database.url) == EMPTY


def test_a_reader_that_fails_changes_nothing(state: State, database: TestDatabase, written: list[str]) -> None:
    def lines() -> Iterator[str]:
        yield from written[:6]
        raise OSError("unplugged")

    with pytest.raises(OSError, match="unplugged"):
        state.overlays.transfer.take(lines())
    assert tables(database.url) == EMPTY
