"""The registry of acts: one declaration and one function each. Everything that needs the list of acts reads it here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from userapi_gw.errors import Failure, Kind

if TYPE_CHECKING:
    from userapi_gw.acts.call import Call

ALL = 5000
PAGE = 22
"""Entries when `to` is missing: everything for people and photos, 22 for walls, mail and statuses."""

MOST = {ALL: 5000, PAGE: 1000}
"""The longest window served in one answer, by the default; a longer one is cut at its end."""

Form = Literal["bare", "counted", "whole"]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as an act finds it: `total` entries exist, `rows` are the ones asked for.

    `h` is the list's update history where it has one, `extra` what else stands beside the rows.
    """

    total: int
    rows: list[Any]
    h: Any = None

    def counted(self, *, with_history: bool) -> dict[str, Any]:
        """Return `{"n": total, "d": rows}`, and `"h"` for a list with a history."""
        answer: dict[str, Any] = {"n": self.total, "d": self.rows}
        return answer | {"h": self.h} if with_history and self.h is not None else answer


@dataclass(frozen=True, slots=True)
class Picture:
    """The answer of an act that is a picture and no JSON."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Act:
    """One value of the parameter `act`.

    `section` is the heading in the UserAPI documentation. `form` says how a listing stands alone: `bare` rows, or
    `counted` as `{n, d}`; the answer of a `whole` act is no listing and stands as it is. `multi` tells
    whether the name may be asked for in a request without `act`; there, and in preloads of `act=history`, a listing is
    always counted. An act with `login=False` needs no sid; its viewer is then 0.
    An answer of a `recent` act may be one given a moment ago (setting `cache_seconds`); it has no history.
    """

    name: str
    function: Callable[["Call"], Any]
    section: str
    form: Form = "counted"
    window: int = PAGE
    multi: bool = False
    login: bool = True
    writes: bool = False
    recent: bool = False

    @property
    def most(self) -> int:
        """The longest window of this act."""
        return MOST[self.window]

    @property
    def summary(self) -> str:
        """The first line of the act's docstring."""
        return (self.function.__doc__ or "").strip().splitlines()[0]


def served(read: Callable[[], Any], empty: Any) -> Any:
    """Return what `read` finds, or `empty` when the backend has nothing of that kind."""
    try:
        return read()
    except Failure as failure:
        if failure.kind is not Kind.UNSUPPORTED:
            raise
        return empty


ACTS: dict[str, Act] = {}
Function = TypeVar("Function", bound=Callable[..., Any])


def act(name: str, section: str, **declaration: Any) -> Callable[[Function], Function]:
    """Declare the function below as the act `name`; the keywords are the fields of `Act`."""

    def register(function: Function) -> Function:
        ACTS[name] = Act(name, function, section, **declaration)
        return function

    return register
