"""Looks at what each friend shows now: the way to news where a server has no feed of them, see `news`."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.model import Look
from userapi_gw.backend.news import NewsKind
from userapi_gw.errors import Failure, Kind

MOST_FRIENDS = 5000
MOST_PHOTOS = 50
MOST_TAGGED = 200

FRIENDS_PER_CALL: Mapping[NewsKind, int] = {"status": 1000, "friend": 1, "photo": 1, "photo_tag": 1}
"""How many friends one call to the server looks at."""

HIDDEN = (Kind.FORBIDDEN, Kind.NOT_FOUND, Kind.BAD_INPUT)
"""How servers refuse to show a person's things; OpenVK calls somebody whose page is gone a bad parameter."""

Json = dict[str, Any]
LooksById = dict[int, Look[Any] | None]


class Looks(Calls):
    """What friends show the viewer."""

    __slots__ = ()

    def friend_ids(self) -> list[int]:
        """The ids of the viewer's friends, at most 5000."""
        return self.read("friends.get", _friend_ids, user_id=self.viewer, count=MOST_FRIENDS).rows

    def looks(self, kind: NewsKind, friend_ids: list[int]) -> Iterator[LooksById]:
        """Look at friends call by call, in the order given; None stands for who shows the viewer nothing of a kind.

        Rows are texts for statuses, ids of users for friends, and photos, each list with the newest first where the
        server orders it so.
        """
        step = FRIENDS_PER_CALL[kind]
        for start in range(0, len(friend_ids), step):
            yield _LOOKS[kind](self, friend_ids[start : start + step])

    def _status_looks(self, friend_ids: list[int]) -> LooksById:
        ids = ",".join(map(str, friend_ids))
        read = parse.text if self.client.dialect.escapes_statuses else str
        shown = self.read("users.get", partial(_statuses, read), user_ids=ids, fields="status")
        return dict.fromkeys(friend_ids) | shown

    def _friend_looks(self, friend_ids: list[int]) -> LooksById:
        return {one: self._shown("friends.get", _friend_ids, user_id=one, count=MOST_FRIENDS) for one in friend_ids}

    def _photo_looks(self, friend_ids: list[int]) -> LooksById:
        asked = {"count": MOST_PHOTOS, "photo_sizes": 1}
        return {one: self._shown("photos.getAll", _photos, owner_id=one, **asked) for one in friend_ids}

    def tagged(self, friend_id: int) -> Look[Any] | None:
        """Look at the photos a friend is tagged on."""
        return self._shown("photos.getUserPhotos", _photos, user_id=friend_id, count=MOST_TAGGED)

    def _tag_looks(self, friend_ids: list[int]) -> LooksById:
        return {one: self.tagged(one) for one in friend_ids}

    def _shown(self, method: str, understand: Callable[[Json], Look[Any]], **parameters: Any) -> Look[Any] | None:
        try:
            return self.read(method, understand, **parameters)
        except Failure as failure:
            if failure.kind not in HIDDEN:
                raise
            return None


_LOOKS: Mapping[NewsKind, Callable[[Looks, list[int]], LooksById]] = {
    "status": Looks._status_looks,
    "friend": Looks._friend_looks,
    "photo": Looks._photo_looks,
    "photo_tag": Looks._tag_looks,
}


def _statuses(read: Callable[[Any], str], answer: Any) -> LooksById:
    """Read the current status of each user: the newest of many, or none at all."""
    open_rows = [row for row in parse.rows_of(answer) if _is_open(row)]
    texts = {int(row["id"]): read(row.get("status") or "") for row in open_rows}
    return {one: Look([text] if text else [], whole=not text) for one, text in texts.items()}


def _is_open(row: Mapping[str, Any]) -> bool:
    closed = parse.is_closed(row)
    return not closed and not row.get("deactivated")


def _friend_ids(answer: Json) -> Look[int]:
    """Read ids of friends, which OpenVK hands out inside of objects."""
    items = answer.get("items") or []
    return _look(answer, [int(item["id"] if isinstance(item, dict) else item) for item in items])


def _photos(answer: Json) -> Look[Any]:
    return _look(answer, [parse.photo(row) for row in answer.get("items") or []])


def _look(answer: Json, rows: list[Any]) -> Look[Any]:
    return Look(rows, whole=int(answer["count"]) <= len(rows))
