"""Captures that several write to."""

import multiprocessing
import os
import signal
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.replay.captures import EXCHANGES, read
from userapi_gw.replay.writing import ENCODERS, CaptureFile, format_of


@pytest.mark.parametrize("name", ENCODERS)
def test_threads_and_processes_write_one_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / "capture"
    file = CaptureFile(path, ENCODERS[name]())
    workers = [
        multiprocessing.get_context("fork").Process(target=write_some, args=(file, who), daemon=True)
        for who in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    write_some(file, 3)
    found, fault = read(path)
    assert fault == ""
    written = {f"http://userapi.com/data?act=wall&id={who}{turn:02}" for who in range(4) for turn in range(40)}
    assert (len(found), {one.url for one in found}) == (160, written)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        CaptureFile(path, ENCODERS[name]())


def write_some(file: CaptureFile, who: int) -> None:
    def write(turns: range) -> None:
        for turn in turns:
            file.write(replace(EXCHANGES[0], url=f"http://userapi.com/data?act=wall&id={who}{turn:02}"))

    threads = [threading.Thread(target=write, args=[range(start, 40, 2)]) for start in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("name", ENCODERS)
def test_what_a_killed_process_left_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / "capture"
    file = CaptureFile(path, ENCODERS[name]())
    file.write(EXCHANGES[0])

    def cut(handle: int, block: bytes, place: int) -> int:
        write(handle, block[:-30], place)
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    write = os.pwrite
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", cut)
        killed = multiprocessing.get_context("fork").Process(target=file.write, args=(EXCHANGES[1],), daemon=True)
        killed.start()
        killed.join(60)
    assert read(path)[0] == EXCHANGES[:1] or name.startswith("warc")
    file.write(EXCHANGES[2])
    assert read(path) == ([EXCHANGES[0], replace(EXCHANGES[2], number=2)], "")
    file.close()


def test_a_file_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "capture.har"
    file = CaptureFile(path, ENCODERS["har"]())
    file.write(EXCHANGES[0])
    end = file.end
    file.write(EXCHANGES[1])
    file.close()
    again = CaptureFile(path, ENCODERS["har"](), end)
    again.write(EXCHANGES[2])
    assert read(path) == ([EXCHANGES[0], replace(EXCHANGES[2], number=2)], "")


def test_the_ending_tells_the_format() -> None:
    assert [format_of(Path(name)) for name in ("a.jsonl", "A.HAR", "a.warc", "a.warc.gz")] == [*ENCODERS]
    assert format_of(Path("a"), "har") == "har"
    with pytest.raises(
        ValueError, match=r"^a\.txt does not end with \.jsonl, \.har, \.warc, \.warc\.gz; name a format$"
    ):
        format_of(Path("a.txt"))
