"""What a replay writes: a capture of its own, and the journal beside it."""

from dataclasses import dataclass
from pathlib import Path

from userapi_gw.replay.cleaning import Cleaner
from userapi_gw.replay.running.journal import SUFFIX, JournalError, JournalFile, Progress
from userapi_gw.replay.stand_ins import StandIns
from userapi_gw.replay.writing import ENCODERS, CaptureFile, format_of


@dataclass(frozen=True, slots=True)
class Output:
    """The files of one replay, and how far an earlier one came."""

    file: CaptureFile
    cleaner: Cleaner
    journal: JournalFile
    path: Path
    progress: Progress

    def close(self, *, is_whole: bool) -> None:
        """Close the files. The journal of a replay that is through is not needed any more."""
        self.file.close()
        self.journal.close()
        if is_whole:
            self.path.unlink()


def begin(path: Path, named: str, capture: Path, to: str) -> Output:
    """Make the files. Raises ValueError for an ending that is no format, FileExistsError, and OSError."""
    encoder, stand_ins = ENCODERS[format_of(path, named)](), StandIns()
    file, beside = CaptureFile(path, encoder), journal_of(path)
    journal = JournalFile.begin(beside, capture, to, stand_ins.key, file.end)
    return Output(file, Cleaner(stand_ins), journal, beside, Progress(stand_ins.key, file.end))


def go_on(path: Path, named: str, capture: Path, to: str) -> Output:
    """Open the files of a replay that was stopped; what was written and not noted down is written over.

    Raises JournalError, ValueError and OSError. A replay that never was is begun.
    """
    beside = journal_of(path)
    if not beside.exists():
        if path.exists():
            raise JournalError(f"{path} is whole: there is no {beside.name} beside it")
        return begin(path, named, capture, to)
    journal, progress = JournalFile.go_on(beside, capture, to)
    encoder, stand_ins = ENCODERS[format_of(path, named)](), StandIns(progress.key)
    return Output(CaptureFile(path, encoder, progress.end), Cleaner(stand_ins), journal, beside, progress)


def journal_of(path: Path) -> Path:
    """Return where the journal of an output is."""
    return path.with_name(path.name + SUFFIX)
