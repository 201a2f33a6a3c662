"""Private messages."""

import time
from functools import partial
from typing import Any, Literal

from userapi_gw.backend import parse
from userapi_gw.backend.calls import Calls, batched
from userapi_gw.backend.looking import LOOKED_THROUGH, Happened, happened, newest_own
from userapi_gw.backend.model import Conversation, Message, MessageHead, Page, Window
from userapi_gw.backend.together import together
from userapi_gw.errors import Failure, Kind

MOST_MESSAGES = 200
MOST_CONVERSATIONS = 200
MOST_BY_ID = 100
CHATS = 2_000_000_000
"""Ids of chats begin here; those of communities are negative, those of e-mail addresses lower still."""


class Mail(Calls):
    """Section `messages` of a VK-style server."""

    __slots__ = ()

    def correspondence(self, user_id: int, window: Window) -> Page[Message]:
        """Messages between the viewer and a user or community, newest first."""
        peer = _peer(user_id)
        return self.listing("messages.getHistory", window, MOST_MESSAGES, self._messages, extended=1, **peer)

    def mailbox(self, box: Literal["inbox", "outbox"], window: Window) -> Page[Message]:
        """All messages the viewer received or sent, newest first (VK's messages.get of API 5.80 and before)."""
        out = int(box == "outbox")
        return self.listing("messages.get", window, MOST_MESSAGES, self._messages, out=out)

    def newest_messages(self, window: Window) -> tuple[list[Message], bool]:
        """The newest messages of both boxes, down to where both are known, and whether that is all there are."""
        # The server's own lists.
        boxes = together(*(partial(Mail.mailbox, self, box, window) for box in ("inbox", "outbox")))
        cut = [min(message.id for message in box.rows) for box in boxes if box.rows and box.total > len(box.rows)]
        floor = max(cut, default=0)
        rows = {message.id: message for box in boxes for message in box.rows if message.id >= floor}
        return sorted(rows.values(), key=lambda message: -message.id), not cut

    def conversations(self, window: Window) -> Page[Conversation]:
        """The viewer's correspondences with people and communities, latest first; chats are left out."""
        return self.listing("messages.getConversations", window, MOST_CONVERSATIONS, _conversations, extended=0)

    def message_heads(self, user_id: int, offset: int, count: int) -> list[MessageHead]:
        """Which messages there are between the viewer and a user, newest first."""

        def heads(answer: dict[str, Any]) -> list[MessageHead]:
            return [parse.message_head(row) for row in answer["items"]]

        return self.read("messages.getHistory", heads, offset=offset, count=count, **_peer(user_id))

    def messages(self, ids: list[int]) -> list[Message]:
        """The messages with these ids as far as they are the viewer's, newest first."""
        found: list[Message] = []
        for part in batched(ids, MOST_BY_ID):
            found += self.read("messages.getById", self._messages, message_ids=",".join(map(str, part)))
        return sorted(found, key=lambda message: -message.id)

    def message(self, message_id: int) -> Message:
        """One message; raises `Failure(NOT_FOUND)` when it is not the viewer's."""
        messages = self.messages([message_id])
        if not messages:
            raise Failure(Kind.NOT_FOUND, "message")
        return messages[0]

    def send_message(self, user_id: int, text: str) -> int:
        """Send a message; returns its id.

        A try of which nobody knows how it ended and the next one have the same `random_id`: VK and the embedded server
        then keep one message.
        """

        def find() -> int | None:
            asked = {**_peer(user_id), "count": LOOKED_THROUGH.count}
            newest = self.freshly().read("messages.getHistory", self._messages, **asked)
            return newest_own(newest, self.viewer, text, since)

        if user_id >= CHATS:  # nobody has such an id, and OpenVK breaks over a chat
            raise Failure(Kind.NOT_FOUND, "user")
        since, letter = time.time(), (self.viewer, user_id, text)
        with self.client.unsettled.number(letter) as random_id:
            parameters = {**_peer(user_id), "message": text, "random_id": random_id}
            return self.write("messages.send", int, took_effect=find, **parameters)

    def delete_message(self, message_id: int) -> None:
        """Delete a message on the viewer's side."""

        def find() -> Happened:
            return happened(self.freshly()._listed(message_id) is False)

        self.write("messages.delete", took_effect=find, message_ids=message_id)

    def restore_message(self, message_id: int) -> None:
        """Bring back a message the viewer deleted.

        Raises `Failure(NOT_FOUND)` when the server does not: at OpenVK only the sender may.
        """

        def find() -> Happened:
            return happened(self.freshly()._listed(message_id) is True)

        try:
            restored = self.write("messages.restore", took_effect=find, message_id=message_id)
        except Failure as failure:
            if failure.kind is not Kind.FORBIDDEN:  # VK error 15: a message of others, or none at all
                raise
            restored = False
        if not restored:
            raise Failure(Kind.NOT_FOUND, "deleted message")

    def _listed(self, message_id: int) -> bool | None:
        """Tell whether a message is in its correspondence; None when it is older than what was looked through.

        OpenVK shows deleted messages to those who know their ids.
        """
        found = self.messages([message_id])
        if not found:
            return False
        sender, recipient = found[0].sender.id, found[0].recipient.id
        heads = self.message_heads(recipient if sender == self.viewer else sender, 0, MOST_MESSAGES)
        if any(head.id == message_id for head in heads):
            return True
        return None if len(heads) == MOST_MESSAGES and heads[-1].date >= found[0].date else False

    def mark_read(self, message_ids: list[int]) -> None:
        """Mark messages the viewer received as read."""

        def find() -> Happened:
            return happened(all(message.read for message in self.freshly().messages(message_ids)))

        self.write("messages.markAsRead", took_effect=find, message_ids=",".join(map(str, message_ids)))

    def _messages(self, answer: dict[str, Any]) -> list[Message]:
        ids = [int(row[key]) for row in answer["items"] for key in ("from_id", "user_id", "peer_id") if row.get(key)]
        people = self.users([self.viewer, *ids]) if ids else {}
        talks = {int(talk["peer"]["id"]): talk for talk in answer.get("conversations") or ()}
        return [parse.message(row, people, self.viewer, talks) for row in answer["items"]]


def _peer(user_id: int) -> dict[str, Any]:
    """Name whom a correspondence is with: communities have no `user_id`."""
    return {"user_id" if user_id > 0 else "peer_id": user_id}


def _conversations(answer: dict[str, Any]) -> list[Conversation]:
    found = [parse.conversation(row) for row in answer["items"] if row.get("last_message")]
    return [conversation for conversation in found if -CHATS < conversation.peer_id < CHATS]
