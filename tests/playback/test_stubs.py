"""Every act has an empty answer."""

from typing import Any

import pytest

from userapi_gw import acts
from userapi_gw.acts.parameters import Parameters
from userapi_gw.dialect import DIALECTS
from userapi_gw.playback.stubs import stub

EMPTY = {"n": 0, "d": []}


def stubbed(act: str = "", dialect: str = "2009", **sent: str) -> Any:
    return stub(acts.find(act), Parameters(sent), DIALECTS[dialect])


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("friends", []),
        ("wall", EMPTY | {"h": 2}),
        ("inbox", EMPTY | {"h": 2}),
        ("fave", EMPTY),
        ("photos_comments", EMPTY | {"h": 2, "parent": "-1"}),
        ("search_results", EMPTY | {"belongs": -1}),
        ("get_school_num", {"num": 0, "n": 0}),
        ("add_wall", {"ok": 0}),
        ("captcha", {"ok": 0}),
        ("no_such_act", {"ok": 0}),
    ],
)
def test_the_empty_answer(act: str, expected: Any) -> None:
    assert stubbed(act) == expected


def test_what_was_asked_for_comes_empty() -> None:
    news = {"wall": {"h": []}, "message": {"h": []}}
    assert stubbed("history", wall="5", message="7") == news | {"nm": 0, "nf": 0, "nph": 0}
    assert stubbed(friends="0-2", wall="0-5") == {"wall": EMPTY | {"h": 2}, "friends": EMPTY}
    assert stubbed("get_school_num", "2008") == {"num": 0}
    profile = stubbed("profile", id="7")
    assert (profile["id"], profile["fn"], profile["wa"], profile["fr"]) == (7, "", EMPTY | {"h": 2}, EMPTY)
    assert stubbed(profile="-1") == {"profile": stubbed("profile")}


@pytest.mark.parametrize("act", acts.ACTS)
def test_lists_are_empty_and_nothing_is_said_to_be_done(act: str) -> None:
    answer, declared = stubbed(act), acts.ACTS[act]
    if declared.writes:
        assert answer == {"ok": 0}
    elif declared.form == "bare":
        assert answer == []
    elif declared.form == "counted":
        assert (answer["n"], answer["d"]) == (0, [])
