"""Leases: one owner for each account, whoever is faster, and none for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.state.conftest import SOME_MONDAY, Clock
from userapi_gw.state import Lease, State

PAVEL, NIKOLAY, LEASE = 1, 6, 5.0


def test_a_lease_has_one_owner_until_it_ends(state: State, clock: Clock) -> None:
    assert state.pollers.claim(PAVEL, "a", LEASE)
    assert not state.pollers.claim(PAVEL, "b", LEASE)
    assert state.pollers.standing() == {PAVEL: Lease("a", SOME_MONDAY + LEASE, False, 0)}
    clock.now += LEASE
    assert state.pollers.standing() == {}
    assert state.pollers.claim(PAVEL, "b", LEASE)
    assert state.pollers.standing() == {PAVEL: Lease("b", SOME_MONDAY + 2 * LEASE, False, 0)}


def test_renewing_keeps_all_own_leases_and_tells_which(state: State, clock: Clock) -> None:
    for viewer, owner in ((PAVEL, "a"), (NIKOLAY, "a"), (5, "b")):
        state.pollers.claim(viewer, owner, LEASE)
    clock.now += 3
    assert state.pollers.renew("a", LEASE) == {PAVEL, NIKOLAY}
    assert {viewer: lease.expires_at - clock.now for viewer, lease in state.pollers.standing().items()} == {
        PAVEL: LEASE,
        NIKOLAY: LEASE,
        5: LEASE - 3,
    }


def test_who_was_held_up_does_not_get_back_what_another_took(state: State, clock: Clock) -> None:
    state.pollers.claim(PAVEL, "a", LEASE)
    clock.now += LEASE
    state.pollers.claim(PAVEL, "b", LEASE)
    assert state.pollers.renew("a", LEASE) == set()
    state.pollers.tell(PAVEL, "a", healthy=True, rang=True)
    state.pollers.release("a", [PAVEL])
    assert state.pollers.standing() == {PAVEL: Lease("b", clock.now + LEASE, False, 0)}


def test_who_was_held_up_keeps_what_nobody_took(state: State, clock: Clock) -> None:
    state.pollers.claim(PAVEL, "a", LEASE)
    clock.now += 2 * LEASE
    assert state.pollers.renew("a", LEASE) == {PAVEL}


def test_what_an_owner_tells_is_known_to_all_and_counted_on(state: State, clock: Clock) -> None:
    state.pollers.claim(PAVEL, "a", LEASE)
    state.pollers.tell(PAVEL, "a", healthy=True, rang=True)
    state.pollers.tell(PAVEL, "a", healthy=True, rang=True)
    assert state.pollers.standing() == {PAVEL: Lease("a", clock.now + LEASE, True, 2)}
    state.pollers.tell(PAVEL, "a", healthy=False)
    assert state.pollers.standing() == {PAVEL: Lease("a", clock.now + LEASE, False, 2)}
    clock.now += LEASE
    state.pollers.claim(PAVEL, "b", LEASE)
    assert state.pollers.standing() == {PAVEL: Lease("b", clock.now + LEASE, False, 2)}


def test_what_is_released_is_free_at_once(state: State) -> None:
    state.pollers.claim(PAVEL, "a", LEASE)
    state.pollers.claim(NIKOLAY, "a", LEASE)
    state.pollers.release("a", [PAVEL])
    assert set(state.pollers.standing()) == {NIKOLAY}
    assert state.pollers.claim(PAVEL, "b", LEASE)


def test_purging_throws_out_what_has_ended(state: State, clock: Clock) -> None:
    state.pollers.claim(PAVEL, "a", LEASE)
    clock.now += LEASE
    state.pollers.claim(NIKOLAY, "a", LEASE)
    state.pollers.purge()
    assert state.pollers.renew("a", LEASE) == {NIKOLAY}


def test_of_those_who_claim_at_once_one_gets_it(open_again: Callable[..., State]) -> None:
    states = [open_again() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for viewer in range(1, 20):
            got = list(pool.map(lambda n: states[n].pollers.claim(viewer, str(n), LEASE), range(4)))  # noqa: B023
            assert sorted(got) == [False, False, False, True]
