"""A state on a real database, as in tests/state."""

from tests.state.conftest import clock, open_again, state

__all__ = ["LINK", "clock", "open_again", "state"]

LINK = "http://durov.ru/#;confirm=" + "0123456789abcdef" * 2
