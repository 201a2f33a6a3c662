"""The comparison of two looks at a friend: one rule each."""

import pytest

from userapi_gw.state import Shown, came, gone


def shown(names: str, whole: bool = False) -> Shown:
    return Shown(tuple(names), whole)


def test_the_first_look_tells_nothing() -> None:
    assert came(None, shown("ab", whole=True)) == []
    assert gone(None, shown("ab", whole=True)) == set()


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        (shown("ab"), shown("ab"), ""),
        (shown("ab"), shown("xab"), "x"),
        (shown("ab"), shown("xya"), "xy"),
        (shown("abc"), shown("xbcd"), "x"),  # a went, and d moved up
        (shown("abc"), shown("xcde"), "x"),
        (shown("abc"), shown("xyz"), "xyz"),  # more has come than the look shows
        (shown("abc", whole=True), shown("axbcd", whole=True), "xd"),
        (shown("", whole=True), shown("x"), "x"),
        (shown("abc"), shown("", whole=True), ""),
    ],
)
def test_what_came(before: Shown, after: Shown, new: str) -> None:
    assert came(before, after) == list(new)


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        (shown("ab"), shown("ab"), ""),
        (shown("abc"), shown("ac"), "b"),
        (shown("abc"), shown("xab"), ""),  # c was pushed off
        (shown("abc"), shown("xyb"), "a"),
        (shown("abc"), shown("xyz"), ""),
        (shown("abc"), shown("xyz", whole=True), "abc"),
        (shown("abc"), shown("b", whole=True), "ac"),
        (shown("", whole=True), shown("x"), ""),
    ],
)
def test_what_went(before: Shown, after: Shown, lost: str) -> None:
    assert gone(before, after) == set(lost)
