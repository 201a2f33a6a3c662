"""What is kept in place of a backend that lacks it, while several write at once."""

from concurrent.futures import ThreadPoolExecutor

from tests.state.conftest import Clock, Open
from userapi_gw.state.overlays.mail_index import IndexedMessage
from userapi_gw.state.overlays.statuses import KeptStatus


def test_a_status_that_many_see_at_once_is_one_line(open_again: Open, clock: Clock) -> None:
    workers = [open_again().overlays.statuses for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: workers[i % 2].observe(5, "new"), range(40)))
    total, (line, *others) = workers[0].page(5, 0, 50)
    assert (total, line, others) == (1, KeptStatus(line.id, int(clock.now), "new"), [])


def test_messages_that_many_see_at_once_are_entered_once(open_again: Open) -> None:
    workers = [open_again().overlays.mail for _ in range(2)]
    found = [IndexedMessage(i, 6, bool(i % 2), 1.5e9 + i, read=True) for i in range(30)]
    with ThreadPoolExecutor(8) as pool:
        order = [found, found[::-1]]
        list(pool.map(lambda i: workers[i % 2].learn(5, 6, order[i // 2 % 2], newest=(29, 1.5e9)), range(24)))
    assert workers[0].page(5, 0, 50) == (30, list(range(29, -1, -1)))
