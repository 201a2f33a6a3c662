"""Inbox, outbox, totals and read flags where the server knows conversations alone: OpenVK, and VK since API 5.80.

An index in the state says which messages there are; their texts are fetched from the server. Every look at the mailbox
asks for the conversations and reads on where one has something new. Older messages are entered bit by bit.
"""

import time
from dataclasses import replace
from functools import partial
from typing import Literal

from userapi_gw.backend.model import Conversation, Counters, Message, MessageHead, Page, Window
from userapi_gw.errors import NoAnswer
from userapi_gw.overlays.base import Overlaid
from userapi_gw.state.overlays.mail_index import IndexedConversation, IndexedMessage

CONVERSATIONS = Window(0, 200)
"""The conversations that are looked at for something new."""
PAGE = 200
BACKFILL = 50
"""How many pages of older messages one look at the mailbox enters."""
MOST_PAGES = 25
"""How far back one correspondence is read at once."""
TIE = 2.0
"""Seconds for which a conversation is looked at again after its newest message: OpenVK does not order those of one
second, and names any of them as the latest."""


class OverlaidMail(Overlaid):
    """Private messages, by the index where the server does not list them or does not count them."""

    __slots__ = ()

    def mailbox(self, box: Literal["inbox", "outbox"], window: Window) -> Page[Message]:
        """All messages the viewer received or sent, newest first."""
        asked = partial(super().mailbox, box, window)
        return self.instead("messages.get", asked, lambda: self._box(box == "outbox", window))

    def newest_messages(self, window: Window) -> tuple[list[Message], bool]:
        """The newest messages of both boxes, and whether that is all of them."""
        asked = partial(super().newest_messages, window)
        return self.instead("messages.get", asked, lambda: self._newest_of_both(window))

    def correspondence(self, user_id: int, window: Window) -> Page[Message]:
        """Messages between the viewer and a user, newest first."""
        if not self._counts_by_page():
            return super().correspondence(user_id, window)
        talks = self._sync()
        self.freshly()._fill(user_id, talks.get(user_id), MOST_PAGES)
        total, ids = self.kept.mail.page(self.viewer, window.start, window.stop, peer_id=user_id)
        return Page(total, self.messages(ids))

    def messages(self, ids: list[int]) -> list[Message]:
        """Return the messages with these ids, with the index's read flags where the server cannot mark any."""
        found = super().messages(ids)
        if not self._knows_who_read():
            return found
        flags = self.kept.mail.flags(self.viewer, ids)
        return [replace(message, read=flags.get(message.id, message.read)) for message in found]

    def send_message(self, user_id: int, text: str) -> int:
        """Send a message; returns its id. Nobody has read it, whatever the server says."""
        message_id = super().send_message(user_id, text)
        if self._knows_who_read():
            head = MessageHead(message_id, int(time.time()), outgoing=True)
            self.kept.mail.learn(self.viewer, user_id, [_indexed(user_id, head, read=user_id == self.viewer)])
        return message_id

    def mark_read(self, message_ids: list[int]) -> None:
        """Mark messages the viewer received as read."""
        self.instead("messages.markAsRead", partial(super().mark_read, message_ids), lambda: self._mark(message_ids))

    def delete_message(self, message_id: int) -> None:
        """Delete a message on the viewer's side; raises `Failure(NOT_FOUND)` for somebody else's."""
        if self.client.dialect.deletes_for_everybody:
            self.message(message_id)
        super().delete_message(message_id)
        self.kept.mail.remove(self.viewer, message_id)

    def restore_message(self, message_id: int) -> None:
        """Bring back a message the viewer deleted; raises `Failure(NOT_FOUND)` for somebody else's."""
        if self.client.dialect.deletes_for_everybody:
            self.message(message_id)
        super().restore_message(message_id)
        if not self.client.knows("messages.get"):
            self._enter(self.message(message_id))

    def counters(self) -> Counters:
        """What waits for the viewer."""
        found = super().counters()
        if not found.messages or not self._knows_who_read():
            return found
        self._sync()
        waiting = [message for message in self.kept.mail.unread(self.viewer) if not message.outgoing]
        return replace(found, messages=len(waiting))

    def _counts_by_page(self) -> bool:
        return "messages.getHistory" in self.client.dialect.page_totals

    def _knows_who_read(self) -> bool:
        """Tell whether the index knows better than the server's messages what is read.

        Servers that cannot be told do not know it, and VK since API 5.80 says it of conversations alone.
        """
        lacks = [method for method in ("messages.markAsRead", "messages.get") if not self.client.knows(method)]
        return self._counts_by_page() or bool(lacks)

    def _mark(self, message_ids: list[int]) -> None:
        self._sync()
        self.kept.mail.mark_incoming(self.viewer, message_ids)

    def _box(self, outgoing: bool, window: Window) -> Page[Message]:
        self._sync()
        total, ids = self.kept.mail.page(self.viewer, window.start, window.stop, outgoing=outgoing)
        return Page(total, self.messages(ids))

    def _newest_of_both(self, window: Window) -> tuple[list[Message], bool]:
        self._sync()
        total, ids = self.kept.mail.page(self.viewer, window.start, window.stop)
        return self.messages(ids), total <= len(ids)

    def _sync(self) -> dict[int, Conversation]:
        """As `_learn`; while the server is away, who shows a list has to do with what was entered before."""
        try:
            return self.freshly()._learn()
        except NoAnswer:
            if self.fresh:
                raise
            return {}

    def _learn(self) -> dict[int, Conversation]:
        """Enter what is new in every conversation, and a part of what is old; return the conversations by person."""
        known = self.kept.mail.conversations(self.viewer)
        found = {conversation.peer_id: conversation for conversation in self.conversations(CONVERSATIONS).rows}
        for peer_id, conversation in found.items():
            before = known.get(peer_id)
            if before is None:
                self._begin(conversation)
            elif not _is_unchanged(conversation, before):
                self._read_on(conversation, before)
        self._note_what_was_read(found)
        self._fill_some(found)
        return found

    def _begin(self, conversation: Conversation) -> None:
        """Enter a conversation nobody has looked at: its latest message, the others follow."""
        last = conversation.last
        head = _indexed(conversation.peer_id, last, read=_is_read(conversation, last.id, outgoing=last.outgoing))
        self.kept.mail.learn(self.viewer, conversation.peer_id, [head], newest=(last.id, last.date), complete=False)

    def _read_on(self, conversation: Conversation, before: IndexedConversation) -> None:
        """Enter what came since the last look. What is no longer there is forgotten."""
        heads: list[MessageHead] = []
        while True:
            page = self.message_heads(conversation.peer_id, len(heads), PAGE)
            heads += page
            oldest = min((head.date for head in heads), default=0)
            is_all = len(page) < PAGE
            if is_all or oldest < before.newest_date:
                break
        reads = [_is_read(conversation, head.id, outgoing=head.outgoing) for head in heads]
        found = [_indexed(conversation.peer_id, head, read=read) for head, read in zip(heads, reads, strict=True)]
        self.kept.mail.learn(
            self.viewer,
            conversation.peer_id,
            found,
            newest=(conversation.last.id, conversation.last.date),
            complete=True if is_all else None,
            whole_after=0 if is_all else oldest,
        )

    def _note_what_was_read(self, found: dict[int, Conversation]) -> None:
        def is_read(one: IndexedMessage) -> bool:
            return _is_read(found[one.peer_id], one.message_id, outgoing=one.outgoing)

        unread = self.kept.mail.unread(self.viewer)
        read = [one.message_id for one in unread if one.peer_id in found and is_read(one)]
        if read:
            self.kept.mail.mark_read(self.viewer, read)

    def _fill_some(self, found: dict[int, Conversation]) -> None:
        left = BACKFILL
        for peer_id, conversation in self.kept.mail.conversations(self.viewer).items():
            if left and not conversation.complete:
                left -= self._fill(peer_id, found.get(peer_id), left)

    def _fill(self, peer_id: int, talk: Conversation | None, most_pages: int) -> int:
        """Enter older messages of a conversation, at most so many pages; return how many calls it took."""
        conversation = self.kept.mail.conversations(self.viewer).get(peer_id)
        calls = 0
        while conversation and not conversation.complete and calls < most_pages:
            total, _ = self.kept.mail.page(self.viewer, 0, 0, peer_id=peer_id)
            heads = self.message_heads(peer_id, max(0, total - 1), PAGE)
            found = [_indexed(peer_id, head, read=talk is None or _was_read(talk, head)) for head in heads]
            self.kept.mail.learn(self.viewer, peer_id, found, complete=len(heads) < PAGE)
            conversation = replace(conversation, complete=len(heads) < PAGE)
            calls += 1
        return calls

    def _enter(self, message: Message) -> None:
        outgoing = message.sender.id == self.viewer
        peer_id = message.recipient.id if outgoing else message.sender.id
        head, talk = MessageHead(message.id, message.date, outgoing), self._sync().get(peer_id)
        self.kept.mail.learn(
            self.viewer, peer_id, [_indexed(peer_id, head, read=talk is None or _was_read(talk, head))]
        )


def _indexed(peer_id: int, head: MessageHead, *, read: bool) -> IndexedMessage:
    return IndexedMessage(head.id, peer_id, head.outgoing, head.date, read)


def _is_unchanged(now: Conversation, before: IndexedConversation) -> bool:
    return now.last.id == before.newest_id and now.last.date < before.looked_at - TIE


def _was_read(conversation: Conversation, head: MessageHead) -> bool:
    """Tell of an older message. Where the server names no id up to which a side has read, it has read all of them."""
    up_to = conversation.out_read if head.outgoing else conversation.in_read
    return not up_to or _is_read(conversation, head.id, outgoing=head.outgoing)


def _is_read(conversation: Conversation, message_id: int, *, outgoing: bool) -> bool:
    """Tell what the server says of a message. OpenVK says 0 for `in_read` when the latest message is not read."""
    if outgoing:
        return message_id <= conversation.out_read
    return message_id <= conversation.in_read or not conversation.unread
