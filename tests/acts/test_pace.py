"""So many looks in a second, and no more."""

from userapi_gw.acts.pace import Pace


def test_as_many_as_the_seconds_give_and_no_more_than_one_second_saves_up() -> None:
    now = [100.0]
    pace = Pace(4, lambda: now[0])
    assert [pace.allows() for _ in range(6)] == [True] * 4 + [False] * 2
    now[0] += 0.5
    assert [pace.allows() for _ in range(3)] == [True, True, False]
    now[0] += 3600
    assert [pace.allows() for _ in range(5)] == [True] * 4 + [False]


def test_less_than_one_in_a_second() -> None:
    now = [100.0]
    pace = Pace(0.5, lambda: now[0])
    allowed = []
    for _ in range(5):
        allowed.append(pace.allows())
        now[0] += 1
    assert allowed == [True, False, True, False, True]
