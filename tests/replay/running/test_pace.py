"""Recorded distances, and bounds, on a clock of our own."""

from userapi_gw.replay.running.pace import Pace


def sent(pace: Pace, *began: float | None, work: float = 0.0) -> list[float]:
    """When requests are sent that began then and take `work` seconds."""
    now, times = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        now[0] += seconds

    pace.clock, pace.sleep = lambda: now[0], sleep
    for moment in began:
        pace.wait(moment)
        times.append(now[0])
        now[0] += work
    return times


def test_distances_are_kept_or_shortened() -> None:
    assert sent(Pace(1), 50, 51, 54) == [100, 101, 104]
    assert sent(Pace(10), 50, 51, 60) == [100, 100.1, 101]
    assert sent(Pace(), 50, 51, 60) == [100, 100, 100]


def test_who_is_late_does_not_wait() -> None:
    assert sent(Pace(1), 50, 51, 58, work=3) == [100, 103, 108]
    assert sent(Pace(1), None, 50, None, 40, 52) == [100, 100, 100, 100, 102]


def test_the_rate_is_bounded() -> None:
    assert sent(Pace(rate=2), None, None, None) == [100, 100.5, 101]
    assert sent(Pace(1, rate=2), 50, 50, 60, 60) == [100, 100.5, 110, 110.5]
    assert sent(Pace(rate=2), None, None, work=3) == [100, 103]
