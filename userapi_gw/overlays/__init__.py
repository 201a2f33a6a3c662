"""The backend as the acts see it: what the server has no method for is served from what the gateway keeps itself.

Every overlay asks the server first (`Calls.instead`), so a server that learns a method is used at once.
"""

from userapi_gw.overlays.base import Overlaid
from userapi_gw.overlays.bookmarks import OverlaidBookmarks
from userapi_gw.overlays.mail import OverlaidMail
from userapi_gw.overlays.statuses import OverlaidStatuses


class OverlaidBackend(OverlaidBookmarks, OverlaidMail, OverlaidStatuses):
    """Everything the acts may ask for, on any server. Raises what `Backend` raises."""

    __slots__ = ()


__all__ = ["Overlaid", "OverlaidBackend"]
