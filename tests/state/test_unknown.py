"""The list of acts nobody serves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from userapi_gw.state import State


def test_acts_are_counted_most_wanted_first(state: State, clock: Any) -> None:
    start = clock.now
    for name in ("audio", "video", "audio", "about", "audio", "video"):
        state.unknown.add(name)
        clock.now += 1
    assert state.unknown.rows() == [("audio", 3, start + 4), ("video", 2, start + 5), ("about", 1, start + 3)]


def test_what_is_no_name_of_an_act_is_not_repeated(state: State, clock: Any) -> None:
    sid = "0b95f864b67a0b16d9d0fc20748b8e2d"
    for name in ("x" * 10**6, "a\0b\x1b[31m\n", "\ud83d", "фото", "", sid, f"friends?sid={sid}"):
        state.unknown.add(name)
    assert state.unknown.rows() == [("(other)", 7, clock.now)]


def test_further_names_count_together(open_again: Callable[..., State], clock: Any) -> None:
    unknown = open_again(keep_unknown=2).unknown
    for name in ("a", "b", "c", "d", "b"):
        unknown.add(name)
    assert unknown.rows() == [("(other)", 2, clock.now), ("b", 2, clock.now), ("a", 1, clock.now)]


def test_no_count_is_lost_between_threads_and_processes(open_again: Callable[..., State], clock: Any) -> None:
    workers = [open_again() for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: workers[i % 2].unknown.add("audio"), range(40)))
    assert workers[0].unknown.rows() == [("audio", 40, clock.now)]
