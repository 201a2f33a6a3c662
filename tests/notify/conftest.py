"""A state on a real database, as in tests/state, and a mail server."""

from collections.abc import Iterator

import pytest

from tests.mail_server import MailServer, mail_server
from tests.state.conftest import clock, open_again, state

__all__ = ["LINK", "clock", "open_again", "state"]

LINK = "http://durov.ru/#;confirm=" + "0123456789abcdef" * 2


@pytest.fixture
def post_office() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running
