"""Differences are found where they are, by the name of their position; what varies from run to run is none."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compare.sides import compared, exchange, knowledge, told
from userapi_gw.compare.answers import judge
from userapi_gw.compare.rules import Rule

PAVEL = [1, "Pavel Durov", "http://cs137.userapi.com/u00001/b_6261d317.jpg", "c_015fd76c", 2, 1]
YULY = [12, "Yuly Dzhumasultanov", "http://cs201.userapi.com/u00012/b_5a7b82f4.jpg", "c_7e80ab05", 2, 0]
FRIENDS = [[3, "Vyacheslav", "http://cs47.userapi.com/u00003/b_4fd0a4bc.jpg", 0],
           [7, "Alexey", "http://cs26.userapi.com/u00007/b_5b634f4.jpg", 0],
           [9, "Sergey", "0", 1]]  # fmt: skip
POSTS = [[30, 1224745163, ["third"], PAVEL, [1]], [20, 1224745162, ["second"], YULY, [1]],
         [10, 1224745161, ["first"], PAVEL, [1]]]  # fmt: skip
WALL = {"n": 22459, "d": POSTS, "h": 670000055}


def changed(value: Any, *path: Any, to: Any) -> Any:
    """A copy with one place changed."""
    copy = json.loads(json.dumps(value))
    inner = copy
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = to
    return copy


@pytest.mark.parametrize(
    ("act", "old", "new", "found"),
    [
        ("friends", FRIENDS, [FRIENDS[0], FRIENDS[2]], [("[1]", "missing")]),
        ("friends", [FRIENDS[0], FRIENDS[2]], FRIENDS, [("[1]", "extra")]),
        ("friends", FRIENDS, FRIENDS[::-1], [("", "order")]),
        ("friends", FRIENDS, changed(FRIENDS, 1, 1, to="Boris"), [("[1].name", "value")]),
        ("friends", FRIENDS, changed(FRIENDS, 1, 3, to="0"), [("[1].online", "type")]),
        ("friends", FRIENDS, changed(FRIENDS, 0, 0, to="3"), [("[0].id", "type")]),
        ("friends", FRIENDS, {"ok": -1}, [("", "type")]),
        ("wall", WALL, changed(WALL, "d", 1, 3, 1, to="Y."), [("d[1].sender.name", "value")]),
        ("wall", WALL, changed(WALL, "d", 1, 3, to=YULY[:5]), [("d[1].sender.online", "missing")]),
        ("wall", WALL, changed(WALL, "n", to=22460), [("n", "total")]),
        ("wall", WALL, changed(WALL, "h", to=[]), [("h", "type")]),
        ("wall", WALL, {"n": 22459, "d": POSTS}, [("h", "missing")]),
        ("wall", WALL, changed(WALL, "d", 2, 3, 0, to=12), [("d[2].sender.id", "mapping")]),
        ("wall", WALL, changed(WALL, "d", 0, 1, to=1224745100), [("d[1].time", "order")]),
        ("wall", WALL, changed(WALL, "d", 0, 1, to=0), [("d[0].time", "value")]),
        ("wall", WALL, changed(WALL, "d", 0, 4, to=[2]), [("d[0].owner.id", "mapping")]),
        ("", {"wall": WALL}, {"wall": changed(WALL, "d", 1, 2, 0, to="x")}, [("wall.d[1].content.text", "value")]),
        (
            "history",
            {"wall": {"h": [[3, "del", [9]]]}},
            {"wall": {"h": [[3, "add", [9]]]}},
            [("wall.h[0].action", "value")],
        ),
    ],
)
def test_a_planted_difference_is_found_by_its_name(act: str, old: Any, new: Any, found: list[tuple[str, str]]) -> None:
    assert told(compared(act, old, new, id=1)) == found
    assert compared(act, old, old, id=1).verdict == "matched"


def test_what_varies_is_counted_and_left_out() -> None:
    new = json.loads(json.dumps(WALL).replace("cs137.userapi.com", "127.0.0.1:8080").replace("670000055", "671000055"))
    new["d"] = [[row[0] + 500, row[1] + 9, *row[2:]] for row in new["d"]]
    new["d"][1][3][5] = 1
    judged = compared("wall", WALL, new, id=1)
    assert told(judged) == []
    assert judged.findings.ignored == {"post": 3, "time": 3, "host of picture": 2, "version": 1, "online": 1}


def test_hosts_are_left_out_of_pictures_alone() -> None:
    def wall(text: str) -> dict[str, Any]:
        return changed(WALL, "d", 1, 2, 0, to=text)

    shown = "<a href='http://{0}/v.flv'><img src='http://{0}/t.jpg'/></a>"
    assert told(compared("wall", wall(shown.format("cs1.example")), wall(shown.format("127.0.0.1:8080")))) == []
    left, right = wall("look at http://a.example/"), wall("look at http://b.example/")
    assert told(compared("wall", left, right)) == [("d[1].content.text", "value")]


def test_own_names_of_pictures_stand_for_one_another() -> None:
    """They are made of the backend's address, which is another where the backend is."""
    known = knowledge()
    old, new = (f"http://127.0.0.1:8080/u00003/b_{letter * 16}.jpg" for letter in "ab")
    friend = [[3, "V", old, 0]]
    assert told(compared("friends", friend, friend, known, 1, id=1)) == []
    assert told(compared("friends", friend, [[3, "V", new, 0]], known, 2, id=1)) == [("[0].photo", "mapping")]
    known = knowledge()
    assert told(compared("friends", friend, [[3, "V", new, 0]], known, 1, id=1)) == [("[0].photo", "picture")]
    assert known.excused() == {"picture"}
    larger = new.replace("/b_", "/a_")
    assert told(compared("friends", friend, [[3, "V", larger, 0]], known, 3, id=1)) == [("[0].photo", "value")]
    other = new.replace("u00003", "u00007")
    assert ("[0].photo", "mapping") in told(compared("friends", friend, [[3, "V", other, 0]], known, 4, id=1))


def test_one_old_id_stands_for_one_new_id_in_the_whole_comparison() -> None:
    known = knowledge()
    assert compared("friends", FRIENDS, changed(FRIENDS, 0, 0, to=300), known, 1, id=1).verdict == "matched"
    judged = compared("fave", {"n": 1, "d": FRIENDS[:1]}, {"n": 1, "d": FRIENDS[:1]}, known, 2)
    assert [one.told() for one in judged.findings.differences] == [
        "d[0].id: mapping: 3 | 3 (user 3 stands for 300 at 1 friends [0].id)"
    ]
    old, new = ([[number, "Z", "0", 0]] for number in (11, 300))
    assert "3 stands for 300" in compared("friends", old, new, known, 3).findings.differences[0].note


def test_equal_answers_are_looked_at_once_and_still_count() -> None:
    known = knowledge()
    assert [compared("friends", FRIENDS, FRIENDS, known, number, id=1).whole for number in (1, 2)] == [True, True]
    other = compared("fave", {"n": 1, "d": FRIENDS[:1]}, {"n": 1, "d": changed(FRIENDS, 0, 0, to=30)[:1]}, known, 3)
    assert "user 3 stands for 3 at 1 friends [0].id" in other.findings.differences[0].note
    stale = compared("fave", {"n": 1, "d": [[30, "Z", "0", 0]]}, {"n": 1, "d": [[31, "Z", "0", 0]]}, known, 4)
    again = [[31, "Z", "0", 0]]
    assert stale.verdict == "matched"
    assert [told(compared("friends", again, again, known, number, id=2)) for number in (5, 6)] == [
        [("[0].id", "mapping")],
        [("[0].id", "mapping")],
    ]


def test_numbers_of_a_history_stay_in_order() -> None:
    known = knowledge()
    for number, (old, new) in enumerate([(100, 5000), (104, 5010), (102, 5006)], 1):
        assert (
            compared("wall", {"n": 1, "d": [], "h": old}, {"n": 1, "d": [], "h": new}, known, number).verdict
            == "matched"
        )
    judged = compared("wall", {"n": 1, "d": [], "h": 103}, {"n": 1, "d": [], "h": 5020}, known, 9)
    assert told(judged) == [("h", "mapping")]
    assert "another order" in judged.findings.differences[0].note


def test_totals_of_other_data_differ_by_one_number() -> None:
    known = knowledge()
    assert told(compared("wall", {"n": 9, "d": []}, {"n": 12, "d": []}, known, 1, id=1)) == [("n", "total")]
    assert told(compared("wall", {"n": 10, "d": []}, {"n": 13, "d": []}, known, 2, id=1)) == [("n", "total")]
    assert told(compared("wall", {"n": 11, "d": []}, {"n": 13, "d": []}, known, 3, id=1)) == [("n", "mapping")]


def test_spellings_of_dialects_are_no_difference_while_a_side_keeps_to_its_own() -> None:
    known = knowledge()
    old, new = [["3", "V", "0", 0]], [[3, "V", "0", 0]]
    compact = json.dumps({"n": 1, "d": new}, separators=(",", ":")).encode()
    judged = compared("fave", {"n": 1, "d": old}, compact, known)
    assert told(judged) == []
    assert judged.findings.ignored == {"spelling: blanks in JSON": 1, "spelling: quoted ids": 1}
    assert told(compared("fave", {"n": 1, "d": old}, {"n": 1, "d": old}, known)) == [
        ("body", "mapping"),
        ("d[0].id", "mapping"),
    ]


def test_persons_as_objects_are_the_same_rows() -> None:
    person = {str(place): PAVEL[place] for place in (0, 1, 2, 5, 4, 3)}
    new = [[*row[:3], person if row[3] == PAVEL else {str(p): YULY[p] for p in range(6)}, {"0": 1}] for row in POSTS]
    assert told(compared("wall", {"n": 3, "d": POSTS}, {"n": 3, "d": new})) == []


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (Rule(position="d[*].sender.*", do="ignore"), []),
        (Rule(position="**.name", do="ignore", act="wa*"), []),
        (Rule(position="**.name", do="ignore", act="inbox"), [("d[1].sender.name", "value")]),
        (Rule(position="d[*].sender.name", do="map"), [("d[2].sender.name", "mapping")]),
        (Rule(position="d[*].sender.id", do="exact"), [("d[1].sender.name", "value")]),
    ],
)
def test_rules_of_the_user_come_first(rule: Rule, found: list[tuple[str, str]]) -> None:
    wrong = changed(changed(WALL, "d", 1, 3, 1, to="A"), "d", 2, 3, 1, to="A")
    wrong = wrong if rule.do == "map" else changed(WALL, "d", 1, 3, 1, to="A")
    assert told(compared("wall", WALL, wrong, knowledge(rule))) == found


def test_a_tolerance_has_an_end() -> None:
    known = knowledge(Rule(position="n", do="tolerance", by=5))
    assert told(compared("wall", WALL, changed(WALL, "n", to=22464), known)) == []
    assert told(compared("wall", WALL, changed(WALL, "n", to=22465), known)) == [("n", "value")]


def test_exact_leaves_nothing_out() -> None:
    new = changed(changed(WALL, "d", 1, 0, to=21), "h", to=5)
    assert told(compared("wall", WALL, new, knowledge(exact=True))) == [("d[1].id", "value"), ("h", "value")]


def test_an_answer_that_knows_no_act_is_unserved() -> None:
    judged = compared("wall", WALL, {"ok": 0})
    assert (judged.verdict, judged.reason) == ("unserved", "answered as an unknown act")
    assert compared("wall", {"ok": 0}, {"ok": 0}).verdict == "matched"
    assert compared("add_friend", {"ok": 3}, {"ok": 0}).verdict == "divergent"


HOSTILE = [
    b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"n": NaN}', b"1" * 5000, b"null",
    b'"' + b'\\"' * 50_000, b"processFriends([1, 2);", b"a(1);" * 1000, b'{"a": 1, "a": 2}', b"\x89PNG\r\n", b"[[1]]",
    b'{"d": {"0": 1}, "n": "x", "h": {}}', b'{"d": [null, true, 1e400, {"1": 2}], "n": null, "h": [[[]]]}', b"-1e999",
    b'[[99999999999999999999999, "a", "http://[", 7], "x", 3]', b'{"h": [[1, 2, 3, 4, 5, 6, [7]]]}',
    rb'[["\ud800", "\udfff", "\ud800", 1]]', rb'{"\ud800": {"n": 1}, "h": "\ud800"}', b'{"h": 2, "n": 7}',
    b'{"h": 1%s, "n": 1%s, "d": []}' % (b"0" * 40, b"0" * 40), rb'{"h": "x", "n": "\u0663", "mts": true, "d": [[1.5]]}',
]  # fmt: skip


@pytest.mark.parametrize("act", ["friends", "wall", "history", "", "captcha", "nonsense"])
def test_hostile_bodies_get_a_verdict(act: str) -> None:
    known = knowledge()
    for old in HOSTILE:
        for new in HOSTILE:
            judged = compared(act, old, new)
            assert compared(act, old, new, known).verdict in ("matched", "divergent", "unserved")
            assert judged.verdict == ("matched" if old == new else judged.verdict)
            assert all(one.told() for one in judged.findings.differences)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b"f([1]);", b"[1]", [("callback", "callback")]),
        (b"f([1]);", b"g([1]);", [("callback", "callback")]),
        (b"f([1]);", b"f([1])", [("body", "body")]),
        (b"f([1]);", b"f([1]);\n", []),
    ],
)
def test_callbacks_are_those_asked_for(old: bytes, new: bytes, found: list[tuple[str, str]]) -> None:
    assert told(judge(exchange("x", old, back="f"), exchange("x", new, back="f"), knowledge())) == found


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from("ndh01ab"), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(json_values, json_values, st.sampled_from(["friends", "wall", "history", "profile", "photos_comments", ""]))
def test_any_answer_equals_itself_and_only_what_is_alike(old: Any, new: Any, act: str) -> None:
    assert compared(act, old, old).verdict == "matched"
    exact = compared(act, old, new, knowledge(exact=True))
    if json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True):
        assert exact.verdict != "matched"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 40), unique=True, max_size=12), st.permutations(range(1, 41)), st.data())
def test_any_bijection_of_ids_matches_and_a_broken_one_does_not(
    ids: list[int], names: list[int], data: st.DataObject
) -> None:
    old = [[number, f"name {number}", "0", 0] for number in ids]
    new = [[names[number - 1] + 100, f"name {number}", "0", 0] for number in ids]
    known = knowledge()
    assert told(compared("friends", old, new, known, 1)) == []
    if len(ids) > 1:
        place, other = data.draw(st.permutations(range(len(ids))))[:2]
        broken = changed(new, place, 0, to=new[other][0])
        assert told(compared("friends", old, broken, known, 2)) == [(f"[{place}].id", "mapping")]
