"""What the overlays make of an OpenVK's recorded answers, with something of everything kept before."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.backend.contract.calls import CALLS
from tests.backend.contract.playback import URL, load, outcome, played, understood
from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.dialects import OPENVK
from userapi_gw.doctor.needs import BY_METHOD
from userapi_gw.overlays import OverlaidBackend
from userapi_gw.state import open_state
from userapi_gw.state.overlays import Overlays

RECORDED = load("openvk/recorded.jsonl")
UNKNOWN = "unknown_method"
NOW = 1795180000.0
ANNA, BORIS = 2, 3
LACKING = {name: [UNKNOWN] for name, need in BY_METHOD.items() if need.instead}
ANSWERS = {
    **LACKING,
    "account.getCounters": ["counters_boris_unread"],
    "account.getProfileInfo": ["account.getProfileInfo"],
    "account.saveProfileInfo": ["account.saveProfileInfo_sex"],
    "friends.add": ["friends.add_sent"],
    "friends.areFriends": ["friends.areFriends_after"],
    "friends.delete": ["friends.delete_ok"],
    "friends.getRequests": ["friends.getRequests_in"],
    "messages.delete": ["messages.delete"],
    "messages.getById": ["messages.getById"],
    "messages.getConversations": ["messages.getConversations"],
    "messages.getHistory": ["messages.getHistory"],
    "messages.restore": ["messages.restore"],
    "messages.send": ["messages.send"],
    "photos.getAll": ["photos.getAll_sizes"],
    "photos.getById": ["photos.getById"],
    "photos.getComments": ["photos.getComments"],
    "status.set": ["status.set"],
    "users.get": ["users.get_many"],
    "users.search": ["users.search_full"],
    "wall.delete": ["wall.delete_bywallowner"],
    "wall.deleteComment": ["wall.deleteComment_photo"],
    "wall.getById": ["wall.getById_ext"],
}
OVERLAID = {
    **dict.fromkeys(("bookmark", "bookmarks", "fans", "profile", "unbookmark"), ANNA),
    **dict.fromkeys(("clear_statuses", "delete_status", "restore_status", "set_status", "statuses"), ANNA),
    **dict.fromkeys(("confirm_tag", "delete_tag", "photo_tags", "photos_new", "photos_with", "put_tag"), ANNA),
    **dict.fromkeys(("correspondence", "counters", "mailbox", "mark_read", "messages", "newest_messages"), BORIS),
    **dict.fromkeys(("delete_message", "restore_message", "send_message"), BORIS),
    **dict.fromkeys(("add_friend", "delete_friend", "add_school", "delete_school", "search"), ANNA),
    **dict.fromkeys(("own_settings", "save_profile", "tagged"), ANNA),
    **dict.fromkeys(("friend_requests", "friend_status"), BORIS),
    **dict.fromkeys(("comments_on_photos_of", "comments_on_photos_with"), ANNA),
    **dict.fromkeys(("delete_photo_comment", "restore_photo_comment", "delete_wall_post", "restore_wall_post"), ANNA),
}
"""Who calls what."""
UNDERSTOOD = understood("overlays")["answers"]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Overlays]:
    """Overlays with a bookmark each way, a tag, and two lines of a status history, of which one is deleted."""
    with closing(open_state(f"sqlite:///{tmp_path}/state.sqlite3", "0" * 32, clock=lambda: NOW)) as state:
        overlays = state.overlays
        overlays.bookmarks.add(ANNA, BORIS)
        overlays.bookmarks.add(BORIS, ANNA)
        overlays.statuses.add(ANNA, "first", 0)
        overlays.statuses.add(ANNA, "second", 0)
        for _ in range(5):  # the calls are about tag 5
            overlays.tags.put((ANNA, 1), BORIS, ANNA, "", (1, 2, 3, 4), confirmed=False)
        yield overlays


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client(URL, Transports.over_http(), 5, OPENVK)
    yield client
    client.close()


def called(name: str, client: Client, kept: Overlays) -> Any:
    """Return what a call returned and what is shown afterwards."""
    backend = OverlaidBackend(client, OVERLAID[name], "token", kept)
    with played(RECORDED, {}, optional=ANSWERS):
        found = outcome(lambda: CALLS[name](backend))
        shown = {
            "bookmarks": kept.bookmarks.of(ANNA),
            "statuses": [line.text for line in kept.statuses.page(ANNA, 0, 10)[1]],
            "tags": [(tag.id, tag.confirmed) for tag in kept.tags.on((ANNA, 1))],
            "messages": kept.mail.page(BORIS, 0, 10)[1],
            "unread": [message.message_id for message in kept.mail.unread(BORIS)],
        }
    return outcome(lambda: [found, shown])


@pytest.mark.parametrize("name", OVERLAID)
def test_what_the_server_lacks_is_served(client: Client, kept: Overlays, name: str) -> None:
    assert called(name, client, kept) == UNDERSTOOD[name]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("wall.deleteComment_photo", None),
        ("wall.deleteComment_again", None),
        ("wall.deleteComment_byowner", None),
        ("wall.deleteComment_denied", {"failure": "forbidden"}),
        ("wall.deleteComment_none", {"failure": "bad_input"}),
    ],
)
def test_comments_on_photos_are_deleted_as_those_on_posts(
    client: Client, kept: Overlays, name: str, found: Any
) -> None:
    backend = OverlaidBackend(client, ANNA, "token", kept)
    with played(RECORDED, {"wall.deleteComment": [name]}, optional=ANSWERS):
        assert outcome(lambda: CALLS["delete_photo_comment"](backend)) == found


def test_every_domain_method_of_the_overlays_is_called() -> None:
    ancestors = [one for one in OverlaidBackend.__mro__ if one.__module__.startswith("userapi_gw.overlays.")]
    methods = {name for one in ancestors for name, value in vars(one).items() if callable(value)}
    assert {name for name in methods if not name.startswith("_")} - {"people"} == OVERLAID.keys()
    assert UNDERSTOOD.keys() == OVERLAID.keys()
