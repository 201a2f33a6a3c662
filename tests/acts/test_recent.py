"""Answers given a moment ago: to whom, for what, and how long."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.program import Program
from userapi_gw.acts import ACTS
from userapi_gw.acts.recent import MOST_BYTES, RecentAnswers

Counted = Callable[[], str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "changes"


@pytest.fixture
def answers(file: Path) -> Iterator[RecentAnswers[str]]:
    with closing(RecentAnswers[str](file, 60, len)) as opened:
        yield opened


@pytest.fixture
def make() -> Counted:
    """Gives another answer each time."""
    made = iter(range(100))
    return lambda: f"answer {next(made)}"


def test_the_same_question_gets_the_same_answer(answers: RecentAnswers[str], make: Counted) -> None:
    asked = [(1, "friends"), (1, "friends"), (2, "friends"), (1, "photos"), (1, "friends")]
    found = [answers.of(question, make) for question in asked]
    assert found == ["answer 0", "answer 0", "answer 1", "answer 2", "answer 0"]


def test_a_change_makes_all_answers_void_in_every_process(
    answers: RecentAnswers[str], file: Path, make: Counted
) -> None:
    with closing(RecentAnswers[str](file, 60, len)) as elsewhere:
        assert [answers.of(1, make), elsewhere.of(1, make)] == ["answer 0", "answer 1"]
        elsewhere.forget()
        assert [answers.of(1, make), elsewhere.of(1, make)] == ["answer 2", "answer 3"]
        assert [answers.of(1, make), elsewhere.of(1, make)] == ["answer 2", "answer 3"]


def test_what_was_being_read_while_somebody_wrote_is_not_kept(answers: RecentAnswers[str], make: Counted) -> None:
    def read_before_a_write() -> str:
        answers.forget()
        return "old"

    assert answers.of(1, read_before_a_write) == "old"
    assert answers.of(1, make) == "answer 0"


def test_answers_grow_old(file: Path, make: Counted) -> None:
    for seconds in (0, 1e-9):
        with closing(RecentAnswers[str](file, seconds, len)) as answers:
            assert answers.of(1, make) != answers.of(1, make)


def test_large_answers_are_not_kept(answers: RecentAnswers[str], make: Counted) -> None:
    assert len(answers.of(1, lambda: "x" * MOST_BYTES)) == MOST_BYTES
    assert answers.of(1, make) == "answer 0"


def test_failures_are_not_kept(answers: RecentAnswers[str], make: Counted) -> None:
    def fail() -> str:
        raise KeyError

    with pytest.raises(KeyError):
        answers.of(1, fail)
    assert answers.of(1, make) == "answer 0"


def test_no_act_that_writes_or_has_a_history_is_answered_from_memory(pavel: Program) -> None:
    for act in ACTS.values():
        if act.recent:
            assert not act.writes
            answer = pavel.get(act.name, id=1, parent=1, q="x")
            assert not isinstance(answer, dict) or "h" not in answer, act.name


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Flask:
    """A gateway that remembers for longer than a test takes."""
    return make_gateway(cache_seconds=3600)


def change_behind_the_back(gateway: Flask, world_file: Path) -> None:
    """Take all friendships away where the gateway does not see it."""
    import sqlite3

    with closing(sqlite3.connect(gateway.extensions["userapi_gw"].settings.embedded_database)) as database, database:
        database.execute("DELETE FROM friendships")


def test_a_list_is_answered_again_and_anew_after_any_write(
    gateway: Flask, pavel: Program, nikolay: Program, world_file: Path
) -> None:
    asked = ("friends", "friends_online", "friends_mutual")
    before = {name: pavel.get(name, id=1) for name in asked}
    nikolays = nikolay.get("friends", id=6)
    change_behind_the_back(gateway, world_file)
    assert {name: pavel.get(name, id=1) for name in asked} == before
    assert nikolay.get("friends", id=1) == []  # was not asked before by this viewer
    assert nikolay.get("friends", id=6) == nikolays != []
    nikolay.get("set_activity", text="a write of somebody else")
    assert {name: pavel.get(name, id=1) for name in asked} == {name: [] for name in asked}
    assert nikolay.get("friends", id=6) == []


def test_own_writes_show_at_once(pavel: Program) -> None:
    assert [row[0] for row in pavel.get("fave")["d"]] == [row[0] for row in pavel.get("fave")["d"]]
    for _ in range(2):
        pavel.get("add_fave", id=6)
        assert 6 in [int(row[0]) for row in pavel.get("fave")["d"]]
        pavel.get("del_fave", id=6)
        assert 6 not in [int(row[0]) for row in pavel.get("fave")["d"]]


def test_spelling_and_addresses_are_part_of_the_question(pavel: Program) -> None:
    plain = pavel.raw(f"act=friends&id=1&sid={pavel.sid}")
    named = pavel.raw(f"act=friends&id=1&back=f&sid={pavel.sid}")
    other = pavel.raw(f"act=friends&id=1&sid={pavel.sid}", host="gateway.example")
    assert named.get_data(as_text=True) == f"f({plain.get_data(as_text=True)});"
    assert other.get_data() == plain.get_data().replace(b"http://userapi.com/u", b"http://gateway.example/u")
    pavel.headers["Accept-Encoding"] = "gzip"
    for _ in range(2):
        zipped = pavel.raw(f"act=friends&id=1&sid={pavel.sid}")
        assert zipped.headers["Content-Encoding"] == "gzip"
    pavel.headers.clear()
    assert pavel.raw(f"act=friends&id=1&sid={pavel.sid}").headers.to_wsgi_list() == plain.headers.to_wsgi_list()


def test_nobody_gets_an_answer_after_logging_out(pavel: Program) -> None:
    assert pavel.get("friends", id=1)
    pavel.auth(login="logout", site=2, sid=pavel.sid)
    assert pavel.get("friends", id=1) == {"ok": -1}
