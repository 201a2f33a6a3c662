"""Letters of an earlier version, which kept them in a folder, are taken over once."""

from pathlib import Path

import pytest

from tests.letters import letters
from tests.notify.conftest import LINK
from userapi_gw.notify.letters import activation
from userapi_gw.notify.outbox import take_over
from userapi_gw.state import State


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three letters that wait, and one whose sender died."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    for name in ("1.eml", "2.eml", "3.eml", "4.sending"):
        letter = activation("n@example.org", f"{name}@mail.example", LINK, 3)
        (folder / name).write_bytes(letter.as_bytes())
    return folder


def test_letters_are_taken_over_and_the_folder_goes(state: State, folder: Path) -> None:
    assert [take_over(folder, state.notifications) for _ in range(2)] == [4, 0]
    assert not folder.exists()
    assert [letter["To"] for letter in letters(state)] == [
        f"{name}@mail.example" for name in ("1.eml", "2.eml", "3.eml", "4.sending")
    ]
    assert LINK in letters(state)[0].get_content()
    assert [notice.state for notice in state.notifications.notices()] == ["failed"] * 3 + ["uncertain"]
    assert state.notifications.jobs.claim(10) == []
    assert state.notifications.retry() == 3


def test_a_process_that_died_while_it_took_them_over_doubles_nothing(state: State, folder: Path) -> None:
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    take_over(folder, state.notifications)
    folder.mkdir()
    for path, content in kept.items():
        path.write_bytes(content)
    assert take_over(folder, state.notifications) == 0
    assert len(letters(state)) == 4


def test_no_folder_is_an_empty_one(state: State, tmp_path: Path) -> None:
    assert take_over(tmp_path / "none", state.notifications) == 0
