"""What the gateway needs of a server: each method it calls, for which acts, and what it does without.

`userapi-gw doctor` tries the methods, and the README tells of them, by this table alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

OWN = "{viewer}"
"""In the parameters of a trial: the id of whoever is logged in."""

UPLOAD = "upload.php"
"""The one way of writing that is no act."""


@dataclass(frozen=True, slots=True)
class Instead:
    """What is done where a server lacks a method, and the methods `through` which it is done.

    `kept` tells whether the gateway serves it from what it has itself, not from the server.
    """

    text: str
    through: tuple[str, ...] = ()
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Need:
    """One method, the acts that call it, and how it is tried without doing anything.

    Reads are tried with the parameters of `trial`, which are none where one cannot know what there is. Writes are tried
    with none: without what is to be written or removed a server can only refuse. `trial=None` is for methods that do
    something even then, or might: these are not tried. `serves` tells of an answer whether it is what was asked for.
    With `part` it is a part of the acts alone that needs this.
    """

    method: str
    acts: tuple[str, ...]
    trial: Mapping[str, Any] | None = field(default_factory=dict)
    writes: bool = False
    instead: Instead | None = None
    serves: Callable[[Any], bool] | None = None
    part: str = ""


def _is_news(answer: Any) -> bool:
    """Tell whether a feed has nothing but photos: OpenVK's has posts, whatever is asked for."""
    return all(item.get("type") == "photo" for item in answer["items"])


def _read(
    method: str,
    acts: str,
    instead: Instead | None = None,
    *,
    part: str = "",
    serves: Callable[[Any], bool] | None = None,
    **trial: Any,
) -> Need:
    return Need(method, tuple(acts.split()), trial, instead=instead, serves=serves, part=part)


def _write(method: str, acts: str, instead: Instead | None = None, *, tried: bool = True) -> Need:
    return Need(method, tuple(acts.split()), {} if tried else None, True, instead)


_BOOKMARKS = Instead("bookmarks made through this gateway", ("users.get",))
_STATUSES = Instead("statuses set through this gateway or seen by it", ("users.get",))
_OWN_STATUSES = Instead("statuses set through this gateway or seen by it", ("users.get", "status.set"))
_MAILBOX = Instead("an index of the conversations", ("messages.getConversations", "messages.getHistory"))
_READ_MARKS = Instead("read marks that other programs do not see", ("messages.getConversations",))
_TAGS = Instead("tags put through this gateway", ("photos.getById", "users.get"))
_SCHOOLS = Instead("schools added through this gateway", ("users.get",))
_NEWEST_COMMENTS = Instead("the comments on the newest photos", ("photos.getAll", "photos.getComments"), kept=False)
_ONE_FOR_ALL = Instead("deleted as comments of walls are", ("wall.deleteComment",), kept=False)
_POST_ANEW = Instead("written anew, for a day", ("wall.post",))
_COMMENT_ANEW = Instead("written anew, for a day", ("photos.createComment",))
_LOOKS = Instead("looks at friends, some minutes late", ("users.get", "friends.get", "photos.getAll"), kept=False)
_PLACES = Instead("the cities and schools that come with the gateway")
_NEWEST_MAIN_PHOTO = Instead("found in the album of main photos", ("photos.get", "photos.delete"), kept=False)

_MAIL = "message inbox outbox"
_DELETING_MAIL, _RESTORING_MAIL = "del_message del_inbox del_outbox", "restore_message restore_inbox restore_outbox"
_NEWS = "updates_friends updates_photos updates_tagged_photos"

NEEDS: tuple[Need, ...] = (
    _read("users.get", f"profile activity {_MAIL} photos_comments edit_page", user_ids=1),
    _read("account.getCounters", "history"),
    _read("account.getProfileInfo", "edit_page"),
    _write("account.saveProfileInfo", "edit_page", tried=False),
    _write("education.add", "add_school", _SCHOOLS),
    _write("education.delete", "delete_school", _SCHOOLS),
    _write("auth.signup", "register"),
    _write("auth.confirm", "register"),
    _write("auth.withdraw", "register"),
    # people
    _read("friends.get", "friends friends_online friends_mutual", user_id=OWN, count=1),
    _read("friends.getRequests", "friends_new", count=1),
    _read("friends.areFriends", "add_friend del_friend"),
    _write("friends.add", "add_friend"),
    _write("friends.delete", "del_friend"),
    _read("users.search", "quick_search search_results", q="a", count=1),
    _read("fave.getUsers", "fave fave_online", _BOOKMARKS, count=1),
    _read("fave.getFans", "faved", _BOOKMARKS, count=1),
    _write("fave.addUser", "add_fave", _BOOKMARKS),
    _write("fave.removeUser", "del_fave", _BOOKMARKS),
    # walls and statuses
    _read("wall.get", "wall", owner_id=OWN, count=1),
    _read("wall.getById", "del_wall"),
    _write("wall.post", "add_wall"),
    _write("wall.delete", "del_wall", tried=False),
    _write("wall.restore", "restore_wall", _POST_ANEW),
    _read("status.getHistory", "activity", _STATUSES, user_id=OWN, count=1),
    _write("status.set", "set_activity", tried=False),
    _write("status.delete", "del_activity", _OWN_STATUSES),
    _write("status.restore", "restore_activity", _OWN_STATUSES),
    _write("status.clear", "clear_activity", _OWN_STATUSES, tried=False),
    # private messages
    _read("messages.getHistory", "message", user_id=OWN, count=1),
    _read("messages.get", "inbox outbox", _MAILBOX, count=1),
    _read("messages.getConversations", "", count=1),
    _read("messages.getById", f"{_MAIL} {_DELETING_MAIL}", message_ids=1),
    _write("messages.send", "add_message", tried=False),
    _write("messages.delete", _DELETING_MAIL, tried=False),
    _write("messages.restore", _RESTORING_MAIL),
    Need("messages.markAsRead", ("history",), {}, True, _READ_MARKS, part="read="),
    Need("messages.getLongPollServer", ("history",), None, True, part="at once"),
    # photos
    _read("photos.getAll", "photos", owner_id=OWN, count=1),
    _read("photos.getById", "photos_comments"),
    _read("photos.getUserPhotos", "photos_with updates_tagged_photos", _TAGS, user_id=OWN, count=1),
    _read("photos.getNewTags", "photos_new", _TAGS, count=1),
    _read("photos.getTags", "photos_comments", _TAGS, part="tags"),
    _write("photos.putTag", "put_tag", _TAGS),
    _write("photos.removeTag", "delete_tag", _TAGS),
    _write("photos.confirmTag", "confirm_tag", _TAGS),
    _read("photos.getComments", "photos_comments"),
    _read("photos.getAllComments", "photos_comments", _NEWEST_COMMENTS, part="parent=-1", owner_id=OWN, count=1),
    _read("photos.getUserPhotosComments", "photos_comments", _NEWEST_COMMENTS, part="parent=-2", user_id=OWN, count=1),
    _write("photos.createComment", "add_photos_comments"),
    _write("photos.deleteComment", "del_photos_comments", _ONE_FOR_ALL),
    _write("wall.deleteComment", "", tried=False),
    _write("photos.restoreComment", "restore_photos_comments", _COMMENT_ANEW),
    _write("photos.delete", "delete_photo", tried=False),
    _write("photos.deleteOwnerPhoto", "delete_page_photo", _NEWEST_MAIN_PHOTO, tried=False),
    _read("photos.get", "", owner_id=OWN, album_id="profile", count=1),
    _read("photos.getAlbums", UPLOAD, owner_id=OWN, count=1),
    _write("photos.createAlbum", UPLOAD),
    _read("photos.getOwnerPhotoUploadServer", UPLOAD),
    _write("photos.saveOwnerPhoto", UPLOAD),
    _write("photos.getUploadServer", UPLOAD),
    _write("photos.save", UPLOAD),
    # news of friends
    _read("status.getFriends", "updates_activity updates_activities", _LOOKS, count=1),
    _read("newsfeed.get", _NEWS, _LOOKS, serves=_is_news, filters="photo", count=20),
    # places
    _read("database.getCities", "cities", _PLACES, country_id=1, count=1),
    _read("database.getSchools", "schools", _PLACES, city_id=1, count=1),
    _read("database.getSchoolsCount", "get_school_num", _PLACES),
)

ESSENTIAL = ("users.get", "account.getCounters", "friends.get", "wall.get")
"""Without these methods no program of 2008 gets far."""

BY_METHOD: Mapping[str, Need] = {need.method: need for need in NEEDS}
