"""Whole comparisons: pairing, totals, noise, and memory that does not grow with the captures."""

import sys
from collections.abc import Sequence
from subprocess import run
from typing import Any

import pytest

from tests.compare.sides import exchange
from userapi_gw.compare.comparison import AGAIN, NEW, OLD, Options, comparing
from userapi_gw.compare.results import Result, Totals
from userapi_gw.replay.exchange import Exchange

FRIENDS = [[3, "Vyacheslav", "0", 0], [7, "Alexey", "0", 1]]


def outcome(
    old: Sequence[Exchange], new: Sequence[Exchange], again: Sequence[Exchange] = (), **options: Any
) -> tuple[list[Result], Totals]:
    with comparing(Options(**options)) as comparison:
        comparison.fill(OLD, old)
        comparison.fill(NEW, new)
        if again:
            comparison.fill(AGAIN, again)
            comparison.learn_noise()
        results = comparison.run()
        return [*results], results.totals


def pairs(old: Sequence[Exchange], new: Sequence[Exchange]) -> list[tuple[int | None, int | None]]:
    return [(one.old, one.new) for one in outcome(old, new)[0]]


def test_requests_are_paired_whatever_their_order_method_sid_and_callback() -> None:
    old = [exchange("friends", [], 1, id=1, back="f"), exchange("wall", {}, 2, id=1), exchange("wall", {}, 3, id=2)]
    body = b"sid=9&id=1&act=friends"
    post = Exchange(2, None, "POST", "/data", (), body, 200, (), b"[]")
    new = [exchange("wall", {}, 1, id=2), post, exchange("wall", {}, 3, id=1)]
    assert pairs(old, new) == [(1, 2), (2, 3), (3, 1)]


def test_the_second_same_request_belongs_to_the_second() -> None:
    old = [exchange("friends", FRIENDS[:place], place + 1, id=1) for place in range(3)]
    results, totals = outcome(old, old)
    assert [(one.old, one.new, one.verdict) for one in results] == [(place, place, "matched") for place in (1, 2, 3)]
    assert totals.whole == 3


def test_what_was_learned_from_answers_does_not_hinder_pairs() -> None:
    old = [exchange("wall", {}, number, id=1, ts=number) for number in (1, 2, 3)]
    new = [exchange("wall", {}, number, id=1, ts=100 + number) for number in (1, 2, 3)]
    assert pairs(old, new) == [(1, 1), (2, 2), (3, 3)]
    assert pairs(old, [exchange("wall", {}, number, id=1, ts=4 - number) for number in (1, 2, 3)]) == [
        (1, 3),
        (2, 2),
        (3, 1),
    ]
    shifted = [exchange("wall", {}, number, id=1, ts=1 + number) for number in (1, 2, 3)]
    assert pairs(old, shifted) == [(1, 1), (2, 2), (3, 3)]
    assert pairs(old, new[:2]) == [(1, 1), (2, 2), (3, None)]


def test_what_one_side_alone_has_is_unserved() -> None:
    old, new = [exchange("friends", [], 1, id=1)], [exchange("fave", {}, 1)]
    results, totals = outcome(old, new)
    assert [(one.act, one.verdict, one.reason) for one in results] == [
        ("friends", "unserved", "nothing on the new side"),
        ("fave", "unserved", "nothing on the old side"),
    ]
    assert totals.verdicts() == {"unserved": 2}


def test_totals_and_times_of_other_data_are_left_out_in_the_end() -> None:
    """The first answer has no ids: only the second tells that the people are others."""
    old = [exchange("wall", {"n": 5, "d": []}, 1, id=1), exchange("fave", {"n": 2, "d": FRIENDS}, 2)]
    people = [[number + 100, *rest] for number, *rest in FRIENDS]
    new = [exchange("wall", {"n": 7, "d": []}, 1, id=1), exchange("fave", {"n": 2, "d": people}, 2)]
    results, totals = outcome(old, new)
    assert [one.verdict for one in results] == ["matched", "matched"]
    assert totals.ignored == {"user": 2, "total of other data": 1}
    assert not totals.fields
    assert [one.verdict for one in outcome(old[:1], new[:1])[0]] == ["divergent"]


def test_noise_is_what_two_runs_of_one_side_differ_in() -> None:
    old, again, new = ([exchange("friends", [[3, name, "0", 0]], 1, id=1)] for name in ("a", "b", "c"))
    results, totals = outcome(old, new, again)
    assert [one.verdict for one in results] == ["matched"]
    assert totals.ignored == {"noise friends [*].name": 1}
    assert [one.verdict for one in outcome(old, new)[0]] == ["divergent"]
    worse = [exchange("friends", [[3, "c", "0"]], 1, id=1)]
    assert [one.position for one in outcome(old, worse, again)[0][0].differences] == ["[0].online"]


def test_other_requests_are_skipped_and_counted() -> None:
    picture = Exchange(2, None, "GET", "http://cs1.userapi.com/u1/a.jpg", status=200, body=b"x")
    results, totals = outcome([exchange("friends", [], 1, id=1), picture], [exchange("friends", [], 1, id=1)])
    assert (len(results), totals.skipped) == (1, 1)


LONG = """
import resource, sys
from tests.compare.sides import exchange
from userapi_gw.compare.comparison import NEW, OLD, Options, comparing

def run(count):
    people = [[number, "x" * 500, "http://cs1.userapi.com/b.jpg", number % 2] for number in range(1, 9)]
    with comparing(Options()) as comparison:
        for side in (OLD, NEW):
            comparison.fill(side, (exchange("friends", people, n, id=n % 500 + 1, to=n) for n in range(1, count + 1)))
        totals = comparison.run().totals
    assert totals.verdicts() == {"matched": count}, totals
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

small = run(200)
print(run(int(sys.argv[1])) - small)
"""


@pytest.mark.parametrize("count", [4000])
def test_memory_does_not_grow_with_the_captures(count: int) -> None:
    """Both sides together are some 30 megabytes."""
    done = run([sys.executable, "-c", LONG, str(count)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 24 * 1024
