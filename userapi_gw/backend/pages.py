"""Windows over lists that servers hand out in pages, each in its own way."""

from collections.abc import Callable
from typing import TypeVar

from userapi_gw.backend.dialects import ServerDialect
from userapi_gw.backend.model import Page, Window

Row = TypeVar("Row")
Fetch = Callable[[int, int], Page[Row]]
"""Asks for rows from an `offset` on, at most `count` of them."""

MOST_ROWS = 5000
"""Where a list has to be read whole, no more of it is."""


def window_of(fetch: Fetch[Row], window: Window, method: str, step: int, dialect: ServerDialect) -> Page[Row]:
    """Return a window of a `{count, items}` list of which a call hands out at most `step` rows."""
    step = min(step, dialect.most.get(method, step))
    if method in dialect.oldest_first:
        rows = _whole(fetch, step)[::-1]
        return Page(len(rows), rows[window.start : window.stop])
    if method in dialect.page_offsets:
        return _numbered_pages(fetch, window, step)
    if method in dialect.page_totals:
        return _until_short(fetch, window, step)
    return _counted(fetch, window, step)


def _counted(fetch: Fetch[Row], window: Window, step: int) -> Page[Row]:
    """VK's way: an offset in rows, and the total with every answer."""
    total, rows, offset = 0, list[Row](), window.start
    while True:
        count = max(1, min(step, window.stop - offset))
        part = fetch(offset, count)
        total = part.total
        rows += part.rows
        offset += count
        if offset >= min(window.stop, total):
            return Page(total, rows[: window.count])


def _numbered_pages(fetch: Fetch[Row], window: Window, step: int) -> Page[Row]:
    """An offset that is the number of a page. All pages of a window have to be of one size."""
    size = max(1, min(step, window.stop if window.stop <= step else step))
    number, rows = window.start // size, list[Row]()
    while True:
        part = fetch(number, size)
        rows += part.rows
        number += 1
        if number * size >= min(window.stop, part.total) or not part.rows:
            skipped = window.start % size
            return Page(part.total, rows[skipped : skipped + window.count])


def _until_short(fetch: Fetch[Row], window: Window, step: int) -> Page[Row]:
    """A total that is not to be had: the list ends where a page is not full, up to `MOST_ROWS` beyond the window."""
    rows = _whole(fetch, step, window.start)
    return Page(window.start + len(rows), rows[: window.count])


def _whole(fetch: Fetch[Row], step: int, start: int = 0) -> list[Row]:
    rows = list[Row]()
    while len(rows) < MOST_ROWS:
        part = fetch(start + len(rows), step)
        rows += part.rows
        if len(part.rows) < step:
            break
    return rows
