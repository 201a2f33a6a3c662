"""The things that looks at friends find: how each kind is told apart, kept, and made into news again."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Look, News, Photo, Status
from userapi_gw.backend.news import RECENT, NewsKind, news_id
from userapi_gw.state import Due, Found, Outcome, Shown, came, gone

_PHOTO = TypeAdapter(Photo)
_STATUS_IDS = 1 << 31


@dataclass(frozen=True, slots=True)
class _Things:
    """One kind: the name of a thing among those of a friend, its JSON, its own date if it has one, and the way back.

    `show` returns the contents of news by number, without those of people who are gone.
    """

    name: Callable[[Any], str]
    keep: Callable[[Any], Any]
    show: Callable[[Backend, list[Found]], dict[int, Any]]
    date: Callable[[Any, int], int] = lambda thing, found_at: found_at


def outcome(kind: NewsKind, due: Due, look: Look[Any] | None, found_at: int, no_news: Collection[str]) -> Outcome:
    """Compare a look at a friend (None: nothing is shown) with the one before. `no_news` are names never told of.

    A thing that bears a date older than news may be has not happened: it was hidden from the viewer.
    """
    if look is None:
        return Outcome(due, None)
    rows = {_THINGS[kind].name(row): row for row in look.rows}
    after = Shown(tuple(rows), look.whole)
    names = [name for name in came(due.before, after) if name not in no_news]
    found = [_found(kind, due.friend_id, name, rows[name], found_at) for name in names]
    return Outcome(due, after, [one for one in found if one.date >= found_at - RECENT], gone(due.before, after))


def news_of(kind: NewsKind, backend: Backend, rows: list[Found]) -> list[News[Any]]:
    """Return what was found as news, dated when it was found."""
    contents = _THINGS[kind].show(backend, rows)
    return [News(row.number, row.found_at, contents[row.number]) for row in rows if row.number in contents]


def _found(kind: NewsKind, friend_id: int, name: str, thing: Any, found_at: int) -> Found:
    things = _THINGS[kind]
    number = news_id(found_at, friend_id, name)
    return Found(number, friend_id, name, found_at, things.date(thing, found_at), things.keep(thing))


def _statuses(backend: Backend, rows: list[Found]) -> dict[int, Status]:
    """The backend has no numbers for statuses; programs get one that is made of what and when."""
    people = backend.users([row.friend_id for row in rows])
    known = [row for row in rows if row.friend_id in people]
    return {
        row.number: Status(row.number % _STATUS_IDS, people[row.friend_id], row.found_at, row.thing) for row in known
    }


def _people(backend: Backend, rows: list[Found]) -> dict[int, Any]:
    people = backend.users([row.thing for row in rows])
    return {row.number: people[row.thing] for row in rows if row.thing in people}


def _photos(_: Backend, rows: list[Found]) -> dict[int, Photo]:
    return {row.number: _PHOTO.validate_python(row.thing) for row in rows}


def _photo_name(photo: Photo) -> str:
    return f"{photo.owner_id}_{photo.id}"


_THINGS: Mapping[NewsKind, _Things] = {
    "status": _Things(name=str, keep=str, show=_statuses),
    "friend": _Things(name=str, keep=int, show=_people),
    "photo": _Things(_photo_name, _PHOTO.dump_python, _photos, date=lambda photo, found_at: photo.date or found_at),
    "photo_tag": _Things(_photo_name, _PHOTO.dump_python, _photos),
}
