"""Marks in a file that the processes of one machine share: how each sees, for next to nothing, that another wrote."""

import secrets
from mmap import mmap
from pathlib import Path

_SIZE = 16  # bytes


class SharedMarks:
    """So many random marks in `file`. Whoever changes something puts a new mark afterwards; the old never comes back.

    Who remembers what was read notes the mark from before the reading. While it stands, nothing has been changed since.
    """

    def __init__(self, file: Path, count: int = 1) -> None:
        file.touch(mode=0o600)
        with file.open("r+b") as opened:
            if file.stat().st_size < count * _SIZE:  # never shorter: others may have it open
                opened.truncate(count * _SIZE)
            self._shared = mmap(opened.fileno(), count * _SIZE)
        self._count = count

    def of(self, number: int) -> bytes:
        """Return the mark that stands for `number`; some numbers have one mark together."""
        start = number % self._count * _SIZE
        return self._shared[start : start + _SIZE]

    def change(self, number: int) -> None:
        """Put a new mark for `number`, seen by all processes."""
        start = number % self._count * _SIZE
        self._shared[start : start + _SIZE] = secrets.token_bytes(_SIZE)

    def change_all(self) -> None:
        """Put a new mark for every number."""
        self._shared[:] = secrets.token_bytes(len(self._shared))

    def close(self) -> None:
        """Close the file."""
        self._shared.close()
