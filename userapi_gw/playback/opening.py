"""Opens the capture that the settings name."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from userapi_gw.errors import explain
from userapi_gw.playback.index import Contents, prepare
from userapi_gw.playback.tape import Tally, Tape
from userapi_gw.replay.faults import CaptureError
from userapi_gw.settings import Settings, SettingsError

log = logging.getLogger(__name__)


def open_tape(settings: Settings) -> Tape | None:
    """Return the capture's answers, None when there is nothing to play back. Raises SettingsError."""
    if not settings.playback:
        return None
    contents = _prepared(settings)
    if contents.is_new and contents.fault:
        log.warning("playback: %s; what could be read is played back", contents.fault)
    with _told(settings):
        return Tape(settings.data_dir)


def begin(settings: Settings) -> Contents:
    """Go to the beginning of the capture, before any process of a server plays from it. Raises SettingsError."""
    contents = _prepared(settings)
    with _told(settings), closing(Tape(settings.data_dir)) as tape:
        tape.rewind()
    return contents


def tally(settings: Settings) -> Tally:
    """Return what all processes have counted. Raises SettingsError."""
    with _told(settings), closing(Tape(settings.data_dir)) as tape:
        return tape.tally()


def _prepared(settings: Settings) -> Contents:
    with _told(settings):
        return prepare(settings.data_dir, Path(settings.playback).expanduser())


@contextmanager
def _told(settings: Settings) -> Iterator[None]:
    try:
        yield
    except CaptureError as error:
        raise SettingsError(f"playback: {settings.playback}: {error}") from None
    except OSError as error:
        raise SettingsError(f"playback: cannot read {settings.playback}: {error.strerror}") from None
    except sqlite3.Error as error:
        raise SettingsError(f"playback: the index in {settings.data_dir}: {explain(error)}") from None
