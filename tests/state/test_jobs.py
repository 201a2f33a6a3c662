"""Jobs: one holder at a time, nothing lost with a worker that dies, and doubt where something may have been done."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import select

from tests.databases import TestDatabase
from tests.server_process import environment
from tests.state.conftest import Clock
from tests.state.errands import LEASE, errands, jobs_on
from userapi_gw.state.database import Database
from userapi_gw.state.jobs import BEGUN, DONE, ENDED_IN_THE_MIDDLE, FAILED, UNCERTAIN, WAITING, Jobs


@pytest.fixture
def opened(database: TestDatabase) -> Iterator[Database]:
    with closing(Database(database.url)) as opened:
        yield opened


@pytest.fixture
def jobs(opened: Database, clock: Clock) -> Jobs:
    return jobs_on(opened, clock)


def names(jobs: Jobs, most: int = 100) -> list[str]:
    return [job.row["name"] for job in jobs.claim(most)]


def rows(database: Database) -> dict[str, tuple[str, str]]:
    query = select(errands.c.name, errands.c.state, errands.c.reason)
    with database.read() as connection:
        return {name: (state, reason) for name, state, reason in connection.execute(query)}


def test_what_is_due_is_taken_in_its_turn_and_held(jobs: Jobs, clock: Clock) -> None:
    assert jobs.add({"name": "later"}, after=5)
    assert jobs.add({"name": "second"})
    clock.now += 1
    assert jobs.add({"name": "third"})
    assert not jobs.add({"name": "third"})
    assert [names(jobs, 1), names(jobs), names(jobs)] == [["second"], ["third"], []]
    clock.now += 4
    assert names(jobs) == ["later"]


def test_what_is_done_or_given_up_does_not_come_back(jobs: Jobs, opened: Database, clock: Clock) -> None:
    for name in ("done", "hopeless", "odd"):
        jobs.add({"name": name})
    done, hopeless, odd = jobs.claim(3)
    assert jobs.done(done, {"name": "forgotten"})
    assert jobs.give_up(hopeless, "no address")
    assert jobs.doubt(odd, "no answer")
    clock.now += 100 * LEASE
    assert names(jobs) == []
    assert rows(opened) == {
        "forgotten": (DONE, ""),
        "hopeless": (FAILED, "no address"),
        "odd": (UNCERTAIN, "no answer"),
    }
    assert jobs.counts() == {DONE: 1, FAILED: 1, UNCERTAIN: 1}
    assert not jobs.done(hopeless)
    assert jobs.purge(100 * LEASE + 1) == 0
    assert jobs.purge(100 * LEASE) == 1
    assert jobs.counts() == {FAILED: 1, UNCERTAIN: 1}


def test_tries_come_further_and_further_apart_until_it_is_given_up(jobs: Jobs, opened: Database, clock: Clock) -> None:
    jobs.add({"name": "hard"})
    for longest in (2, 4, 8):
        (job,) = jobs.claim()
        assert jobs.again(job, "refused")
        clock.now += longest / 2 - 0.01
        assert names(jobs) == []
        clock.now += longest / 2 + 0.01
    assert rows(opened) == {"hard": (WAITING, "refused")}
    (job,) = jobs.claim()
    assert job.tries == 4
    assert jobs.again(job, "refused again")
    assert rows(opened) == {"hard": (FAILED, "refused again")}


def test_waiting_for_a_turn_is_no_try(jobs: Jobs, clock: Clock) -> None:
    jobs.add({"name": "patient"})
    for _ in range(9):
        (job,) = jobs.claim()
        assert job.tries == 1
        assert jobs.again(job, "full", after=3)
        assert names(jobs) == []
        clock.now += 3


def test_a_lease_that_ended_frees_a_row_and_its_holder_is_told(jobs: Jobs, clock: Clock) -> None:
    jobs.add({"name": "slow"})
    (slow,) = jobs.claim()
    clock.now += LEASE - 1
    assert jobs.renew(slow)
    clock.now += LEASE - 1
    assert names(jobs) == []
    clock.now += 1
    (quick,) = jobs.claim()
    assert quick.tries == 2
    for end in (jobs.begin, jobs.renew, jobs.done, lambda job: jobs.again(job, ""), lambda job: jobs.give_up(job, "")):
        assert not end(slow)
    assert jobs.done(quick)


def test_what_was_announced_and_never_ended_is_uncertain(jobs: Jobs, opened: Database, clock: Clock) -> None:
    jobs.add({"name": "sent?"})
    (job,) = jobs.claim()
    clock.now += LEASE - 1
    assert jobs.begin(job)
    clock.now += LEASE - 1
    assert names(jobs) == []
    assert rows(opened) == {"sent?": ("begun", "")}
    clock.now += 1
    assert names(jobs) == []
    assert rows(opened) == {"sent?": (UNCERTAIN, ENDED_IN_THE_MIDDLE)}
    assert jobs.done(job)  # it was only slow
    assert rows(opened) == {"sent?": (DONE, "")}


def test_what_no_worker_survives_is_given_up(jobs: Jobs, opened: Database, clock: Clock) -> None:
    jobs.add({"name": "deadly"})
    for tries in (1, 2, 3, 4):
        (job,) = jobs.claim()
        assert job.tries == tries
        clock.now += LEASE
    assert names(jobs) == []
    assert rows(opened) == {"deadly": (FAILED, ENDED_IN_THE_MIDDLE)}


def test_of_those_who_take_at_once_nobody_gets_the_same(database: TestDatabase, clock: Clock) -> None:
    opened = [Database(database.url) for _ in range(4)]
    jobs = [jobs_on(each, clock) for each in opened]
    for number in range(40):
        jobs[0].add({"name": str(number)})
    with ThreadPoolExecutor(4) as pool:
        taken = [name for _ in range(4) for found in pool.map(lambda each: names(each, 3), jobs) for name in found]
    assert sorted(taken, key=int) == [str(number) for number in range(40)]
    for each in opened:
        each.close()


@pytest.mark.parametrize(("way", "end"), [("repeat", DONE), ("begin", UNCERTAIN)])
def test_a_killed_process_loses_nothing_and_only_what_may_be_is_done_again(
    database: TestDatabase, opened: Database, way: str, end: str
) -> None:
    jobs = jobs_on(opened)
    for number in range(12):
        jobs.add({"name": str(number)})
    killed = _killed_while_working(database.url, way)
    with ThreadPoolExecutor(2) as pool:
        did = Counter([killed, *(name for found in pool.map(_work, [jobs, jobs]) for name in found)])
    assert rows(opened)[killed][0] == end
    assert jobs.counts() == Counter({DONE: 11}) + Counter({end: 1})
    assert did == Counter(map(str, range(12))) + Counter([killed] if way == "repeat" else [])


def _killed_while_working(url: str, way: str) -> str:
    """Return the name of the row that a process held when it was killed."""
    command = [sys.executable, "-m", "tests.state.errands", url, way]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        name = worker.stdout.readline().strip()
        worker.kill()
    return name


def _work(jobs: Jobs) -> list[str]:
    """Do what there is until all rows have come to an end, and return the names of what was done."""
    did = []
    deadline = time.monotonic() + 30
    while set(jobs.counts()) & {WAITING, BEGUN}:
        assert time.monotonic() < deadline
        for job in jobs.claim():
            assert jobs.begin(job)
            did.append(job.row["name"])
            assert jobs.done(job)
        time.sleep(0.01)
    return did
