"""Threads that work off exchanges, those of a session in their order, and never keep who brings them waiting."""

import logging
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import Protocol

from userapi_gw.replay.exchange import Exchange

log = logging.getLogger(__name__)

COUNT = 4
ROOM = 250
"""So many exchanges wait in a lane."""
MOST_BYTES = 32 * 1024 * 1024
"""So many bytes wait in all lanes."""
END_SECONDS = 1.0


class Worker(Protocol):
    """What a lane does with exchanges."""

    def work(self, exchange: Exchange) -> None:
        """Work off one."""

    def close(self) -> None:
        """End."""


class Lanes:
    """Lanes of one process, each with a thread and a worker of its own."""

    def __init__(self, make_worker: Callable[[], Worker], count: int = COUNT, room: int = ROOM) -> None:
        self._make_worker, self._lock = make_worker, Lock()
        self._queues: list[Queue[Exchange | None]] = [Queue(room) for _ in range(count)]
        self._threads: list[Thread] = []
        self._bytes = self._dropped = 0

    def offer(self, exchange: Exchange, session: int) -> None:
        """Leave an exchange to the lane of its session; it is dropped, and counted, when that is full."""
        size = len(exchange.body) + len(exchange.request_body) + len(exchange.url)
        with self._lock:
            try:
                self._start()
                if self._bytes + size > MOST_BYTES:
                    raise Full
                self._queues[session % len(self._queues)].put_nowait(exchange)
                self._bytes += size
            except (Full, RuntimeError):  # the system gives no thread
                self._dropped += 1

    def take_dropped(self) -> int:
        """Return how many were dropped since this was asked last."""
        with self._lock:
            dropped, self._dropped = self._dropped, 0
        return dropped

    def settle(self) -> None:
        """Wait until everything is worked off."""
        for queue in self._queues:
            queue.join()

    def close(self) -> None:
        """Let the threads end after what they are at; what still waits is lost."""
        for queue, _ in zip(self._queues, self._threads, strict=False):
            while True:
                try:
                    queue.put_nowait(None)
                    break
                except Full:
                    with suppress(Empty):
                        queue.get_nowait()
        for thread in self._threads:
            thread.join(END_SECONDS)

    def _start(self) -> None:
        """Start the threads with the first exchange: they would not outlive a fork."""
        if not self._threads:
            self._threads = [Thread(target=self._run, args=(queue,), daemon=True) for queue in self._queues]
            for thread in self._threads:
                thread.start()

    def _run(self, queue: "Queue[Exchange | None]") -> None:
        worker = self._make_worker()
        while (exchange := queue.get()) is not None:
            try:
                worker.work(exchange)
            except Exception as error:  # whatever a hostile server brings about, the next one has its turn
                log.error("an exchange could not be compared: %s", type(error).__name__)
            with self._lock:
                self._bytes -= len(exchange.body) + len(exchange.request_body) + len(exchange.url)
            queue.task_done()
        worker.close()
        queue.task_done()
