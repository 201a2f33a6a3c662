"""Looking for what the viewer wrote or changed, when the backend did not say what became of it."""

from collections.abc import Callable, Iterable

from userapi_gw.backend.model import Comment, Message, Post, Window
from userapi_gw.errors import Failure, Kind

Happened = bool | None
"""True for what happened, None when it did not."""

LOOKED_THROUGH = Window(0, 20)
"""The newest of a list: that much is not written by others in the seconds after a write."""

CLOCKS_DIFFER = 5.0
"""Seconds by which the backend's clock may be behind."""


def newest_own(rows: Iterable[Message | Post | Comment], viewer: int, text: str, since: float) -> int | None:
    """Return the id of the first of `rows` that the viewer wrote with this text since then (unix seconds)."""
    wanted = _essence(text)
    for row in rows:
        author = row.sender if isinstance(row, Message) else row.author
        if author.id == viewer and _essence(row.text) == wanted and row.date >= int(since - CLOCKS_DIFFER):
            return row.id
    return None


def same_text(one: str, other: str) -> Happened:
    """Tell whether two texts are the same but for their blanks."""
    return happened(_essence(one) == _essence(other))


def happened(found: bool) -> Happened:
    """Say it as `Calls.write` wants to hear it of a write that answers nothing else."""
    return True if found else None


def there(look: Callable[[], object]) -> Happened:
    """Tell whether `look` finds something."""
    try:
        look()
    except Failure as failure:
        if failure.kind is not Kind.NOT_FOUND:
            raise
        return None
    return True


def gone(look: Callable[[], object]) -> Happened:
    """Tell whether `look` finds nothing any more."""
    return None if there(look) else True


def _essence(text: str) -> list[str]:
    """A text without its blanks, of which servers keep some and not others."""
    return text.split()
