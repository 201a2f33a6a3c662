"""The folder of letters."""

import stat
from pathlib import Path

import pytest

from userapi_gw.notify import Letter, Outbox, activation

LINK = "http://durov.ru/#;confirm=" + "0123456789abcdef" * 2


def test_letters_are_private_and_readable(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    message = activation("network@example.org", "iwan@mail.example", LINK, 3)
    name = outbox.keep(message)
    (path,) = (tmp_path / "outbox").iterdir()
    assert (path.name, path.suffix) == (name, ".eml")
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path.parent, path)] == [0o700, 0o600]
    assert f"\r\n{LINK}\r\n".encode() in path.read_bytes()
    subject = "Подтверждение регистрации / Confirm your registration"
    letter = Letter(name, "iwan@mail.example", subject, message["Date"], message.get_content())
    assert outbox.letters() == [letter]
    assert LINK not in repr(letter)


def test_the_order_is_that_of_writing(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    names = [outbox.keep(activation("n@example.org", f"{n}@mail.example", LINK, 3)) for n in range(5)]
    assert [letter.name for letter in outbox.letters()] == names


def test_no_folder_is_an_empty_one(tmp_path: Path) -> None:
    assert Outbox(tmp_path / "none").letters() == []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="File exists"):
        Outbox(tmp_path / "file").keep(activation("n@example.org", "i@mail.example", LINK, 3))
