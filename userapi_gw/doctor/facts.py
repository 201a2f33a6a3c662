"""What known servers lack of `NEEDS`: for the README, and for methods that cannot be tried without doing something."""

from collections.abc import Mapping

_EMBEDDED_ALONE = frozenset(
    {
        *("auth.signup", "auth.confirm", "auth.withdraw"),
        *("education.add", "education.delete", "database.getSchoolsCount"),
        *("fave.getUsers", "fave.getFans", "fave.addUser", "fave.removeUser", "messages.get"),
        *("status.getHistory", "status.getFriends", "status.delete", "status.restore", "status.clear"),
        *("photos.deleteOwnerPhoto", "photos.getUserPhotosComments"),
    }
)
"""VK's methods of 2008 to 2018, and some it never had."""

LACKS: Mapping[str, frozenset[str]] = {
    "embedded": frozenset({"photos.get", "wall.deleteComment"}),
    "openvk": _EMBEDDED_ALONE
    | {
        *("messages.markAsRead", "newsfeed.get", "wall.restore", "database.getCities", "database.getSchools"),
        *("photos.getUserPhotos", "photos.getNewTags", "photos.getAllComments"),
        *("photos.getTags", "photos.putTag", "photos.removeTag", "photos.confirmTag"),
        *("photos.deleteComment", "photos.restoreComment"),
    },
    "vk": _EMBEDDED_ALONE,
}
"""By kind of server. OpenVK as it was recorded in 2026; VK by its documentation of API 5.131.

OpenVK has a `newsfeed.get`, but that tells of posts alone. The embedded server has better methods than `photos.get` and
`wall.deleteComment` for the one thing that each of them is needed for.
"""
