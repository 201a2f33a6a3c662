"""Method `newsfeed.get`: what the viewer's friends did."""

from typing import Any

from sqlalchemy import CompoundSelect, Select, func, literal, select, union_all

from userapi_gw.embedded.errors import bad_parameter
from userapi_gw.embedded.objects import photo_object
from userapi_gw.embedded.people import extended, visible_people
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import friendships, photos, tags

_KINDS = ("photo", "photo_tag", "friend")


@method("newsfeed.get")
def get(call: Call) -> dict[str, Any]:
    """List news of the kinds in `filters` (photo, photo_tag, friend), newest first, one thing per item.

    `start_time` (unix seconds) leaves out older news; `start_from` continues where `next_from` of an answer ends.
    `total_count` goes beyond VK, whose feed does not say how much there is.
    """
    start, count = call.params.integer("start_from", 0), call.params.count(50, 100)
    news = _news(call).subquery()
    query = select(news).where(news.c.date >= call.params.integer("start_time", 0))
    total = call.db.scalar(select(func.count()).select_from(query.subquery()))
    newest = query.order_by(news.c.date.desc(), news.c.source_id, news.c.object_id.desc())
    rows = call.db.execute(newest.offset(start).limit(count + 1)).all()
    items = _items(call, [(row.kind, row.date, row.source_id, row.object_id) for row in rows[:count]])
    people = [item["source_id"] for item in items] + [one["user_id"] for item in items for one in _users(item)]
    more = {"next_from": str(start + count)} if len(rows) > count else {}
    return extended(call, {"items": items, "total_count": total, **more}, people)


def _news(call: Call) -> CompoundSelect[Any]:
    mine = select(friendships.c.friend_id).where(friendships.c.user_id == call.viewer)
    queries = {"photo": _photos(mine), "photo_tag": _photo_tags(call, mine), "friend": _friends(mine, call.viewer)}
    kinds = call.params.words("filters") or list(_KINDS)
    if not set(kinds) <= set(_KINDS):
        raise bad_parameter(f"filters should be among {', '.join(_KINDS)}")
    return union_all(*(queries[kind] for kind in dict.fromkeys(kinds)))


def _photos(mine: Select[Any]) -> Select[Any]:
    columns = (literal("photo").label("kind"), photos.c.date, photos.c.owner_id.label("source_id"))
    return select(*columns, photos.c.id.label("object_id")).where(photos.c.owner_id.in_(mine))


def _photo_tags(call: Call, mine: Select[Any]) -> Select[Any]:
    columns = (literal("photo_tag").label("kind"), tags.c.date, tags.c.user_id.label("source_id"))
    confirmed = tags.c.user_id.in_(mine), tags.c.confirmed == 1
    query = select(*columns, tags.c.photo_id.label("object_id")).join(photos, photos.c.id == tags.c.photo_id)
    return query.where(*confirmed, photos.c.owner_id.in_(visible_people(call)))


def _friends(mine: Select[Any], viewer: int) -> Select[Any]:
    # New friends of friends: those who are friends of the viewer already are no news.
    columns = (literal("friend").label("kind"), friendships.c.date, friendships.c.user_id.label("source_id"))
    strangers = friendships.c.friend_id.not_in(mine), friendships.c.friend_id != viewer
    query = select(*columns, friendships.c.friend_id.label("object_id"))
    return query.where(friendships.c.user_id.in_(mine), *strangers)


def _items(call: Call, news: list[tuple[str, int, int, int]]) -> list[dict[str, Any]]:
    wanted = [object_id for kind, _, _, object_id in news if kind != "friend"]
    shown = {row.id: photo_object(row) for row in call.db.execute(select(photos).where(photos.c.id.in_(wanted)))}
    return [
        {"type": kind, "source_id": source, "date": date, **_content(kind, object_id, shown)}
        for kind, date, source, object_id in news
    ]


def _content(kind: str, object_id: int, shown: dict[int, dict[str, Any]]) -> dict[str, Any]:
    if kind == "friend":
        return {"friends": {"count": 1, "items": [{"user_id": object_id}]}}
    name = "photos" if kind == "photo" else "photo_tags"
    return {name: {"count": 1, "items": [shown[object_id]]}}


def _users(item: dict[str, Any]) -> list[dict[str, int]]:
    found: list[dict[str, int]] = item.get("friends", {}).get("items", [])
    return found
