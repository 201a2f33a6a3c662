"""The parts of a shadow: lanes, the book of twins, who is chosen."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from tests.playback.tapes import answered, asked
from userapi_gw.replay.counts import MOST_KINDS, OTHERS
from userapi_gw.replay.exchange import Exchange
from userapi_gw.shadow import book, lanes
from userapi_gw.shadow.book import Book, Twins
from userapi_gw.shadow.choosing import MARK, is_sampled, is_wanted, session_of, stripped
from userapi_gw.shadow.lanes import Lanes

SID, TWIN, KEY = "5" * 32, "7" * 32, "k" * 32


class Hand:
    """A worker that does something with exchanges."""

    def __init__(self, do: Callable[[Exchange], None]) -> None:
        self._do = do

    def work(self, exchange: Exchange) -> None:
        self._do(exchange)

    def close(self) -> None:
        pass


def test_a_session_keeps_its_order_and_an_error_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    seen = defaultdict(list)

    def do(exchange: Exchange) -> None:
        seen[exchange.parameters["sid"]].append(exchange.number)
        if exchange.number == 5:
            raise RecursionError("with a secret")

    with closing(Lanes(lambda: Hand(do), count=3)) as made:
        for number in range(100):
            made.offer(answered(number, sid=number % 7), session=number % 7)
        made.settle()
    assert seen == {str(session): [*range(session, 100, 7)] for session in range(7)}
    assert caplog.messages == ["an exchange could not be compared: RecursionError"]


def test_what_finds_no_room_is_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MOST_BYTES", 1000)
    go, seen = Event(), list[int]()

    def do(exchange: Exchange) -> None:
        assert go.wait(5)
        seen.append(exchange.number)

    with closing(Lanes(lambda: Hand(do), count=2, room=50)) as made:
        for number in range(30):
            made.offer(answered(number, b"x" * 300), session=number)
        assert made.take_dropped() == 27
        go.set()
        made.settle()
        made.offer(answered(30, b"x" * 300), session=0)
        made.settle()
        assert (sorted(seen), made.take_dropped()) == ([0, 1, 2, 30], 0)


def test_lanes_end_at_once_however_much_waits() -> None:
    go = Event()
    made = Lanes(lambda: Hand(lambda _: assert_soon(go)), count=1, room=3)
    for number in range(10):
        made.offer(answered(number), session=0)
    go.set()
    made.close()
    assert not any(thread.is_alive() for thread in made._threads)


def assert_soon(event: Event) -> None:
    assert event.wait(5)


def test_the_book_outlives_a_restart_and_hides_secrets(tmp_path: Path) -> None:
    with closing(Book(tmp_path, "http://a.example", KEY)) as first:
        twins = Twins(first)
        twins["sid", "", SID] = TWIN
        twins["post", "1", "5"] = "6"
        twins["post", "5"] = "7"
        twins["hash", "", SID] = TWIN
        assert ("hash", "", SID) not in twins
        first.count("matched", 3)
        assert [first.count_difference(told) for told in ("a", "a", "b")] == [True, False, True]
    with closing(Book(tmp_path, "http://a.example", KEY)) as again:
        twins = Twins(again)
        assert [twins.get(key) for key in (("sid", "", SID), ("post", "1", "5"), ("post", "5"), ("post", "6"))] == [
            *(TWIN, "6", "7", None)
        ]
        assert ("post", "6") not in twins
        assert (again.report().counts["matched"], again.report().differences) == (3, {"a": 2, "b": 1})
    content = (tmp_path / book.NAME).read_bytes()
    assert SID.encode() not in content
    assert TWIN.encode() not in content
    assert (tmp_path / book.NAME).stat().st_mode & 0o777 == 0o600
    with closing(Book(tmp_path, "http://a.example", "another key")) as other:
        assert other.twin(("sid", "", SID)) is None
    with closing(Book(tmp_path, "http://b.example", KEY)) as other:
        assert (other.twin(("post", "5")), other.report().counts["matched"]) == (None, 0)


def test_only_so_many_differences_are_news(tmp_path: Path) -> None:
    with closing(Book(tmp_path, "http://a.example", KEY)) as made:
        news = [made.count_difference(str(number)) for number in range(MOST_KINDS + 50)]
        assert news == [True] * MOST_KINDS + [False] * 50
        assert made.report().differences[OTHERS] == 50


def test_old_twins_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST", {"secrets": 10, "twins": 10})
    monkeypatch.setattr(book, "EVERY", 5)
    with closing(Book(tmp_path, "http://a.example", KEY)) as made:
        made.keep(("sid", "", SID), TWIN)
        for number in range(40):
            made.keep(("post", str(number)), "1")
        kept = [number for number in range(40) if made.twin(("post", str(number)))]
        assert kept == [*range(30, 40)]
        assert made.twin(("sid", "", SID)) == TWIN  # many posts push no session out


@pytest.mark.parametrize(
    ("exchange", "wanted"),
    [
        (asked(act="wall", id=1), (True, True)),
        (asked("POST", act="wall"), (True, True)),
        (asked(friends="0-2"), (True, True)),
        (asked(act="no_such_act"), (True, True)),
        (asked(path="/auth", login="force"), (True, True)),
        (asked(path="/auth", login="logout"), (True, True)),
        (asked(act="add_wall"), (False, True)),
        (asked(act="history", read="5"), (False, True)),
        (asked(path="/auth", login="confirm", cid=SID), (False, False)),
        (asked(act="captcha", csid=5), (False, False)),
        (asked("POST", "/upload.php", act="lphotos"), (False, False)),
        (asked("HEAD", act="wall"), (False, False)),
        (asked(id=1), (False, False)),
        (asked("POST", act="wall", x="1" * 300_000), (False, False)),
        (stripped(asked(act="wall")), (False, False)),
    ],
)
def test_what_a_shadow_gets(exchange: Exchange, wanted: tuple[bool, bool]) -> None:
    assert tuple(is_wanted(exchange, writes=writes) for writes in (False, True)) == wanted


def test_a_session_is_that_of_the_login_or_of_the_sid() -> None:
    location = (("Location", f"http://durov.ru/index.html#0;sid={SID}"),)
    failed = (("Location", "http://durov.ru/index.html#0;sid=-1"),)
    assert session_of(answered(1, path="/auth", headers=location, login="auto", sid=TWIN)) == SID
    assert session_of(answered(1, path="/auth", headers=failed, login="force")) == ""
    assert session_of(answered(1, headers=location, act="wall", sid=TWIN)) == TWIN
    assert session_of(answered(1, act="wall", sid="null")) == ""


def test_a_share_of_the_sessions_is_always_the_same_ones() -> None:
    sids = [f"{number:032x}" for number in range(1000)]
    chosen = {share: [sid for sid in sids if is_sampled(sid, share)] for share in (0, 0.3, 1)}
    assert (chosen[0], chosen[1]) == ([], sids)
    assert 200 < len(chosen[0.3]) < 400
    assert chosen[0.3] == [sid for sid in sids if is_sampled(sid, 0.3)]
    assert (is_sampled("", 0), is_sampled("", 1)) == (False, True)


def test_only_what_tells_the_program_is_sent_along() -> None:
    headers = (("User-Agent", "qutIM"), ("Cookie", f"a=1; remixpassword={SID}; b=2"), ("X-Forwarded-For", "10.0.0.1"))
    login = Exchange(1, None, "GET", "/auth?login=auto", headers)
    assert stripped(login).request_headers == (
        ("User-Agent", "qutIM"),
        ("Cookie", f"remixpassword={SID}"),
        (MARK, "1"),
    )
    data = Exchange(1, None, "GET", "/data?act=wall", headers)
    assert stripped(data).request_headers == (("User-Agent", "qutIM"), (MARK, "1"))
