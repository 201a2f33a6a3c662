"""The hashes of uploads."""

import pytest

from userapi_gw.acts.upload_hashes import ALBUM, PROFILE, UploadHashes

HASHES = UploadHashes("0" * 32)


def test_a_pair_is_right_for_one_viewer_kind_and_album() -> None:
    places = [(kind, viewer, album) for kind in (PROFILE, ALBUM) for viewer in (1, 11) for album in (0, 1, 11)]
    pairs = {place: HASHES.pair(*place) for place in places}
    assert len({value for pair in pairs.values() for value in pair}) == 2 * len(places)
    for place in places:
        assert [other for other in places if HASHES.right(*place, pairs[other])] == [place]


def test_other_keys_make_other_hashes() -> None:
    assert UploadHashes("1" * 32).pair(PROFILE, 1, 0) != HASHES.pair(PROFILE, 1, 0)
    assert UploadHashes("0" * 32).pair(PROFILE, 1, 0) == HASHES.pair(PROFILE, 1, 0)


@pytest.mark.parametrize("given", [("", ""), ("a", "b"), ("й" * 32, "й" * 32), ("\ud800", "\ud800"), ("0" * 64, "")])
def test_bad_hashes(given: tuple[str, str]) -> None:
    assert not HASHES.right(PROFILE, 1, 0, given)


def test_where_one_hash_ends_and_the_other_begins_counts() -> None:
    first, reverse = HASHES.pair(PROFILE, 1, 0)
    assert not HASHES.right(PROFILE, 1, 0, (first + reverse, ""))
    assert not HASHES.right(PROFILE, 1, 0, (reverse, first))
