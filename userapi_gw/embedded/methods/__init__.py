"""One module per section of VK's methods. Importing this package declares them all."""

from userapi_gw.embedded.methods import (
    account,
    database,
    education,
    fave,
    friends,
    messages,
    newsfeed,
    photos,
    profile_info,
    status,
    users,
    utils,
    wall,
)

__all__ = [
    "account",
    "database",
    "education",
    "fave",
    "friends",
    "messages",
    "newsfeed",
    "photos",
    "profile_info",
    "status",
    "users",
    "utils",
    "wall",
]
