"""One module per section of VK's methods. Importing this package declares them all."""

from userapi_gw.embedded.methods import (
    account,
    auth,
    database,
    education,
    fave,
    friends,
    messages,
    newsfeed,
    photo_comments,
    photo_tags,
    photos,
    profile_info,
    status,
    users,
    utils,
    wall,
)

__all__ = [
    "account",
    "auth",
    "database",
    "education",
    "fave",
    "friends",
    "messages",
    "newsfeed",
    "photo_comments",
    "photo_tags",
    "photos",
    "profile_info",
    "status",
    "users",
    "utils",
    "wall",
]
