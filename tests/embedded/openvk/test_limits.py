"""The limit of writes for an address, and of friend requests for an account."""

from pathlib import Path

import pytest

from tests.embedded.openvk.conftest import Site, open_site
from tests.embedded.openvk.exchanges import ANNA, BORIS, recorded
from userapi_gw.embedded.openvk import Emulation, Limit

RECORDED = recorded()


@pytest.fixture
def strict(prepared: Path, tmp_path: Path) -> Site:
    """An instance that takes four writes and two friend requests in an hour."""
    return open_site(prepared, tmp_path, Emulation(writes=Limit(4, 3600), friend_requests=Limit(2, 3600)))


def _error(name: str) -> tuple[int, str]:
    body = RECORDED[name].body
    return body["error_code"], body["error_msg"]


def test_an_address_may_write_so_often_and_read_on(strict: Site) -> None:
    assert [strict(ANNA, "status.set", text="a") for _ in range(4)] == [1, 1, 1, 1]
    assert strict.error(ANNA, "status.set", text="b") == _error("ratelimit_5")
    assert strict.error(BORIS, "status.set", text="b") == _error("ratelimit_6")
    assert strict(ANNA, "status.get") == {"text": "a"}


def test_an_address_is_what_the_proxy_says(strict: Site) -> None:
    for _ in range(4):
        strict(ANNA, "status.set", text="a")
    elsewhere = strict.send(ANNA, "POST", "/method/status.set", {"text": "b"}, headers={"X-Forwarded-For": "192.0.2.7"})
    assert elsewhere.get_json() == {"response": 1}


def test_a_wrong_address_of_the_proxy_breaks_it(site: Site) -> None:
    answer = site.send(ANNA, "GET", "/method/status.set", {"text": "x"}, headers={"X-Forwarded-For": "nowhere"})
    assert (answer.status_code, answer.content_type) == (RECORDED["badxff"].status, RECORDED["badxff"].content_type)


def test_an_account_may_ask_for_so_many_friendships(strict: Site) -> None:
    assert [strict(ANNA, "friends.add", user_id=other) for other in (301, 302)] == [1, 1]
    assert strict.error(ANNA, "friends.add", user_id=303) == _error("friends.add_limit")


def test_without_limits_nothing_is_refused(site: Site) -> None:
    assert {site(ANNA, "status.set", text=str(number)) for number in range(12)} == {1}


@pytest.mark.parametrize(("text", "limit"), [("5/20", Limit(5, 20)), ("off", None)])
def test_a_limit_is_read(text: str, limit: Limit | None) -> None:
    assert Limit.read(text) == limit


@pytest.mark.parametrize("text", ["", "5", "0/20", "5/0", "a/b", "-1/2"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="count/seconds or off"):
        Limit.read(text)
