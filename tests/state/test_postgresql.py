"""What PostgreSQL alone does: writers side by side, transactions that are taken back, connections that break."""

import traceback
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DataError, OperationalError

from tests.databases import PostgreSQL
from tests.state.conftest import Open
from userapi_gw.state import Change, Seen, State, StreamKey, open_state
from userapi_gw.state.schema import streams

pytestmark = pytest.mark.postgresql

KEY = StreamKey(viewer=5, kind="wall", owner=1)

FAILING = """
CREATE SEQUENCE tries;
CREATE FUNCTION fail() RETURNS trigger AS $$
BEGIN
    IF nextval('tries') <= {times} THEN
        RAISE EXCEPTION 'taken back' USING ERRCODE = '{code}';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER failing BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fail();
"""


def let_fail(state: State, table: str, times: int, code: str = "40P01") -> None:
    """Let the next writes into a table fail with an error of the server."""
    with state._database.write() as connection:
        connection.exec_driver_sql(FAILING.format(table=table, times=times, code=code))


def tries(state: State) -> int:
    with state._database.read() as connection:
        return int(connection.execute(text("SELECT last_value FROM tries")).scalar_one())


@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_a_transaction_that_was_taken_back_is_run_again(state: State, code: str) -> None:
    let_fail(state, "entries", 4, code)
    (entry,) = state.streams.record(KEY, [Change("add", 10, {})])
    assert state.streams.answer(KEY, entry.number - 1).entries == [entry]
    assert entry.number % 1_000_000 == 3, "nothing is left of the first tries"
    assert tries(state) == 5


def test_not_for_ever(state: State) -> None:
    let_fail(state, "grants", 100)
    with pytest.raises(OperationalError, match="taken back"):
        state.sessions.open(5, "token", 77)
    assert tries(state) == 5


def test_other_errors_are_told_at_once(state: State) -> None:
    let_fail(state, "grants", 100, "22000")
    with pytest.raises(DataError, match="taken back"):
        state.sessions.open(5, "token", 77)
    assert tries(state) == 1


def test_connections_that_broke_are_replaced(state: State, open_again: Open, database: PostgreSQL) -> None:
    opened = state.sessions.open(5, "token", 77)
    (entry,) = state.streams.record(KEY, [Change("add", 10, {})])
    later = open_again()
    later.ping()
    database.disconnect()
    assert later.sessions.find(opened.sid) == state.sessions.find(opened.sid) is not None
    assert later.streams.answer(KEY, entry.number - 1).entries == [entry]
    database.disconnect()
    assert state.streams.record(KEY, [Change("add", 10, {})]) == [entry]


def test_an_outage_is_told_and_ends(state: State, database: PostgreSQL) -> None:
    opened = state.sessions.open(5, "token", 77)
    database.stop()
    for _ in range(2):
        with pytest.raises(OperationalError, match="not currently accepting connections"):
            state.sessions.find(opened.sid)
    database.start()
    assert state.sessions.find(opened.sid) is not None


def test_streams_in_use_are_not_thrown_out(state: State, open_again: Open, clock: Any) -> None:
    other = StreamKey(6, "wall", 1)
    for key in (KEY, other):
        claim = state.streams.claim(key, 0)
        assert claim is not None
        state.streams.apply(claim, [Seen(1, {})], True)
        state.streams.record(key, [Change("add", 10, {})])
    clock.now += 40 * 24 * 3600
    with state._database.write() as connection:
        connection.execute(select(streams).where(streams.c.viewer == KEY.viewer).with_for_update())
        open_again().streams.purge()
        assert connection.scalars(select(streams.c.viewer)).all() == [KEY.viewer]
    state.streams.purge()
    with state._database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(streams)) == 0


def test_errors_do_not_quote_rows(state: State) -> None:
    secret = " ".join(["a", "private", "message"])
    with pytest.raises(DataError) as caught:
        state.streams.record(KEY, [Change("add", 10, {"text": secret, "not JSON": float("nan")})])
    told = "".join(traceback.format_exception(caught.value))
    assert "invalid input syntax for type json" in told
    assert secret not in told


def test_the_address_may_tell_options(database: PostgreSQL) -> None:
    for more, timeout in (("", "10s"), ("&options=-c%20lock_timeout%3D3s", "3s")):
        state = open_state(database.url + more, "key")
        with state._database.read() as connection:
            assert connection.scalar(text("SHOW lock_timeout")) == timeout
            assert connection.scalar(text("SHOW client_encoding")) == "UTF8"
        state.close()
