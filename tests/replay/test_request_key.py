"""Equal requests have equal keys, however they are sent."""

from random import Random
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.request_key import request_key, telling

PLAIN = {"act": "wall", "id": "1", "from": "0"}
NAMES = st.text(min_size=1, max_size=8).filter(lambda name: name not in ("sid", "back", "csid", "fcsid"))


def key(exchange: Exchange) -> bytes:
    return request_key(exchange.path, telling(exchange))


def get(sent: dict[str, str], path: str = "http://userapi.com/data") -> Exchange:
    return Exchange(1, None, "GET", f"{path}?{urlencode(sent, errors='surrogatepass')}")


def post(sent: dict[str, str], query: str = "") -> Exchange:
    return Exchange(9, 5.0, "POST", f"/data?{query}", (), urlencode(sent, errors="surrogatepass").encode())


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(NAMES, st.text(max_size=8), max_size=5), st.text(max_size=8), st.randoms(use_true_random=False))
def test_sid_back_csid_order_host_and_method_do_not_count(sent: dict[str, str], made_up: str, random: Random) -> None:
    shuffled = [*{**sent, "sid": made_up, "back": made_up, "csid": made_up}.items()]
    random.shuffle(shuffled)
    assert key(get(sent)) == key(post(dict(shuffled))) == key(get(dict(shuffled), "http://127.0.0.1:8080/data"))


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(NAMES, st.text(max_size=8), max_size=5), st.dictionaries(NAMES, st.text(max_size=8), max_size=5))
def test_other_parameters_count(one: dict[str, str], other: dict[str, str]) -> None:
    """`&` and `=` inside of values make nothing equal."""
    assert (key(get(one)) == key(get(other))) == (get(one).parameters == get(other).parameters)


@pytest.mark.parametrize(
    "other",
    [
        get({**PLAIN, "id": "2"}),
        get({**PLAIN, "to": ""}),
        get(PLAIN, "http://userapi.com/auth"),
        post({"act": "inbox"}, "act=wall&id=1&from=0"),
    ],
)
def test_what_makes_another_request(other: Exchange) -> None:
    assert key(other) != key(get(PLAIN))


def test_a_body_counts_before_the_address() -> None:
    assert key(post({"act": "wall"}, "act=inbox&id=1&from=0")) == key(get(PLAIN))


def test_a_login_is_known_without_its_password() -> None:
    sent = {"login": "force", "site": "2", "email": "a@b.example", "pass": "secret"}
    assert telling(get(sent, "/auth")) == {"email": "a@b.example", "login": "force", "site": "2"}
