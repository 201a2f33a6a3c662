"""For whom the backend is asked: the client's network address, and the captcha of the backend that client has read.

Carried along with the request that is being answered, as the deadline is.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field

_address: ContextVar[str] = ContextVar("address", default="")
_solved: ContextVar[list["Solved"] | None] = ContextVar("solved", default=None)


@dataclass(frozen=True, slots=True)
class Solved:
    """What a captcha of the backend's, which it wanted solved when `method` was called, has brought.

    `key` is what somebody read in its picture, `token` what its page gave to whom it took for a person. `taken` is
    called when it is about to be sent, and tells whether nobody else was faster.
    """

    method: str
    sid: str = field(repr=False)
    key: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    taken: Callable[[], bool] = field(default=lambda: True, repr=False, compare=False)

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters that tell the backend."""
        told = {"captcha_sid": self.sid, "captcha_key": self.key, "success_token": self.token}
        return {name: value for name, value in told.items() if value}


@contextmanager
def client_at(address: str) -> Iterator[None]:
    """Tell the backend that a client at this IP address asks in the block; `""`: tell it nothing."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def solving(solved: Solved | None) -> AbstractContextManager[None]:
    """Send a captcha's answer with the first call of its method in the block."""
    return nullcontext() if solved is None else _solving(solved)


@contextmanager
def _solving(solved: Solved) -> Iterator[None]:
    token = _solved.set([solved])
    try:
        yield
    finally:
        _solved.reset(token)


def headers() -> dict[str, str]:
    """Return the header that names the client's address; none where it is not to be told."""
    return {"X-Forwarded-For": address} if (address := _address.get()) else {}


def solution(method: str) -> dict[str, str]:
    """Return the parameters of a captcha's answer, once; none where `method` has none waiting."""
    waiting = _solved.get()
    if not waiting or waiting[0].method != method:
        return {}
    try:
        solved = waiting.pop()
    except IndexError:  # another thread of the same request was quicker
        return {}
    return solved.parameters if solved.taken() else {}
