"""What every section of the backend is built from: one viewer's calls, and windows over VK's pages."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Self, TypeVar

from userapi_gw.backend import deadline, parse, rights
from userapi_gw.backend.client import Client
from userapi_gw.backend.model import Page, Photo, PhotoName, User, Window
from userapi_gw.backend.pages import window_of
from userapi_gw.backend.script import Question
from userapi_gw.backend.together import ask_with_others
from userapi_gw.errors import Failure, Kind

WRITE_SHARE = 2 / 3
"""How much of the time left a write may take of which is looked afterwards whether it took effect."""

log = logging.getLogger(__name__)

Row = TypeVar("Row")
Answer = TypeVar("Answer")

MOST_PEOPLE = 1000
"""How many people VK tells about in one call."""
MOST_PHOTOS_BY_NAME = 500
MOST_COMMUNITIES = 500


@dataclass(frozen=True, slots=True)
class Calls:
    """A client together with the viewer in whose name it calls. The token is never shown.

    With `fresh` no answer is one from before, not even while the server is away. `rights` is what the token may do, as
    far as is known; what it may not is refused here.
    """

    client: Client
    viewer: int
    token: str
    fresh: bool = field(default=False, kw_only=True)
    rights: int | None = field(default=None, kw_only=True)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(viewer={self.viewer})"

    @property
    def reads_messages(self) -> bool:
        """Whether the token may read private messages, as far as is known."""
        return self.rights is None or bool(self.rights & rights.MESSAGES)

    def read(self, method: str, understand: Callable[[Any], Answer], **parameters: Any) -> Answer:
        """Call `method` and return what `understand` makes of the answer; may be repeated when no answer comes."""
        rights.check(method, self.rights, write=False)
        parameters = {**self.client.dialect.extra.get(method, {}), **parameters}
        return _understood(method, understand, ask_with_others(self, method, parameters))

    def ask(self, method: str, parameters: dict[str, Any]) -> Any:
        """Make one reading call and return its `response`; raises `Failure` as `Client.call` does."""
        return self.client.call(method, self.token, viewer=self.viewer, fresh=self.fresh, **parameters)

    def joins(self, method: str) -> bool:
        """Tell whether a call may be one of several in an `execute`, as far as is known."""
        return self.client.joins(method, self.token)

    def ask_all(self, questions: list[Question], *, fresh: bool) -> list[Callable[[], Any]] | None:
        """Make several reading calls by one `execute`; see `batch.Caller`."""
        return self.client.call_several(questions, self.token, viewer=self.viewer, fresh=fresh)

    def recall(self, method: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
        """Return `{"response": ...}` as a read was answered last, unless that is gone or no answer for who is fresh."""
        return None if self.fresh else self.client.last_known(method, self.token, self.viewer, parameters)

    def write(
        self,
        method: str,
        understand: Callable[[Any], Answer] = bool,  # type: ignore[assignment]
        *,
        took_effect: Callable[[], Answer | None] | None = None,
        **parameters: Any,
    ) -> Answer:
        """Call `method` once: nobody knows whether a write that timed out took effect.

        Unless `took_effect` looks: it returns what the answer would have said, or None when nothing happened. It is
        asked after a time-out or an answer without sense, for which some of the time is kept.
        """
        rights.check(method, self.rights, write=True)
        try:
            with deadline.within(deadline.left() * (WRITE_SHARE if took_effect else 1)):
                answer = self.client.call(method, self.token, write=True, viewer=self.viewer, **parameters)
            return _understood(method, understand, answer)
        except Failure as failure:
            found = _looked(method, took_effect) if took_effect and failure.uncertain else None
            if found is None:
                raise
            return found

    def freshly(self) -> Self:
        """The same calls without answers from before: for those who compare, or change, what they find."""
        return replace(self, fresh=True)

    def listing(
        self,
        method: str,
        window: Window,
        step: int,
        read_rows: Callable[[dict[str, Any]], list[Row]],
        **parameters: Any,
    ) -> Page[Row]:
        """Do what `collect` does. A list that privacy hides, or the list of nobody, is empty."""
        try:
            return self.collect(method, window, step, read_rows, **parameters)
        except Failure as failure:
            if failure.kind not in (Kind.FORBIDDEN, Kind.NOT_FOUND):
                raise
            return Page(0, [])

    def collect(
        self,
        method: str,
        window: Window,
        step: int,
        read_rows: Callable[[dict[str, Any]], list[Row]],
        **parameters: Any,
    ) -> Page[Row]:
        """Collect a window from a `{count, items}` method of which VK hands out at most `step` items a call."""

        def fetch(offset: int, count: int) -> Page[Row]:
            return self.read(method, _page_of(read_rows), offset=offset, count=count, **parameters)

        return window_of(fetch, window, method, step, self.client.dialect)

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
        """Fetch the people, and the communities (negative), behind `ids`, as lists show them."""
        found: dict[int, User] = {}
        for wanted in batched(dict.fromkeys(user_id for user_id in ids if user_id >= 0), MOST_PEOPLE):
            names = ",".join(map(str, wanted))
            found |= self.read("users.get", parse.users_by_id, user_ids=names, fields=parse.USER_FIELDS)
        for some in batched(dict.fromkeys(-owner for owner in ids if owner < 0), MOST_COMMUNITIES):
            found |= self._communities(some)
        return found

    def _communities(self, ids: list[int]) -> dict[int, User]:
        """Fetch communities. Without their names they are still there, so a server that tells none is no reason."""

        def by_id(answer: Any) -> dict[int, User]:
            return {one.id: one for one in map(parse.community, parse.group_rows(answer))}

        try:
            return self.read("groups.getById", by_id, group_ids=",".join(map(str, ids)), fields="has_photo")
        except Failure as failure:
            if failure.kind not in (Kind.UNSUPPORTED, Kind.NOT_FOUND, Kind.FORBIDDEN, Kind.BAD_INPUT):
                raise
            return {}

    def photos_named(self, names: list[PhotoName]) -> list[Photo]:
        """Fetch photos by owner and id, as far as the viewer may see them."""
        found: list[Photo] = []
        for part in batched(dict.fromkeys(names), MOST_PHOTOS_BY_NAME):
            wanted = ",".join(f"{owner}_{photo}" for owner, photo in part)
            found += self.read("photos.getById", _photos, photos=wanted, photo_sizes=1)
        return found


def _photos(answer: Any) -> list[Photo]:
    return [parse.photo(row) for row in parse.rows_of(answer)]


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


def _looked(method: str, took_effect: Callable[[], Answer | None]) -> Answer | None:
    try:
        found = took_effect()
    except Failure as failure:
        log.warning("%s: nobody knows whether it took effect: %s", method, failure)
        return None
    log.info("%s: no answer, %s effect", method, "no" if found is None else "but it took")
    return found


def _understood(method: str, understand: Callable[[Any], Answer], answer: Any) -> Answer:
    """Read an answer. One that is not made as VK makes it is the server's fault, and no reason to fall over."""
    try:
        return understand(answer)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Failure(Kind.BACKEND_BROKEN, f"{method}: {type(error).__name__} in its answer") from None
