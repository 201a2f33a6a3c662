import pytest
from hypothesis import given
from hypothesis import strategies as st

from userapi_gw.acts.parameters import HIGHEST, Parameters, number
from userapi_gw.backend.model import Window


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("12abc", 12),
        ("0\u200b", 0),
        ("-3", -3),
        ("+3", 3),
        ("1e9", 1),
        ("0x10", 0),
        ("99999999999999999999999", HIGHEST),
        ("-99999999999999999999999", -HIGHEST),
        ("NaN", 7),
        ("", 7),
        (None, 7),
        ("null", 7),
        ("١٢", 7),
    ],
)
def test_a_number_is_what_a_text_begins_with(text: str | None, value: int) -> None:
    assert number(text, 7) == value


@pytest.mark.parametrize(
    ("values", "window"),
    [
        ({}, Window(0, 22)),
        ({"from": "5"}, Window(5, 27)),
        ({"to": "2"}, Window(0, 2)),
        ({"from": "", "to": ""}, Window(0, 22)),
        ({"from": "0", "to": "0"}, Window(0, 0)),
        ({"from": "10", "to": "12"}, Window(10, 12)),
        ({"from": "12", "to": "10"}, Window(12, 12)),
        ({"from": "-5", "to": "2"}, Window(0, 2)),
        ({"from": "0", "to": "1000000"}, Window(0, 1000)),
        ({"from": "NaN", "to": "x"}, Window(0, 22)),
    ],
)
def test_window_of_from_and_to(values: dict[str, str], window: Window) -> None:
    assert Parameters(values).window(22, 1000) == window


@pytest.mark.parametrize(
    ("value", "window"),
    [
        ("0-2", Window(0, 2)),
        ("10-12", Window(10, 12)),
        (" 3 - 5 ", Window(3, 5)),
        ("5-3", Window(5, 5)),
        ("30", Window(0, 30)),
        ("0", Window(0, 0)),
        ("-1", Window(0, 0)),
        ("all", Window(0, 0)),
        ("0-1000000", Window(0, 1000)),
    ],
)
def test_range_of_a_request_for_several_lists(value: str, window: Window) -> None:
    assert Parameters({"friends": value}).range("friends", 1000) == window


@pytest.mark.parametrize(
    ("wid", "ids"),
    [("1_48777477", (1, 48777477)), ("48777477", (0, 48777477)), ("1_", (1, 0)), ("_5", (0, 5)), ("", (0, 0))],
)
def test_wid_names_owner_and_object(wid: str, ids: tuple[int, int]) -> None:
    assert Parameters({"wid": wid}).object_id("wid") == ids


@given(st.text(), st.text())
def test_no_window_is_negative_or_longer_than_allowed(start: str, stop: str) -> None:
    window = Parameters({"from": start, "to": stop}).window(22, 1000)
    assert 0 <= window.start <= window.stop <= window.start + 1000
