"""Who manages a community, as the backend says: what a launch says of it is not believed."""

from userapi_gw.backend.groups import Groups
from userapi_gw.errors import Failure, Kind
from userapi_gw.inbound.place import Place
from userapi_gw.state import Session

EDITOR_LEVEL = 2
"""VK's `admin_level` from which on a manager may see and change the app's settings; a moderator may not."""


def check_manager(place: Place, session: Session) -> None:
    """Raise `Failure(FORBIDDEN)` unless a session's viewer is an editor or administrator of the community.

    The backend is asked each time, with the viewer's own token: VK answers `groups.getById` to any.
    """
    found = Groups(place.gateway.client, session.viewer, session.token, fresh=True).community(place.app.group)
    if not found.is_manager or found.admin_level < EDITOR_LEVEL:
        raise Failure(Kind.FORBIDDEN, "not a manager of the community")


def check_key(place: Place, key: str) -> None:
    """Raise `Failure(TOKEN_REFUSED)` unless a key is one of this community."""
    own = Groups(place.gateway.client, -place.app.group, key, fresh=True).community(None)
    if own.id != place.app.group:
        raise Failure(Kind.TOKEN_REFUSED, "the key of another community")
