"""Comments on photos. UserAPI documentation, "Getting photos comments list" and the sections on posting comments."""

from collections.abc import Callable
from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.parents import TAGGED, Parent, parent_of, photo_of
from userapi_gw.acts.registry import act, served
from userapi_gw.backend.model import Comment, Page
from userapi_gw.errors import Failure, Kind
from userapi_gw.shapes.comments import comment_row, tag_object, uploader
from userapi_gw.shapes.text import escape
from userapi_gw.state import Action

FIRST_PARTS = 1
"""The document says author and tags come with `from=1`, its sample has them with `from=0`."""


@act("photos_comments", "Getting photos comments list", form="whole")
def photos_comments(call: Call) -> dict[str, Any]:
    """Comments on one photo (`parent`), on all photos of (-1) or with (-2) a user, newest first, with their history."""
    parent = parent_of(call.parameters, call.owner_id)
    histories = call.histories.of_photo(parent.photo_id)
    page, h = histories.beside(
        parent.kind, parent.owner_id, call.ts, lambda: served(lambda: _read(call, parent), Page(0, []))
    )
    rows = [comment_row(comment, call.dialect, with_picture=not parent.photo_id) for comment in page.rows]
    answer = {"parent": escape(call.parameters.text("parent") or "-1"), "h": h, "d": rows, "n": page.total}
    one_photo = parent.photo_id and call.window.start <= FIRST_PARTS
    return answer | _photo_facts(call, parent) if one_photo else answer


@act("add_photos_comments", "Posting new messages and comments", form="whole", writes=True)
def add_photos_comments(call: Call) -> dict[str, Any]:
    """Write a comment on a photo (`parent`)."""
    photo, text = photo_of(call.parameters, call.owner_id), call.message
    comment_id = call.backend.add_photo_comment(photo.owner_id, photo.photo_id, text)
    return _changed(call, "add", photo, lambda: _comment(call, photo, comment_id))


@act("del_photos_comments", "Removing messages and comments", form="whole", writes=True)
def del_photos_comments(call: Call) -> dict[str, Any]:
    """Delete a comment on a photo (`parent`); its author and the photo's owner may."""
    photo, (_, comment_id) = photo_of(call.parameters, call.owner_id), call.wid
    comment = _comment(call, photo, comment_id)
    call.backend.delete_photo_comment(photo.owner_id, photo.photo_id, comment_id)
    return _changed(call, "del", photo, lambda: comment)


@act("restore_photos_comments", "Undeleting messages and comments", form="whole", writes=True)
def restore_photos_comments(call: Call) -> dict[str, Any]:
    """Bring a comment back that the viewer deleted; it may have a new id then."""
    photo, (_, comment_id) = photo_of(call.parameters, call.owner_id), call.wid
    restored = call.backend.restore_photo_comment(photo.owner_id, photo.photo_id, comment_id)
    if restored == comment_id:
        _take_back_from_other_photo(call, photo, comment_id)
    return _changed(call, "undel", photo, lambda: _comment(call, photo, restored))


def _read(call: Call, parent: Parent) -> Page[Comment]:
    if parent.photo_id:
        return call.backend.photo_comments(parent.owner_id, parent.photo_id, call.window)
    if parent.kind == TAGGED:
        return call.backend.comments_on_photos_with(parent.owner_id, call.window)
    return call.backend.comments_on_photos_of(parent.owner_id, call.window)


def _photo_facts(call: Call, parent: Parent) -> dict[str, Any]:
    """`tags` and `author`, and `new_tag`: the viewer's own tag that waits for an answer, if there is one."""
    tags = served(lambda: call.backend.photo_tags(parent.owner_id, parent.photo_id), [])
    answer: dict[str, Any] = {"tags": [tag_object(tag, call.dialect, quoted=("id",)) for tag in tags]}
    answer["author"] = uploader(parent.owner_id, call.backend.users([parent.owner_id]).get(parent.owner_id))
    waiting = [shown for tag, shown in zip(tags, answer["tags"], strict=True) if tag.waits_for(call.viewer)]
    return answer | ({"new_tag": waiting[0]} if waiting else {})


def _comment(call: Call, photo: Parent, comment_id: int) -> Comment:
    return call.backend.photo_comment(photo.owner_id, photo.photo_id, comment_id)


def _take_back_from_other_photo(call: Call, photo: Parent, comment_id: int) -> None:
    """Delete a restored comment again when it is not on `photo`, and raise `Failure(NOT_FOUND)`.

    Servers are told the owner of the photo alone, and what is deleted cannot be looked at before.
    """
    try:
        _comment(call, photo, comment_id)
    except Failure as failure:
        if failure.kind is Kind.NOT_FOUND:
            call.backend.delete_photo_comment(photo.owner_id, photo.photo_id, comment_id)
            raise
        # Nobody can tell now; the comment has been restored all the same.


def _changed(call: Call, action: Action, photo: Parent, read: Callable[[], Comment]) -> dict[str, Any]:
    histories = call.histories.of_photo(photo.photo_id)
    return {"ok": 1, "h": histories.wrote(photo.kind, photo.owner_id, call.ts, action, lambda: [read()])}
