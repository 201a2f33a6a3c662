"""The overlays: what backends lack and the gateway keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "overlay_bookmarks",
        sa.Column("viewer", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("added_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("viewer", "user_id", name="pk_overlay_bookmarks"),
    )
    op.create_index("ix_overlay_bookmarks_user_id", "overlay_bookmarks", ["user_id"])
    op.create_table(
        "overlay_tags",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("owner_id", sa.BigInteger, nullable=False),
        sa.Column("photo_id", sa.BigInteger, nullable=False),
        sa.Column("placer_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("x", sa.Double, nullable=False),
        sa.Column("y", sa.Double, nullable=False),
        sa.Column("x2", sa.Double, nullable=False),
        sa.Column("y2", sa.Double, nullable=False),
        sa.Column("date", sa.Double, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_overlay_tags"),
    )
    op.create_index("ix_overlay_tags_owner_id_photo_id", "overlay_tags", ["owner_id", "photo_id"])
    op.create_index("ix_overlay_tags_user_id", "overlay_tags", ["user_id"])
    op.create_table(
        "overlay_statuses",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("date", sa.Double, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_overlay_statuses"),
    )
    op.create_index("ix_overlay_statuses_user_id_id", "overlay_statuses", ["user_id", "id"])
    op.create_table(
        "overlay_schools",
        sa.Column("user_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("school_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("user_id", "school_id", "year", name="pk_overlay_schools"),
    )
    op.create_table(
        "overlay_facts",
        sa.Column("user_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "name", name="pk_overlay_facts"),
    )
    op.create_table(
        "overlay_hidden_requests",
        sa.Column("viewer", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("hidden_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("viewer", "user_id", name="pk_overlay_hidden_requests"),
    )
    op.create_table(
        "overlay_removed",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("viewer", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("owner_id", sa.BigInteger, nullable=False),
        sa.Column("parent_id", sa.BigInteger, nullable=False),
        sa.Column("object_id", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("removed_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_overlay_removed"),
        sa.UniqueConstraint("kind", "owner_id", "object_id", name="uq_overlay_removed_kind_owner_id_object_id"),
    )
    op.create_index("ix_overlay_removed_removed_at", "overlay_removed", ["removed_at"])
    op.create_table(
        "overlay_messages",
        sa.Column("viewer", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("message_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("peer_id", sa.BigInteger, nullable=False),
        sa.Column("outgoing", sa.Boolean, nullable=False),
        sa.Column("date", sa.Double, nullable=False),
        sa.Column("read", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("viewer", "message_id", name="pk_overlay_messages"),
    )
    for kind in ("outgoing", "peer_id"):
        name = f"ix_overlay_messages_viewer_{kind}_message_id"
        op.create_index(name, "overlay_messages", ["viewer", kind, "message_id"])
    op.create_table(
        "overlay_conversations",
        sa.Column("viewer", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("peer_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("newest_id", sa.BigInteger, nullable=False),
        sa.Column("newest_date", sa.Double, nullable=False),
        sa.Column("looked_at", sa.Double, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("viewer", "peer_id", name="pk_overlay_conversations"),
    )
