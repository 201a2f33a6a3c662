"""Looking for what the viewer wrote, when the backend did not say what became of it."""

from collections.abc import Iterable

from userapi_gw.backend.model import Message, Post, Window

LOOKED_THROUGH = Window(0, 20)
"""The newest of a list: that much is not written by others in the seconds after a write."""

CLOCKS_DIFFER = 5.0
"""Seconds by which the backend's clock may be behind."""


def newest_own(rows: Iterable[Message | Post], viewer: int, text: str, since: float) -> int | None:
    """Return the id of the first of `rows` that the viewer wrote with this text since then (unix seconds)."""
    wanted = _essence(text)
    for row in rows:
        author = row.sender if isinstance(row, Message) else row.author
        if author.id == viewer and _essence(row.text) == wanted and row.date >= int(since - CLOCKS_DIFFER):
            return row.id
    return None


def _essence(text: str) -> list[str]:
    """A text without its blanks, of which servers keep some and not others."""
    return text.split()
