"""Calls that are made at the same time, sent as one by `execute` where the server has it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from userapi_gw.backend import deadline
from userapi_gw.backend.flights import outcome
from userapi_gw.backend.script import MOST_CALLS, Question
from userapi_gw.errors import NoAnswer

STRAGGLERS = 0.005
"""Seconds that calls wait for others that are about to be made; usually all are there sooner."""


WITHOUT_HISTORY = frozenset({"friends.get"})
"""Methods that several parts of an answer want, and no update history.

What feeds one has to be read after its version was asked for, so nobody may have the answer to an earlier call.
"""


class Caller(Protocol):
    """Somebody in whose name calls are made."""

    @property
    def fresh(self) -> bool:
        """Whether no answer may be one from before."""

    def joins(self, method: str) -> bool:
        """Tell whether a call may be one of several in an `execute`, as far as is known."""

    def ask(self, method: str, parameters: dict[str, Any]) -> Any:
        """Make one reading call; returns its `response`, raises `Failure`."""

    def ask_all(self, questions: list[Question], *, fresh: bool) -> list[Callable[[], Any]] | None:
        """Make several by one `execute`: for each a function that returns or raises as `ask` does.

        None where that cannot be done, so that each has to be made alone. `fresh` tells that all who ask are. Raises
        `NoAnswer`, after which it is up to each to `recall`.
        """

    def recall(self, method: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
        """Return `{"response": ...}` as the call was answered last; None where that is not to be given."""


@dataclass(slots=True)
class _Flight:
    """Calls that leave together, and have as much time. Equal ones are one."""

    questions: list[Question] = field(default_factory=list)
    answers: "Future[list[Callable[[], Any]] | None]" = field(default_factory=Future)
    left: bool = False
    fresh: bool = True

    def seat(self, question: Question, fresh: bool) -> int:
        self.fresh &= fresh
        if question not in self.questions:
            self.questions.append(question)
        return self.questions.index(question)


class Batch:
    """The calls of functions that run at the same time for one request, `busy` of which may yet make a call."""

    def __init__(self, busy: int) -> None:
        self._busy, self._waiting = busy, 0
        self._changed = threading.Condition()
        self._open: dict[float, _Flight] = {}  # by the deadline of those who wait for it
        self._alone: list[tuple[Question, Future[Any]]] = []

    def expect(self, more: int) -> None:
        """Count functions that have begun, or with a negative number ended."""
        with self._changed:
            self._busy += more
            self._changed.notify_all()

    def ask(self, caller: Caller, method: str, parameters: dict[str, Any]) -> Any:
        """Wait until all functions have made a call or ended, then make theirs and this one as one."""
        if not caller.joins(method):
            shared = method in WITHOUT_HISTORY and not caller.fresh
            return self._once(caller, (method, parameters)) if shared else caller.ask(method, parameters)
        with self._changed:
            flight, seat, leads = self._board((method, parameters), caller.fresh)
        try:
            if leads:
                self._fly(flight, caller)
            answers = outcome(flight.answers)
        except NoAnswer:
            known = caller.recall(method, parameters)
            if known is None:
                raise
            return known["response"]
        finally:
            with self._changed:
                self._waiting -= 1
        return caller.ask(method, parameters) if answers is None else answers[seat]()

    def _once(self, caller: Caller, question: Question) -> Any:
        """Make a call of its own, unless another function of the same request has: then share its outcome."""
        with self._changed:
            known = next((answer for asked, answer in self._alone if asked == question), None)
            answer: Future[Any] = known or Future()
            if known is None:
                self._alone.append((question, answer))
        if known is None:
            try:
                answer.set_result(caller.ask(*question))
            except BaseException as error:
                answer.set_exception(error)
        return outcome(answer)

    def _board(self, question: Question, fresh: bool) -> tuple[_Flight, int, bool]:
        """Wait with others for the flight to leave; tells whether this thread is to make it."""
        flight = self._open.setdefault(deadline.end(), _Flight())
        seat = flight.seat(question, fresh)
        self._waiting += 1
        self._changed.notify_all()
        last_call = time.monotonic() + STRAGGLERS
        while not flight.left and not self._complete(flight) and (left := last_call - time.monotonic()) > 0:
            self._changed.wait(left)
        leads = not flight.left
        if leads:
            flight.left = True
            del self._open[deadline.end()]
        return flight, seat, leads

    def _complete(self, flight: _Flight) -> bool:
        return self._waiting >= self._busy or len(flight.questions) >= MOST_CALLS

    @staticmethod
    def _fly(flight: _Flight, caller: Caller) -> None:
        try:
            several = len(flight.questions) > 1
            flight.answers.set_result(caller.ask_all(flight.questions, fresh=flight.fresh) if several else None)
        except BaseException as error:
            flight.answers.set_exception(error)
