"""One module per section of OpenVK's methods. Importing this package declares them all."""

from userapi_gw.embedded.openvk.methods import (
    account,
    albums,
    comments,
    conversations,
    feed,
    friends,
    longpoll,
    messages,
    misc,
    photo_saves,
    photos,
    profile_info,
    status,
    users,
    wall,
)

__all__ = [
    "account",
    "albums",
    "comments",
    "conversations",
    "feed",
    "friends",
    "longpoll",
    "messages",
    "misc",
    "photo_saves",
    "photos",
    "profile_info",
    "status",
    "users",
    "wall",
]
