"""The comparison of a page with what was seen: one rule each."""

import pytest

from userapi_gw.state import Change, Seen
from userapi_gw.state.difference import Picture, compare, is_gap, look


def seen(*ids: int, read: bool = True, text: str = "old") -> dict[int, Seen]:
    return {i: Seen(i, {"text": text}, read) for i in ids}


def page(*ids: int, read: bool = True) -> list[Seen]:
    return list(seen(*ids, read=read, text="new").values())


def put(action: str, i: int) -> Change:
    return Change(action, i, {"text": "new"})  # type: ignore[arg-type]


def gone(i: int) -> Change:
    return Change("del", i, {"text": "old"})


def test_newer_objects_are_added_oldest_first() -> None:
    picture = Picture(seen(3, 4), newest=4, bottom=3)
    assert compare(picture, page(6, 5, 4), False, []) == [put("add", 5), put("add", 6)]


def test_an_object_whose_last_entry_is_del_came_back() -> None:
    picture = Picture(seen(3, 5), newest=6, bottom=3)
    assert compare(picture, page(6, 5, 4, 3), False, {4, 6}) == [put("undel", 4), put("undel", 6)]


def test_an_object_below_everything_known_is_taken_in_silently() -> None:
    picture = Picture(seen(3, 4), newest=4, bottom=3)
    assert compare(picture, page(4, 3, 2, 1), False, []) == []
    assert look(picture, page(4, 3, 2, 1), False, 10) == Picture(seen(1, 2, 3, 4, text="new"), 4, 1)


def test_an_object_that_appears_between_known_ones_is_added() -> None:
    own_write = Picture(seen(3, 6), newest=3, bottom=3)
    assert compare(own_write, page(6, 5, 3), False, []) == [put("add", 5)]
    late = Picture(seen(3, 5), newest=5, bottom=3)
    assert compare(late, page(5, 4, 3), False, []) == [put("add", 4)]


def test_what_appears_below_the_oldest_news_is_taken_in_silently_unless_it_comes_back() -> None:
    picture = Picture(seen(3, 7), newest=7, bottom=3)
    assert compare(picture, page(8, 7, 6, 5, 4, 3), False, {4}, oldest_news=6) == [
        put("undel", 4),
        put("add", 6),
        put("add", 8),
    ]


def test_an_object_missing_inside_the_page_is_deleted_with_its_last_payload() -> None:
    picture = Picture(seen(1, 2, 3, 4, 5), newest=5, bottom=1)
    assert compare(picture, page(4, 2), False, []) == [gone(3), gone(5)]
    assert compare(picture, page(4, 2), True, []) == [gone(1), gone(3), gone(5)]
    assert look(picture, page(4, 2), False, 10) == Picture(seen(1) | seen(2, 4, text="new"), 5, 1)


def test_an_empty_list_deletes_everything() -> None:
    picture = Picture(seen(1, 2), newest=2, bottom=1)
    assert compare(picture, [], True, []) == [gone(1), gone(2)]
    assert look(picture, [], True, 10) == Picture({}, 2, 0)


def test_an_object_that_was_read_since() -> None:
    picture = Picture(seen(1, 2, read=False) | seen(3), newest=3, bottom=1)
    shown = [*page(1, 3), *page(2, read=False)]
    assert compare(picture, shown, True, []) == [put("read", 1)]


def test_unread_again_is_taken_in_silently() -> None:
    picture = Picture(seen(1), newest=1, bottom=0)
    assert compare(picture, page(1, read=False), True, []) == []
    assert look(picture, page(1, read=False), True, 10) == Picture(seen(1, read=False, text="new"), 1, 0)


def test_the_first_page_is_taken_in_silently() -> None:
    assert compare(Picture(), page(3, 2), False, []) == []
    assert look(Picture(), page(3, 2), False, 10) == Picture(seen(2, 3, text="new"), 3, 2)
    assert look(Picture(), page(3, 2), True, 10) == Picture(seen(2, 3, text="new"), 3, 0)


def test_the_first_page_does_not_double_own_writes_but_corrects_them() -> None:
    picture = Picture(seen(3, 4), newest=None)
    assert compare(picture, page(5, 4, 2), False, {2}) == [gone(3), put("undel", 2)]


@pytest.mark.parametrize(
    ("picture", "ids", "complete", "gap"),
    [
        (Picture(seen(1, 2), newest=2), (4, 3), False, True),
        (Picture(seen(1, 2), newest=2), (4, 3), True, False),
        (Picture(seen(1, 2), newest=2), (4, 3, 2), False, False),
        (Picture(seen(1), newest=2), (4, 3, 2), False, False),  # 2 was deleted and came back
        (Picture(seen(1, 9), newest=2), (9, 8), False, True),  # 9 is an own write, 3 to 7 may be missing
        (Picture(), (4, 3), False, False),
        (Picture({}, newest=0), (4, 3), False, True),
        (Picture({}, newest=0), (4, 3), True, False),
    ],
)
def test_gap(picture: Picture, ids: tuple[int, ...], complete: bool, gap: bool) -> None:
    assert is_gap(picture, page(*ids), complete) is gap


def test_after_a_gap_only_the_page_is_known() -> None:
    assert look(Picture(seen(1, 2), 2, 1), page(5, 4), False, 10) == Picture(seen(4, 5, text="new"), 5, 4)


def test_only_the_newest_objects_stay_known() -> None:
    picture = Picture(seen(1, 2, 3), newest=3, bottom=0)
    after = look(picture, page(5, 4, 3), False, 4)
    assert after == Picture(seen(2) | seen(3, 4, 5, text="new"), 5, 2)
    assert compare(after, page(5, 4, 3, 1), False, []) == [gone(2)]
