"""The samples of the UserAPI documentation, run in their dialect against the embedded backend: every byte counts."""

import pytest

from tests.conftest import MakeGateway
from tests.fixtures import InProcess, load
from userapi_gw.compare.fixtures import Fixture, verify
from userapi_gw.compare.rules import Rules


@pytest.mark.parametrize("fixture", load(), ids=lambda fixture: fixture.name)
def test_sample_of_the_documentation(fixture: Fixture, make_gateway: MakeGateway) -> None:
    gateway = make_gateway(dialect=fixture.content.dialect, refresh_seconds=3600.0)
    judged, _ = verify(fixture, InProcess(gateway), Rules(), exact=True)
    assert [one.told() for one in judged.findings.differences] == []
    assert (judged.verdict, judged.reason) == ("matched", "")
