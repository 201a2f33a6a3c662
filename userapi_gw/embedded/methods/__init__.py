"""One module per section of VK's methods. Importing this package declares them all."""

from userapi_gw.embedded.methods import (
    account,
    albums,
    fave,
    friends,
    messages,
    newsfeed,
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
    "fave",
    "friends",
    "messages",
    "newsfeed",
    "photos",
    "status",
    "uploads",
    "users",
    "utils",
    "wall",
]
