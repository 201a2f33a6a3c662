"""The tests of the surface that cannot apply to an OpenVK, each with the reason. The first lines of pytest list them.

What an OpenVK only answers otherwise is an expectation of its own in the test (`on_backend`).
"""

from typing import Final

_REASONS: Final[dict[str, tuple[str, ...]]] = {
    "nobody can register through it": (
        "tests/surface/test_register.py",
        "tests/test_ok_codes.py::test_it_happens[confirm a sid]",
        "tests/test_ok_codes.py::test_it_happens[register 1]",
        "tests/test_ok_codes.py::test_it_happens[register -6]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[071-login-confirm]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[682-register]",
        "tests/test_whole_life.py::test_a_whole_life",
    ),
    "it brings back what its author deleted, and nothing else": (
        "tests/acts/test_wall.py::test_a_restored_post_is_told_once_even_when_nobody_saw_it_go",
        "tests/test_ok_codes.py::test_it_happens[restore_wall 1]",
        "tests/test_ok_codes.py::test_it_happens[restore_message 1]",
        "tests/test_ok_codes.py::test_it_happens[restore_inbox 1]",
        "tests/test_ok_codes.py::test_it_happens[restore_photos_comments 1]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[201-wall]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[858-restore_photos_comments]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[made-restore_inbox]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[made-restore_message]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[made-restore_wall]",
    ),
    "it has no feed of news; what is found by looking is tried in tests/acts/test_friends_news.py": (
        "tests/acts/test_updates.py::test_photos_of_three_days_before_the_newest",
        "tests/acts/test_updates.py::test_a_new_status_of_a_friend",
        "tests/acts/test_updates.py::test_a_new_photo_whatever_its_number",
        "tests/acts/test_updates.py::test_photos_that_grow_too_old_leave_the_list_and_are_not_told_as_deleted",
        "tests/acts/test_updates.py::test_a_new_tag_of_a_friend",
        "tests/acts/test_updates.py::test_a_tag_is_news_when_the_friend_confirms_it",
        "tests/acts/test_updates.py::test_a_new_friend_of_a_friend",
        "tests/acts/test_updates.py::test_what_a_new_friend_did_before_is_not_told_as_new",
        "tests/acts/test_updates.py::test_rows_of_histories_are_spelled_as_the_lists",
        "tests/test_fixtures.py::test_sample_of_the_documentation[305-updates_activity]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[317-updates_friends]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[329-updates_photos]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[made-updates_activities]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[made-updates_tagged_photos]",
    ),
    "its lists have another order or total; tests/acts has them": (
        "tests/test_fixtures.py::test_sample_of_the_documentation[404-cities]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[450-quick_search]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[452-profile]",
        "tests/test_fixtures.py::test_sample_of_the_documentation[made-photos_with]",
    ),
    "it names its pictures by numbers": (
        "tests/acts/test_photos.py::test_addresses_are_harmless_inside_attributes",
        "tests/surface/test_images.py::test_addresses_of_the_documentation_by_proxy",
    ),
    "it does not tell which of the messages before the last were read": (
        "tests/test_fixtures.py::test_sample_of_the_documentation[made-restore_outbox]",
    ),
    "the processes it starts have the embedded server as it is": (
        "tests/test_two_viewers.py::test_processes_that_write_at_once_tell_every_message_once",
    ),
    "a hidden photo is as good as missing": ("tests/test_ok_codes.py::test_it_happens[add_photos_comments -3]",),
}

NOT_ON_OPENVK: Final = {name: reason for reason, names in _REASONS.items() for name in names}
"""Reasons by node id: of a file, of a test with whatever parameters, or of one with certain parameters."""


def left_out(node_id: str) -> str:
    """Return why a test is left out on an OpenVK, the empty text when it is not."""
    names = node_id, node_id.partition("[")[0], node_id.partition("::")[0]
    return next((NOT_ON_OPENVK[name] for name in names if name in NOT_ON_OPENVK), "")
