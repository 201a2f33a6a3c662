"""What every section of the backend is built from: one viewer's calls, and windows over VK's pages."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from userapi_gw.backend import parse
from userapi_gw.backend.client import Client
from userapi_gw.backend.model import Page, User, Window
from userapi_gw.backend.pages import window_of
from userapi_gw.backend.script import Question, answers, script
from userapi_gw.backend.together import ask_with_others
from userapi_gw.errors import Failure, Kind

Row = TypeVar("Row")
Answer = TypeVar("Answer")

EXECUTE = "execute"
MOST_PEOPLE = 1000
"""How many people VK tells about in one call."""


@dataclass(frozen=True, slots=True)
class Calls:
    """A client together with the viewer in whose name it calls. The token is never shown."""

    client: Client
    viewer: int
    token: str

    def __repr__(self) -> str:
        return f"{type(self).__name__}(viewer={self.viewer})"

    def read(self, method: str, understand: Callable[[Any], Answer], **parameters: Any) -> Answer:
        """Call `method` and return what `understand` makes of the answer; may be repeated when no answer comes."""
        parameters = {**self.client.dialect.extra.get(method, {}), **parameters}
        return _understood(method, understand, ask_with_others(self, method, parameters))

    def ask(self, method: str, parameters: dict[str, Any]) -> Any:
        """Make one reading call and return its `response`; raises `Failure` as `Client.call` does."""
        return self.client.call(method, self.token, **parameters)

    def joins(self, method: str) -> bool:
        """Tell whether a call may be one of several in an `execute`, as far as is known."""
        return self.client.knows(EXECUTE) and self.client.knows(method)

    def ask_all(self, questions: list[Question]) -> list[Callable[[], Any]] | None:
        """Make several reading calls by one `execute`; see `batch.Caller`."""
        try:
            envelope = self.client.envelope(EXECUTE, self.token, code=script(questions))
            self.client.response(EXECUTE, envelope)
        except Failure as failure:
            if failure.kind in (Kind.TOKEN_REFUSED, Kind.BACKEND_AWAY):
                raise
            return None  # no such method, or a script that the server does not like: each call tells for itself
        return answers(questions, envelope, self.client.response)

    def write(self, method: str, understand: Callable[[Any], Answer] = bool, **parameters: Any) -> Answer:  # type: ignore[assignment]
        """Call `method` once: nobody knows whether a write that timed out took effect."""
        return _understood(method, understand, self.client.call(method, self.token, write=True, **parameters))

    def listing(
        self,
        method: str,
        window: Window,
        step: int,
        read_rows: Callable[[dict[str, Any]], list[Row]],
        **parameters: Any,
    ) -> Page[Row]:
        """Collect a window from a `{count, items}` method of which VK hands out at most `step` items a call.

        A list that privacy hides, or the list of nobody, is empty.
        """

        def fetch(offset: int, count: int) -> Page[Row]:
            return self.read(method, _page_of(read_rows), offset=offset, count=count, **parameters)

        try:
            return window_of(fetch, window, method, step, self.client.dialect)
        except Failure as failure:
            if failure.kind not in (Kind.FORBIDDEN, Kind.NOT_FOUND):
                raise
            return Page(0, [])

    def instead(self, method: str, asked: Callable[[], Answer], overlay: Callable[[], Answer]) -> Answer:
        """Ask the server; where it has no `method` for it, do what `overlay` does."""
        if self.client.knows(method):
            try:
                return asked()
            except Failure as failure:
                if failure.kind is not Kind.UNSUPPORTED:
                    raise
        return overlay()

    def users(self, ids: list[int]) -> dict[int, User]:
        """Fetch the people behind `ids`, as lists show them."""
        if not ids:
            return {}
        found: dict[int, User] = {}
        for wanted in batched(dict.fromkeys(ids), MOST_PEOPLE):
            names = ",".join(map(str, wanted))
            found |= self.read("users.get", parse.users_by_id, user_ids=names, fields=parse.USER_FIELDS)
        return found


def user_rows(answer: dict[str, Any]) -> list[User]:
    """Read the items of an answer whose items are people."""
    return [parse.user(row) for row in answer["items"]]


def batched(values: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Part values into lists of at most `size` (itertools has it from Python 3.12 on)."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def _page_of(read_rows: Callable[[dict[str, Any]], list[Row]]) -> Callable[[dict[str, Any]], Page[Row]]:
    return lambda answer: Page(max(0, int(answer["count"])), read_rows(answer))


def _understood(method: str, understand: Callable[[Any], Answer], answer: Any) -> Answer:
    """Read an answer. One that is not made as VK makes it is the server's fault, and no reason to fall over."""
    try:
        return understand(answer)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Failure(Kind.BACKEND_BROKEN, f"{method}: {type(error).__name__} in its answer") from None
