"""The tables of the overlays. Dates are unix seconds; users, photos, messages and posts have the backend's ids.

What stands here exists nowhere else, unlike the rest of the state: `userapi-gw export` writes it, `import` reads it.
"""

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, String, Table, Text, UniqueConstraint

from userapi_gw.state.schema import metadata

bookmarks = Table(
    "overlay_bookmarks",
    metadata,
    Column("viewer", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("added_at", Double, nullable=False),
)

tags = Table(
    "overlay_tags",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("owner_id", BigInteger, nullable=False),
    Column("photo_id", BigInteger, nullable=False),
    Column("placer_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False, index=True),  # 0: somebody who is not on the site
    Column("name", Text, nullable=False),
    *(Column(corner, Double, nullable=False) for corner in ("x", "y", "x2", "y2")),  # percent of the photo's sides
    Column("date", Double, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Index(None, "owner_id", "photo_id"),
)

statuses = Table(
    "overlay_statuses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("date", Double, nullable=False),
    Column("text", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Index(None, "user_id", "id"),
)

schools = Table(
    "overlay_schools",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("school_id", BigInteger, primary_key=True, autoincrement=False),
    Column("year", Integer, primary_key=True, autoincrement=False),  # 0: not told
)

facts = Table(
    "overlay_facts",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(32), primary_key=True),  # a part of model.ProfileChanges
    Column("value", Text, nullable=False),
)

hidden_requests = Table(
    "overlay_hidden_requests",
    metadata,
    Column("viewer", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("hidden_at", Double, nullable=False),
)

removed = Table(
    "overlay_removed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("viewer", BigInteger, nullable=False),  # who removed it, and alone may bring it back
    Column("kind", String(32), nullable=False),  # wall, photos_comments
    Column("owner_id", BigInteger, nullable=False),  # of the wall or photo
    Column("parent_id", BigInteger, nullable=False),  # the photo of a comment, else 0
    Column("object_id", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("removed_at", Double, nullable=False, index=True),
    UniqueConstraint("kind", "owner_id", "object_id"),
)

messages = Table(
    "overlay_messages",
    metadata,
    Column("viewer", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("peer_id", BigInteger, nullable=False),
    Column("outgoing", Boolean, nullable=False),
    Column("date", Double, nullable=False),
    Column("read", Boolean, nullable=False),
    Index(None, "viewer", "peer_id", "message_id"),
    Index(None, "viewer", "outgoing", "message_id"),
)

conversations = Table(
    "overlay_conversations",
    metadata,
    Column("viewer", BigInteger, primary_key=True, autoincrement=False),
    Column("peer_id", BigInteger, primary_key=True, autoincrement=False),
    Column("newest_id", BigInteger, nullable=False),
    Column("newest_date", Double, nullable=False),
    Column("looked_at", Double, nullable=False),
    Column("complete", Boolean, nullable=False),  # whether all its messages are in overlay_messages
)

TABLES = (bookmarks, tags, statuses, schools, facts, hidden_requests, removed, messages, conversations)
