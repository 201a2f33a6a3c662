"""Several lists at once. UserAPI documentation, "Obtaining miscellaneous data with one request"."""

from typing import Any

from tests.conftest import MakeGateway
from tests.program import Program

CLOSED, DELETED, NOBODY = 301, 304, 777_777_777
HUGE = 10**18


def part(start: int, stop: int) -> dict[str, Any]:
    return {"from": start, "to": stop}


def listed(rows: list[Any], total: int) -> dict[str, Any]:
    return {"n": total, "d": rows}


def test_every_list_as_its_own_act_has_it(pavel: Program) -> None:
    asked = ("fave", "fave_online", "faved", "photos", "photos_with", "photos_new", "friends", "friends_online",
             "friends_mutual", "friends_new", "wall", "activity", "message", "inbox", "outbox")  # fmt: skip
    answer = pavel.get(id=6, **dict.fromkeys(asked, "1-4"))
    assert list(answer) == list(asked)[::-1], "the last one asked for comes first"
    for name in asked:
        alone = pavel.get(name, id=6, **part(1, 4))
        if isinstance(alone, list):
            alone = listed(alone, len(pavel.get(name, id=6)))
        assert answer[name] == alone, name


def test_lists_with_a_history_have_no_h_in_2008(make_gateway: MakeGateway) -> None:
    old = Program(make_gateway(dialect="2008")).log_in()
    alone = {name: old.get(name, id=6, **part(0, 2)) for name in ("wall", "message", "inbox")}
    answer = old.get(id=6, wall="0-2", message="0-2", inbox="0-2")
    assert answer == {name: {"n": alone[name]["n"], "d": alone[name]["d"]} for name in ("inbox", "message", "wall")}


def test_h_inside_is_the_same_as_alone(pavel: Program, nikolay: Program) -> None:
    version = pavel.version("wall", id=6)
    nikolay.get("add_wall", message="news")
    alone = pavel.get("wall", id=6, ts=version, **part(0, 2))
    assert pavel.get(id=6, ts=version, wall="0-2") == {"wall": alone}
    assert [entry[:2] for entry in alone["h"]] == [[version + 1, "add"]]
    assert pavel.get(id=6, ts="abc", wall="0-2") == {"wall": alone | {"h": False}}
    assert pavel.get(id=6, wall="0-2") == {"wall": alone | {"h": version + 2}}


def test_windows(pavel: Program) -> None:
    rows = pavel.get("friends", id=6)
    for window, shown in (
        ("2-5", rows[2:5]),
        (" 2 - 5 ", rows[2:5]),
        ("3", rows[:3]),
        ("7-99", rows[7:]),
        ("9-12", []),
        ("5-2", []),
        ("0-0", []),
        ("0", []),
        ("-1", []),
        ("", []),
        ("abc", []),
        ("1-", rows[:1]),
        (f"0-{HUGE}", rows),
        (HUGE, rows),
    ):
        assert pavel.get(id=6, friends=window) == {"friends": listed(shown, 9)}, window


def test_a_window_that_begins_further_than_any_list_reaches(pavel: Program) -> None:
    assert pavel.get(id=6, friends=f"{HUGE}-{HUGE + 1}") == {"friends": listed([], 9)}


def test_own_friends_beside_those_of_somebody_else(pavel: Program) -> None:
    """The sample network asks for `my_friends` once."""
    answer = pavel.get(id=6, my_friends="0-0", friends="0-1")
    assert answer == {
        "friends": listed(pavel.get("friends", id=6, **part(0, 1)), 9),
        "my_friends": listed(pavel.get("friends"), 349),
    }


def test_profiles(pavel: Program) -> None:
    """`id` says whose; without one VkOpt names the user in the window's place, and -1 is the viewer."""
    for parameters, user_id in (
        ({"profile": "-1"}, 1),
        ({"profile": "0"}, 1),
        ({"profile": "6"}, 6),
        ({"profile": "6", "id": 5}, 5),
        ({"profile": "0-2", "id": 6}, 6),
    ):
        assert pavel.get(**parameters) == {"profile": pavel.get("profile", id=user_id)}, parameters


def test_hidden_and_unknown_people(pavel: Program) -> None:
    empty = listed([], 0)
    for user_id in (CLOSED, DELETED, NOBODY):
        h = pavel.version("wall", id=user_id)
        answer = pavel.get(id=user_id, friends="0-5", photos="0-5", wall="0-5")
        assert answer == {"wall": empty | {"h": h}, "photos": empty, "friends": empty}, user_id


def test_names_that_are_no_list_do_not_disturb(pavel: Program) -> None:
    wanted = {"friends": listed(pavel.get("friends", **part(0, 2)), 349)}
    noise = {"history": "0-2", "add_wall": "0-2", "quick_search": "0-2", "nonsense": "0-2", "message_": "1"}
    assert pavel.get(friends="0-2", **noise) == wanted
    assert pavel.get("data", friends="0-2") == wanted
    assert pavel.get(**noise) == {"ok": 0}
    assert pavel.get() == {"ok": 0}


def test_an_act_wins_over_lists(pavel: Program) -> None:
    assert pavel.get("friends", id=6, photos="0-2", **part(0, 1)) == pavel.get("friends", id=6, **part(0, 1))


def test_the_last_of_repeated_parameters_counts(pavel: Program) -> None:
    body = pavel.raw(f"friends=0-1&id=5&friends=0-2&id=6&sid={pavel.sid}").get_json(force=True)
    assert body == {"friends": listed(pavel.get("friends", id=6, **part(0, 2)), 9)}
