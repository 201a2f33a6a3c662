"""What VK answers by its documentation of API 5.131, and what the backend makes of it.

The answers are made, not recorded: after VK's reference of methods, objects and errors (nested `error` objects).
"""

from collections.abc import Iterator

import pytest

from tests.backend.contract.calls import CALLS
from tests.backend.contract.playback import URL, Case, load, outcome, played, public_methods, understood
from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.dialects import VK
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Grant
from userapi_gw.doctor.facts import LACKS

RECORDED = load("vk/made.jsonl")
UNKNOWN = "unknown_method"
PEOPLE = {"users.get": ["users.get"]}
PHOTO = {"photos.getById": ["photos.getById"]}
UPLOADS = {RECORDED[name].path: [name] for name in ("upload_album", "upload_owner")}
ALBUM, OWNER = ({path: names} for path, names in UPLOADS.items())


def case(name: str, *methods: str, **more: list[str]) -> Case:
    """A case answered by exchanges that have the names of their methods, or of the method and `_what`."""
    answers = {RECORDED[one].path.removeprefix("/method/"): [one] for one in methods}
    return Case(name, CALLS[name.partition(":")[0]], {**answers, **more})


CASES = [
    case("add_friend", "friends.add"),
    case("add_photo_comment", "photos.createComment"),
    case("add_wall_post", "wall.post"),
    case("all_friends", "friends.get"),
    case("cities", "database.getCities"),
    case("comments_on_photos_of", "photos.getAllComments", "photos.getById", "users.get"),
    case("confirm_tag", "photos.confirmTag"),
    case("conversations", "messages.getConversations"),
    case("correspondence", "messages.getHistory", "users.get"),
    case("counters", "account.getCounters"),
    case("counters: none", "account.getCounters_none"),
    case("create_album", "photos.createAlbum"),
    case("current_status", "users.get_status"),
    case("current_status: of nobody", "users.get_none"),
    case("current_status: closed", "users.get_closed"),
    case("delete_friend", "friends.delete"),
    case("delete_friend: a request", "friends.delete_request"),
    case("delete_message", "messages.delete"),
    case("delete_photo", "photos.delete"),
    case("delete_photo_comment", "photos.deleteComment"),
    case("delete_profile_photo", "photos.get", "photos.delete", **{"photos.deleteOwnerPhoto": [UNKNOWN]}),
    case("delete_tag", "photos.removeTag"),
    case("delete_wall_post", "wall.delete"),
    case("friend_ids", "friends.get"),
    case("friend_requests", "friends.getRequests"),
    case("friend_status", "friends.areFriends"),
    case("friend_status: of nobody", "friends.areFriends_none"),
    case("friends", "friends.get"),
    case("friends_mutual", "friends.get"),
    case("friends_online", "friends.get"),
    case("looks", "users.get_status", "friends.get", "photos.getAll"),
    case("mark_read", "messages.markAsRead"),
    case("message", "messages.getById", "users.get"),
    case("message: none", "messages.getById_none"),
    case("message_heads", "messages.getHistory"),
    case("messages", "messages.getById", "users.get"),
    case("new_friends_of_friends", "newsfeed.get_friend", "users.get"),
    case("new_photos", "newsfeed.get_photo"),
    case("newest_posts", "wall.get"),
    case("newly_tagged_photos", "newsfeed.get_photo_tag"),
    case("news", "newsfeed.get_photo"),
    case("own_settings", "account.getProfileInfo"),
    case("photo_comment", "photos.getComments", "photos.getById", "users.get"),
    case("photo_comment: none", "photos.getComments_none"),
    case("photo_comments", "photos.getComments", "photos.getById", "users.get"),
    case("photo_tags", "photos.getTags"),
    case("photos", "photos.getAll"),
    case("photos_named", "photos.getById"),
    case("photos_new", "photos.getNewTags"),
    case("photos_with", "photos.getUserPhotos"),
    case("profile", "users.get_profile"),
    case("profile: closed", "users.get_closed"),
    case("profile: deleted", "users.get_deleted"),
    case("profile: of nobody", "users.get_none"),
    case("put_tag", "photos.putTag"),
    case("restore_message", "messages.restore"),
    case("restore_photo_comment", "photos.restoreComment"),
    case("restore_photo_comment: not deleted", "photos.restoreComment_none"),
    case("restore_wall_post", "wall.restore"),
    case("save_album_photos", "photos.getUploadServer", "photos.save", **ALBUM),
    case("save_profile", "account.saveProfileInfo"),
    case("save_profile: a name that is looked at first", "account.saveProfileInfo_name"),
    case("save_profile_photo", "photos.getOwnerPhotoUploadServer", "photos.saveOwnerPhoto", **OWNER),
    case("schools", "database.getSchools"),
    case("search", "users.search"),
    case("send_message", "messages.send"),
    case("set_status", "status.set"),
    case("tagged", "photos.getUserPhotos"),
    case("upload_album", "photos.getAlbums"),
    case("users", "users.get"),
    case("wall", "wall.get"),
    case("wall_post", "wall.getById"),
    case("wall_post: none", "wall.getById_none"),
]
LACKING = {
    "add_school": "education.add",
    "bookmark": "fave.addUser",
    "bookmarks": "fave.getUsers",
    "clear_statuses": "status.clear",
    "comments_on_photos_with": "photos.getUserPhotosComments",
    "confirm": "auth.confirm",
    "delete_school": "education.delete",
    "delete_status": "status.delete",
    "fans": "fave.getFans",
    "mailbox": "messages.get",
    "newest_messages": "messages.get",
    "restore_status": "status.restore",
    "school_count": "database.getSchoolsCount",
    "sign_up": "auth.signup",
    "statuses": "status.getHistory",
    "statuses_of_friends": "status.getFriends",
    "unbookmark": "fave.removeUser",
    "withdraw": "auth.withdraw",
}
"""What VK has no method for, by domain method."""

CALL_FOR = {
    "account.saveProfileInfo": "save_profile",
    "database.getCities": "cities",
    "friends.add": "add_friend",
    "friends.areFriends": "friend_status",
    "friends.delete": "delete_friend",
    "friends.get": "friends",
    "messages.delete": "delete_message",
    "messages.getConversations": "conversations",
    "messages.getHistory": "correspondence",
    "messages.send": "send_message",
    "newsfeed.get": "new_photos",
    "photos.createAlbum": "create_album",
    "photos.createComment": "add_photo_comment",
    "photos.delete": "delete_photo",
    "photos.deleteComment": "delete_photo_comment",
    "photos.getAlbums": "upload_album",
    "photos.getAll": "photos",
    "photos.getComments": "photo_comments",
    "photos.getTags": "photo_tags",
    "photos.putTag": "put_tag",
    "photos.save": "save_album_photos",
    "status.set": "set_status",
    "users.get": "profile",
    "wall.delete": "delete_wall_post",
    "wall.get": "wall",
    "wall.post": "add_wall_post",
    "wall.restore": "restore_wall_post",
}
"""The domain method that meets the errors of a method of the server."""

AROUND = {
    "messages.getHistory": ["messages.getHistory"],
    "photos.getUploadServer": ["photos.getUploadServer"],
    "users.get": ["users.get"],
    "wall.get": ["wall.get"],
    **ALBUM,
}
"""What the other methods answer that these call."""

ERRORS = {name: one for name, one in RECORDED.items() if one.failed and name != UNKNOWN}
UNDERSTOOD = understood("vk")


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client(URL, Transports.over_http(), 5, VK)
    yield client
    client.close()


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_an_answer_is_understood(client: Client, one: Case) -> None:
    with played(RECORDED, one.answers):
        assert outcome(lambda: one.call(Backend(client, 2, "token"))) == UNDERSTOOD["answers"][one.name]


@pytest.mark.parametrize("name", LACKING)
def test_a_method_that_is_lacking_is_learned(client: Client, name: str) -> None:
    method, backend = LACKING[name], Backend(client, 2, "token")
    with played(RECORDED, {method: [UNKNOWN]}, optional=PEOPLE):
        assert outcome(lambda: CALLS[name](backend)) == {"failure": "unsupported"}
    assert not client.knows(method)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_understood(client: Client, name: str) -> None:
    error = ERRORS[name]
    if error.path == "/token":
        with played(RECORDED, {"/token": [name]}):
            assert outcome(lambda: client.grant("anna@example.com", "password")) == UNDERSTOOD["errors"][name]
        return
    call = CALLS[CALL_FOR[error.method]]
    around = {method: names for method, names in AROUND.items() if method != error.method}
    with played(RECORDED, {error.method: [name]}, optional=around):
        assert outcome(lambda: call(Backend(client, 2, "token"))) == UNDERSTOOD["errors"][name]


def test_a_login_is_understood(client: Client) -> None:
    with played(RECORDED, {"/token": ["token"]}):
        assert client.grant("anna@example.com", "password") == Grant(2, "TOKEN")


def test_every_domain_method_meets_an_answer() -> None:
    assert {*CALLS} == public_methods()
    assert {one.name for one in CASES} | {*LACKING} >= {*CALLS}
    assert {*LACKING.values()} | {"photos.deleteOwnerPhoto"} == LACKS["vk"]


def test_nothing_is_understood_that_is_not_answered() -> None:
    assert UNDERSTOOD["answers"].keys() == {one.name for one in CASES}
    assert UNDERSTOOD["errors"].keys() == ERRORS.keys()
