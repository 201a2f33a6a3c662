"""The circuit breaker, by a clock that stands still until told otherwise."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from userapi_gw.backend.breaker import Breaker
from userapi_gw.errors import Failure, Kind, NoAnswer


@dataclass
class Server:
    """A server that is well or not, its breaker, and how often it was tried and called."""

    well: bool = False
    now: float = 1000.0
    trials: int = 0
    calls: int = 0
    breaker: Breaker = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = Breaker(self.trial, failures=3, window=10, pause=2, clock=lambda: self.now)

    def trial(self) -> bool:
        self.trials += 1
        return self.well

    def call(self, failure: Failure | None = None) -> str:
        try:
            with self.breaker:
                self.calls += 1
                if failure or not self.well:
                    raise failure or NoAnswer("away", sent=True)
        except Failure as raised:
            return str(raised)
        return "answer"


AWAY, REFUSED = "backend_away: away", "backend_away: did not answer lately"


def test_calls_fail_at_once_after_some_failures_and_are_tried_now_and_then() -> None:
    server = Server()
    assert [server.call() for _ in range(5)] == [AWAY] * 3 + [REFUSED] * 2
    assert (server.calls, server.trials) == (3, 0)
    server.now += 2
    assert [server.call() for _ in range(3)] == [REFUSED] * 3
    assert (server.calls, server.trials) == (3, 1)
    server.now += 2
    server.well = True
    assert [server.call() for _ in range(3)] == ["answer"] * 3
    assert (server.calls, server.trials) == (6, 2)


def test_an_answer_of_any_kind_begins_the_count_anew() -> None:
    server = Server()
    for failure in (None, Failure(Kind.BACKEND_BROKEN)):
        assert [server.call(), server.call()] == [AWAY] * 2
        server.well = True
        server.call(failure)
        server.well = False
    assert [server.call() for _ in range(4)] == [AWAY] * 3 + [REFUSED]


def test_failures_long_ago_do_not_count() -> None:
    server = Server()
    assert [server.call(), server.call()] == [AWAY] * 2
    server.now += 11
    assert [server.call() for _ in range(4)] == [AWAY] * 3 + [REFUSED]


def test_only_one_tries() -> None:
    server, trying, go_on = Server(), threading.Event(), threading.Event()

    def trial() -> bool:
        server.trials += 1
        trying.set()
        return go_on.wait(5)

    server.breaker = Breaker(trial, failures=1, pause=2, clock=lambda: server.now)
    assert server.call() == AWAY
    server.now += 2
    server.well = True
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(server.call)
        assert trying.wait(5)
        assert [server.call() for _ in range(3)] == [REFUSED] * 3
        go_on.set()
        assert first.result() == "answer"
    assert (server.call(), server.trials) == ("answer", 1)


def test_an_accident_in_the_trial_does_not_end_all_trials() -> None:
    server = Server()
    server.breaker = Breaker(lambda: 1 // 0 > 0, failures=1, pause=2, clock=lambda: server.now)
    server.call()
    for _ in range(2):
        server.now += 2
        with pytest.raises(ZeroDivisionError):
            server.call()
