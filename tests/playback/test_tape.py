"""Which recorded answer comes when."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest

from tests.playback import tapes
from tests.playback.tapes import answered, asked, capture
from tests.replay.captures import EXCHANGES, encoded
from userapi_gw.playback.index import NAME, Contents, prepare
from userapi_gw.playback.tape import Tape
from userapi_gw.replay.counts import MOST_KINDS, OTHERS
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.faults import CaptureError

A, B, UNKNOWN = "a" * 32, "b" * 32, "c" * 32


@contextmanager
def tape(folder: Path, *exchanges: Exchange) -> Iterator[Tape]:
    with closing(tapes.tape(folder, *exchanges)) as made:
        yield made


def number(tape: Tape, exchange: Exchange) -> int:
    recorded = tape.next(exchange)
    return recorded.number if recorded else 0


def test_the_kth_request_gets_the_kth_answer_and_then_the_last_again(tmp_path: Path) -> None:
    recorded = [answered(place, act="wall", id=1, sid=A) for place in (1, 2, 4)]
    with tape(tmp_path, *recorded[:2], answered(3, act="wall", id=2), recorded[2]) as made:
        ways = [
            asked(act="wall", id=1, sid=UNKNOWN, back="f", csid=5),
            asked("POST", id=1, act="wall"),
            asked(id=1, sid="", act="wall"),
            asked(act="wall", id=1),
        ]
        assert [number(made, way) for way in ways] == [1, 2, 4, 4]
        assert number(made, asked(act="wall", id=2, sid=A)) == 3
        assert number(made, asked(act="wall", id=3, sid=A)) == 0
        assert made.tally() == (5, 0, {})
        made.rewind()
        assert number(made, ways[0]) == 1


def test_a_session_gets_its_own_answers(tmp_path: Path) -> None:
    recorded = [answered(place, act="inbox", sid=sid) for place, sid in enumerate((A, B, A, B), start=1)]
    with tape(tmp_path, *recorded) as made:
        told = [number(made, asked(act="inbox", sid=sid)) for sid in (B, B, B, A, UNKNOWN, A, "", UNKNOWN)]
    assert told == [2, 4, 4, 1, 1, 3, 2, 3]


def test_a_login_is_played_back_with_any_password(tmp_path: Path) -> None:
    sent = {"login": "force", "site": 2, "email": "a@b.example"}
    with tape(tmp_path, answered(1, path="/auth", **sent, **{"pass": "one"})) as made:
        assert number(made, asked("POST", "/auth", **sent, **{"pass": "other"})) == 1
        assert number(made, asked(path="/auth", **{**sent, "email": "other@b.example"})) == 0


@pytest.mark.parametrize("name", ["jsonl", "har", "warc", "warc.gz"])
def test_captures_of_every_format(tmp_path: Path, name: str) -> None:
    (tmp_path / "capture").write_bytes(encoded(EXCHANGES, name))
    assert prepare(tmp_path, tmp_path / "capture") == Contents(3, "", is_new=True)
    with closing(Tape(tmp_path)) as made:
        recorded = [made.next(exchange) for exchange in EXCHANGES]
    assert [one and (one.status, one.body) for one in recorded] == [
        *((one.status, one.body) for one in EXCHANGES[:3]),
        None,
    ]


def test_pictures_are_played_back_and_pages_are_not(tmp_path: Path) -> None:
    picture = answered(1, b"\xff\xd8", path="/u00001/b_6261d317.jpg", headers=(("Content-Type", "image/jpeg"),))
    page = answered(2, b"<html>", path="/index.html", headers=(("Content-Type", "text/html"),))
    with tape(tmp_path, picture, page) as made:
        assert number(made, asked(path="/u00001/b_6261d317.jpg")) == 1
        assert number(made, asked(path="/index.html")) == 0


def test_what_can_be_read_of_a_broken_capture_is_played_back(tmp_path: Path) -> None:
    whole = encoded([answered(1, act="wall"), answered(2, act="inbox")], "jsonl").splitlines()
    (tmp_path / "capture").write_bytes(b"\n".join([*whole[:2], b"{broken", whole[2], whole[1][:50]]))
    contents = prepare(tmp_path, tmp_path / "capture")
    assert contents == Contents(2, "line 3: broken or cut off (and 1 more)", is_new=True)
    assert prepare(tmp_path, tmp_path / "capture") == contents._replace(is_new=False)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"http://userapi.com/data?act=wall\n", "there is no answer in it to play back"),
        (b'{"request": 5}\n', "line 1: request: "),
    ],
)
def test_a_capture_without_answers(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "capture").write_bytes(content)
    with pytest.raises(CaptureError, match=reason):
        prepare(tmp_path, tmp_path / "capture")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["capture", f"{NAME}.lock"]


def test_the_index_is_made_anew_for_another_capture_and_when_it_is_damaged(tmp_path: Path) -> None:
    one = capture(tmp_path / "one.jsonl", answered(1, act="wall"))
    other = capture(tmp_path / "other.jsonl", answered(1, act="wall"), answered(2, act="wall"))
    assert [prepare(tmp_path, path)[::2] for path in (one, one, other, one)] == [
        (1, True),
        (1, False),
        (2, True),
        (1, True),
    ]
    capture(one, answered(1, act="inbox"), answered(2, act="inbox"), answered(3, act="inbox"))
    assert prepare(tmp_path, one) == Contents(3, "", is_new=True)
    (tmp_path / NAME).write_bytes(b"not a database" * 100)
    (tmp_path / f"{NAME}-journal").write_bytes(b"of a process that was killed")
    assert prepare(tmp_path, one) == Contents(3, "", is_new=True)
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / f"{NAME}-journal").exists()


def test_processes_and_threads_take_turns(tmp_path: Path) -> None:
    """Two openings of one index stand for two processes."""
    with (
        tape(tmp_path, *(answered(place, act="wall") for place in range(1, 81))) as one,
        closing(Tape(tmp_path)) as two,
    ):
        given: list[int] = []
        runs = [Thread(target=lambda tape=made: given.extend(number(tape, asked(act="wall")) for _ in range(20)))
                for made in (one, two, one, two)]  # fmt: skip
        for run in runs:
            run.start()
        for run in runs:
            run.join()
        assert sorted(given) == [*range(1, 81)]
        assert one.tally() == two.tally() == (80, 0, {})


def test_the_nearest_request_has_the_fewest_differences(tmp_path: Path) -> None:
    recorded = [
        answered(1, act="wall", id=1, **{"from": 0, "to": 10}),
        answered(2, act="wall", id=2, **{"from": 0, "to": 10}),
        answered(3, act="inbox", id=1, to=5),
    ]
    with tape(tmp_path, *recorded) as made:
        for sent, expected in [({"id": 2, "to": 10}, 2), ({"id": 1}, 1), ({}, 1)]:
            nearest = made.nearest(asked(act="wall", **sent))
            assert nearest is not None
            assert nearest.number == expected
        assert made.nearest(asked(act="outbox", id=1)) is None
        assert made.nearest(asked(path="/auth", act="wall")) is None


def test_misses_are_counted_by_kind_in_bounded_numbers(tmp_path: Path) -> None:
    with tape(tmp_path, answered(1, act="wall")) as made:
        for place in range(MOST_KINDS + 50):
            made.missed(f"kind {place}")
        made.missed("kind 0")
        hits, misses, missed = made.tally()
    assert (hits, misses, missed["kind 0"]) == (0, MOST_KINDS + 51, 2)
    assert len(missed) <= MOST_KINDS
    assert missed[OTHERS] + sum(count for kind, count in missed.items() if kind != OTHERS) == misses


def test_an_index_that_is_gone_is_an_error_of_sqlite(tmp_path: Path) -> None:
    with tape(tmp_path, answered(1, act="wall")) as made:
        with made._file.changing() as database:
            database.execute("DROP TABLE answers")
        with pytest.raises(sqlite3.Error):
            made.next(asked(act="wall"))
        assert made.tally() == (0, 0, {})
