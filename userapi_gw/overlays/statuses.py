"""Status histories where the server tells the current status alone: VK and OpenVK."""

from functools import partial

from userapi_gw.backend.model import Page, Status, Window
from userapi_gw.errors import Failure, Kind
from userapi_gw.overlays.base import Overlaid

HISTORY = "status.getHistory"


class OverlaidStatuses(Overlaid):
    """What was set through this gateway, and what was seen when somebody looked."""

    __slots__ = ()

    def statuses(self, user_id: int, window: Window) -> Page[Status]:
        """The status history of a user, newest first, as far as it was seen."""
        return self.instead(HISTORY, partial(super().statuses, user_id, window), lambda: self._seen(user_id, window))

    def set_status(self, text: str) -> None:
        """Set the viewer's status; the empty text clears it."""
        began = self.kept.statuses.now()
        super().set_status(text)
        if text and not self.client.knows(HISTORY):
            self.kept.statuses.add(self.viewer, text, began)

    def delete_status(self, status_id: int) -> None:
        """Take one line out of the viewer's status history."""
        self.instead("status.delete", partial(super().delete_status, status_id), lambda: self._drop(status_id))

    def restore_status(self, status_id: int) -> None:
        """Bring back a deleted line of the viewer's status history."""
        self.instead("status.restore", partial(super().restore_status, status_id), lambda: self._bring_back(status_id))

    def clear_statuses(self) -> None:
        """Delete the viewer's whole status history."""
        self.instead("status.clear", super().clear_statuses, self._clear)

    def _seen(self, user_id: int, window: Window) -> Page[Status]:
        person, text = self.current_status(user_id)
        if person is None:
            return Page(0, [])
        self.kept.statuses.observe(user_id, text)
        total, rows = self.kept.statuses.page(user_id, window.start, window.stop)
        return Page(total, [Status(row.id, person, row.date, row.text) for row in rows])

    def _drop(self, status_id: int) -> None:
        _, newest = self.kept.statuses.page(self.viewer, 0, 1)
        if self.kept.statuses.mark(self.viewer, status_id, deleted=True) is None:
            raise Failure(Kind.NOT_FOUND, "status")
        if newest and newest[0].id == status_id:
            super().set_status("")

    def _bring_back(self, status_id: int) -> None:
        restored = self.kept.statuses.mark(self.viewer, status_id, deleted=False)
        if restored is None:
            raise Failure(Kind.NOT_FOUND, "deleted status")
        _, newest = self.kept.statuses.page(self.viewer, 0, 1)
        if newest and newest[0].id == status_id:
            super().set_status(restored.text)

    def _clear(self) -> None:
        super().set_status("")
        self.kept.statuses.clear(self.viewer)
