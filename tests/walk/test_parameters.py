"""Every parameter of the UserAPI documentation: right, missing, wrong, extreme, twice.

The tables say what is sent and what comes of it; see `values.py`. Whatever is sent, the gateway answers in the way of
the protocol, logs no error, and keeps what it has when it refuses.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests import clock
from tests.walk import documented, doors, polling, reading, searching, writing
from tests.walk.stage import NOW, SETTINGS, Stage
from tests.walk.values import RIGHT, SENT, Like, Walk
from userapi_gw.acts import ACTS, Act, Call
from userapi_gw.acts.multi import MY_FRIENDS
from userapi_gw.acts.parameters import Parameters
from userapi_gw.app import create_app
from userapi_gw.settings import Settings

WALKS: list[Walk] = [*reading.WALKS, *searching.WALKS, *polling.WALKS, *writing.WALKS, *doors.WALKS]
CASES = [(walk, name) for walk in WALKS for name in walk.rows]
DATA = [walk for walk in WALKS if walk.path == "/data"]
WALKED = pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.name)

EVERYWHERE = ("act", "sid", "back")
BRIEF = ("empty", "word")
"""Parameters that all acts have, and the wrong values tried of them at every act; one act gets them all."""

SURFACE = {"act", "sid", "back", "from", "to", "site", "fcsid", "fccode", "csid", "ccode"}
"""What is read of every request to `/data`, before its act is known or when it is over a limit."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One gateway for the whole walk, at which it is always `NOW`."""
    with pytest.MonkeyPatch.context() as patch:
        clock.stop(patch, NOW)
        app = create_app(Settings(data_dir=tmp_path_factory.mktemp("walk"), **SETTINGS))
        made = Stage(app)
        yield made
        made.close()
        app.extensions["userapi_gw"].close()


@pytest.fixture(autouse=True)
def calm(stage: Stage, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Begin with the world as it was; end without an error in the log."""
    stage.reset()
    yield
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def is_refused(answer: Any) -> bool:
    """Tell whether an answer says that nothing was done."""
    if isinstance(answer, dict) and "to" in answer:
        return "sid=-" in answer["to"] or answer == doors.LOST
    number = answer.get("ok", 1) if isinstance(answer, dict) and answer.keys() <= {"ok"} else answer
    return isinstance(number, int) and number < 1


class Asked:
    """The answers to one walk with other values of one parameter; each is asked for once."""

    def __init__(self, stage: Stage, walk: Walk, name: str) -> None:
        self._stage, self._walk, self._name = stage, walk, name
        self._right = stage.right(walk)
        self._answers: dict[tuple[str, ...], Any] = {}

    def __call__(self, *sent: str) -> Any:
        """Send the parameter with these values, once, twice or not at all."""
        if sent not in self._answers:
            others = [(name, value) for name, value in self._right.items() if name != self._name]
            response = self._stage.send(self._walk, [*others, *((self._name, value) for value in sent)])
            self._answers[sent] = answer = self._stage.answer(response)
            if is_refused(answer) and answer != self._walk.answer:
                assert not self._stage.is_changed(), sent
        return self._answers[sent]

    def wanted(self, expected: Any) -> Any:
        """The answer that a table expects."""
        if isinstance(expected, Like):
            return self(*(() if expected.value is None else (expected.value,)))
        return self._walk.answer if expected is RIGHT else expected

    @property
    def right(self) -> str:
        """The right value."""
        return self._right[self._name]


@WALKED
def test_right_values(stage: Stage, walk: Walk) -> None:
    assert stage.answer(stage.send(walk, stage.right(walk).items())) == walk.answer
    assert stage.is_changed() == (walk.changes == "world")


@pytest.mark.parametrize(("walk", "name"), CASES, ids=[f"{walk.name}-{name}" for walk, name in CASES])
def test_wrong_values(stage: Stage, walk: Walk, name: str) -> None:
    row, ask = walk.rows[name], Asked(stage, walk, name)
    assert ask() == ask.wanted(row.missing)
    brief = name in EVERYWHERE and walk is not WALKS[0]
    for label in [label for label in row.answers if label in BRIEF or not brief]:
        assert ask(SENT[label]) == ask.wanted(row.answers[label]), label
    if row.answers and not brief and not name.startswith("file"):
        assert ask(SENT["word"], ask.right) == walk.answer, "the last one counts"
    if walk.changes == "nothing":
        assert not stage.is_changed()


@pytest.mark.parametrize("walk", DATA, ids=lambda walk: walk.name)
def test_back(stage: Stage, walk: Walk) -> None:
    """`back` names the function the answer is passed to; what is no name of a function changes nothing."""

    def ask(*back: str) -> TestResponse:
        return stage.send(walk, [*stage.right(walk).items(), *(("back", value) for value in back)])

    plain = ask().get_data()
    if walk.name == "captcha":  # a picture, and another one each time
        assert ask("processFriends").content_type == "image/png"
        return
    assert ask("processFriends").get_data() == b"processFriends(%s);" % plain
    for label in SENT if walk is WALKS[0] else BRIEF:
        assert ask(SENT[label]).get_data() == (b"abc(%s);" % plain if label == "word" else plain), label


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The names of the parameters that have been read, by act; what acts do not read themselves is under `""`."""
    names: dict[str, set[str]] = {"": set()}
    acts: list[str] = [""]

    def note(method: str) -> None:
        real = getattr(Parameters, method)

        def noting(self: Parameters, name: str, *more: Any) -> Any:
            names[acts[-1]].add(name)
            return real(self, name, *more)

        monkeypatch.setattr(Parameters, method, noting)

    def answer(act: Act, call: Call) -> Any:
        acts.append(act.name)
        names.setdefault(act.name, set())
        try:
            return real_answer(act, call)
        finally:
            acts.pop()

    from userapi_gw import acts as room

    real_answer = room.answer
    monkeypatch.setattr(room, "answer", answer)
    for method in ("text", "number", "has"):
        note(method)
    return names


def walk_of(act: str) -> dict[str, bool]:
    """The parameters of an act's walks, and whether any of these says that it is read."""
    rows = [row for walk in DATA if (walk.act or "data") == act for row in walk.rows.items()]
    return {name: any(row.read for other, row in rows if other == name) for name, _ in rows}


def test_every_parameter_that_is_read_has_a_row(stage: Stage, read: dict[str, set[str]]) -> None:
    for walk in DATA:
        right = stage.right(walk)
        for without in ("", *walk.rows):
            stage.send(walk, [(name, value) for name, value in right.items() if name not in (without, "back")])
    assert read.pop("") == SURFACE
    assert set(read) == {*ACTS, "data"}
    read["data"].add(MY_FRIENDS)  # its name counts, its value is not looked at
    rows = {act: {name for name, is_read in walk_of(act).items() if is_read} for act in read}
    assert {act: names - SURFACE for act, names in read.items()} == {act: rows[act] - SURFACE for act in read}


def test_every_door_has_rows_for_what_it_reads(stage: Stage, read: dict[str, set[str]]) -> None:
    for path in ("/auth", "/upload.php"):
        rows = {name for walk in WALKS if walk.path == path for name in walk.rows}
        read[""].clear()
        for walk in (walk for walk in WALKS if walk.path == path):
            for without in ("", *walk.rows):
                stage.send(walk, [pair for pair in stage.right(walk).items() if pair[0] != without])
        fields = {name for name in rows if name.startswith("file")}
        captchas = {name for names in doors.CAPTCHA_NAMES for name in names}
        captchas.add("code")  # the second factor, for which the gateway's own page asks
        assert read[""] | captchas == rows - fields | captchas, path


def test_every_list_of_a_request_for_several_has_a_row() -> None:
    assert {name for name, act in ACTS.items() if act.multi} | {MY_FRIENDS} <= set(walk_of("data"))


@pytest.mark.parametrize("act", documented.ACTS)
def test_every_documented_parameter_has_a_row(act: str) -> None:
    rows = {name for walk in WALKS if (walk.act or "data") == act for name in walk.rows}
    assert set(documented.ACTS[act].split()) <= rows


def test_every_act_is_walked() -> None:
    assert {walk.act for walk in DATA} == {*ACTS, ""}
