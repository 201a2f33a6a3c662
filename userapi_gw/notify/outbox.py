"""Letters in a folder, where earlier versions kept them: they are taken over into the outbox of the database."""

from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from userapi_gw.state.jobs import FAILED, UNCERTAIN
from userapi_gw.state.notifications import Notifications

SUFFIX, SENDING = ".eml", ".sending"
"""The endings of letters that waited, and of those that were under way: they may have been sent."""


def take_over(folder: Path, outbox: Notifications) -> int:
    """Move all letters of a folder into the outbox, each once, and return how many. Raises OSError."""
    moved = 0
    for path, state in _letters(folder):
        with suppress(FileNotFoundError):  # another process was faster
            letter = message_from_bytes(path.read_bytes(), policy=default).as_string()
            moved += outbox.adopt(letter, path.stem, state)
            path.unlink()
    with suppress(OSError):  # not there, or something else is in it
        folder.rmdir()
    return moved


def _letters(folder: Path) -> Iterator[tuple[Path, str]]:
    for ending, state in ((SUFFIX, FAILED), (SENDING, UNCERTAIN)):
        for path in sorted(folder.glob(f"*{ending}")):
            yield path, state
