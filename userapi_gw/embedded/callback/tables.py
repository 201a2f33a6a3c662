"""Callback servers, and the events that wait to be sent to each. Made when they are missing."""

from typing import Final

from sqlalchemy import Column, Double, Index, Integer, MetaData, Table, Text

EVENT_TYPES: Final = (
    *("message_new", "message_reply", "message_edit", "message_read", "message_allow", "message_deny"),
    *("message_typing_state", "message_event"),
    *("photo_new", "photo_comment_new", "photo_comment_edit", "photo_comment_restore", "photo_comment_delete"),
    *("audio_new", "video_new", "video_comment_new", "video_comment_edit", "video_comment_restore"),
    *("video_comment_delete", "wall_post_new", "wall_repost"),
    *("wall_reply_new", "wall_reply_edit", "wall_reply_restore", "wall_reply_delete"),
    *("board_post_new", "board_post_edit", "board_post_restore", "board_post_delete"),
    *("market_comment_new", "market_comment_edit", "market_comment_restore", "market_comment_delete"),
    *("group_join", "group_leave", "user_block", "user_unblock", "poll_vote_new", "group_officers_edit"),
    *("group_change_settings", "group_change_photo", "like_add", "like_remove"),
)
"""Every type that can be switched on, as API 5.131 names them. This server has reason to send some of them only."""

UNCONFIGURED, FAILED, WAIT, OK = "unconfigured", "failed", "wait", "ok"
"""States of a server: without an address, not confirmed, about to be asked, taken."""

tables = MetaData()
servers = Table(
    "callback_servers",
    tables,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("group_id", Integer, nullable=False, index=True),
    Column("creator_id", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("secret_key", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("api_version", Text, nullable=False),
    Column("events", Text, nullable=False, default="[]"),  # JSON, the types that are switched on
    Column("errors", Integer, nullable=False, default=0),  # how often in a row it did not answer as it should
    Column("due_at", Double, nullable=False, default=0.0),  # nothing is sent before
    Column("claimed_until", Double, nullable=False, default=0.0),  # somebody is sending
    sqlite_autoincrement=True,
)
queue = Table(
    "callback_queue",
    tables,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("server_id", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("object", Text, nullable=False),  # JSON
    Column("date", Integer, nullable=False),
    Index("callback_queue_server", "server_id", "id"),
    sqlite_autoincrement=True,
)
