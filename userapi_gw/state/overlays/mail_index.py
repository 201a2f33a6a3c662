"""Which messages a viewer has, for backends that list messages by conversation alone. Texts stay at the backend."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, delete, func, select, update

from userapi_gw.state.database import Database
from userapi_gw.state.overlays.schema import conversations, messages


@dataclass(frozen=True, slots=True)
class IndexedMessage:
    """What the index knows of a message. `date` is in unix seconds."""

    message_id: int
    peer_id: int
    outgoing: bool
    date: float
    read: bool


@dataclass(frozen=True, slots=True)
class IndexedConversation:
    """How far a conversation is known: its newest message at the last look, and whether all older ones are known."""

    peer_id: int
    newest_id: int
    newest_date: float
    looked_at: float
    complete: bool


class MailIndex:
    """The messages of all viewers, by viewer. Entering what is known already changes nothing."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def conversations(self, viewer: int) -> dict[int, IndexedConversation]:
        """The conversations of a viewer by the other side's id, latest first."""
        query = select(conversations).where(conversations.c.viewer == viewer).order_by(conversations.c.newest_id.desc())
        with self._database.read() as connection:
            found = [IndexedConversation(*row[1:]) for row in connection.execute(query)]
        return {conversation.peer_id: conversation for conversation in found}

    def learn(
        self,
        viewer: int,
        peer_id: int,
        found: Collection[IndexedMessage],
        *,
        newest: tuple[int, float] | None = None,
        complete: bool | None = None,
        whole_after: float | None = None,
    ) -> None:
        """Enter messages of one conversation, and how far it is known now.

        `newest` is the id and date of its latest message. With `whole_after` there is nothing else in the conversation
        between that date and the newest of what was `found`: what the index has there is forgotten.
        """
        looked = {"newest_id": newest[0], "newest_date": newest[1], "looked_at": self._clock()} if newest else {}
        looked |= {} if complete is None else {"complete": complete}
        here = (messages.c.viewer == viewer, messages.c.peer_id == peer_id)
        with self._database.write() as connection:
            if whole_after is not None:
                ids = [message.message_id for message in found]
                gone = (messages.c.message_id.not_in(ids), messages.c.message_id <= max(ids, default=0))
                connection.execute(delete(messages).where(*here, messages.c.date > whole_after, *gone))
            for message in found:
                row = {"viewer": viewer, **asdict(message)}
                connection.execute(self._database.insert(messages).values(row).on_conflict_do_nothing())
            if looked:
                row = {"viewer": viewer, "peer_id": peer_id, "newest_id": 0, "newest_date": 0, "looked_at": 0}
                new = self._database.insert(conversations).values({**row, "complete": False, **looked})
                connection.execute(new.on_conflict_do_update(index_elements=["viewer", "peer_id"], set_=looked))

    def page(
        self, viewer: int, start: int, stop: int, *, outgoing: bool | None = None, peer_id: int | None = None
    ) -> tuple[int, list[int]]:
        """Return how many messages there are and the ids of entries `start` up to `stop` of them, newest first.

        A note to oneself is both outgoing and not.
        """
        where: list[ColumnElement[bool]] = [messages.c.viewer == viewer]
        if outgoing is not None:
            where.append(messages.c.outgoing if outgoing else ~messages.c.outgoing | (messages.c.peer_id == viewer))
        where += [] if peer_id is None else [messages.c.peer_id == peer_id]
        query = select(messages.c.message_id).where(*where).order_by(messages.c.message_id.desc())
        with self._database.read() as connection:
            total = connection.scalar(select(func.count()).select_from(messages).where(*where)) or 0
            ids = list(connection.scalars(query.offset(start).limit(max(0, stop - start))))
        return total, ids

    def flags(self, viewer: int, ids: Collection[int]) -> dict[int, bool]:
        """Tell of messages whether they are read; those the index does not know are left out."""
        query = select(messages.c.message_id, messages.c.read).where(
            messages.c.viewer == viewer, messages.c.message_id.in_(ids)
        )
        with self._database.read() as connection:
            return {row.message_id: row.read for row in connection.execute(query)}

    def unread(self, viewer: int) -> list[IndexedMessage]:
        """The messages of a viewer that are not read, by either side."""
        columns = [messages.c[name] for name in ("message_id", "peer_id", "outgoing", "date", "read")]
        query = select(*columns).where(messages.c.viewer == viewer, messages.c.read.is_(False))
        with self._database.read() as connection:
            return [IndexedMessage(*row) for row in connection.execute(query)]

    def mark_read(self, viewer: int, ids: Iterable[int]) -> None:
        """Note that messages of a viewer are read."""
        with self._database.write() as connection:
            connection.execute(update(messages).where(_these(viewer, ids)).values(read=True))

    def mark_incoming(self, viewer: int, ids: Iterable[int]) -> None:
        """Note that a viewer read messages of others; who sent them through this gateway comes to know it, too.

        The ids have to be the same for both sides, as they are on servers that know conversations alone.
        """
        mine = _these(viewer, ids) & messages.c.outgoing.is_(False)
        with self._database.write() as connection:
            marked = update(messages).where(mine).values(read=True).returning(messages.c.message_id)
            read = list(connection.scalars(marked))
            theirs = (messages.c.message_id.in_(read), messages.c.peer_id == viewer, messages.c.outgoing)
            connection.execute(update(messages).where(*theirs).values(read=True))

    def remove(self, viewer: int, message_id: int) -> None:
        """Forget a message."""
        with self._database.write() as connection:
            connection.execute(delete(messages).where(_these(viewer, [message_id])))


def _these(viewer: int, ids: Iterable[int]) -> ColumnElement[bool]:
    return (messages.c.viewer == viewer) & messages.c.message_id.in_(list(ids))
