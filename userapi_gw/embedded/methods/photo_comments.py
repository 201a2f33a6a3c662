"""Methods `photos.*` about comments. Ids rise with time over all photos, so newest first is highest id first."""

from typing import Any

from sqlalchemy import Row, Select, insert, select, update

from userapi_gw.embedded.callback.queue import note
from userapi_gw.embedded.errors import VkError, bad_parameter
from userapi_gw.embedded.groups import acts_for
from userapi_gw.embedded.methods.photos import require_photo
from userapi_gw.embedded.objects import comment_object
from userapi_gw.embedded.people import extended, require_open, visible_people
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import comments, photos, tags

_MAX_COMMENT = 4096  # characters


@method("photos.getComments")
def get_comments(call: Call) -> dict[str, Any]:
    """List the comments on a photo, oldest first (`sort=asc`) or newest first (`desc`). VK error 104 without photo.

    `start_comment_id` leaves out what stands before that comment.
    """
    query = select(comments).where(comments.c.photo_id == require_photo(call).id, comments.c.deleted_by == 0)
    newest_first = call.params.choice("sort", ("asc", "desc")) == "desc"
    start = call.params.integer("start_comment_id", 0)
    if start:
        query = query.where(comments.c.id <= start if newest_first else comments.c.id >= start)
    total, rows = call.page(query.order_by(comments.c.id.desc() if newest_first else comments.c.id), 20, 100)
    answer = {"count": total, "items": [comment_object(row) for row in rows]}
    return extended(call, answer, (row.from_id for row in rows))


@method("photos.getAllComments")
def get_all_comments(call: Call) -> dict[str, Any]:
    """List the comments on all photos of `owner_id` (the viewer when missing), or of `album_id`, newest first.

    Each has the photo's id in `pid`.
    """
    owner = require_open(call, call.params.owner("owner_id", call.viewer)).id
    query = _shown().where(photos.c.owner_id == owner)
    if call.params.has("album_id"):
        query = query.where(photos.c.album_id == call.params.integer("album_id"))
    return _comment_page(call, query)


@method("photos.getUserPhotosComments")
def get_user_photos_comments(call: Call) -> dict[str, Any]:
    """List the comments on all photos with `user_id` (the viewer when missing), newest first. No method of VK's.

    UserAPI documentation, "Getting photos comments list", `parent=-2`. Each has `pid` and `owner_id` of the photo.
    """
    user_id = require_open(call, call.params.user("user_id", call.viewer)).id
    tagged = select(tags.c.photo_id).where(tags.c.user_id == user_id, tags.c.confirmed == 1)
    return _comment_page(call, _shown().where(photos.c.id.in_(tagged), photos.c.owner_id.in_(visible_people(call))))


@method("photos.createComment", writes=True)
def create_comment(call: Call) -> int:
    """Write `message` under a photo the viewer may see and return the comment's id; attachments are ignored.

    VK error 100 without text or for more than 4096 characters, 104 without photo.
    """
    photo = require_photo(call)
    message = call.params.text("message", maximum=_MAX_COMMENT)
    if not message.strip():
        raise bad_parameter("message is empty")
    values = {"photo_id": photo.id, "from_id": call.viewer, "date": call.now, "text": message}
    row = call.db.execute(insert(comments).values(values).returning(comments)).one()
    _tell(call, "photo_comment_new", row, photo.owner_id)
    return int(row.id)


@method("photos.deleteComment", writes=True)
def delete_comment(call: Call) -> int:
    """Delete a comment; its author and the owner of the photo may. VK error 104 when there is none, 15 else."""
    row = _required_comment(call)
    if row.deleted_by:
        raise VkError(104)
    if not any(acts_for(call, side) for side in (row.owner_id, row.from_id)):
        raise VkError(15)
    who = {"user_id": row.from_id, "deleter_id": call.viewer, "photo_id": row.photo_id}
    note(call, row.owner_id, "photo_comment_delete", {"owner_id": row.owner_id, "id": row.id, **who})
    return _mark(call, row.id, call.viewer)


@method("photos.restoreComment", writes=True)
def restore_comment(call: Call) -> int:
    """Bring a comment back; only who deleted it may. Returns 0 when it is not deleted. VK errors as for deleting."""
    row = _required_comment(call)
    if not row.deleted_by:
        return 0
    if row.deleted_by != call.viewer:
        raise VkError(15)
    _tell(call, "photo_comment_restore", row, row.owner_id)
    return _mark(call, row.id, 0)


def _tell(call: Call, kind: str, row: Row[Any], owner_id: int) -> None:
    """Queue an event about a comment for the servers of the community whose photo it is on, if it is one's."""
    note(call, owner_id, kind, {**comment_object(row), "photo_id": row.photo_id, "photo_owner_id": owner_id})


def _shown() -> Select[Any]:
    columns = comments, photos.c.owner_id
    return select(*columns).join(photos, photos.c.id == comments.c.photo_id).where(comments.c.deleted_by == 0)


def _comment_page(call: Call, query: Select[Any]) -> dict[str, Any]:
    total, rows = call.page(query.order_by(comments.c.id.desc()), 20, 100)
    items = [{**comment_object(row), "pid": row.photo_id, "owner_id": row.owner_id} for row in rows]
    return {"count": total, "items": items}


def _required_comment(call: Call) -> Row[Any]:
    """Return a comment, deleted or not, on any photo of `owner_id` (the viewer when missing)."""
    owner = call.params.owner("owner_id", call.viewer)
    comment_id = call.params.integer("comment_id", minimum=1)
    query = select(comments, photos.c.owner_id).join(photos, photos.c.id == comments.c.photo_id)
    row = call.db.execute(query.where(comments.c.id == comment_id, photos.c.owner_id == owner)).one_or_none()
    if row is None:
        raise VkError(104)
    return row


def _mark(call: Call, comment_id: int, deleted_by: int) -> int:
    call.db.execute(update(comments).where(comments.c.id == comment_id).values(deleted_by=deleted_by))
    return 1
