"""What commands that write a capture share."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication

import click

if TYPE_CHECKING:
    from userapi_gw.replay.writing import CaptureFile

FORMATS = ("jsonl", "har", "warc", "warc.gz")  # the keys of ENCODERS, which would be slow to import here


def open_capture(path: Path, named: str | None) -> "CaptureFile":
    """Make a new capture. Raises click's errors: a file that is there already, an ending that is no format."""
    from userapi_gw.replay.writing import ENCODERS, CaptureFile, format_of

    try:
        return CaptureFile(path, ENCODERS[format_of(path, named or "")]())
    except ValueError as error:
        raise click.UsageError(f"{error} (--format).") from None
    except FileExistsError:
        raise click.UsageError(f"{path} exists already.") from None


def recorder(path: Path, named: str | None = None) -> Callable[[WSGIApplication], WSGIApplication]:
    """Return what is put around an application to record it, in this process and those it forks."""
    from userapi_gw.replay.cleaning import Cleaner
    from userapi_gw.replay.recorder import Recorder
    from userapi_gw.replay.stand_ins import StandIns

    return partial(Recorder, cleaner=Cleaner(StandIns()), writer=open_capture(path, named))
