"""What is wrong with a capture."""

from typing import Self


class CaptureError(Exception):
    """A capture that cannot be read, or not all of it. What could be read was read all the same.

    `record` is the number of the (first) bad record, line or entry, from 1; None where the whole file is meant. The
    text is one line and quotes nothing of the file.
    """

    def __init__(self, reason: str, record: int | None = None, kind: str = "record") -> None:
        super().__init__(reason if record is None else f"{kind} {record}: {reason}")
        self.record = record

    def and_more(self, count: int) -> Self:
        """Say that `count` more are bad, too."""
        if count:
            self.args = (f"{self} (and {count} more)",)
        return self
