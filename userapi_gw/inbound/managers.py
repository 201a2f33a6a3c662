"""Who manages a community, as the backend says: what a launch says of it is not believed."""

from userapi_gw.backend.groups import Groups
from userapi_gw.errors import Failure, Kind
from userapi_gw.gateway import Gateway
from userapi_gw.inbound.place import Place
from userapi_gw.state import Session

ROLES = frozenset({"creator", "administrator", "editor"})
"""Roles of groups.getMembers that may see and change the app's settings; a moderator may not."""


def check_manager(place: Place, session: Session) -> None:
    """Raise `Failure(FORBIDDEN)` unless a session's viewer manages the community. The backend is asked each time.

    It is asked with the viewer's token. Where that may not ask, as VK may want it, with the community's key.
    """
    group = place.app.group
    try:
        managers = Groups(place.gateway.client, session.viewer, session.token, fresh=True).managers(group)
    except Failure as failure:
        community = by_key(place.gateway, place.site_id, group)
        if failure.kind is not Kind.FORBIDDEN or community is None:
            raise
        managers = community.managers(group)
    if managers.get(session.viewer) not in ROLES:
        raise Failure(Kind.FORBIDDEN, "not a manager of the community")


def by_key(gateway: Gateway, site_id: int, group: int) -> Groups | None:
    """Return communities as a site's community sees it; None without a key."""
    key = gateway.community_key(site_id)
    return Groups(gateway.client, -group, key, fresh=True) if key else None


def check_key(place: Place, key: str) -> None:
    """Raise `Failure(TOKEN_REFUSED)` unless a key is one of this community."""
    own = Groups(place.gateway.client, -place.app.group, key, fresh=True).community(None)
    if own.id != place.app.group:
        raise Failure(Kind.TOKEN_REFUSED, "the key of another community")
