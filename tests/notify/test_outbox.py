"""The folder of letters."""

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
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


@pytest.fixture
def full(tmp_path: Path) -> Outbox:
    """An outbox with ten letters."""
    outbox = Outbox(tmp_path / "outbox")
    for number in range(10):
        outbox.keep(activation("n@example.org", f"{number}@mail.example", LINK, 3))
    return outbox


def files(outbox: Outbox) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in outbox._folder.iterdir()}


def test_letters_that_were_taken_leave_and_others_stay_as_they_were(full: Outbox) -> None:
    before = files(full)
    names = sorted(before)
    under_way: list[str] = []

    def deliver(message: EmailMessage) -> str:
        under_way.extend(name for name in files(full) if name.endswith(".sending"))
        return "Refused" if message["To"] in ("3@mail.example", "7@mail.example") else ""

    assert full.send_again(deliver) == (8, ["Refused"] * 2)
    assert files(full) == {name: before[name] for name in (names[3], names[7])}
    assert under_way == [name.replace(".eml", ".sending") for name in names]


def test_of_two_senders_at_once_one_gets_a_letter(full: Outbox) -> None:
    sent: list[str] = []
    start = threading.Barrier(4)

    def send(_: int) -> int:
        start.wait()
        return full.send_again(lambda message: sent.append(message["To"]) or "")[0]

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(send, range(4))) == 10
    assert sorted(sent) == [f"{number}@mail.example" for number in range(10)]
    assert files(full) == {}


def test_a_letter_whose_sender_died_is_not_sent_twice(full: Outbox) -> None:
    def die(_message: EmailMessage) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        full.send_again(die)
    sent: list[str] = []
    assert full.send_again(lambda message: sent.append(message["To"]) or "") == (9, [])
    assert sent == [f"{number}@mail.example" for number in range(1, 10)]
    (left,) = full.letters()
    assert (left.recipient, left.name.endswith(".sending")) == ("0@mail.example", True)


def test_another_sends_while_letters_are_read(full: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.read_bytes

    def read_late(path: Path) -> bytes:
        path.unlink(missing_ok=True)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_late)
    assert full.letters() == []
