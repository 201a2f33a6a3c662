"""Who asks what again, where it is not Anna with the same parameters."""

from typing import Any, Final

from tests.embedded.openvk.exchanges import (
    ANNA,
    BANNED,
    BLOCKING,
    BORIS,
    CAROL,
    CLOSED,
    DELETED,
    FOREIGN_MESSAGE,
    FOREIGN_POST,
    MESSAGE,
    MESSAGE_TO_ANNA,
    NO_MESSAGES,
    NO_WALL,
    PHOTO,
    POST,
    POST_COMMENT,
    STRANGER,
    Asked,
)

_SOMEBODY = {"user_id": 273611}
_FRIEND = {"user_id": CAROL}
_TO_WORDLESS = {"user_id": NO_MESSAGES}
_EXISTING = ",".join(["1,3,5,6,7,9,10,12,14,20"] * 12)
_PIN = ((ANNA, "wall.pin", {"owner_id": ANNA, "post_id": FOREIGN_POST}),)
_DELETE_POST = ((ANNA, "wall.delete", {"owner_id": ANNA, "post_id": POST}),)
_DELETE_COMMENT = ((ANNA, "wall.deleteComment", {"comment_id": POST_COMMENT}),)


def _page(user_id: int, prefix: str, methods: dict[str, str]) -> dict[str, Asked]:
    """Exchanges about somebody else's page of a kind; the parameter that names the person goes by the exchange."""
    return {f"{prefix}_{name}": Asked(params={parameter: user_id}) for name, parameter in methods.items()}


_ABOUT: Final[dict[str, dict[str, Any]]] = {
    "closed": {
        "friends.get": "user_id",
        "getFollowers": "user_id",
        "messages.send": "user_id",
        "status.get": "user_id",
    },
    "banned": {"friends.get": "user_id", "users.get": "user_ids", "wall.get": "owner_id"},
    "deleted": {"friends.get": "user_id", "messages.send": "user_id", "users.get": "user_ids", "wall.get": "owner_id"},
    "blacklist": {
        "friends.add": "user_id",
        "messages.send": "user_id",
        "users.get": "user_ids",
        "wall.get": "owner_id",
    },
}

ASKED: Final[dict[str, Asked]] = {
    **_page(CLOSED, "closed", _ABOUT["closed"]),
    **_page(CLOSED, "closed", {"users.get": "user_ids", "wall.get": "owner_id", "wall.post": "owner_id"}),
    **_page(BANNED, "banned", _ABOUT["banned"]),
    **_page(DELETED, "deleted", _ABOUT["deleted"]),
    **_page(BLOCKING, "blacklist", _ABOUT["blacklist"]),
    **_page(BLOCKING, "blacklist", {"wall.post": "owner_id"}),
    **_page(CLOSED, "priv", {"friends.get": "user_id", "photos.getAlbums": "owner_id", "photos.getAll": "owner_id"}),
    **_page(CLOSED, "priv", {"photos.get_profile": "owner_id"}),
    "banned_friends.add": Asked(params=_FRIEND),
    "banned_self": Asked(BANNED),
    "deleted_self": Asked(DELETED),
    "friends.accept_anna": Asked(params={"user_id": 11116614}),
    "friends.accept_carol": Asked(BORIS),
    "friends.add_accept": Asked(BORIS),
    "friends.add_already": Asked(CAROL),
    "friends.add_anna_carol": Asked(params=_SOMEBODY),
    "friends.add_anna_dmitry": Asked(273611),
    "friends.delete_ok": Asked(params=_FRIEND),
    "friends.delete_incoming_request": Asked(BORIS),
    "friends.getRequests_in": Asked(BORIS),
    "happy_wall.get": Asked(params={"count": 1}),
    "messages.delete_byrecipient": Asked(BORIS),
    "messages.delete_foreign": Asked(params={"message_ids": FOREIGN_MESSAGE}),
    "messages.edit_foreign": Asked(BORIS),
    "messages.getById_foreign": Asked(params={"message_ids": FOREIGN_MESSAGE}),
    "messages.getConversationsById": Asked(BORIS),
    "messages.getConversationsById_none": Asked(params={"peer_ids": 273611}),
    "messages.restore_byrecipient": Asked(
        BORIS, {"message_id": MESSAGE}, ((ANNA, "messages.delete", {"message_ids": MESSAGE}),)
    ),
    "messages.send_boris": Asked(BORIS),
    "photos.delete_foreign": Asked(BORIS),
    "photos.getAlbums_empty": Asked(CLOSED, {"owner_id": CLOSED}),
    "photos.get_profile_none": Asked(CLOSED, {"owner_id": CLOSED}),
    "priv_friends.add": Asked(params=_SOMEBODY),
    "priv_getConversations": Asked(STRANGER),
    "priv_getHistory": Asked(STRANGER, _TO_WORDLESS),
    "priv_messages.send": Asked(params=_TO_WORDLESS),
    "priv_users.get": Asked(params={"user_ids": NO_WALL}),
    "priv_wall.createComment": Asked(params={"owner_id": BORIS, "post_id": 43450916}),
    "priv_wall.get": Asked(params={"owner_id": NO_WALL}),
    "priv_wall.post": Asked(params={"owner_id": NO_WALL}),
    "quirk_text_roundtrip": Asked(params={"message_ids": MESSAGE_TO_ANNA}),
    "users.get_120": Asked(params={"user_ids": _EXISTING}),
    "users.get_120c": Asked(params={"user_ids": _EXISTING}),
    "utils.resolveScreenName_id": Asked(params={"screen_name": "id5"}),
    "wall.createComment_nomsg": Asked(BORIS),
    "wall.deleteComment_again": Asked(after=_DELETE_COMMENT),
    "wall.deleteComment_denied": Asked(CAROL),
    "wall.delete_again": Asked(params={"post_id": POST}, after=_DELETE_POST),
    "wall.delete_denied": Asked(BORIS),
    "wall.getById_deleted": Asked(params={"posts": f"{ANNA}_{POST}"}, after=_DELETE_POST),
    "wall.get_count0_pinned": Asked(after=_PIN),
    "wall.get_pinned": Asked(after=_PIN, params={"count": 1}),
    "wall.unpin": Asked(params={"post_id": FOREIGN_POST}, after=_PIN),
    "photos.createComment2": Asked(BORIS, {"photo_id": PHOTO}),
}
