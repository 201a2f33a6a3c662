"""Private messages."""

import secrets
from typing import Any, Literal

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.model import Message, Page, Window
from userapi_gw.errors import Failure, Kind

MOST_MESSAGES = 200


class Mail(Calls):
    """Section `messages` of a VK-style server."""

    __slots__ = ()

    def correspondence(self, user_id: int, window: Window) -> Page[Message]:
        """Messages between the viewer and a user, newest first."""
        return self.listing("messages.getHistory", window, MOST_MESSAGES, self._messages, user_id=user_id)

    def mailbox(self, box: Literal["inbox", "outbox"], window: Window) -> Page[Message]:
        """All messages the viewer received or sent, newest first (VK's messages.get of API 5.80 and before)."""
        out = int(box == "outbox")
        return self.listing("messages.get", window, MOST_MESSAGES, self._messages, out=out)

    def message(self, message_id: int) -> Message:
        """One message; raises `Failure(NOT_FOUND)` when it is not the viewer's."""
        messages = self.read("messages.getById", self._messages, message_ids=message_id)
        if not messages:
            raise Failure(Kind.NOT_FOUND, "message")
        return messages[0]

    def send_message(self, user_id: int, text: str) -> int:
        """Send a message; returns its id."""
        number = secrets.randbits(31)
        return self.write("messages.send", int, user_id=user_id, message=text, random_id=number)

    def delete_message(self, message_id: int) -> None:
        """Delete a message on the viewer's side."""
        self.write("messages.delete", message_ids=message_id)

    def restore_message(self, message_id: int) -> None:
        """Bring back a message the viewer deleted; raises `Failure(NOT_FOUND)` when it is not the viewer's."""
        try:
            self.write("messages.restore", message_id=message_id)
        except Failure as failure:
            if failure.kind is not Kind.FORBIDDEN:  # VK error 15: a message of others, or none at all
                raise
            raise Failure(Kind.NOT_FOUND, "message") from None

    def mark_read(self, message_ids: list[int]) -> None:
        """Mark messages the viewer received as read."""
        self.write("messages.markAsRead", message_ids=",".join(map(str, message_ids)))

    def _messages(self, answer: dict[str, Any]) -> list[Message]:
        ids = [int(row[key]) for row in answer["items"] for key in ("from_id", "user_id", "peer_id") if row.get(key)]
        people = self.users([self.viewer, *ids]) if ids else {}
        return [parse.message(row, people, self.viewer) for row in answer["items"]]
