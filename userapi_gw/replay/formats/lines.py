"""What formats with a line for each request have in common."""

from collections.abc import Callable, Iterator
from typing import IO

from userapi_gw.replay.exchange import Exchange, Headers
from userapi_gw.replay.faults import CaptureError

Asked = tuple[float | None, str, str, Headers]
"""When (unix seconds), method, address, headers."""


def requests(file: IO[bytes], parse: Callable[[str], Asked | None], fault: str) -> Iterator[Exchange]:
    """Yield the requests of all lines; `parse` returns None for a line without one and raises ValueError for a bad one.

    Bad lines are left out; when there were any, `CaptureError` is the end.
    """
    number, faults = 0, Faults()
    for place, line in enumerate(file, start=1):
        try:
            asked = parse(line.decode("latin-1").rstrip("\r\n"))
        except ValueError:
            faults.add(fault, place)
            continue
        if asked is not None:
            number += 1
            began, method, url, headers = asked
            yield Exchange(number, began, method, url, headers)
    faults.tell()


class Faults:
    """The bad lines of a file: the first one, and how many more there are."""

    def __init__(self) -> None:
        self._first: CaptureError | None = None
        self._more = 0

    def add(self, reason: str, place: int) -> None:
        """Note that line `place` is bad."""
        if self._first is None:
            self._first = CaptureError(reason, place, "line")
        else:
            self._more += 1

    def tell(self) -> None:
        """Raise `CaptureError` if there was any."""
        if self._first is not None:
            raise self._first.and_more(self._more)
