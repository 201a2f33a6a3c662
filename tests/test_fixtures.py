"""The samples of the UserAPI documentation, replayed in dialect 2008 against the embedded backend."""

import pytest

from tests.conftest import MakeGateway
from tests.fixtures import Fixture, load


@pytest.mark.parametrize("fixture", load(), ids=lambda fixture: fixture.name)
def test_sample_of_the_documentation(fixture: Fixture, make_gateway: MakeGateway) -> None:
    gateway = make_gateway(dialect=fixture.content["dialect"], refresh_seconds=3600.0)
    expected, given = fixture.replay(gateway)
    assert given == expected
