"""Friend requests the viewer does not want where the server does not let them be turned down: OpenVK (error 15).

At OpenVK former friends ask, too, from when the viewer ended the friendship.
"""

from dataclasses import replace

from userapi_gw.backend.model import (
    FRIENDS,
    INVITED_VIEWER,
    STRANGERS,
    VIEWER_ASKED,
    Counters,
    Page,
    Profile,
    User,
    Window,
)
from userapi_gw.errors import Failure, Kind
from userapi_gw.overlays.base import Overlaid

MOST_REQUESTS = Window(0, 5000)


class OverlaidRequests(Overlaid):
    """Such requests are hidden from the viewer, until they are taken back or accepted."""

    __slots__ = ()

    def friend_requests(self, window: Window) -> Page[User]:
        """People who ask to be the viewer's friends, newest first."""
        hidden = self.kept.hidden_requests.of(self.viewer)
        if not hidden:
            return super().friend_requests(window)
        page = super().friend_requests(MOST_REQUESTS)
        asking = {user.id for user in page.rows}
        if page.total <= len(page.rows):
            self._forget_ended(hidden - asking)
        shown = [user for user in page.rows if user.id not in hidden]
        return Page(page.total - len(asking & hidden), shown[window.start : window.stop])

    def friend_status(self, user_id: int) -> int:
        """VK's friend_status between the viewer and a user."""
        return self._apart_from_hidden(super().friend_status(user_id), user_id)

    def profile(self, user_id: int) -> Profile:
        """Everything about one person."""
        found = super().profile(user_id)
        return replace(found, friend_status=self._apart_from_hidden(found.friend_status, user_id))

    def counters(self) -> Counters:
        """What waits for the viewer, without the hidden requests."""
        found = super().counters()
        if not found.friends or not self.kept.hidden_requests.of(self.viewer):
            return found
        return replace(found, friends=self.friend_requests(Window(0, 0)).total)

    def add_friend(self, user_id: int) -> int:
        """Ask for or accept a friendship: 1 asked, 2 accepted, 4 asked again."""
        done = super().add_friend(user_id)
        self.kept.hidden_requests.show(self.viewer, [user_id])
        return done

    def delete_friend(self, user_id: int, before: int) -> bool:
        """End a friendship or turn down a request; tells whether it was an incoming request."""
        try:
            was_request = super().delete_friend(user_id, before)
        except Failure as failure:
            if failure.kind is not Kind.FORBIDDEN or before != INVITED_VIEWER:
                raise
            was_request = True
        else:
            if before != FRIENDS or not self.client.dialect.ended_friends_ask:
                return was_request
        self.kept.hidden_requests.hide(self.viewer, user_id)
        return was_request

    def _apart_from_hidden(self, status: int, user_id: int) -> int:
        """A friend_status as if a hidden request were none: the server may tell it from one of the viewer's, or not."""
        seen_as = (INVITED_VIEWER,) if self.client.dialect.sure_of_requests else (INVITED_VIEWER, VIEWER_ASKED)
        is_hidden = status in seen_as and user_id in self.kept.hidden_requests.of(self.viewer)
        return STRANGERS if is_hidden else status

    def _forget_ended(self, ended: set[int]) -> None:
        """Forget requests that are no more: should these people ask again, that is something new."""
        if ended:
            self.kept.hidden_requests.show(self.viewer, ended)
