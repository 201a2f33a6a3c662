"""Own writes whose answer gets lost: not said to have failed when they took effect, never done twice."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from tests import faults
from tests.faults import Fault, Faulty, vk_error
from tests.outages.conftest import client_of
from tests.program import Program
from userapi_gw.backend import looking

LOST_ANSWERS = (faults.reset_after, faults.hang_after, faults.html_500_after, faults.truncated, faults.cut_off)
LOST_CALLS = (faults.reset_before, faults.hang_before, faults.html_500, faults.bad_gateway)
TEXT = "hello & <b>\n  привет"

Write = tuple[str, dict[str, Any], str, str]
WRITES: tuple[Write, ...] = (
    ("add_message", {"id": 6}, "messages.send", "message"),
    ("add_wall", {"id": 1}, "wall.post", "wall"),
)
by_name = pytest.mark.parametrize("write", WRITES, ids=lambda write: write[0])
by_fault = lambda fault: fault.__name__  # noqa: E731


@dataclass
class Writer:
    """Pavel, who writes while something is wrong and looks when all is well again."""

    pavel: Program
    faulty: Faulty

    def write(self, write: Write, fault: Fault | None = None, *others: str, times: int = 1) -> tuple[int, int, int]:
        """Return `ok`, how many rows the answer shows, and on how many rows of the list the text stands then.

        A fault hits the write itself `times` times, and the `others` of the backend's methods.
        """
        act, parameters, method, listing = write
        version = self.pavel.version(listing, **parameters)
        if fault:
            self.faulty.hit(fault, method, *others, times=times)
        answer = self.pavel.get(act, **parameters, message=TEXT, ts=version)
        self.faulty.heal()
        rows = self.pavel.get(listing, **parameters)["d"]
        return answer["ok"], len(answer.get("h", ())), sum("привет" in str(row) for row in rows)


@pytest.fixture
def writer(gateway: Flask, faulty: Faulty) -> Writer:
    client_of(gateway).timeout = 0.5
    return Writer(Program(gateway).log_in(), faulty)


@by_name
@pytest.mark.parametrize("fault", LOST_ANSWERS, ids=by_fault)
def test_what_took_effect_is_told_though_its_answer_was_lost(fault: Fault, write: Write, writer: Writer) -> None:
    assert writer.write(write, fault) == (1, 1, 1)
    assert writer.faulty.forwarded(write[2]) == [write[2]]


@by_name
@pytest.mark.parametrize("fault", LOST_CALLS, ids=by_fault)
def test_what_did_not_happen_has_failed_and_can_be_done_again(fault: Fault, write: Write, writer: Writer) -> None:
    assert writer.write(write, fault) == (0, 0, 0)
    assert [call.method for call in writer.faulty.seen].count(write[2]) == 1
    assert writer.write(write) == (1, 1, 1)


@by_name
def test_what_the_backend_refused_for_a_moment_is_repeated(write: Write, writer: Writer) -> None:
    assert writer.write(write, vk_error(6), times=2) == (1, 1, 1)
    assert writer.faulty.forwarded(write[2]) == [write[2]]


def test_a_message_nobody_could_look_for_is_not_sent_twice(writer: Writer) -> None:
    """The second try has the number of the first one, by which the backend knows it."""
    assert writer.write(WRITES[0], faults.reset_after, "messages.getHistory", times=10) == (0, 0, 1)
    assert writer.write(WRITES[0])[::2] == (1, 1)
    assert writer.write(WRITES[0]) == (1, 1, 2)


def test_the_same_text_from_before_is_not_taken_for_this_one(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert writer.write(WRITES[1]) == (1, 1, 1)
    monkeypatch.setattr(looking, "CLOCKS_DIFFER", -2.0)  # as if the first one had been written a while ago
    assert writer.write(WRITES[1], faults.html_500) == (0, 0, 1)
