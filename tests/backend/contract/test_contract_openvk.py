"""What an OpenVK was recorded to answer, and what the backend makes of it: every domain method, every error."""

from collections.abc import Iterator

import pytest

from tests.backend.contract.calls import CALLS
from tests.backend.contract.playback import URL, Case, load, outcome, played, public_methods, understood
from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.dialects import OPENVK
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Grant
from userapi_gw.doctor.needs import NEEDS

RECORDED = load("openvk/recorded.jsonl")
BORIS = 3
UNKNOWN = "unknown_method"
UPLOADS = {
    name: {f"http://openvk.example{RECORDED[name].path}": [name]}
    for name in ("upload_album", "upload_album_wrongfield", "upload_owner", "upload_owner_badimage")
}


def case(name: str, viewer: int = 2, call: str = "", **answers: str) -> Case:
    """A case whose answers are names of exchanges, one or several for a method (`wall_get="wall.get_ext"`)."""
    return Case(name, CALLS[call or name], {_path(key): names.split() for key, names in answers.items()}, viewer)


def upload(name: str, call: str, uploaded: str, **answers: str) -> Case:
    """A case with the upload of a file among its answers."""
    plain_case = case(name, call=call, **answers)
    return Case(name, plain_case.call, {**plain_case.answers, **UPLOADS[uploaded]})


def _path(key: str) -> str:
    section, _, method = key.partition("_")
    return f"{section}.{method}"


CASES = [
    case("add_friend", friends_add="friends.add_sent"),
    case("add_photo_comment", photos_createComment="photos.createComment"),
    case("add_wall_post", wall_post="wall.post_other"),
    case("all_friends", friends_get="friends.get_fields"),
    case("conversations", BORIS, messages_getConversations="messages.getConversations"),
    case("correspondence", BORIS, messages_getHistory="messages.getHistory", users_get="users.get_many"),
    case("counters", account_getCounters="counters_boris_unread"),
    case("create_album", photos_createAlbum="photos.createAlbum"),
    case("current_status", users_get="users.get_status"),
    case("current_status of nobody", call="current_status", users_get="deleted_users.get"),
    case("current_status without one", call="current_status", users_get="users.get_status_null"),
    case("delete_friend", friends_delete="friends.delete_ok"),
    case("delete_message", messages_delete="messages.delete"),
    case("delete_photo", photos_getById="photos.getById", photos_delete="photos.delete"),
    case(
        "delete_profile_photo",
        photos_deleteOwnerPhoto=UNKNOWN,
        photos_get="photos.get_profile",
        photos_delete="photos.delete",
    ),
    case(
        "delete_profile_photo of nobody",
        call="delete_profile_photo",
        photos_deleteOwnerPhoto=UNKNOWN,
        photos_get="photos.get_profile_none",
    ),
    case("delete_wall_post", wall_delete="wall.delete_bywallowner"),
    case("friend_ids", friends_get="friends.get_fields"),
    case("friend_requests", BORIS, friends_getRequests="friends.getRequests_in"),
    case("friend_status", BORIS, friends_areFriends="friends.areFriends_after"),
    case(
        "friend_status of one who asks",
        BORIS,
        "friend_status",
        friends_areFriends="friends.areFriends_before",
        friends_getRequests="friends.getRequests_in",
    ),
    case(
        "friend_status of one who was asked",
        BORIS,
        "friend_status",
        friends_areFriends="friends.areFriends_before",
        friends_getRequests="friends.getRequests_count0",
    ),
    case("friends", friends_get="friends.get_fields"),
    case("friends of one who has none", call="friends", friends_get="friends.get_empty"),
    case("friends_mutual", friends_get="friends.get_fields"),
    case("friends_online", friends_get="happy_friends.get"),
    case("looks", users_get="users.get_status", friends_get="friends.get_fields", photos_getAll="photos.getAll_sizes"),
    case("message", messages_getById="quirk_text_roundtrip", users_get="users.get_many"),
    case(
        "message that was deleted",
        call="message",
        messages_getById="messages.getById_deleted",
        users_get="users.get_many",
    ),
    case("message of others", BORIS, "message", messages_getById="messages.getById_foreign"),
    case("message_heads", BORIS, messages_getHistory="messages.getHistory"),
    case("messages", BORIS, messages_getById="messages.getById", users_get="users.get_many"),
    case("new_friends_of_friends", newsfeed_get="newsfeed.get"),
    case("new_photos", newsfeed_get="newsfeed.get"),
    case("newest_posts", wall_get="wall.get_ext"),
    case("newly_tagged_photos", newsfeed_get="newsfeed.get"),
    case("news", newsfeed_get="newsfeed.get"),
    case("own_settings", account_getProfileInfo="account.getProfileInfo"),
    case(
        "photo_comment",
        photos_getComments="photos.getComments",
        photos_getById="photos.getById",
        users_get="users.get_many",
    ),
    case(
        "photo_comments",
        photos_getComments="photos.getComments",
        photos_getById="photos.getById",
        users_get="users.get_many",
    ),
    case("photos", photos_getAll="photos.getAll_sizes"),
    case("photos_named", photos_getById="photos.getById"),
    case("profile", users_get="users.get_fields", account_getProfileInfo="account.getProfileInfo"),
    case(
        "profile of one who asks",
        BORIS,
        "profile",
        users_get="users.get_friend_status_boris",
        friends_getRequests="friends.getRequests_in",
    ),
    case(
        "profile of one who was asked",
        BORIS,
        "profile",
        users_get="users.get_friend_status_boris",
        friends_getRequests="friends.getRequests_count0",
    ),
    case("profile that is closed", BORIS, "profile", users_get="closed_users.get"),
    case("profile that is deleted", call="profile", users_get="deleted_users.get"),
    case("profile that is banned", call="profile", users_get="banned_users.get"),
    case("restore_message", messages_restore="messages.restore"),
    case("restore_message of others", call="restore_message", messages_restore="messages.restore_byrecipient"),
    case("save_profile", account_saveProfileInfo="account.saveProfileInfo"),
    case("save_profile of nothing", call="save_profile", account_saveProfileInfo="account.saveProfileInfo_none"),
    case("search", users_search="users.search_full"),
    case("send_message", messages_send="messages.send"),
    case("set_status", status_set="status.set"),
    case("upload_album", photos_getAlbums="photos.getAlbums"),
    case("upload_album of one who has none", call="upload_album", photos_getAlbums="photos.getAlbums_empty"),
    case("users", users_get="users.get_many"),
    case("users some of whom are gone", call="users", users_get="users.get_hole"),
    case("wall", wall_get="wall.get_ext"),
    case("wall with a pinned post", call="wall", wall_get="wall.get_pinned"),
    case("wall_post", wall_getById="wall.getById_ext"),
    case("wall_post that is gone", call="wall_post", wall_getById="wall.getById_bad"),
    case("wall_post that was deleted", call="wall_post", wall_getById="wall.getById_deleted"),
    upload(
        "save_album_photos",
        "save_album_photos",
        "upload_album",
        photos_getUploadServer="photos.getUploadServer",
        photos_save="photos.save",
    ),
    upload(
        "save_album_photos of which the server takes none",
        "save_album_photos",
        "upload_album_wrongfield",
        photos_getUploadServer="photos.getUploadServer",
    ),
    upload(
        "save_profile_photo",
        "save_profile_photo",
        "upload_owner",
        photos_getOwnerPhotoUploadServer="photos.getOwnerPhotoUploadServer",
        photos_saveOwnerPhoto="photos.saveOwnerPhoto",
    ),
    upload(
        "save_profile_photo that is no picture",
        "save_profile_photo",
        "upload_owner_badimage",
        photos_getOwnerPhotoUploadServer="photos.getOwnerPhotoUploadServer",
        photos_saveOwnerPhoto="photos.saveOwnerPhoto_badimage",
    ),
]
LACKING = {
    "add_school": "education.add",
    "bookmark": "fave.addUser",
    "bookmarks": "fave.getUsers",
    "cities": "database.getCities",
    "clear_statuses": "status.clear",
    "comments_on_photos_of": "photos.getAllComments",
    "comments_on_photos_with": "photos.getUserPhotosComments",
    "confirm": "auth.confirm",
    "confirm_tag": "photos.confirmTag",
    "delete_photo_comment": "photos.deleteComment",
    "delete_school": "education.delete",
    "delete_status": "status.delete",
    "delete_tag": "photos.removeTag",
    "fans": "fave.getFans",
    "mailbox": "messages.get",
    "mark_read": "messages.markAsRead",
    "newest_messages": "messages.get",
    "photo_tags": "photos.getTags",
    "photos_new": "photos.getNewTags",
    "photos_with": "photos.getUserPhotos",
    "put_tag": "photos.putTag",
    "restore_photo_comment": "photos.restoreComment",
    "restore_status": "status.restore",
    "restore_wall_post": "wall.restore",
    "school_count": "database.getSchoolsCount",
    "schools": "database.getSchools",
    "sign_up": "auth.signup",
    "statuses_of_friends": "status.getFriends",
    "tagged": "photos.getUserPhotos",
    "unbookmark": "fave.removeUser",
    "withdraw": "auth.withdraw",
}
"""What an OpenVK has no method for, by domain method. Of those not recorded, any unknown method tells the same."""

CALL_FOR = {
    "account.getProfileInfo": "own_settings",
    "account.saveProfileInfo": "save_profile",
    "friends.add": "add_friend",
    "friends.areFriends": "friend_status",
    "friends.delete": "delete_friend",
    "friends.get": "friends",
    "friends.getRequests": "friend_requests",
    "messages.delete": "delete_message",
    "messages.getHistory": "correspondence",
    "messages.restore": "restore_message",
    "messages.send": "send_message",
    "newsfeed.get": "new_photos",
    "photos.createComment": "add_photo_comment",
    "photos.delete": "delete_photo",
    "photos.get": "delete_profile_photo",
    "photos.getAlbums": "upload_album",
    "photos.getAll": "photos",
    "photos.getComments": "photo_comments",
    "photos.save": "save_album_photos",
    "photos.saveOwnerPhoto": "save_profile_photo",
    "status.set": "set_status",
    "users.get": "profile",
    "users.search": "search",
    "wall.delete": "delete_wall_post",
    "wall.get": "wall",
    "wall.post": "add_wall_post",
}
"""The domain method that meets the errors of a method of the server."""

AROUND = {
    "messages.getHistory": ["messages.getHistory_empty"],
    "photos.deleteOwnerPhoto": [UNKNOWN],
    "account.getProfileInfo": ["account.getProfileInfo"],
    "photos.getById": ["photos.getById"],
    "photos.getOwnerPhotoUploadServer": ["photos.getOwnerPhotoUploadServer"],
    "photos.getUploadServer": ["photos.getUploadServer"],
    "users.get": ["users.get_many"],
    **UPLOADS["upload_album"],
    **UPLOADS["upload_owner"],
}
"""What the other methods answer that these call."""

NOT_CALLED = {"execute", "status.get"}
ERRORS = {
    name: one
    for name, one in RECORDED.items()
    if one.failed and (one.method in CALL_FOR or one.path == "/token") and one.method not in NOT_CALLED
}
UNDERSTOOD = understood("openvk")


@pytest.fixture
def client() -> Iterator[Client]:
    client = Client(URL, Transports.over_http(), 5, OPENVK)
    yield client
    client.close()


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_an_answer_is_understood(client: Client, one: Case) -> None:
    with played(RECORDED, one.answers):
        found = outcome(lambda: one.call(Backend(client, one.viewer, "token")))
    assert found == UNDERSTOOD["answers"][one.name]


@pytest.mark.parametrize("name", LACKING)
def test_a_method_that_is_lacking_is_learned(client: Client, name: str) -> None:
    method = LACKING[name]
    backend = Backend(client, 2, "token")
    with played(RECORDED, {method: [method if method in RECORDED else UNKNOWN]}):
        assert outcome(lambda: CALLS[name](backend)) == {"failure": "unsupported"}
    assert not client.knows(method)


def test_statuses_are_lacking_too(client: Client) -> None:
    """Whose they are is asked first."""
    answers = {"users.get": ["users.get_many"], "status.getHistory": [UNKNOWN]}
    with played(RECORDED, answers):
        assert outcome(lambda: CALLS["statuses"](Backend(client, 2, "token"))) == {"failure": "unsupported"}


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


@pytest.mark.parametrize("name", ["token_get_ok", "token_post_ok", "token_2fa_ok"])
def test_a_login_is_understood(client: Client, name: str) -> None:
    with played(RECORDED, {"/token": [name]}):
        assert client.grant("anna@example.com", "password") == Grant(RECORDED[name].body["user_id"], "TOKEN")


def test_every_domain_method_meets_an_answer() -> None:
    assert {*CALLS} == public_methods()
    assert {one.name for one in CASES} | {*LACKING, "statuses"} >= {*CALLS}


def test_nothing_is_understood_that_is_not_answered() -> None:
    assert UNDERSTOOD["answers"].keys() == {one.name for one in CASES}
    assert UNDERSTOOD["errors"].keys() == ERRORS.keys()


def test_every_recorded_error_of_a_method_that_is_called_is_met() -> None:
    methods = {need.method for need in NEEDS} - {"wall.deleteComment"}  # called by overlays: test_contract_overlays.py
    met = {one.method for one in ERRORS.values()} | {*LACKING.values()}
    assert {one.method for one in RECORDED.values() if one.failed and one.method in methods} <= met
