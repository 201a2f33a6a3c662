"""Every recorded exchange asked again: status, content type and the form of the answer are the recorded ones."""

from pathlib import Path

import pytest

from tests.embedded.openvk.asked import ASKED
from tests.embedded.openvk.conftest import Site, open_site
from tests.embedded.openvk.exchanges import APART, LEFT_OUT, Asked, asked_params, recorded
from tests.embedded.openvk.forms import differences
from userapi_gw.embedded.openvk.registry import METHODS

ALL = recorded()
AGAIN = {name for name, one in ALL.items() if one.path.startswith("/method/")} - LEFT_OUT.keys() - APART


@pytest.fixture(scope="module")
def reader(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A server shared by all exchanges that change nothing."""
    return open_site(prepared, tmp_path_factory.mktemp("reader"))


@pytest.fixture(scope="module")
def writer(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A server that starts over for each exchange that changes something."""
    return open_site(prepared, tmp_path_factory.mktemp("writer"))


@pytest.mark.parametrize("name", sorted(AGAIN))
def test_a_method_answers_in_the_recorded_form(reader: Site, writer: Site, prepared: Path, name: str) -> None:
    exchange, asked = ALL[name], ASKED.get(name, Asked())
    method = METHODS.get(exchange.path.removeprefix("/method/").lower())
    site = writer if asked.after or (method and method.writes) else reader
    if site is writer:
        writer.renew(prepared)
    for viewer, earlier, params in asked.after:
        site(viewer, earlier, **params)
    viewer = asked.viewer if exchange.token or "access_token=" in exchange.path else 0
    given = {**asked_params(exchange), **asked.params}
    answer = site.send(viewer, exchange.verb, exchange.path.partition("?")[0], given)
    body = answer.get_json() if answer.mimetype == "application/json" else answer.get_data(as_text=True)
    assert (answer.status_code, answer.content_type) == (exchange.status, exchange.content_type), body
    if isinstance(exchange.body, dict):
        if "error_code" in exchange.body:
            assert body.pop("request_params")
            assert body == exchange.body
        assert differences(exchange.body, body) == []


def test_every_exchange_is_asked_again_or_left_out_with_a_reason() -> None:
    assert AGAIN | LEFT_OUT.keys() | APART == ALL.keys()
    assert not LEFT_OUT.keys() & APART
    assert ASKED.keys() <= AGAIN
