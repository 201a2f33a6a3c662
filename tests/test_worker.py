"""The thread that does what waits: woken at once, never in the way of a stop."""

import logging
import threading
from collections.abc import Callable
from queue import Queue

import pytest

from userapi_gw.worker import Worker

NEVER = 3600.0


def test_it_does_what_there_is_until_nothing_is_left_and_waits_to_be_woken() -> None:
    work: Queue[int] = Queue()
    did: Queue[int] = Queue()

    def do() -> bool:
        if work.empty():
            return False
        did.put(work.get())
        return True

    worker = Worker("test", do, every=NEVER)
    for number in (1, 2):
        work.put(number)
    worker.start()
    assert [did.get(timeout=10), did.get(timeout=10)] == [1, 2]
    work.put(3)
    worker.wake()
    assert did.get(timeout=10) == 3
    worker.close()


def test_it_looks_by_itself_now_and_then(count: Callable[[], bool], counted: threading.Semaphore) -> None:
    worker = Worker("test", count, every=0.01)
    worker.start()
    for _ in range(3):
        assert counted.acquire(timeout=10)
    worker.close()


def test_there_is_one_thread_and_none_before_it_is_needed(count: Callable[[], bool]) -> None:
    worker = Worker("only one", count, every=NEVER)
    assert _threads("only one") == 0
    for _ in range(3):
        worker.wake()
    assert _threads("only one") == 1
    worker.close()
    worker.wake()
    assert _threads("only one") == 0


def test_a_stop_does_not_wait_for_work_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("userapi_gw.worker.STOP_SECONDS", 0.05)
    began, hanging = threading.Event(), threading.Event()

    def do() -> bool:
        began.set()
        return hanging.wait()

    worker = Worker("test", do)
    worker.wake()
    assert began.wait(10)
    worker.close()
    assert not hanging.is_set()
    hanging.set()


def test_work_that_fails_is_told_and_does_not_end_the_thread(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("userapi_gw.worker.BROKEN_SECONDS", 0.0)
    second = threading.Event()

    def do() -> bool:
        if "failed" in caplog.text:
            second.set()
            return False
        raise RuntimeError("on purpose")

    worker = Worker("some work", do, every=0.01)
    with caplog.at_level(logging.ERROR):
        worker.start()
        assert second.wait(10)
    worker.close()
    assert "some work: failed" in caplog.text


@pytest.fixture
def counted() -> threading.Semaphore:
    return threading.Semaphore(0)


@pytest.fixture
def count(counted: threading.Semaphore) -> Callable[[], bool]:
    def count() -> bool:
        counted.release()
        return False

    return count


def _threads(name: str) -> int:
    return sum(thread.name == name for thread in threading.enumerate())
