"""Comments on posts and on photos. OpenVK numbers them together, and `wall.deleteComment` deletes both."""

from typing import Any

from sqlalchemy import Row, Table, func, insert, select, update

from userapi_gw.embedded.openvk.errors import DENIED, INVALID, CrashError, fail
from userapi_gw.embedded.openvk.methods.wall import find_post
from userapi_gw.embedded.openvk.people import find, is_open, short, users
from userapi_gw.embedded.openvk.registry import Call, method, size_of
from userapi_gw.embedded.openvk.tables import post_comments
from userapi_gw.embedded.openvk.text import formatted
from userapi_gw.embedded.schema import comments, people, photos, posts

_PROFILE = ("sex", "photo_50", "photo_100")


@method("photos.getComments", "owner_id", "photo_id")
def get_photo_comments(call: Call) -> dict[str, Any]:
    """List the comments on a photo, oldest first; a photo that is not there breaks it."""
    photo = find_photo(call)
    if photo is None:
        raise CrashError
    query = select(comments).where(comments.c.photo_id == photo.id, comments.c.deleted_by == 0)
    rows = _page(call, query, comments)
    likes = {"count": 0, "user_likes": 0, "can_like": 1} if call.number("need_likes", 0) else {}
    answer: dict[str, Any] = {"count": size_of(call.db, query), "items": [{**_photo_comment(r), **likes} for r in rows]}
    if call.number("extended", 0):
        authors = select(people).where(people.c.id.in_({row.from_id for row in rows})).order_by(people.c.id)
        answer["profiles"] = [short(row) for row in call.db.execute(authors)]
    return answer


@method("photos.createComment", "owner_id", "photo_id", limited=True)
def create_photo_comment(call: Call) -> int:
    """Write `message` under a photo and return the number of the comment."""
    photo, message = find_photo(call) or fail(15, DENIED), call.given.text("message", "")
    if not message.strip():
        fail(100, INVALID)
    owner = find(call, photo.owner_id)
    if owner is None or not is_open(call, owner):
        fail(15, DENIED)
    return _keep(call, comments, {"photo_id": photo.id, "text": message})


@method("wall.getComments", "owner_id", "post_id")
def get_post_comments(call: Call) -> dict[str, Any]:
    """List the comments on a post, oldest first."""
    post = find_post(call) or fail(100, INVALID)
    query = select(post_comments).where(post_comments.c.post_id == post.id, post_comments.c.deleted == 0)
    rows, total = _page(call, query, post_comments), size_of(call.db, query)
    answer: dict[str, Any] = {"count": total, "items": [_post_comment(call, row, post) for row in rows]}
    answer |= {"current_level_count": total, "can_post": True, "show_reply_button": True, "groups_can_post": False}
    if call.number("extended", 0):
        authors = list(dict.fromkeys(row.from_id for row in rows))
        answer |= {"profiles": users(call, authors, _PROFILE), "groups": []}
    return answer


@method("wall.createComment", "owner_id", "post_id", "message", limited=True)
def create_post_comment(call: Call) -> dict[str, Any]:
    """Write `message` under a post."""
    post = find_post(call) or fail(100, "Invalid post")
    row = {"post_id": post.id, "text": call.given.text("message")}
    return {"comment_id": _keep(call, post_comments, row), "parents_stack": []}


@method("wall.deleteComment", "comment_id", limited=True)
def delete_comment(call: Call) -> int:
    """Delete a comment on a post or a photo, also once more; its author and the owner of the page may."""
    number = call.number("comment_id")
    on_post = select(post_comments.c.from_id, posts.c.owner_id).join_from(
        post_comments, posts, posts.c.id == post_comments.c.post_id
    )
    on_photo = select(comments.c.from_id, photos.c.owner_id).join_from(comments, photos)
    for table, query in ((post_comments, on_post), (comments, on_photo)):
        row = call.db.execute(query.where(table.c.id == number)).one_or_none()
        if row is not None:
            return _delete(call, table, number, row)
    return fail(100, INVALID)


def find_photo(call: Call) -> Row[Any] | None:
    """Return the photo `photo_id` of `owner_id`, None when there is none."""
    wanted = photos.c.id == call.number("photo_id"), photos.c.owner_id == call.number("owner_id")
    return call.db.execute(select(photos).where(*wanted)).one_or_none()


def _delete(call: Call, table: Table, number: int, row: Row[Any, Any]) -> int:
    if call.viewer not in (row.from_id, row.owner_id):
        fail(7, DENIED)
    gone = {"deleted_by": call.viewer} if table is comments else {"deleted": 1}
    call.db.execute(update(table).where(table.c.id == number).values(gone))
    return 1


def _keep(call: Call, table: Table, values: dict[str, Any]) -> int:
    newest = (call.db.scalar(select(func.max(one.c.id))) or 0 for one in (comments, post_comments))
    row = {"id": max(newest) + 1, "from_id": call.viewer, "date": call.now, **values}
    call.db.execute(insert(table).values(row))
    return int(row["id"])


def _page(call: Call, query: Any, table: Table) -> list[Row[Any]]:
    start, count = max(call.number("offset", 0), 0), max(call.number("count", 100), 0)
    return list(call.db.execute(query.order_by(table.c.id).offset(start).limit(count)))


def _photo_comment(row: Row[Any]) -> dict[str, Any]:
    numbers = {"id": row.id, "from_id": row.from_id, "date": row.date}
    return {**numbers, "attachments": [], "parents_stack": [], "text": formatted(row.text)}


def _post_comment(call: Call, row: Row[Any], post: Row[Any]) -> dict[str, Any]:
    can_change = call.viewer in (row.from_id, post.owner_id)
    thread = {"count": 0, "items": [], "can_post": False, "show_reply_button": True, "groups_can_post": False}
    author = {"is_from_post_author": True} if row.from_id == post.from_id else {}
    return {
        "id": row.id,
        "from_id": row.from_id,
        "date": row.date,
        "can_edit": can_change,
        "can_delete": can_change,
        "text": formatted(row.text),
        "post_id": post.id,
        "owner_id": post.owner_id,
        "parents_stack": [],
        "attachments": [],
        "thread": thread,
        **author,
        "likes": {"can_like": 1, "count": 0, "user_likes": 0, "can_publish": 1},
    }
