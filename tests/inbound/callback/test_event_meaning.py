"""What events mean, type by type; whatever an object holds, there is a meaning or one line about what lacks."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userapi_gw.inbound.event_meaning import KINDS, NOTHING, ChangedList, Meaning, SenselessError, meaning_of

GROUP = 5
MAIL_OF_6 = (ChangedList("message", 0, 6),)
WALL_FOR_6 = (ChangedList("wall", -5, 6),)
OLD_MESSAGE = {"id": 1, "date": 1, "out": 0, "user_id": 6, "read_state": 0, "title": "", "body": "hi"}
NEW_MESSAGE = {"id": 1, "date": 1, "out": 0, "peer_id": 6, "from_id": 6, "text": "hi"}
REPLY = {"id": 2, "date": 2, "out": 1, "peer_id": 6, "from_id": -5, "text": "hello"}
COMMENTS = Meaning((ChangedList("photos_comments", -5), ChangedList("photos_with_comments", None)))


@pytest.mark.parametrize(
    ("kind", "about", "meaning"),
    [
        ("message_new", OLD_MESSAGE, Meaning(MAIL_OF_6, 6, (6, True))),
        ("message_new", NEW_MESSAGE, Meaning(MAIL_OF_6, 6, (6, True))),
        ("message_new", {"message": NEW_MESSAGE, "client_info": {}}, Meaning(MAIL_OF_6, 6, (6, True))),
        ("message_new", {"message": {**NEW_MESSAGE, "peer_id": 2_000_000_001}}, NOTHING),
        ("message_reply", REPLY, Meaning(MAIL_OF_6, 6)),
        ("message_reply", {"id": 2, "user_id": 6, "out": 1}, Meaning(MAIL_OF_6, 6)),
        ("message_edit", NEW_MESSAGE, Meaning(MAIL_OF_6, 6)),
        ("message_read", {"from_id": -5, "peer_id": 6, "read_message_id": 1}, Meaning(MAIL_OF_6, 6)),
        ("wall_post_new", {"id": 1, "owner_id": -5, "from_id": 6}, Meaning((ChangedList("wall", -5),))),
        ("wall_post_new", {"id": 1, "to_id": -5, "from_id": 6}, Meaning((ChangedList("wall", -5),))),
        ("wall_post_new", {"id": 1}, Meaning((ChangedList("wall", -5),))),
        ("wall_repost", {"id": 1, "owner_id": 6, "copy_history": []}, Meaning((ChangedList("wall", 6),))),
        ("photo_new", {"id": 1, "owner_id": -5}, Meaning(shown_otherwise=True)),
        ("photo_comment_new", {"id": 1, "photo_owner_id": -5, "owner_id": 6}, COMMENTS),
        ("photo_comment_edit", {"id": 1, "photo_owner_id": -5}, COMMENTS),
        ("photo_comment_restore", {"id": 1, "photo_owner_id": -5}, COMMENTS),
        ("photo_comment_delete", {"id": 1, "owner_id": -5, "photo_id": 3}, COMMENTS),
        ("group_join", {"user_id": 6, "join_type": "approved"}, Meaning(WALL_FOR_6, shown_otherwise=True)),
        ("group_leave", {"user_id": 6, "self": 1}, Meaning(WALL_FOR_6, shown_otherwise=True)),
        ("user_unblock", {"user_id": 6, "admin_id": 1}, Meaning(WALL_FOR_6, shown_otherwise=True)),
        (
            "user_block",
            {"user_id": 6, "admin_id": 1},
            Meaning(WALL_FOR_6, lets_write=(6, False), banned=6, shown_otherwise=True),
        ),
        ("message_allow", {"user_id": 6, "key": "x"}, Meaning(lets_write=(6, True))),
        ("message_deny", {"user_id": 6}, Meaning(lets_write=(6, False))),
        ("poll_vote_new", {"user_id": 6}, NOTHING),
        ("something_of_2035", {}, NOTHING),
    ],
)
def test_what_an_event_means(kind: str, about: dict[str, Any], meaning: Meaning) -> None:
    assert meaning_of(kind, about, GROUP) == meaning


JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just([]) | st.just({})
NAMES = ("message", "peer_id", "user_id", "from_id", "owner_id", "to_id", "photo_owner_id", "out")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(NAMES), JUNK))
def test_junk_means_something_harmless(kind: str, about: dict[str, Any]) -> None:
    with suppress(SenselessError):
        meaning = meaning_of(kind, about, GROUP)
        numbers = [number for changed in meaning.lists for number in (changed.owner or 1, changed.viewer or 1)]
        assert all(isinstance(number, int) and abs(number) < 2**62 for number in numbers)
