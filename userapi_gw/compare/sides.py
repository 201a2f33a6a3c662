"""The sides of a comparison: captures, folders of fixtures, and live servers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from userapi_gw.replay import captures
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.faults import CaptureError


@dataclass
class Recorded:
    """A capture. `fault` tells afterwards what could not be read of it, and is empty when all could."""

    path: Path
    fault: str = ""

    def __iter__(self) -> Iterator[Exchange]:
        """Yield the exchanges that can be read."""
        try:
            yield from captures.read(self.path)
        except CaptureError as error:
            self.fault = f"{self.path}: {error}"
        except OSError as error:
            self.fault = f"cannot read {self.path}: {error.strerror}"
