"""Windows over servers that count, page and order in their own ways."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userapi_gw.backend.dialects import OPENVK, VK, ServerDialect
from userapi_gw.backend.model import Page, Window
from userapi_gw.backend.pages import Fetch, window_of

METHOD = "friends.get"


def server(rows: list[int], most: int, dialect: ServerDialect) -> Fetch[int]:
    """A list as the server of a dialect hands it out, newest (highest) first where it can."""
    shown = rows[::-1] if METHOD in dialect.oldest_first else rows

    def fetch(offset: int, count: int) -> Page[int]:
        assert offset >= 0, "OpenVK crashes at negative offsets"
        assert 1 <= count <= most
        start = offset * count if METHOD in dialect.page_offsets else offset
        part = shown[start : start + count]
        return Page(len(part) if METHOD in dialect.page_totals else len(rows), part)

    return fetch


WAYS = {
    "as VK": VK,
    "pages": replace(OPENVK, page_offsets=frozenset({METHOD})),
    "no totals": replace(OPENVK, page_offsets=frozenset(), page_totals=frozenset({METHOD})),
    "oldest first": replace(
        OPENVK, page_offsets=frozenset(), page_totals=frozenset({METHOD}), oldest_first=frozenset({METHOD})
    ),
    "fewer": replace(VK, most={METHOD: 2}),
}


@pytest.mark.parametrize("way", WAYS)
@given(length=st.integers(0, 20), start=st.integers(0, 25), count=st.integers(0, 25), step=st.integers(1, 7))
def test_every_window_of_every_list(way: str, length: int, start: int, count: int, step: int) -> None:
    rows, window = list(range(length, 0, -1)), Window(start, start + count)
    dialect = WAYS[way]
    most = min(step, dialect.most.get(METHOD, step))
    page = window_of(server(rows, most, dialect), window, METHOD, step, dialect)
    assert page.rows == rows[start : start + count]
    if page.rows or way in ("as VK", "fewer", "pages", "oldest first"):
        assert page.total == length
