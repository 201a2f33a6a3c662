import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from userapi_gw.backend import deadline
from userapi_gw.backend.flights import Flights
from userapi_gw.errors import Failure, NoAnswer


class Question:
    """Asks slowly: each answer, the number of the question, has to be let through."""

    def __init__(self) -> None:
        self.flights: Flights[int] = Flights()
        self.asked = 0
        self.begun, self.gates = threading.Semaphore(0), threading.Semaphore(0)
        self.failure: Failure | None = None

    def ask(self) -> int:
        self.asked += 1
        number = self.asked
        self.begun.release()
        assert self.gates.acquire(timeout=5)
        if self.failure:
            raise self.failure
        return number

    def share(self, key: str = "key") -> Any:
        try:
            return self.flights.share(key, self.ask)
        except Failure as failure:
            return failure


def test_who_comes_later_shares_a_call_that_begins_later() -> None:
    question = Question()
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(question.share)
        question.begun.acquire()
        others = [pool.submit(question.share) for _ in range(4)]
        while not question.flights._boarding:
            threading.Event().wait(0.001)
        question.gates.release(10)  # some of the four may come so late that they are on a third flight
        numbers = [other.result(5)[0] for other in others]
    assert first.result() == (1, True)
    assert min(numbers) == 2
    assert (question.flights._boarding, question.flights._under_way) == ({}, {})


def test_a_failure_is_shared_and_not_remembered() -> None:
    question = Question()
    question.failure = NoAnswer("away", sent=True)
    question.gates.release(10)
    with ThreadPoolExecutor(5) as pool:
        failures = list(pool.map(lambda _: question.share(), range(5)))
    assert failures == [question.failure] * 5
    question.failure = None
    assert question.share()[1] is True


def test_different_questions_do_not_wait_for_each_other() -> None:
    question = Question()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(question.share, "a")
        question.begun.acquire()
        question.gates.release(2)
        assert question.share("b") == (2, True)
        assert first.result(5) == (1, True)


def test_nobody_waits_for_others_longer_than_the_deadline() -> None:
    question = Question()
    with ThreadPoolExecutor(2) as pool:
        leaders = [pool.submit(question.share)]
        question.begun.acquire()
        leaders.append(pool.submit(question.share))
        while not question.flights._boarding:
            threading.Event().wait(0.001)
        with deadline.within(0.01), pytest.raises(NoAnswer, match="waited for the same call"):
            question.flights.share("key", question.ask)
        question.gates.release(2)
        assert [leader.result(5) for leader in leaders] == [(1, True), (2, True)]
