"""Version and list are asked for at different moments: nothing may get lost or doubled in between."""

import pytest
from flask import Flask

from tests.conftest import OnBackend
from tests.program import Program
from userapi_gw.acts.histories import MAILBOX, Histories
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Message, Page, Post, Window
from userapi_gw.dialect import DIALECTS
from userapi_gw.errors import Failure, Kind
from userapi_gw.overlays import OverlaidBackend
from userapi_gw.pictures import Pictures

KIND, OWNER, NEWEST = "wall", 1, Window(0, 2)


@pytest.fixture
def histories(gateway: Flask, pavel: Program) -> Histories:
    rooms = gateway.extensions["userapi_gw"]
    backend = rooms.backend(rooms.state.sessions.find(pavel.sid))
    found: Histories = rooms.histories(backend, DIALECTS["2009"], Pictures())
    return found


def test_a_post_that_comes_after_the_list_was_read_is_told_later(histories: Histories, nikolay: Program) -> None:
    def read() -> Page[Post]:
        page = histories.backend.wall(OWNER, NEWEST)
        nikolay.get("add_wall", id=OWNER, message="late")
        return page

    page, version = histories.beside(KIND, OWNER, None, read)
    assert [post.text for post in page.rows] == ["", "Thank you for all you do!"]
    key = histories.key(KIND, OWNER)
    ((_, action, row),) = histories.poll({key: version})[key]
    assert (action, row[2]) == ("add", ["late"])


def test_a_post_that_is_in_the_list_already_is_not_told_again(histories: Histories, nikolay: Program) -> None:
    def read() -> Page[Post]:
        nikolay.get("add_wall", id=OWNER, message="early")
        page = histories.backend.wall(OWNER, NEWEST)
        nikolay.get("add_wall", id=OWNER, message="late")
        return page

    histories.version(KIND, OWNER)
    page, version = histories.beside(KIND, OWNER, None, read)
    assert [post.text for post in page.rows] == ["early", ""]
    key = histories.key(KIND, OWNER)
    assert [row[2] for _, _, row in histories.poll({key: version})[key]] == [["late"]]


def test_an_own_post_in_between_does_not_bring_the_others_back(
    histories: Histories, nikolay: Program, on_backend: OnBackend
) -> None:
    """The viewer writes in a second window while the list is read: it is read again, with a version that fits."""
    reads = []

    def read() -> Page[Post]:
        if not reads:
            nikolay.get("add_wall", id=OWNER, message="other")
        page = histories.backend.wall(OWNER, NEWEST)
        if not reads:
            own = histories.backend.add_wall_post(OWNER, "own")
            histories.wrote(KIND, OWNER, None, "add", lambda: [histories.backend.wall_post(OWNER, own)])
        reads.append(page)
        return page

    histories.version(KIND, OWNER)
    page, version = histories.beside(KIND, OWNER, None, read)
    assert [post.text for post in page.rows] == on_backend(["own", "other"], openvk=["other", "own"])  # of one second
    assert len(reads) == 2
    key = histories.key(KIND, OWNER)
    assert histories.poll({key: version}) == {key: []}


def test_mail_that_came_is_looked_at_again_when_its_page_was_overtaken(
    histories: Histories, nikolay: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The viewer writes in a window while a poller reads the mailbox: that page is dropped, and read anew at once."""
    version = histories.version("message", MAILBOX)
    newest, reads = OverlaidBackend.newest_messages, []

    def read(backend: OverlaidBackend, window: Window) -> tuple[list[Message], bool]:
        page = newest(backend, window)
        if not reads:
            nikolay.get("add_message", id=1, message="came")
            own = backend.send_message(5, "own")
            histories.wrote("message", MAILBOX, None, "add", lambda: [backend.message(own)])
        reads.append(window)
        return page

    monkeypatch.setattr(OverlaidBackend, "newest_messages", read)
    histories.mail_came()
    assert len(reads) == 2
    key = histories.key("message", MAILBOX)
    entries = histories.streams.answer(key, version).entries
    assert [(entry.action, entry.payload["text"]) for entry in entries] == [("add", "own"), ("add", "came")]


def test_a_write_that_cannot_be_read_back_has_happened_all_the_same(
    histories: Histories, pavel: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = pavel.version(KIND)

    def fail(*_: object) -> Post:
        raise Failure(Kind.FLOOD)

    with monkeypatch.context() as patch:
        patch.setattr(Backend, "wall_post", fail)
        assert pavel.get("add_wall", message="once", ts=version) == {"ok": 1, "h": []}
    ((_, action, row),) = pavel.get("history", wall=version)["wall"]["h"]
    assert (action, row[2]) == ("add", ["once"])
