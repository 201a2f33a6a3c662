"""The tests of the surface that cannot apply to an OpenVK, each with the reason. The first lines of pytest list them.

What an OpenVK only answers otherwise is an expectation of its own in the test (`on_backend`).
"""

from typing import Final

NOT_ON_OPENVK: Final[dict[str, str]] = {
    "tests/acts/test_wall.py::test_a_restored_post_is_told_once_even_when_nobody_saw_it_go": (
        "what was deleted elsewhere cannot be brought back"
    ),
    "tests/acts/test_photos.py::test_addresses_are_harmless_inside_attributes": "its addresses are made of numbers",
    **dict.fromkeys(
        (
            f"tests/acts/test_updates.py::{name}"
            for name in (
                "test_photos_of_three_days_before_the_newest",
                "test_a_new_status_of_a_friend",
                "test_a_new_photo_whatever_its_number",
                "test_photos_that_grow_too_old_leave_the_list_and_are_not_told_as_deleted",
                "test_a_new_tag_of_a_friend",
                "test_a_tag_is_news_when_the_friend_confirms_it",
                "test_a_new_friend_of_a_friend",
                "test_what_a_new_friend_did_before_is_not_told_as_new",
                "test_rows_of_histories_are_spelled_as_the_lists",
            )
        ),
        "there is no feed of news; what is found by looking is in tests/acts/test_friends_news.py",
    ),
}
"""Tests by node id, without their parameters where that means all of them."""


def left_out(node_id: str) -> str:
    """Return why a test is left out on an OpenVK, the empty text when it is not."""
    return NOT_ON_OPENVK.get(node_id) or NOT_ON_OPENVK.get(node_id.partition("[")[0], "")
