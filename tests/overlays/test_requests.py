"""Friend requests: OpenVK does not let them be turned down."""

from tests.faults import Faulty, html_500, html_500_after
from tests.program import Program


def stand(program: Program, user_id: int) -> tuple[list[int], int, dict[str, int]]:
    """Who asks, how many the counter says, and what the page of a user says."""
    profile = program.get("profile", id=user_id)
    asking = [row[0] for row in program.get("friends_new")]
    return asking, program.get("history")["nf"], {name: profile[name] for name in ("isf", "isi")}


NOTHING = {"isf": 0, "isi": 0}


def test_a_request_is_turned_down_and_accepted_after_all(anna: Program, boris: Program) -> None:
    assert stand(boris, 1) == ([], 0, NOTHING)
    assert anna.get("add_friend", id=6) == {"ok": 1}
    assert stand(boris, 1) == ([1], 1, {"isf": 0, "isi": 1})
    assert boris.get("del_friend", id=1) == {"ok": 4}
    assert stand(boris, 1) == ([], 0, NOTHING)
    assert boris.get("del_friend", id=1) == {"ok": 0}
    assert anna.get("add_friend", id=6) == {"ok": 1}, "once more changes nothing"
    assert stand(boris, 1) == ([], 0, NOTHING)
    assert boris.get("add_friend", id=1) == {"ok": 3}
    assert stand(boris, 1) == ([], 0, {"isf": 1, "isi": 0})


def test_a_former_friend_does_not_ask_and_can_be_one_again(anna: Program, boris: Program) -> None:
    """OpenVK takes who was left for somebody who asks."""
    anna.get("add_friend", id=6)
    boris.get("del_friend", id=1)
    boris.get("add_friend", id=1)
    before = stand(anna, 6)
    assert anna.get("del_friend", id=6) == {"ok": 0}
    assert stand(anna, 6) == (*before[:2], NOTHING)
    assert stand(boris, 1) == ([], 0, NOTHING)
    assert anna.get("add_friend", id=6) == {"ok": 3}
    assert stand(boris, 1) == ([], 0, {"isf": 1, "isi": 0})


def test_a_hidden_request_that_was_taken_back_is_forgotten(anna: Program, boris: Program) -> None:
    hidden = boris.gateway.extensions["userapi_gw"].state.overlays.hidden_requests
    hidden.hide(6, 1)
    assert stand(boris, 1) == ([], 0, NOTHING)
    assert hidden.of(6) == set()
    anna.get("add_friend", id=6)
    assert stand(boris, 1) == ([1], 1, {"isf": 0, "isi": 1})


def test_windows_and_counters_go_around_hidden_requests(anna: Program) -> None:
    asking = [row[0] for row in anna.get("friends_new")]
    assert len(asking) == 300
    assert anna.get("del_friend", id=asking[1]) == {"ok": 4}
    assert [row[0] for row in anna.get("friends_new", **{"from": 0, "to": 3})] == [asking[0], *asking[2:4]]
    assert anna.get("history")["nf"] == 299


def test_own_requests_cannot_be_taken_back(anna: Program, boris: Program) -> None:
    anna.get("add_friend", id=6)
    assert anna.get("del_friend", id=6) == {"ok": -3}
    assert stand(boris, 1)[0] == [1]


def test_lost_answers(anna: Program, boris: Program, server: Faulty) -> None:
    for fault, codes in ((html_500, (0, 0, 0)), (html_500_after, (1, 3, 0))):
        server.hit(fault, "friends.add", "friends.delete")
        steps = [anna.get("add_friend", id=6), boris.get("add_friend", id=1), anna.get("del_friend", id=6)]
        server.heal()
        assert steps == [{"ok": code} for code in codes], fault.__name__
    assert anna.get("profile", id=6)["isf"] == 0
