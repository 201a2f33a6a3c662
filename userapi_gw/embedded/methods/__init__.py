"""One module per section of VK's methods. Importing this package declares them all."""

from userapi_gw.embedded.methods import (
    account,
    albums,
    auth,
    fave,
    friends,
    messages,
    newsfeed,
    photo_comments,
    photo_tags,
    photos,
    status,
    uploads,
    users,
    utils,
    wall,
)

__all__ = [
    "account",
    "albums",
    "auth",
    "fave",
    "friends",
    "messages",
    "newsfeed",
    "photo_comments",
    "photo_tags",
    "photos",
    "status",
    "uploads",
    "users",
    "utils",
    "wall",
]
