"""What has changed between what a viewer was shown of a list and the backend's newest page of it. No database here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from userapi_gw.state.stream_model import Change, Seen


@dataclass(frozen=True, slots=True)
class Picture:
    """What a viewer was shown of a list.

    `newest` is the highest object id a page has shown, None before the first page. An own write is in `objects` at
    once but does not raise it: others may have written just before, and only a page can tell. From `bottom` upward
    nothing is missing in `objects`; what lies below was never asked for.
    """

    objects: dict[int, Seen] = field(default_factory=dict)
    newest: int | None = None
    bottom: int = 0


def is_gap(picture: Picture, page: Sequence[Seen], complete: bool) -> bool:
    """Tell whether more has changed than the page shows: it ends above everything known."""
    return not complete and picture.newest is not None and _lowest(page, complete) > picture.newest


def compare(
    picture: Picture, page: Sequence[Seen], complete: bool, deleted: Collection[int], oldest_news: int = 0
) -> list[Change]:
    """Return the changes that lead from `picture` to `page`: first what went, then what came, then what was read.

    `deleted` are the ids on the page whose last entry says they are gone. `complete` says the page is the whole list.
    What appears with an id below `oldest_news` is no change: it was there before, but not for this viewer.
    """
    shown, lowest = {seen.object_id: seen for seen in page}, _lowest(page, complete)
    gone = [i for i in sorted(picture.objects) if i >= lowest and i not in shown]
    came = [
        i for i in sorted(shown) if i not in picture.objects and (i in deleted or _is_news(picture, i, oldest_news))
    ]
    read = [i for i in sorted(shown) if i in picture.objects and shown[i].read and not picture.objects[i].read]
    return [
        *(Change("del", i, picture.objects[i].payload) for i in gone),
        *(Change("undel" if i in deleted else "add", i, shown[i].payload, shown[i].read) for i in came),
        *(Change("read", i, shown[i].payload) for i in read),
    ]


def look(picture: Picture, page: Sequence[Seen], complete: bool, keep: int) -> Picture:
    """Return the picture after a page was shown; only the `keep` newest objects stay in it."""
    shown = {seen.object_id: seen for seen in page}
    lowest = _lowest(page, complete)
    newest = max([picture.newest or 0, *shown])
    if is_gap(picture, page, complete):
        return _cut(Picture(shown, newest, lowest), keep)
    below = {i: seen for i, seen in picture.objects.items() if i < lowest}
    bottom = lowest if picture.newest is None else min(picture.bottom, lowest)
    return _cut(Picture(below | shown, newest, bottom), keep)


def _cut(picture: Picture, keep: int) -> Picture:
    """Return the picture with its `keep` newest objects; what falls off is not known any more."""
    if len(picture.objects) <= keep:
        return picture
    kept = sorted(picture.objects, reverse=True)[:keep]
    return Picture({i: picture.objects[i] for i in kept}, picture.newest, max(picture.bottom, kept[-1]))


def _is_news(picture: Picture, object_id: int, oldest_news: int) -> bool:
    """Tell an object that appeared from one that a longer page shows for the first time.

    Appearing below the newest one is no contradiction: somebody else wrote while the viewer did, the backend numbered
    two writes in one order and showed them in the other, or an object came back that went before this stream began.
    """
    return picture.newest is not None and object_id >= max(picture.bottom, oldest_news)


def _lowest(page: Sequence[Seen], complete: bool) -> int:
    """Return the id from which on the page tells everything."""
    return 0 if complete else min(seen.object_id for seen in page)
