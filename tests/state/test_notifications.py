"""The outbox: what gathers, and that statuses end the same in whatever order they come."""

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.state.conftest import Clock
from userapi_gw.state import State
from userapi_gw.state.notifications import MESSAGE, STATUSES, Notice
from userapi_gw.state.schema import notifications as table

TOLD = st.lists(st.sampled_from(STATUSES), min_size=1, max_size=6)


def the(state: State) -> Notice:
    (notice,) = state.notifications.notices(with_done=True)
    return notice


@contextmanager
def sent(state: State, outcome: str) -> Iterator[None]:
    """A row that Devino was given, of which the answer said so, or was lost."""
    state.notifications.note(MESSAGE, 5, window=0, pause=0)
    (job,) = state.notifications.jobs.claim()
    state.notifications.close_window(job)
    state.notifications.jobs.begin(job, {"channel": "devino"})
    if outcome == "done":
        state.notifications.jobs.done(job, {"outside_id": "77"})
    elif outcome == "uncertain":
        state.notifications.jobs.doubt(job, "no answer")
    yield
    with state.notifications._database.write() as connection:
        connection.execute(delete(table))


def tell(state: State, statuses: list[str]) -> tuple[str, str]:
    (row_id,) = (notice.id for notice in state.notifications.notices(with_done=True))
    for status in statuses:
        assert state.notifications.told("77", status, channel="devino", number=row_id)
    return the(state).state, the(state).status


@given(told=TOLD, orders=st.data(), outcome=st.sampled_from(["done", "uncertain", "begun"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_statuses_end_the_same_in_any_order_and_however_often(
    state: State, told: list[str], orders: st.DataObject, outcome: str
) -> None:
    ends = set()
    for statuses in (told, orders.draw(st.permutations(told + told[:2]))):
        with sent(state, outcome):
            ends.add(tell(state, statuses))
    highest = max(told, key=STATUSES.index)
    expected = {"UNKNOWN": "uncertain", "SENT": "done", "READ": "done", "DELIVERED": "done"}.get(highest, "waiting")
    assert ends == {(expected, highest)}


def test_what_is_told_before_the_answer_came_is_not_lost(state: State, clock: Clock) -> None:
    with sent(state, "begun"):
        assert not state.notifications.told("78", "READ", channel="devino", number=the(state).id + 1)
        assert tell(state, ["READ"]) == ("done", "READ")
        clock.now += 1000
        assert state.notifications.jobs.claim() == []
        assert state.notifications.answered("77", "devino")
        assert the(state).answered


def test_the_other_channel_waits_for_a_while_and_is_called_off(state: State, clock: Clock) -> None:
    with sent(state, "done"):
        assert tell(state, ["EXPIRED"]) == ("waiting", "EXPIRED")
        assert state.notifications.jobs.claim() == []
        assert tell(state, ["DELIVERED"]) == ("done", "DELIVERED")
        clock.now += 1000
        assert state.notifications.jobs.claim() == []
    with sent(state, "done"):
        tell(state, ["UNDELIVERABLE"])
        clock.now += 60
        (job,) = state.notifications.jobs.claim()
        assert job.row["passed"] == "devino"


def test_rows_are_thrown_out_when_they_are_old(state: State, clock: Clock) -> None:
    for key in ("done", "failed"):
        state.notifications.post("activation", "letter", key)
    done, failed = state.notifications.jobs.claim(2)
    state.notifications.jobs.done(done)
    state.notifications.jobs.give_up(failed, "no")
    kept = []
    for days in (6, 2, 23):
        clock.now += days * 86400
        state.notifications.purge()
        kept.append([notice.state for notice in state.notifications.notices(with_done=True)])
    assert kept == [["done", "failed"], ["failed"], []]


def test_another_secret_key_shows_no_letters(state: State, open_again: object) -> None:
    state.notifications.post("activation", "To: a@b.example\n\nlink", "key")
    other: State = open_again("another secret key")  # type: ignore[operator]
    assert the(other).letter == ""
    with state.notifications._database.read() as connection:
        stored = connection.scalar(select(table.c.letter))
    assert "link" not in stored
